// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Take says what of a backup to take in.
type Take struct {
	// Use tells for each Found whether to take it in: a new account is added, one
	// that differs gets the backup's key, and its own goes among the removed.
	// Nil takes in what is new.
	Use []bool
	// Beside tells for each Found that differs to add it as an account of its own,
	// beside the one here, whatever Use says. Nil does so with none.
	Beside []bool
	// Replace makes the vault what the backup is: accounts that the backup does
	// not have are removed, for thirty days, and the order is the backup's.
	Replace bool
}

// Taken tells what TakeIn did.
type Taken struct {
	Added, Replaced, Same, Removed, Refused int
	Left                                    int // not asked for
	Unkept                                  int // of the refused: not even kept as they are, see Found
	// IDs tells for each Found which account it is now; "" for one that is none,
	// because it was refused, left out, or is the same as one that was.
	IDs []ID
}

// TakeIn takes accounts of a backup in, as one change, which UndoIntake can undo.
// What cannot be read is kept as it is. Neither that nor what is too long or too
// odd to be kept here, which gets its Err and Unkept, keeps any other back. Where
// it fails, or ctx ends on the way, the vault is as it was.
func (v *Vault) TakeIn(ctx context.Context, found []Found, how Take) (Taken, error) {
	var done Taken
	var now []Found // found itself must not show what is tried in vain
	err := v.update(ctx, "take in accounts", func(t *tx) error {
		done, now = Taken{IDs: make([]ID, len(found))}, slices.Clone(found)
		in, err := v.newIntake(ctx, t)
		defer in.note.key.Clear()
		if err != nil {
			return err
		}
		t.inBulk(how.comingIn(now))
		for i := range now {
			if done.IDs[i], err = in.take(ctx, &now[i], how.wish(i, &now[i]), &done); err != nil {
				return err
			}
		}
		in.follow(now, done.IDs)
		if how.Replace {
			if err := in.onlyThese(ctx, &done); err != nil {
				return err
			}
		}
		return in.note.attach(t)
	})
	if err == nil {
		copy(found, now)
	}
	return done, err
}

// wish is what is to become of an entry.
type wish uint8

const (
	leaveOut wish = iota
	comeIn
	addBeside
)

func (how Take) wish(i int, f *Found) wish {
	switch {
	case f.Status == Differs && i < len(how.Beside) && how.Beside[i]:
		return addBeside
	case how.Use == nil && f.Status == New, i < len(how.Use) && how.Use[i]:
		return comeIn
	}
	return leaveOut
}

// comingIn counts the entries that may need room.
func (how Take) comingIn(found []Found) int {
	n := 0
	for i := range found {
		if f := &found[i]; f.Err == nil && f.Status != Same && how.wish(i, f) != leaveOut {
			n++
		}
	}
	return n
}

// intake is a backup on its way in.
type intake struct {
	*tx
	bearer
	kept    []ID                       // accounts of the backup, in its order
	fresh   map[ID]bool                // ids given out so far
	met     map[ID]bool                // accounts here that got an entry's key
	retired map[ID]ID                  // those that had another, and the id under which that is kept
	aside   map[ID]int                 // accounts with a line that is set aside here, and its page
	more    int                        // lines of the backup that may still be set aside
	lines   map[[sha256.Size]byte]bool // set aside here already
	limit   time.Time                  // removed before: not taken in any more
	note    noting
}

func (v *Vault) newIntake(ctx context.Context, t *tx) (*intake, error) {
	t.whole = newWhole()
	in := &intake{
		tx: t, bearer: newBearer(t), fresh: map[ID]bool{}, met: map[ID]bool{}, retired: map[ID]ID{},
		limit: v.now().Add(-keepRemoved), note: newNoting(v.now()),
	}
	return in, in.gatherAside(ctx)
}

// take does with one entry as is wished. It returns the account that it is now.
func (in *intake) take(ctx context.Context, f *Found, w wish, done *Taken) (ID, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	switch {
	case f.Err != nil:
		kept, err := in.keepAside(ctx, f.Entry.URI)
		f.refuse(f.Err, kept, done)
		return "", err
	case f.Status == Same:
		return in.same(ctx, f, done)
	case w == leaveOut || f.Removed && f.Entry.Removed.Before(in.limit):
		done.Left++
		in.keep(f.Account.ID)
		return "", nil
	}
	id, err := in.enter(ctx, f, w, done)
	if errors.Is(err, ErrTooLarge) { // its like fitted where the backup was made
		f.refuse(err, false, done)
		return "", nil
	}
	in.keep(id)
	return id, err
}

// keep notes that an account is the backup's, too.
func (in *intake) keep(id ID) {
	if id != "" {
		in.kept = append(in.kept, id)
	}
}

// same counts an entry that is an account here, or an earlier entry.
func (in *intake) same(ctx context.Context, f *Found, done *Taken) (id ID, err error) {
	if id = f.Account.ID; id == "" {
		id, err = in.bears(ctx, nameKey(f.Key.Issuer, f.Key.Account), f.Key)
	}
	done.Same++
	in.keep(id)
	return id, err
}

// enter takes an entry in: as an account of its own, or with the account here
// that it is. One that an earlier entry was already keeps that one's key.
func (in *intake) enter(ctx context.Context, f *Found, w wish, done *Taken) (ID, error) {
	switch {
	case w == addBeside:
		in.keep(f.Account.ID)
		return in.add(ctx, f, ID(f.Entry.ID), done)
	case f.Account.ID == "" || in.met[f.Account.ID]:
		return in.add(ctx, f, ID(f.Entry.ID), done)
	}
	return in.rekey(ctx, f, done)
}

// follow finds the keys that were those of live accounts, and of entries that were
// removed when the backup was made, and have given way to other entries' keys.
func (in *intake) follow(found []Found, ids []ID) {
	for i := range found {
		if old := in.retired[ids[i]]; old != "" && found[i].Status == Same && found[i].Removed {
			ids[i] = old
		}
	}
}

// refuse notes that there is no account of it.
func (f *Found) refuse(err error, kept bool, done *Taken) {
	f.Err, f.Unkept = err, !kept
	done.Refused++
	if !kept {
		done.Unkept++
	}
}

// add keeps an account that is not here, under that id if it is free.
func (in *intake) add(ctx context.Context, f *Found, id ID, done *Taken) (ID, error) {
	name := nameKey(f.Key.Issuer, f.Key.Account)
	if !f.Removed {
		if twin, err := in.bears(ctx, name, f.Key); twin != "" || err != nil { // added since the preview
			done.Same++
			return twin, err
		}
	}
	e := newEntry(id, f.Key.URI())
	if _, used := in.idx.at[e.id]; used || in.fresh[e.id] || !validID(string(e.id)) {
		e.id = newID()
	}
	if f.Removed {
		e.removed = unixSeconds(f.Entry.Removed)
	}
	n, err := in.mendOrPlace(ctx, &e, f.Key)
	if err != nil {
		return "", err
	}
	in.fresh[e.id] = true
	a := fromKey(e.id, f.Key)
	a.page, a.Removed = n, unixTime(e.removed)
	a.remember(f.Entry)
	in.list(a)
	if !f.Removed {
		in.named(name, a.ID, f.Key)
	}
	in.note.added(a, f.Key)
	done.Added++
	return a.ID, nil
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
func (in *intake) rekey(ctx context.Context, f *Found, done *Taken) (ID, error) {
	a, ok := in.idx.get(f.Account.ID)
	switch {
	case !ok && f.Status == New:
		return in.add(ctx, f, f.Account.ID, done) // its entry was set aside since the preview
	case !ok:
		return "", ErrBusy // gone since then
	}
	in.met[a.ID] = true
	if !a.live() {
		return in.bringBack(ctx, f, a, done)
	}
	n, old, err := in.swap(ctx, a, f.Key)
	if err != nil {
		return "", err
	}
	if old != "" {
		in.retired[a.ID] = old
	}
	in.note.replaced(a.ID, f.Key, old)
	now := &in.idx.accounts[in.where(a.ID)]
	now.take(f.Key)
	now.page, now.Verified = n, f.Entry.Verified
	in.renamed(a, f.Key)
	if f.Status == New {
		done.Added++
	} else {
		done.Replaced++
	}
	return a.ID, nil
}

// bringBack makes a removed account live again, unless a live one has its names
// and key: then it is that one.
func (in *intake) bringBack(ctx context.Context, f *Found, a Account, done *Taken) (ID, error) {
	_, k, err := in.entry(ctx, &a)
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return in.add(ctx, f, "", done) // its key was lost since the preview
	}
	if err != nil {
		return "", err
	}
	defer k.Secret.Clear()
	name := nameKey(a.Issuer, a.Name)
	twin, err := in.bears(ctx, name, k)
	if twin != "" || err != nil {
		done.Left++
		return twin, err
	}
	if err := in.setRemoved(ctx, a, time.Time{}); err != nil {
		return "", err
	}
	in.named(name, a.ID, k)
	in.note.back(a, k)
	done.Added++
	return a.ID, nil
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
	in.note.order(in.idx.accounts)
	for _, a := range slices.Clone(in.idx.live) {
		if _, ok := rank[a.ID]; ok {
			continue
		}
		if err := in.remove(ctx, a); err != nil {
			return err
		}
		in.note.removed(a.ID, in.removalTime(), in.gone[a.ID])
		done.Removed++
	}
	place := func(a Account) int {
		if r, ok := rank[a.ID]; ok {
			return r
		}
		return len(rank)
	}
	slices.SortStableFunc(in.idx.accounts, func(a, b Account) int { return place(a) - place(b) })
	in.note.ordered(in.idx.accounts)
	return nil
}
