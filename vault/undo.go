// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
)

// Undone tells what UndoIntake did.
type Undone struct {
	Gone     int // added accounts: they are gone for good
	Removed  int // accounts that were brought back: they are among the removed again
	Replaced int // accounts that have their old keys again
	Returned int // accounts that were removed for Take.Replace: they are back
	// Left are those that stay as they are: they got another key since, or were
	// removed, brought back, or codes of their counters were used; or they had lost their keys
	// and got them with the intake.
	Left int
}

// UndoIntake undoes the last TakeIn, as one change: what it added is gone for good,
// but for the snapshots, and the rest is as it was before. Names and notes that
// were changed since do not keep an account back. Afterwards there is no last
// intake. Where there is none it returns ErrNothingToUndo.
func (v *Vault) UndoIntake(ctx context.Context) (Undone, error) {
	unlock, err := v.lock(ctx)
	if err != nil {
		return Undone{}, fmt.Errorf("undo what was taken in: %w", err)
	}
	done, err := v.undoIntake(ctx)
	unlock()
	if err != nil {
		v.noteGuard(err)
		return Undone{}, fmt.Errorf("undo what was taken in: %w", err)
	}
	return done, nil
}

// PlanUndo tells what UndoIntake would do now, and changes nothing. Where there is
// no intake to be undone it returns ErrNothingToUndo, and ErrBusy while another
// process is changing the accounts.
func (v *Vault) PlanUndo(ctx context.Context) (Undone, error) {
	done, err := v.planUndo(ctx)
	if err != nil {
		return Undone{}, fmt.Errorf("see what would be undone: %w", err)
	}
	return done, nil
}

func (v *Vault) planUndo(ctx context.Context) (Undone, error) {
	if _, err := v.reload(); err != nil {
		return Undone{}, err
	}
	n, w, err := v.vouched(ctx)
	defer w.key.Clear()
	if err == nil && w.state != taken {
		err = ErrNothingToUndo // the next change brings it to its end
	}
	if err != nil {
		return Undone{}, err
	}
	t := &tx{v: v, idx: v.current().clone(), pages: map[int]*page{}, room: room(v.kept().Room())}
	defer t.clear()
	u := &undoing{tx: t, n: n, tags: newTagger(w.key), done: Undone{Left: n.Stay}}
	if err = u.first(ctx); errors.Is(err, errBehind) {
		err = fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return u.done, err
}

func (v *Vault) undoIntake(ctx context.Context) (Undone, error) {
	if err := errors.Join(v.settle(ctx), v.stays()); err != nil {
		return Undone{}, err
	}
	n, w, err := v.vouched(ctx)
	defer w.key.Clear()
	if errors.Is(err, ErrNothingToUndo) {
		_ = v.dropNote() // damaged, or of another folder
	}
	if err != nil {
		return Undone{}, err
	}
	return v.undo(ctx, n, w)
}

// resume goes on with a change that was stored only in part, because the process
// ended: of what was taken in nothing stays, and what was being undone is. The lock
// is held and the index is that of the pages.
func (v *Vault) resume(ctx context.Context) error {
	if m, _ := v.readMark(); !m.Intake {
		return nil
	}
	n, w, err := v.vouched(ctx)
	defer w.key.Clear()
	switch {
	case err == nil && w.state != taken:
		_, err = v.undo(ctx, n, w)
		if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrBusy) {
			break // it cannot be done, and must not be in the way of every change
		}
		return err
	case errors.Is(err, ErrNothingToUndo): // nothing of it was stored, or all of it was undone
		if err := v.dropNote(); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	return v.clearMark()
}

// undoing is an UndoIntake on its way.
type undoing struct {
	*tx
	n    *intakeNote
	tags tagger
	cut  bool // it, or the intake, was cut short
	done Undone
	old  []ID // what has kept old keys and is to go
}

// undo does it in two changes: no old key goes from where it was kept before it is
// back in its place. Once the first is stored it is done: what is not brought to
// its end then, the next change or start goes on with.
func (v *Vault) undo(ctx context.Context, n *intakeNote, w voucher) (Undone, error) {
	u := &undoing{n: n, tags: newTagger(w.key), cut: w.state != taken}
	err := v.attempt(ctx, func(t *tx) error {
		t.whole = newWhole()
		t.whole.cut, t.whole.item = true, w.as(undone)
		u.tx, u.done, u.old = t, Undone{Left: n.Stay}, nil
		return u.first(ctx)
	})
	if err != nil {
		return Undone{}, err
	}
	ctx = context.WithoutCancel(ctx)
	if v.eraseAll(ctx, u.old) == nil && v.forgetIntake(ctx) == nil {
		_ = v.clearMark()
	}
	return u.done, nil
}

// eraseAll erases what has kept old keys.
func (v *Vault) eraseAll(ctx context.Context, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	return v.attempt(ctx, func(t *tx) error {
		t.whole = newWhole()
		t.whole.cut = true
		for _, id := range ids {
			if a, ok := t.idx.get(id); ok {
				if err := t.erase(ctx, a); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// first does all but erasing old keys from where they were kept.
func (u *undoing) first(ctx context.Context) error {
	for _, step := range []struct {
		list []noted
		do   func(context.Context, noted) (bool, error)
	}{{u.n.Added, u.unadd}, {u.n.Back, u.unbring}, {u.n.Removed, u.unremove}, {u.n.Replaced, u.unreplace}} {
		for _, e := range step.list {
			if err := ctx.Err(); err != nil {
				return err
			}
			done, err := step.do(ctx, e)
			if err != nil {
				return err
			}
			if !done {
				u.done.Left++
			}
		}
	}
	if err := u.dropLines(ctx); err != nil {
		return err
	}
	u.reorder()
	return nil
}

// has returns the account if it is as the intake has left it: removed at that time
// or live, with that key and counter.
func (u *undoing) has(ctx context.Context, id ID, key tag, removed int64) (a Account, ok bool, err error) {
	a, ok = u.idx.get(id)
	if !ok || unixSeconds(a.Removed) != removed {
		return a, false, nil
	}
	k, ok, err := u.keyOf(ctx, a)
	if !ok || err != nil {
		return a, false, err
	}
	defer k.Secret.Clear()
	return a, u.tags.counted(k) == key, nil
}

// keyOf reads an account's key, if it has one that can be read.
func (u *undoing) keyOf(ctx context.Context, a Account) (otpauth.Key, bool, error) {
	_, k, err := u.entry(ctx, &a)
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return otpauth.Key{}, false, nil
	}
	return k, err == nil, err
}

// unadd erases an account.
func (u *undoing) unadd(ctx context.Context, e noted) (bool, error) {
	a, ok, err := u.has(ctx, e.ID, e.Key, e.Removed)
	if !ok || err != nil {
		return false, err
	}
	u.done.Gone++
	return true, u.erase(ctx, a)
}

// unbring puts an account among the removed again, as of when it was removed.
func (u *undoing) unbring(ctx context.Context, e noted) (bool, error) {
	a, ok, err := u.has(ctx, e.ID, e.Key, 0)
	if !ok || err != nil {
		return false, err
	}
	u.done.Removed++
	if err := u.setRemoved(ctx, a, unixTime(e.Removed)); err != nil {
		return false, err
	}
	u.idx.accounts[u.where(a.ID)].of = e.Old
	return true, nil
}

// unremove brings an account back that was removed then, and not later.
func (u *undoing) unremove(ctx context.Context, e noted) (bool, error) {
	a, ok := u.idx.get(e.ID)
	if !ok || a.live() || unixSeconds(a.Removed) != e.Removed {
		return false, nil
	}
	err := u.setRemoved(ctx, a, time.Time{})
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return false, nil
	}
	u.done.Returned++
	return true, err
}

// unreplace gives an account its old key back, and with it its names.
func (u *undoing) unreplace(ctx context.Context, e noted) (bool, error) {
	a, ok, err := u.has(ctx, e.ID, e.Key, 0)
	if err != nil {
		return false, err
	}
	kept, there := u.idx.get(e.Old)
	if !there || kept.live() || a.ID == "" || !a.live() {
		return false, nil
	}
	was, old, err := u.entry(ctx, &kept)
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer old.Secret.Clear()
	n := a.page
	if ok {
		n, err = u.replace(ctx, n, newEntry(a.ID, was.uri.Clone()))
	} else {
		ok, err = u.isBack(ctx, a, old)
	}
	if !ok || err != nil {
		return false, err
	}
	u.old = append(u.old, kept.ID)
	u.done.Replaced++
	now := &u.idx.accounts[u.where(a.ID)]
	now.take(old)
	now.page = n
	if kept.of == a.ID { // else a rebuilt index does not know, and has the account's
		now.LastUsed, now.Verified = kept.LastUsed, kept.Verified
	}
	return true, nil
}

// isBack tells whether the account has its old key already, by an undoing that was
// cut short.
func (u *undoing) isBack(ctx context.Context, a Account, old otpauth.Key) (bool, error) {
	k, ok, err := u.keyOf(ctx, a)
	if !ok || err != nil {
		return false, err
	}
	defer k.Secret.Clear()
	return u.cut && k.Same(old) && k.Counter == old.Counter, nil
}

// dropLines takes lines out again that were set aside.
func (u *undoing) dropLines(ctx context.Context) error {
	if len(u.n.Lines) == 0 {
		return nil
	}
	ours := make(map[tag]bool, len(u.n.Lines))
	for _, l := range u.n.Lines {
		ours[l] = true
	}
	pages := map[int]bool{}
	for _, r := range u.idx.Aside {
		pages[r.Page] = true
	}
	for n := range pages {
		p, err := u.page(ctx, n)
		if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
			continue
		}
		if err != nil {
			return err
		}
		had := len(p.entries)
		p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return e.foreign && ours[u.tags.line(e.uri.Bytes())] })
		if len(p.entries) < had {
			u.dropped(n)
			u.idx.tellAside(n, p)
		}
	}
	return nil
}

// reorder puts the accounts into the order that they had.
func (u *undoing) reorder() {
	if len(u.n.Order) == 0 {
		return
	}
	rank := make(map[ID]int, len(u.n.Order))
	for i, id := range u.n.Order {
		rank[id] = i
	}
	place := func(a Account) int {
		if r, ok := rank[a.ID]; ok {
			return r
		}
		return len(rank)
	}
	slices.SortStableFunc(u.idx.accounts, func(a, b Account) int { return cmp.Compare(place(a), place(b)) })
}
