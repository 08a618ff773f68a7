// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"cmp"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// state is how an entry stands to what is here.
type state uint8

// The states of an entry, in the order in which they can be chosen.
const (
	anyState state = iota
	isNew
	isSame
	differs
	inBin // of the other app
	isBad // cannot be read
	states
)

// use is what becomes of an entry.
type use uint8

// The uses.
const (
	leave   use = iota
	bringIn     // beside the account here where it differs
	instead     // the account here gets the imported key
)

// item is an entry as it is shown.
type item struct {
	issuer, name string // as they are shown; of a refused one the label alone
	state        state
	use          use
	found        int // its place in what the vault found, -1 for a refused one
	which, twins int // the which-th of so many with the same names, from 1
	file         int
	remarks      []foreign.Remark
	codes        string // how its codes are
	err          error
}

// choice is what the user wants of an import.
type choice struct {
	items []item
	files []exchange.File
	found []vault.Found
	only  state
	rows  []int // the items that are shown
}

// newChoice looks at all entries. At are the entries that the found ones are of.
func newChoice(files []exchange.File, entries []foreign.Entry, found []vault.Found, at []int) *choice {
	c := &choice{items: make([]item, len(entries)), files: files, found: found}
	for n, file := range files {
		for i := file.From; i < file.To; i++ {
			c.items[i].file = n
		}
	}
	for i := range entries {
		c.items[i].show(entries[i])
	}
	for n, i := range at {
		c.items[i].meet(n, &found[n])
	}
	c.number()
	c.show(anyState)
	return c
}

// follow keeps what was chosen before more came in behind.
func (c *choice) follow(before *choice) {
	if before == nil {
		return
	}
	for i := range min(len(before.items), len(c.items)) {
		if c.items[i].state == before.items[i].state {
			c.items[i].use = before.items[i].use
		}
	}
}

func (it *item) show(e foreign.Entry) {
	it.found, it.err, it.remarks = -1, e.Err, e.Remarks
	it.state, it.issuer, it.name = isBad, e.Label, ""
	if e.Err == nil {
		it.issuer, it.name = e.Key.Issuer, e.Key.Account
		it.codes = add.Parameters(e.Key)
	}
	if it.issuer == "" {
		it.issuer, it.name = it.name, ""
	}
}

// meet notes what the vault found. What is new is ticked, and where another key is
// here both are kept; what was in the other app's bin stays there.
func (it *item) meet(at int, f *vault.Found) {
	it.found = at
	switch {
	case f.Err != nil:
		it.err, it.state = f.Err, isBad
	case f.Status == vault.Same:
		it.state = isSame
	case f.Removed:
		it.state = inBin
	case f.Status == vault.Differs:
		it.state, it.use = differs, bringIn
	default:
		it.state, it.use = isNew, bringIn
	}
}

// number tells entries with the same names apart.
func (c *choice) number() {
	count := make(map[string]int, len(c.items))
	for i := range c.items {
		it := &c.items[i]
		count[it.title()]++
		it.which = count[it.title()]
	}
	for i := range c.items {
		c.items[i].twins = count[c.items[i].title()]
	}
}

// show shows the entries of one state, or all.
func (c *choice) show(only state) {
	c.only = only
	c.rows = c.rows[:0]
	for i := range c.items {
		if only == anyState || c.items[i].state == only {
			c.rows = append(c.rows, i)
		}
	}
}

// can reports whether there is anything to choose.
func (it *item) can() bool { return it.state == isNew || it.state == differs || it.state == inBin }

// toggle ticks an entry, or takes its tick away.
func (it *item) toggle() {
	switch {
	case !it.can():
	case it.use == leave:
		it.use = bringIn
	default:
		it.use = leave
	}
}

// all ticks the entries that are shown, or takes their ticks away. What is in the
// bin is ticked only where nothing else is shown.
func (c *choice) all(on bool) {
	for _, i := range c.rows {
		it := &c.items[i]
		switch {
		case !it.can() || on && it.use != leave || on && it.state == inBin && c.only != inBin:
		case on:
			it.use = bringIn
		default:
			it.use = leave
		}
	}
}

// differing chooses for all entries with another key here.
func (c *choice) differing(u use) {
	for i := range c.items {
		if c.items[i].state == differs {
			c.items[i].use = u
		}
	}
}

// title is the whole name.
func (it *item) title() string {
	if it.name == "" {
		return cmp.Or(it.issuer, words.T("An account without a name"))
	}
	return it.issuer + " · " + it.name
}

// row is an entry as the list shows it.
func (c *choice) row(n int) kit.Pick {
	it := &c.items[c.rows[n]]
	return kit.Pick{
		Title: it.title(), Tile: it.issuer, Says: it.says(), More: c.more(it),
		On: it.use != leave || it.state == isSame, Can: it.can(),
		Look: it.state == isBad || it.state == differs,
	}
}

// says is what becomes of an entry, and why.
func (it *item) says() string {
	switch it.state {
	case isSame:
		return words.T("Here already, with the same key")
	case differs:
		return it.difference()
	case inBin:
		if it.use == leave {
			return words.T("Was in the other app’s bin. Tick to bring it in, as removed.")
		}
		return words.T("Was in the other app’s bin. Comes in as removed.")
	case isBad:
		return words.T("Cannot come in: {reason}", "reason", explain.Reason(it.err))
	}
	return words.T("New")
}

func (it *item) difference() string {
	switch it.use {
	case bringIn:
		return words.T("Here with another key. Both are kept; press to choose.")
	case instead:
		return words.T("Here with another key, which is replaced. Press to choose.")
	}
	return words.T("Here with another key, which stays. Press to choose.")
}

// more is what tells an entry from others of its name, and what is remarkable.
func (c *choice) more(it *item) string {
	var all []string
	if it.twins > 1 {
		all = append(all, words.T("{n} of {all} with this name", "n", it.which, "all", it.twins))
		if it.codes != "" {
			all = append(all, it.codes)
		}
		if len(c.files) > 1 && c.files[it.file].Name != "" {
			all = append(all, c.files[it.file].Name)
		}
	}
	for _, r := range it.remarks {
		if s := explain.Remark(r); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " · ")
}
