// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// What an entry of a backup can be beside what any source's can.
const (
	wasRemoved status = "removed"   // removed already when the backup was made
	onlyHere   status = "only_here" // here and not in the backup: --replace removes it
)

// origin says where an entry comes from.
type origin struct {
	source  string // a file's name, or what stands for one
	file    int    // kutano import: its place in importing.files
	foreign bool   // it is of another app's export
	remarks []foreign.Remark
}

// returning is an entry of a backup, and what becomes of it.
type returning struct {
	origin
	at      int    // its place in comeback.found; -1 for what is only here and what could not be read
	label   string // of what could not be read
	whole   bool   // that is a file, or the rest of one, and no single entry
	err     error  // and why
	account vault.Account
	status  status
	twin    bool // an earlier entry is the same account
	use     bool // to be taken in
	beside  bool // as one more account of its names
	left    bool // the person does not want it
}

// comeback takes backups into the vault.
type comeback struct {
	app       *App
	vault     *vault.Vault // nil for a dry run where nothing is kept yet
	backup    snapshot.Document
	origins   []origin             // of the backup's accounts
	asides    []origin             // of what was set aside in it
	unread    map[int][]*returning // what could not be read, by the number of accounts before it
	imports   bool                 // said as kutano import, not as kutano snapshot restore
	dryRun    bool
	yes       bool // ask nothing
	replace   bool // remove what is only here
	differing bool // take the backup's keys for those that differ
	beside    bool // keep both keys of those that differ

	found []vault.Found
	rows  []*returning
	taken vault.Taken
}

// add puts a backup to those that are taken in.
func (c *comeback) add(source string, d snapshot.Document) {
	c.origins = append(c.origins, slices.Repeat([]origin{{source: source}}, len(d.Accounts))...)
	c.asides = append(c.asides, slices.Repeat([]origin{{source: source}}, len(d.Aside))...)
	c.backup.Accounts = append(c.backup.Accounts, d.Accounts...)
	c.backup.Aside = append(c.backup.Aside, d.Aside...)
}

// addUnread puts an entry or a file that could not be read after what was put
// there before.
func (c *comeback) addUnread(from origin, label string, err error) {
	if c.unread == nil {
		c.unread = map[int][]*returning{}
	}
	n := len(c.origins)
	c.unread[n] = append(c.unread[n], &returning{origin: from, at: -1, label: label, err: err, status: isRefused})
}

// addUnreadFile does so for a file as a whole, or for what follows where it is damaged.
func (c *comeback) addUnreadFile(from origin, err error) {
	c.addUnread(from, from.source, err)
	n := len(c.origins)
	c.unread[n][len(c.unread[n])-1].whole = true
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
	before := map[[sha256.Size]byte]bool{}
	for _, e := range c.backup.Accounts {
		c.found = append(c.found, alone(e, before))
	}
	for _, x := range c.backup.Aside {
		c.found = append(c.found, vault.Found{Entry: snapshot.Entry{Note: x.Name}, Err: vault.ErrAside})
	}
	return nil
}

// alone is an entry beside nothing but those before it.
func alone(e snapshot.Entry, before map[[sha256.Size]byte]bool) vault.Found {
	k, err := otpauth.Parse(e.URI.Reveal())
	if err == nil {
		k = k.Normal()
		err = k.Validate()
	}
	if err != nil {
		return vault.Found{Entry: e, Err: err}
	}
	f := vault.Found{Entry: e, Key: k, Removed: !e.Removed.IsZero()}
	if f.Removed {
		return f
	}
	h := sha256.New() // a hash never fails
	fmt.Fprint(h, nameOf(k.Issuer, k.Account), "\x00", k.Type, k.Algorithm, " ", k.Digits, k.Period, " ")
	_, _ = h.Write(k.Secret.Bytes())
	sum := [sha256.Size]byte(h.Sum(nil))
	if before[sum] {
		f.Status = vault.Same
	}
	before[sum] = true
	return f
}

// classify tells what each entry is, and what is only here.
func (c *comeback) classify() {
	c.rows = make([]*returning, 0, len(c.found))
	here := map[vault.ID]bool{}
	for i := range c.found {
		f := &c.found[i]
		if i <= len(c.origins) {
			c.rows = append(c.rows, c.unread[i]...)
		}
		r := &returning{origin: c.origin(i), at: i, account: f.Account}
		c.rows = append(c.rows, r)
		here[f.Account.ID] = true
		c.judge(r, f)
	}
	if len(c.found) <= len(c.origins) {
		c.rows = append(c.rows, c.unread[len(c.found)]...)
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

func (c *comeback) origin(i int) origin {
	if i < len(c.origins) {
		return c.origins[i]
	}
	return c.asides[i-len(c.origins)]
}

func (c *comeback) judge(r *returning, f *vault.Found) {
	switch {
	case f.Err != nil:
		r.status = isRefused
	case f.Status == vault.Same:
		r.status, r.twin = isSame, f.Account.ID == ""
	case f.Removed:
		r.status, r.use = wasRemoved, f.Status == vault.New
	case f.Status == vault.Differs:
		r.status, r.use, r.beside = isDiffers, c.differing || c.beside, c.beside
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

// take takes in what is wanted, as one change.
func (c *comeback) take(ctx context.Context) (err error) {
	how := vault.Take{Use: make([]bool, len(c.found)), Beside: make([]bool, len(c.found)), Replace: c.replace}
	for _, r := range c.rows {
		if r.at >= 0 {
			how.Use[r.at], how.Beside[r.at] = r.use, r.beside
		}
	}
	if c.taken, err = c.vault.TakeIn(ctx, c.found, how); err != nil {
		return err
	}
	for _, r := range c.rows {
		switch {
		case r.at < 0:
		case c.found[r.at].Err != nil: // too long to be kept here
			r.status, r.use = isRefused, false
		default:
			r.account.ID = cmp.Or(c.taken.IDs[r.at], r.account.ID)
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
		safe := words.T("What could be read is here.")
		if c.dryRun || len(c.found) == 0 {
			safe = words.T("Nothing was changed.")
		}
		return tell(explain.Refused,
			words.T("{refused} of {total} entries were not taken.", "refused", refused,
				"total", c.wanted(func(r *returning) bool { return r.status != onlyHere })),
			safe,
			c.refusedHint())
	case differ > 0 && !c.dryRun:
		return tell(explain.Exists,
			words.N(differ, "1 account is here with another key and was left as it is.", "{n} accounts are here with other keys and were left as they are."),
			"", c.differHint())
	}
	return nil
}

// refusedHint tells what to do: an account can be set up again, a file be mended
// or opened with the right password.
func (c *comeback) refusedHint() string {
	files := c.wanted(func(r *returning) bool { return r.status == isRefused && r.whole })
	entries := c.wanted(func(r *returning) bool { return r.status == isRefused && !r.whole })
	switch {
	case entries == 0:
		return words.T("The reason stands beside each. Import those files once more when that is put right.")
	case files == 0:
		return words.T("The reason stands beside each. Set those accounts up again at their services.")
	}
	return words.T("The reason stands beside each. Set those accounts up again at their services, and import those files once more when that is put right.")
}

func (c *comeback) differHint() string {
	if c.imports {
		return words.T("To keep both, run the same again with --keep-both; to have the file's keys, with --replace. The keys here can be brought back for 30 days.")
	}
	return words.T("To have the backup's keys, run the same again with {flag}. The keys here can be brought back for 30 days.", "flag", "--take-differing")
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
