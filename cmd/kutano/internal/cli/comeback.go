// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// What an entry of a backup can be beside what any source's can.
const (
	wasRemoved status = "removed"   // removed already when the backup was made
	onlyHere   status = "only_here" // here and not in the backup: --replace removes it
)

// returning is an entry of a backup, and what becomes of it.
type returning struct {
	source  string
	at      int // its place in comeback.found; -1 for one that is only here
	account vault.Account
	status  status
	twin    bool // an earlier entry has its names
	use     bool // to be taken in
	left    bool // the person does not want it
}

// comeback takes backups into the vault.
type comeback struct {
	app       *App
	vault     *vault.Vault // nil for a dry run where nothing is kept yet
	backup    snapshot.Document
	sources   []string // of the backup's accounts, then of what was set aside
	imports   bool     // said as kutano import, not as kutano snapshot restore
	dryRun    bool
	yes       bool // ask nothing
	replace   bool // remove what is only here
	differing bool // take the backup's keys for those that differ

	found []vault.Found
	rows  []*returning
	taken vault.Taken
}

// add puts a backup to those that are taken in.
func (c *comeback) add(source string, d snapshot.Document) {
	c.sources = slices.Insert(c.sources, len(c.backup.Accounts), slices.Repeat([]string{source}, len(d.Accounts))...)
	c.sources = append(c.sources, slices.Repeat([]string{source}, len(d.Aside))...)
	c.backup.Accounts = append(c.backup.Accounts, d.Accounts...)
	c.backup.Aside = append(c.backup.Aside, d.Aside...)
}

// run compares, shows, asks, and takes in. Its error says that not everything
// was taken.
func (c *comeback) run(ctx context.Context) error {
	if err := c.app.unlocked(ctx, c.compare); err != nil {
		return err
	}
	c.classify()
	if err := c.preview(); err != nil {
		return err
	}
	if c.dryRun {
		return c.finish()
	}
	if err := c.ask(ctx); err != nil {
		return err
	}
	if c.wanted(func(r *returning) bool { return r.use || r.status == onlyHere }) > 0 {
		if err := c.app.unlocked(ctx, c.take); err != nil {
			return err
		}
	}
	return c.finish()
}

func (c *comeback) compare(ctx context.Context) (err error) {
	if c.vault != nil {
		c.found, err = c.vault.Preview(ctx, c.backup)
		return err
	}
	c.found = nil
	for _, e := range c.backup.Accounts {
		f := vault.Found{Entry: e, Removed: !e.Removed.IsZero()}
		k, err := otpauth.Parse(e.URI.Reveal())
		if err == nil {
			k = k.Normal()
			err = k.Validate()
		}
		if f.Key, f.Err = k, err; err != nil {
			f = vault.Found{Entry: e, Err: err}
		}
		c.found = append(c.found, f)
	}
	for _, x := range c.backup.Aside {
		c.found = append(c.found, vault.Found{Entry: snapshot.Entry{Note: x.Name}, Err: vault.ErrAside})
	}
	return nil
}

// classify tells what each entry is, and what is only here.
func (c *comeback) classify() {
	c.rows = make([]*returning, 0, len(c.found))
	before := map[string]*vault.Found{}
	here := map[vault.ID]bool{}
	for i := range c.found {
		f := &c.found[i]
		r := &returning{source: c.sources[i], at: i, account: f.Account}
		c.rows = append(c.rows, r)
		here[f.Account.ID] = true
		c.judge(r, f)
		if r.status == isRefused || f.Removed {
			continue
		}
		name := nameOf(f.Key.Issuer, f.Key.Account)
		first := before[name]
		if first == nil {
			before[name] = f
			continue
		}
		r.twin, r.use, r.status = true, false, isDiffers
		if first.Key.Same(f.Key) {
			r.status = isSame
		}
	}
	if !c.replace || c.vault == nil {
		return
	}
	for _, a := range c.vault.Accounts() {
		if !here[a.ID] {
			c.rows = append(c.rows, &returning{at: -1, account: a, status: onlyHere})
		}
	}
}

func (c *comeback) judge(r *returning, f *vault.Found) {
	switch {
	case f.Err != nil:
		r.status = isRefused
	case f.Status == vault.Same:
		r.status = isSame
	case f.Removed:
		r.status, r.use = wasRemoved, f.Status == vault.New
	case f.Status == vault.Differs:
		r.status, r.use = isDiffers, c.differing
	default:
		r.status, r.use = isNew, true
	}
}

// wanted counts rows.
func (c *comeback) wanted(is func(*returning) bool) int {
	n := 0
	for _, r := range c.rows {
		if is(r) {
			n++
		}
	}
	return n
}

// ask asks what is to be done, one question for each sort of change.
func (c *comeback) ask(ctx context.Context) error {
	if c.yes {
		return nil
	}
	some, none := false, false
	for _, q := range []struct {
		status   status
		question func(n int) string
		usual    bool
	}{
		{isNew, c.askNew, true},
		{isDiffers, func(n int) string {
			return words.N(n, "Take the backup's key for 1 account? The one here can be brought back for 30 days.",
				"Take the backup's keys for {n} accounts? The ones here can be brought back for 30 days.")
		}, false},
		{onlyHere, func(n int) string {
			return words.N(n, "Remove 1 account that the backup does not have? It can be brought back for 30 days.",
				"Remove {n} accounts that the backup does not have? They can be brought back for 30 days.")
		}, false},
	} {
		n := c.wanted(func(r *returning) bool { return r.status == q.status && (r.use || r.status == onlyHere) })
		if n == 0 {
			continue
		}
		yes, err := c.app.confirm(ctx, q.question(n), "--yes", q.usual)
		if err != nil {
			return err
		}
		if some, none = some || yes, none || !yes; !yes {
			c.leave(q.status)
		}
	}
	if none && !some {
		return declined()
	}
	return nil
}

func (c *comeback) askNew(n int) string {
	if c.imports {
		return words.N(n, "Add 1 account?", "Add {n} accounts?")
	}
	return words.N(n, "Bring back 1 account?", "Bring back {n} accounts?")
}

// leave takes out what the person does not want. What was removed before comes
// along with what is new.
func (c *comeback) leave(s status) {
	for _, r := range c.rows {
		if r.use && (r.status == s || s == isNew && r.status == wasRemoved) {
			r.use, r.left = false, true
		}
	}
	if s == onlyHere {
		c.replace = false
		c.rows = slices.DeleteFunc(c.rows, func(r *returning) bool { return r.status == onlyHere })
	}
}

// take takes in what is wanted, as one change.
func (c *comeback) take(ctx context.Context) (err error) {
	how := vault.Take{Use: make([]bool, len(c.found)), Replace: c.replace}
	for _, r := range c.rows {
		if r.at >= 0 {
			how.Use[r.at] = r.use
		}
	}
	if c.taken, err = c.vault.TakeIn(ctx, c.found, how); err != nil {
		return err
	}
	ids := map[string]vault.ID{}
	for _, a := range c.vault.Accounts() {
		ids[nameOf(a.Issuer, a.Name)] = a.ID
	}
	for _, r := range c.rows {
		switch {
		case r.at < 0 || r.status == wasRemoved:
		case c.found[r.at].Err != nil: // too long to be kept here
			r.status, r.use = isRefused, false
		default:
			r.account.ID = ids[nameOf(c.found[r.at].Key.Issuer, c.found[r.at].Key.Account)]
		}
	}
	return nil
}

// outcome is the error for a run in which not everything was taken.
func (c *comeback) outcome() error {
	refused := c.wanted(func(r *returning) bool { return r.status == isRefused })
	differ := c.wanted(func(r *returning) bool { return r.status == isDiffers && !r.use && !r.left })
	switch {
	case refused > 0:
		return tell(explain.Refused,
			words.T("{refused} of {total} entries were not taken.", "refused", refused, "total", len(c.found)),
			words.T("What could be read is here."),
			words.T("The reason stands beside each. Set those accounts up again at their services."))
	case differ > 0 && !c.dryRun:
		next := words.T("To have the backup's keys, run the same again with {flag}. The keys here can be brought back for 30 days.", "flag", c.differFlag())
		return tell(explain.Exists,
			words.N(differ, "1 account is here with another key and was left as it is.", "{n} accounts are here with other keys and were left as they are."),
			"", next)
	}
	return nil
}

func (c *comeback) differFlag() string {
	if c.imports {
		return "--replace"
	}
	return "--take-differing"
}

// trust makes the key that opened the backup the recovery key again, where the
// vault has none any more.
func (c *comeback) trust(ctx context.Context, key snapshot.Key) error {
	if c.dryRun || c.vault == nil || key.IsZero() {
		return nil
	}
	return c.app.unlocked(ctx, func(ctx context.Context) error {
		again, err := c.vault.TrustAgain(ctx, key)
		if err != nil {
			return err
		}
		if again && !c.app.json {
			c.app.say(words.T("Your recovery key is in use again: new snapshots are made for it."))
		}
		return nil
	})
}
