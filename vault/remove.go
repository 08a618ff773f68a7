// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Removed returns the accounts removed in the last thirty days, newest first.
func (v *Vault) Removed() []Account {
	return v.current().removed(v.now())
}

// removed are those that can be brought back at a time.
func (x *index) removed(now time.Time) []Account {
	var as []Account
	limit := now.Add(-keepRemoved)
	for _, a := range x.accounts {
		if !a.live() && a.Removed.After(limit) {
			as = append(as, a)
		}
	}
	slices.SortStableFunc(as, func(a, b Account) int { return b.Removed.Compare(a.Removed) })
	return as
}

// Remove takes an account off the list. Its key is kept for thirty days, in
// which Restore brings it back. An account whose key is gone already is
// forgotten; where its entry cannot be read, that stays set aside.
func (v *Vault) Remove(ctx context.Context, id ID) error {
	return v.update(ctx, "remove account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || !a.live() {
			return ErrUnknown
		}
		return t.remove(ctx, a)
	})
}

// Restore brings a removed account back to its place. Where that is an old key,
// which Replace or TakeIn kept, the account that has its names and got another
// key is removed in its stead; and so is one with its names and its key. Any other
// account with the same names stays.
func (v *Vault) Restore(ctx context.Context, id ID) error {
	return v.update(ctx, "restore account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || a.live() {
			return ErrUnknown
		}
		for _, o := range slices.Clone(t.idx.accounts) {
			if !o.live() || !o.named(a.Issuer, a.Name) {
				continue
			}
			if way, err := t.givesWay(ctx, o, a); err != nil || !way {
				if err != nil {
					return err
				}
				continue
			}
			if err := t.remove(ctx, o); err != nil {
				return err
			}
			t.idx.accounts[t.where(o.ID)].of = a.ID // and the other way round
		}
		return t.setRemoved(ctx, a, time.Time{})
	})
}

// givesWay tells whether a live account stands where the removed one was.
func (t *tx) givesWay(ctx context.Context, o, removed Account) (bool, error) {
	if removed.of == o.ID {
		return true, nil
	}
	_, k, err := t.entry(ctx, &o)
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer k.Secret.Clear()
	_, was, err := t.entry(ctx, &removed)
	if err != nil {
		return false, err
	}
	defer was.Secret.Clear()
	return k.Same(was), nil
}

// Erase forgets a removed account and its key for good.
func (v *Vault) Erase(ctx context.Context, id ID) error {
	return v.update(ctx, "erase account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || a.live() {
			return ErrUnknown
		}
		return t.erase(ctx, a)
	})
}

// erase takes an account off the list and its key out of its page.
func (t *tx) erase(ctx context.Context, a Account) error {
	if !a.lost() {
		p, err := t.page(ctx, a.page)
		if err == nil {
			p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return !e.aside && e.id == a.ID })
			t.dropped(a.page)
		} else if !errors.Is(err, ErrKeysGone) {
			return err
		}
	}
	t.forget(a.ID)
	return nil
}

// removalTime is now as it can be noted: a clock before 1970 gives its first
// second. A clock that is set back far is not believed: what is removed under it
// would be erased for good once it is right again.
func (v *Vault) removalTime() time.Time {
	now := time.Unix(max(1, v.now().Unix()), 0)
	latest := now
	for _, a := range v.current().accounts {
		for _, t := range []time.Time{a.Removed, a.LastUsed, a.Verified} {
			if t.After(latest) {
				latest = t
			}
		}
	}
	if latest.Sub(now) >= keepRemoved {
		return latest
	}
	return now
}

// remove takes a live account off the list. One without a key that can be read
// is forgotten: there is nothing to bring back.
func (t *tx) remove(ctx context.Context, a Account) error {
	err := t.setRemoved(ctx, a, t.removalTime())
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		t.forget(a.ID)
		return nil
	}
	return err
}

// setRemoved notes in page and index that an account is removed; the zero time
// makes it live.
func (t *tx) setRemoved(ctx context.Context, a Account, at time.Time) error {
	if a.lost() {
		return ErrKeysGone
	}
	p, err := t.page(ctx, a.page)
	if err != nil {
		return err
	}
	i := p.find(a.ID)
	switch {
	case i < 0 && p.setAside(a.ID) >= 0:
		t.idx.tellAside(a.page, p)
		return ErrAside
	case i < 0:
		return errBehind
	}
	e := p.entries[i]
	e.removed = unixSeconds(at)
	n, err := t.replace(ctx, a.page, e)
	if err != nil {
		return err
	}
	j := t.where(a.ID)
	t.idx.accounts[j].page = n
	t.idx.accounts[j].Removed, t.idx.accounts[j].of = unixTime(e.removed), ""
	return nil
}
