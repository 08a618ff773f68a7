// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// choice is what the user wants of a backup.
type choice struct {
	found   []vault.Found
	use     []bool
	replace bool // afterwards the vault has what the backup has, no more
	here    []vault.Account
}

// newChoice ticks what is new. What would replace a key, and what the backup
// keeps as removed, is for the user to tick.
func newChoice(found []vault.Found, here []vault.Account) *choice {
	c := &choice{found: found, use: make([]bool, len(found)), here: here}
	for i := range found {
		c.use[i] = c.can(i) && found[i].Status == vault.New && !found[i].Removed
	}
	return c
}

// can reports whether there is anything to tick at entry i.
func (c *choice) can(i int) bool {
	return c.found[i].Err == nil && c.found[i].Status != vault.Same
}

// toggle ticks entry i, or takes its tick away.
func (c *choice) toggle(i int) {
	if i >= 0 && i < len(c.found) && c.can(i) {
		c.use[i] = !c.use[i]
	}
}

// sum counts what would come of it.
type sum struct{ add, replace, same, left, bad, gone int }

func (c *choice) sum() sum {
	var s sum
	stays := map[vault.ID]bool{}
	for i := range c.found {
		e := &c.found[i]
		if e.Err == nil && e.Account.ID != "" {
			stays[e.Account.ID] = true
		}
		switch {
		case e.Err != nil:
			s.bad++
		case e.Status == vault.Same:
			s.same++
		case !c.use[i]:
			s.left++
		case e.Status == vault.Differs:
			s.replace++
		default:
			s.add++
		}
	}
	if c.replace {
		for i := range c.here {
			if !stays[c.here[i].ID] {
				s.gone++
			}
		}
	}
	return s
}

// nothing reports whether nothing would change.
func (s sum) nothing() bool { return s.add+s.replace+s.gone == 0 }

// sentence says what would come of it.
func (s sum) sentence() string {
	text := ""
	for _, part := range []struct {
		n    int
		says func(int) string
	}{
		{s.add, func(n int) string { return words.N(n, "1 account comes back.", "{n} accounts come back.") }},
		{s.replace, func(n int) string { return words.N(n, "1 key is replaced.", "{n} keys are replaced.") }},
		{s.same, func(n int) string { return words.N(n, "1 is here already.", "{n} are here already.") }},
		{s.left, func(n int) string { return words.N(n, "1 is left out.", "{n} are left out.") }},
		{s.bad, func(n int) string { return words.N(n, "1 cannot be read.", "{n} cannot be read.") }},
		{s.gone, func(n int) string { return words.N(n, "1 account here is removed.", "{n} accounts here are removed.") }},
	} {
		if part.n > 0 {
			if text != "" {
				text += " "
			}
			text += part.says(part.n)
		}
	}
	return text
}

// yes is what the button says.
func (s sum) yes() string {
	switch {
	case s.add+s.replace > 0:
		return words.N(s.add+s.replace, "Bring back 1 account", "Bring back {n} accounts")
	case s.gone > 0:
		return words.N(s.gone, "Remove 1 account", "Remove {n} accounts")
	}
	return words.T("Nothing to bring back")
}

// line is one entry as it is shown.
type line struct {
	title, name, says string
	on, can           bool
	bad               bool // cannot be read
}

func (c *choice) line(i int) line {
	e := &c.found[i]
	l := line{title: e.Key.Issuer, name: e.Key.Account, on: c.use[i], can: c.can(i), bad: e.Err != nil}
	if errors.Is(e.Err, vault.ErrAside) {
		l.title = e.Entry.Note // its name, as far as it can be told
	}
	if l.title == "" {
		l.title, l.name = l.name, ""
	}
	if l.title == "" {
		l.title = words.T("An account without a name")
	}
	switch {
	case e.Err != nil:
		l.says = words.T("Cannot be read: {reason}", "reason", explain.Reason(e.Err))
	case e.Status == vault.Same:
		l.says = words.T("Here already, with the same key")
		l.on = true
	case e.Status == vault.Differs:
		l.says = words.T("Another key is here. Tick to replace it.")
	case e.Removed:
		l.says = words.T("Was removed. Tick to keep it as removed.")
	case e.Account.ID != "":
		l.says = words.T("Was removed here, or lost its key")
	default:
		l.says = words.T("New")
	}
	return l
}

// row is the line as the list shows it.
func (l line) row() kit.Pick {
	return kit.Pick{Title: l.label(), Tile: l.title, Says: l.says, On: l.on, Can: l.can, Look: l.bad}
}

// label is the whole name.
func (l line) label() string {
	if l.name == "" {
		return l.title
	}
	return l.title + " · " + l.name
}

func (c *choice) take() vault.Take {
	return vault.Take{Use: append([]bool(nil), c.use...), Replace: c.replace}
}

// summary says what came of it, in sentences.
func summary(t vault.Taken) []string {
	var all []string
	if t.Replaced > 0 {
		all = append(all, words.N(t.Replaced,
			"1 key was replaced. The old one stays among the removed accounts for 30 days.",
			"{n} keys were replaced. The old ones stay among the removed accounts for 30 days."))
	}
	if t.Removed > 0 {
		all = append(all, words.N(t.Removed,
			"1 account was removed. It can be brought back for 30 days, in the settings.",
			"{n} accounts were removed. They can be brought back for 30 days, in the settings."))
	}
	if t.Same > 0 {
		all = append(all, words.N(t.Same, "1 account was here already.", "{n} accounts were here already."))
	}
	if t.Refused > 0 {
		all = append(all, words.N(t.Refused, "1 entry could not be read.", "{n} entries could not be read."))
	}
	return all
}
