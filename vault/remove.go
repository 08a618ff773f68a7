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
	var as []Account
	limit := v.now().Add(-keepRemoved)
	for _, a := range v.current().accounts {
		if !a.live() && a.Removed.After(limit) {
			as = append(as, a)
		}
	}
	slices.SortStableFunc(as, func(a, b Account) int { return b.Removed.Compare(a.Removed) })
	return as
}

// Remove takes an account off the list. Its key is kept for thirty days, in
// which Restore brings it back. An account whose key is gone already is
// forgotten.
func (v *Vault) Remove(ctx context.Context, id ID) error {
	return v.update(ctx, "remove account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || !a.live() {
			return ErrUnknown
		}
		err := t.setRemoved(ctx, a, t.v.removalTime())
		if errors.Is(err, ErrKeysGone) {
			t.forget(id)
			return nil
		}
		return err
	})
}

// Restore brings a removed account back to its place. A live account with the
// same issuer and name is removed in its stead.
func (v *Vault) Restore(ctx context.Context, id ID) error {
	return v.update(ctx, "restore account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || a.live() {
			return ErrUnknown
		}
		for _, o := range slices.Clone(t.idx.accounts) {
			if o.live() && o.named(a.Issuer, a.Name) {
				if err := t.setRemoved(ctx, o, t.v.removalTime()); err != nil && !errors.Is(err, ErrKeysGone) {
					return err
				}
			}
		}
		return t.setRemoved(ctx, a, time.Time{})
	})
}

// Erase forgets a removed account and its key for good.
func (v *Vault) Erase(ctx context.Context, id ID) error {
	return v.update(ctx, "erase account", func(t *tx) error {
		a, ok := t.idx.get(id)
		if !ok || a.live() {
			return ErrUnknown
		}
		if !a.lost() {
			p, err := t.page(ctx, a.page)
			if err == nil {
				p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return !e.aside && e.id == id })
				t.dropped(a.page)
			} else if !errors.Is(err, ErrKeysGone) {
				return err
			}
		}
		t.forget(id)
		return nil
	})
}

// removalTime is now as it can be noted: a clock before 1970 gives its first second.
func (v *Vault) removalTime() time.Time { return time.Unix(max(1, v.now().Unix()), 0) }

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
	if i < 0 {
		return errBehind
	}
	e := p.entries[i]
	e.removed = unixSeconds(at)
	n, err := t.replace(ctx, a.page, e)
	if err != nil {
		return err
	}
	j := slices.IndexFunc(t.idx.accounts, func(o Account) bool { return o.ID == a.ID })
	t.idx.accounts[j].page = n
	t.idx.accounts[j].Removed = unixTime(e.removed)
	return nil
}
