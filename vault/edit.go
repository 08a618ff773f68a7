// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
)

// alter runs f on a live account as one change and stores the account f leaves.
func (v *Vault) alter(ctx context.Context, what string, id ID, f func(*tx, *Account) error) (Account, error) {
	var now Account
	err := v.update(ctx, what, func(t *tx) error {
		i, ok := t.idx.at[id]
		if !ok || !t.idx.accounts[i].live() {
			return ErrUnknown
		}
		a := t.idx.accounts[i]
		if err := f(t, &a); err != nil {
			return err
		}
		// f may have moved accounts about, never reordered them before i.
		t.idx.accounts[i] = a
		now = a
		return nil
	})
	return now, err
}

// Update changes names, tags and notes. Names must not become those of another
// account: then it returns an *ExistsError.
func (v *Vault) Update(ctx context.Context, id ID, d Details) (Account, error) {
	d.Issuer, d.Name = strings.TrimSpace(d.Issuer), strings.TrimSpace(d.Name)
	return v.alter(ctx, "change account", id, func(t *tx, a *Account) error {
		if d.Issuer != a.Issuer || d.Name != a.Name {
			if err := t.rename(ctx, a, d.Issuer, d.Name); err != nil {
				return err
			}
		}
		a.Tags, a.Note, a.Icon, a.Favourite = slices.Clone(d.Tags), d.Note, d.Icon, d.Favourite
		a.folded = foldWide(*a)
		return nil
	})
}

func (t *tx) rename(ctx context.Context, a *Account, issuer, name string) error {
	for _, o := range t.idx.accounts {
		if o.ID != a.ID && o.live() && o.named(issuer, name) {
			return &ExistsError{Account: o}
		}
	}
	if a.lost() {
		return ErrKeysGone
	}
	// What stays the same is left as the page has it, which counts: the list may be damaged.
	return t.rewrite(ctx, a, func(k *otpauth.Key) {
		if issuer != a.Issuer {
			k.Issuer = issuer
		}
		if name != a.Name {
			k.Account = name
		}
	})
}

// rewrite changes an account's key URI in its page.
func (t *tx) rewrite(ctx context.Context, a *Account, f func(*otpauth.Key)) error {
	e, k, err := t.entry(ctx, a)
	if err != nil {
		return err
	}
	defer k.Secret.Clear()
	size := e.grown(k)
	f(&k)
	k = k.Normal()
	if err := k.Validate(); err != nil {
		return err
	}
	e.uri = k.URI()
	if e.grown(k) > max(size, t.room.entry()) {
		return ErrTooLarge
	}
	n, err := t.replace(ctx, a.page, e)
	if err != nil {
		return err
	}
	a.take(k)
	a.page = n
	return nil
}

// entry reads the account's line and key from its page.
func (t *tx) entry(ctx context.Context, a *Account) (entry, otpauth.Key, error) {
	if a.lost() {
		return entry{}, otpauth.Key{}, ErrKeysGone
	}
	p, err := t.page(ctx, a.page)
	if err != nil {
		return entry{}, otpauth.Key{}, err
	}
	i := p.find(a.ID)
	switch {
	case i < 0 && p.setAside(a.ID) >= 0:
		return entry{}, otpauth.Key{}, ErrAside
	case i < 0:
		return entry{}, otpauth.Key{}, errBehind
	}
	k, err := p.entries[i].key()
	if err != nil {
		return entry{}, otpauth.Key{}, fmt.Errorf("%w: %w", ErrAside, err)
	}
	return p.entries[i], k, nil
}

// Advance returns the next code of a counter-based account (RFC 4226). The
// counter is stored before the code is shown, so that no code is given twice.
func (v *Vault) Advance(ctx context.Context, id ID) (otpauth.Code, error) {
	var code otpauth.Code
	_, err := v.alter(ctx, "next code", id, func(t *tx, a *Account) error {
		if a.Type != otpauth.HOTP {
			return ErrNotHOTP
		}
		if a.Counter == math.MaxUint64 {
			return fmt.Errorf("the last code was used: %w", otpauth.ErrCounter)
		}
		return t.rewrite(ctx, a, func(k *otpauth.Key) {
			code, _ = k.Code(time.Time{}) // Validate has accepted the key
			k.Counter++
		})
	})
	if err != nil {
		return otpauth.Code{}, err
	}
	return code, nil
}

// MarkUsed notes when a code was last copied or shown on request.
func (v *Vault) MarkUsed(ctx context.Context, id ID, at time.Time) error {
	_, err := v.alter(ctx, "note use", id, func(t *tx, a *Account) error {
		t.minor = true
		a.LastUsed = at
		return nil
	})
	return err
}

// MarkVerified notes when the service accepted a code.
func (v *Vault) MarkVerified(ctx context.Context, id ID, at time.Time) error {
	_, err := v.alter(ctx, "note acceptance", id, func(t *tx, a *Account) error {
		t.minor = true
		a.Verified = at
		return nil
	})
	return err
}

// Reorder puts the live accounts into the order of ids. Unknown ids are left
// out; accounts not named keep their order behind the named ones.
func (v *Vault) Reorder(ctx context.Context, ids []ID) error {
	return v.update(ctx, "reorder accounts", func(t *tx) error {
		rank := make(map[ID]int, len(ids))
		for i, id := range ids {
			if _, twice := rank[id]; !twice {
				rank[id] = i
			}
		}
		place := func(a Account) int {
			if r, ok := rank[a.ID]; ok && a.live() {
				return r
			}
			return len(ids)
		}
		slices.SortStableFunc(t.idx.accounts, func(a, b Account) int { return place(a) - place(b) })
		return nil
	})
}
