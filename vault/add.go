// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
)

// Status says how a key compares with what the vault has.
type Status uint8

// The statuses. Where several accounts have its issuer and name it is Same with
// the one that has its key.
const (
	New     Status = iota // no account has its issuer and name
	Same                  // an account has its issuer, name and key
	Differs               // an account has its issuer and name, with another key
)

// Compare looks for a live account with the key's issuer and name, in any case.
func (v *Vault) Compare(ctx context.Context, k otpauth.Key) (Status, Account, error) {
	return compare(v.current(), k.Normal(), func(a Account) (otpauth.Key, error) { return v.key(ctx, a.ID) })
}

func compare(x *index, k otpauth.Key, keyOf func(Account) (otpauth.Key, error)) (Status, Account, error) {
	status, which := New, Account{}
	for _, a := range x.accounts {
		if !a.live() || !a.named(k.Issuer, k.Account) {
			continue
		}
		have, err := keyOf(a)
		if err != nil && !errors.Is(err, ErrKeysGone) && !errors.Is(err, ErrAside) {
			return New, Account{}, err
		}
		if err == nil {
			same := have.Same(k)
			have.Secret.Clear()
			if same {
				return Same, a, nil
			}
		}
		status, which = Differs, a
	}
	return status, which, nil
}

// Add keeps a new account. Where one with the same issuer and name is there
// already it changes nothing and returns an *ExistsError: ask, then Replace.
func (v *Vault) Add(ctx context.Context, k otpauth.Key) (Account, error) {
	as, err := v.AddAll(ctx, []otpauth.Key{k})
	if err != nil {
		return Account{}, err
	}
	return as[0], nil
}

// AddAll keeps several new accounts as one change: an account that exists, or
// stands twice in ks, makes it fail with an *ExistsError and nothing is kept.
// A keyring that fails midway may have kept some; the vault then lists them.
func (v *Vault) AddAll(ctx context.Context, ks []otpauth.Key) ([]Account, error) {
	var added []Account
	err := v.update(ctx, "add account", func(t *tx) error {
		added = added[:0]
		names := takenNames(t.idx)
		t.inBulk(len(ks))
		for _, k := range ks {
			k = k.Normal()
			if err := k.Validate(); err != nil {
				return err
			}
			name := nameKey(k.Issuer, k.Account)
			if names[name] {
				return t.exists(ctx, k)
			}
			names[name] = true
			id := newID()
			n, err := t.placeNew(ctx, newEntry(id, k.URI()), k)
			if err != nil {
				return err
			}
			a := fromKey(id, k)
			a.page = n
			added = append(added, a)
			t.list(a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slices.Clone(added), nil
}

func (t *tx) exists(ctx context.Context, k otpauth.Key) error {
	status, a, err := compare(t.idx, k, func(a Account) (otpauth.Key, error) {
		_, have, err := t.entry(ctx, &a)
		return have, err
	})
	if err != nil {
		return err
	}
	return &ExistsError{Account: a, Same: status == Same}
}

func takenNames(x *index) map[string]bool {
	names := make(map[string]bool, len(x.accounts))
	for _, a := range x.accounts {
		if a.live() {
			names[nameKey(a.Issuer, a.Name)] = true
		}
	}
	return names
}

// Replace gives an account another key, with the names and parameters that come
// with it. The old key is kept among the removed accounts, so that it can come
// back. Notes, tags and place stay.
func (v *Vault) Replace(ctx context.Context, id ID, k otpauth.Key) (Account, error) {
	var now Account
	k = k.Normal()
	err := v.update(ctx, "replace account", func(t *tx) error {
		if err := k.Validate(); err != nil {
			return err
		}
		i, ok := t.idx.at[id]
		if !ok || !t.idx.accounts[i].live() {
			return ErrUnknown
		}
		a := t.idx.accounts[i]
		n, _, err := t.swap(ctx, a, k)
		if err != nil {
			return err
		}
		a.take(k)
		a.page, a.Verified = n, time.Time{}
		t.idx.accounts[i] = a
		now = a
		return nil
	})
	return now, err
}

// placeNew places a live entry. One that might outgrow every page later, when
// it is removed or its counter rises, is refused now.
func (t *tx) placeNew(ctx context.Context, e entry, k otpauth.Key) (int, error) {
	if e.grown(k) > t.room.entry() {
		return 0, ErrTooLarge
	}
	return t.place(ctx, e, -1)
}

// swap stores the new key under the account's id and the old one under a new
// id as removed. An account without its key, or on a page that cannot be read,
// simply gets one. It returns the new key's page and the old key's id, "" where
// there was none.
func (t *tx) swap(ctx context.Context, a Account, k otpauth.Key) (int, ID, error) {
	fresh := newEntry(a.ID, k.URI())
	if fresh.grown(k) > t.room.entry() {
		return 0, "", ErrTooLarge
	}
	if a.lost() {
		n, err := t.place(ctx, fresh, -1)
		return n, "", err
	}
	p, err := t.page(ctx, a.page)
	if errors.Is(err, ErrKeysGone) {
		t.lose(func(o Account) bool { return o.page == a.page })
	}
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		n, err := t.place(ctx, fresh, -1)
		return n, "", err
	}
	if err != nil {
		return 0, "", err
	}
	i := p.find(a.ID)
	switch {
	case i < 0 && p.setAside(a.ID) >= 0:
		n, err := t.supersede(ctx, a.page, fresh)
		return n, "", err
	case i < 0:
		return 0, "", errBehind
	}
	return t.retire(ctx, p, i, a, fresh)
}

// retire keeps the ith entry of the account's page among the removed and puts
// the fresh one in its place.
func (t *tx) retire(ctx context.Context, p *page, i int, a Account, fresh entry) (int, ID, error) {
	old := a
	old.ID, old.Removed, old.of = newID(), t.removalTime(), a.ID
	kept := entry{id: old.ID, removed: unixSeconds(old.Removed), uri: p.entries[i].uri}
	if both := (&page{entries: append(slices.Clone(p.entries), kept)}); len(both.entries) <= pageEntries &&
		both.size()+fresh.size()-p.entries[i].size() <= int(t.room)-pageSpare {
		p.entries = append(p.entries, kept) // both in one page, written at once
		old.page = a.page
	} else {
		var err error
		if old.page, err = t.place(ctx, kept, a.page); err != nil {
			return 0, "", err
		}
		t.dropped(a.page) // the old key is to be elsewhere before it goes from here
	}
	t.list(old)
	n, err := t.replace(ctx, a.page, fresh)
	return n, old.ID, err
}
