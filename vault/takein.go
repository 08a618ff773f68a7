// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Found is an entry of a backup beside what the vault has.
type Found struct {
	Entry  snapshot.Entry
	Key    otpauth.Key // shares the entry's memory only until Clear of the document
	Status Status      // New, Same or Differs
	// Account is the one here: for Same and Differs; for New where it is here
	// without its key, or among the removed ones. Its ID is "" for one that is
	// not here at all.
	Account Account
	Removed bool  // it was removed already when the backup was made
	Err     error // why it cannot be used; nothing else is set then but Entry
	Unkept  bool  // set by TakeIn with Err: it could not even be kept as it is
}

// Preview compares a backup with the vault and changes nothing. What stands in
// the result in the order of the backup is what TakeIn takes. What was set aside
// in the backup comes last: as an account where it is one after all, and else
// with its name as the entry's note and an Err that wraps ErrAside.
func (v *Vault) Preview(ctx context.Context, d snapshot.Document) ([]Found, error) {
	b := bearings(v.current())
	all := make([]Found, 0, len(d.Accounts)+len(d.Aside))
	for _, e := range d.Accounts {
		f, err := v.match(ctx, b, e)
		if err != nil {
			return nil, fmt.Errorf("compare with the accounts here: %w", err)
		}
		all = append(all, f)
	}
	for _, a := range d.Aside {
		f, err := v.matchAside(ctx, b, a)
		if err != nil {
			return nil, fmt.Errorf("compare with the accounts here: %w", err)
		}
		all = append(all, f)
	}
	return all, nil
}

// places finds accounts by id and by name.
type places struct {
	x      *index
	byName map[string][]ID // live ones
}

func bearings(x *index) places {
	b := places{x, make(map[string][]ID, len(x.accounts))}
	for _, a := range x.accounts {
		if a.live() {
			name := nameKey(a.Issuer, a.Name)
			b.byName[name] = append(b.byName[name], a.ID)
		}
	}
	return b
}

// candidates are the accounts that an entry may be, the likeliest first.
func (b places) candidates(id ID, k otpauth.Key) []Account {
	ids := b.byName[nameKey(k.Issuer, k.Account)]
	if !slices.Contains(ids, id) {
		ids = append(slices.Clone(ids), id)
	}
	as := make([]Account, 0, len(ids))
	for _, id := range ids {
		if a, ok := b.x.get(id); ok {
			as = append(as, a)
		}
	}
	return as
}

// match finds out how one entry of a backup stands to what is here.
func (v *Vault) match(ctx context.Context, b places, e snapshot.Entry) (Found, error) {
	k, err := otpauth.Parse(e.URI.Reveal())
	if err == nil {
		k = k.Normal()
		err = k.Validate()
	}
	if err != nil {
		return Found{Entry: e, Err: err}, nil
	}
	f := Found{Entry: e, Key: k, Removed: !e.Removed.IsZero()}
	for _, a := range b.candidates(ID(e.ID), k) {
		same, lost, err := v.holds(ctx, a, k)
		if err != nil {
			return f, err
		}
		if f.meets(a, same, lost) {
			return f, nil
		}
	}
	if f.Removed && f.Status == Differs { // an old key, kept for a while: not in the way of the live one
		f.Status, f.Account = New, Account{}
	}
	return f, nil
}

// holds tells whether the account has this key, and whether it has none that can
// be read.
func (v *Vault) holds(ctx context.Context, a Account, k otpauth.Key) (same, lost bool, err error) {
	have, err := v.key(ctx, a.ID)
	switch {
	case errors.Is(err, ErrKeysGone), errors.Is(err, ErrAside):
		return false, true, nil
	case err != nil:
		return false, false, err
	}
	defer have.Secret.Clear()
	return have.Same(k), false, nil
}

// meets notes what an account here says of the entry. It returns true where
// nothing can say more.
func (f *Found) meets(a Account, same, lost bool) bool {
	switch {
	case same && (a.live() || f.Removed):
		f.Status, f.Account = Same, a
		return true
	case same: // among the removed here, live in the backup
		f.Status, f.Account = New, a
		return true
	case lost && a.live():
		f.Status, f.Account = New, a
	case a.live() && a.named(f.Key.Issuer, f.Key.Account):
		f.Status, f.Account = Differs, a
	}
	return false
}

// Take says what of a backup to take in.
type Take struct {
	// Use tells for each Found whether to take it in: a new account is added, one
	// that differs gets the backup's key, and its own goes among the removed.
	// Nil takes in what is new.
	Use []bool
	// Replace makes the vault what the backup is: accounts that the backup does
	// not have are removed, for thirty days, and the order is the backup's.
	Replace bool
}

// Taken tells what TakeIn did.
type Taken struct {
	Added, Replaced, Same, Removed, Refused int
	Left                                    int // not asked for
	Unkept                                  int // of the refused: not even kept as they are, see Found
}

// TakeIn takes accounts of a backup in, as one change. What cannot be read is
// kept as it is. Neither that nor what is too long or too odd to be kept here,
// which gets its Err and Unkept, keeps any other back.
func (v *Vault) TakeIn(ctx context.Context, found []Found, how Take) (Taken, error) {
	var done Taken
	var now []Found // found itself must not show what is tried in vain
	err := v.update(ctx, "take in accounts", func(t *tx) error {
		done, now = Taken{}, slices.Clone(found)
		in, err := v.newIntake(ctx, t)
		if err != nil {
			return err
		}
		for i := range now {
			use := now[i].Status == New
			if how.Use != nil {
				use = i < len(how.Use) && how.Use[i]
			}
			if err := in.take(ctx, &now[i], use, &done); err != nil {
				return err
			}
		}
		if how.Replace {
			return in.onlyThese(ctx, &done)
		}
		return nil
	})
	if err == nil {
		copy(found, now)
	}
	return done, err
}

// intake is a backup on its way in.
type intake struct {
	*tx
	names map[string]bool            // taken by live accounts
	kept  []ID                       // accounts of the backup, in its order
	fresh map[ID]bool                // ids given out so far
	aside map[ID]int                 // accounts with a line that is set aside here, and its page
	more  int                        // lines of the backup that may still be set aside
	lines map[[sha256.Size]byte]bool // set aside here already
	limit time.Time                  // removed before: not taken in any more
}

func (v *Vault) newIntake(ctx context.Context, t *tx) (*intake, error) {
	in := &intake{tx: t, names: takenNames(t.idx), fresh: map[ID]bool{}, limit: v.now().Add(-keepRemoved)}
	return in, in.gatherAside(ctx)
}

func (in *intake) take(ctx context.Context, f *Found, use bool, done *Taken) error {
	switch {
	case f.Err != nil:
		kept, err := in.keepAside(ctx, f.Entry.URI)
		f.refuse(f.Err, kept, done)
		return err
	case f.Status == Same:
		done.Same++
		in.kept = append(in.kept, f.Account.ID)
		return nil
	case !use || f.Removed && f.Entry.Removed.Before(in.limit):
		done.Left++
		if f.Account.ID != "" {
			in.kept = append(in.kept, f.Account.ID)
		}
		return nil
	}
	take := in.add
	if f.Account.ID != "" {
		take = in.rekey
	}
	err := take(ctx, f, done)
	if errors.Is(err, ErrTooLarge) { // its like fitted where the backup was made
		f.refuse(err, false, done)
		return nil
	}
	return err
}

// refuse notes that there is no account of it.
func (f *Found) refuse(err error, kept bool, done *Taken) {
	f.Err, f.Unkept = err, !kept
	done.Refused++
	if !kept {
		done.Unkept++
	}
}

// add keeps an account that is not here, under its id if that is free.
func (in *intake) add(ctx context.Context, f *Found, done *Taken) error {
	name := nameKey(f.Key.Issuer, f.Key.Account)
	if !f.Removed && in.names[name] { // twice in the backup
		done.Refused++
		return nil
	}
	e := newEntry(ID(f.Entry.ID), f.Key.URI())
	if f.Account.ID != "" {
		e.id = f.Account.ID
	}
	if _, used := in.idx.at[e.id]; used || in.fresh[e.id] || !validID(string(e.id)) {
		e.id = newID()
	}
	if f.Removed {
		e.removed = unixSeconds(f.Entry.Removed)
	}
	n, err := in.mendOrPlace(ctx, &e, f.Key)
	if err != nil {
		return err
	}
	id := e.id
	in.fresh[id] = true
	a := fromKey(id, f.Key)
	a.page, a.Removed = n, unixTime(e.removed)
	a.remember(f.Entry)
	in.list(a)
	if !f.Removed {
		in.names[name] = true
	}
	in.kept = append(in.kept, id)
	done.Added++
	return nil
}

// mendOrPlace puts the entry where its damaged copy is, and else into a page
// with room. A line that is set aside and says something else keeps its id.
func (in *intake) mendOrPlace(ctx context.Context, e *entry, k otpauth.Key) (int, error) {
	if n, ok := in.aside[e.id]; ok {
		if mended, err := in.mend(ctx, n, *e); mended || err != nil {
			return n, err
		}
		e.id = newID()
	}
	return in.placeNew(ctx, *e, k)
}

// remember takes over what only the index knows.
func (a *Account) remember(e snapshot.Entry) {
	a.Tags, a.Note, a.Icon, a.Favourite = slices.Clone(e.Tags), e.Note, e.Icon, e.Favourite
	a.LastUsed, a.Verified = e.Used, e.Verified
	a.folded = foldWide(*a)
}

// rekey gives an account that is here the backup's key, or brings it back.
func (in *intake) rekey(ctx context.Context, f *Found, done *Taken) error {
	a, ok := in.idx.get(f.Account.ID)
	switch {
	case !ok && f.Status == New:
		return in.add(ctx, f, done) // its entry was set aside since the preview
	case !ok:
		return ErrBusy // gone since then
	}
	in.kept = append(in.kept, a.ID)
	if !a.live() {
		name := nameKey(a.Issuer, a.Name)
		if in.names[name] {
			done.Left++
			return nil
		}
		in.names[name] = true
		done.Added++
		return in.setRemoved(ctx, a, time.Time{})
	}
	n, err := in.swap(ctx, a, f.Key)
	if err != nil {
		return err
	}
	now := &in.idx.accounts[in.where(a.ID)]
	now.take(f.Key)
	now.page = n
	if f.Status == New {
		done.Added++
	} else {
		done.Replaced++
	}
	return nil
}

// onlyThese removes the live accounts that the backup does not have and puts
// the others into its order.
func (in *intake) onlyThese(ctx context.Context, done *Taken) error {
	rank := make(map[ID]int, len(in.kept))
	for i, id := range in.kept {
		rank[id] = i
	}
	if err := in.idx.seal(); err != nil {
		return err
	}
	for _, a := range slices.Clone(in.idx.live) {
		if _, ok := rank[a.ID]; ok {
			continue
		}
		if err := in.remove(ctx, a); err != nil {
			return err
		}
		done.Removed++
	}
	place := func(a Account) int {
		if r, ok := rank[a.ID]; ok {
			return r
		}
		return len(rank)
	}
	slices.SortStableFunc(in.idx.accounts, func(a, b Account) int { return place(a) - place(b) })
	return nil
}
