// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/kutano/authenticator/vault/secret"
)

// record makes the set a record. Codes are copied; the caller wipes them.
func (n New) record(now int64) (record, error) {
	r := record{ID: newID(), Account: n.Account, Title: strings.TrimSpace(n.Title), Where: strings.TrimSpace(n.Where), Made: now}
	if err := r.checkTexts(); err != nil {
		return record{}, err
	}
	if len(n.Codes) == 0 {
		first := cmp.Or(n.First, n.Count)
		if n.Count < 0 || first < n.Count || first > MaxCodes {
			return record{}, fmt.Errorf("%w: %d of %d", ErrCount, n.Count, first)
		}
		r.Place, r.First, r.Left = Elsewhere, first, n.Count
		return r, nil
	}
	r.Place = Here
	for _, c := range n.Codes {
		if err := checkCode(c); err != nil {
			wipe([]record{r})
			return record{}, err
		}
		if r.holds([]secret.Value{c}) == 0 {
			r.Codes = append(r.Codes, code{Text: text{c.Clone()}})
		}
	}
	if len(r.Codes) > MaxCodes {
		wipe([]record{r})
		return record{}, fmt.Errorf("%w: %d codes", ErrTooMany, len(r.Codes))
	}
	return r, nil
}

func (r *record) checkTexts() error {
	if r.Title == "" {
		return ErrNoTitle
	}
	for _, s := range []string{r.Title, r.Where} {
		if err := checkText(s); err != nil {
			return err
		}
	}
	return checkAccount(r.Account)
}

// Keep takes codes into the safe. A code that stands there twice is kept once. It
// returns [ErrLocked], [ErrNoCodes], [ErrTooMany], [ErrTooLong], [ErrUnprintable]
// or [ErrNoTitle].
func (s *Safe) Keep(ctx context.Context, n New) (Set, error) {
	if len(n.Codes) == 0 {
		return Set{}, fmt.Errorf("keep backup codes: %w", ErrNoCodes)
	}
	return s.enter(ctx, "keep backup codes", n)
}

// Note takes in where codes are, which needs no passphrase. It returns [ErrCount],
// [ErrTooMany], [ErrTooLong], [ErrUnprintable] or [ErrNoTitle].
func (s *Safe) Note(ctx context.Context, n New) (Set, error) {
	n.Codes = nil
	return s.enter(ctx, "note backup codes", n)
}

func (s *Safe) enter(ctx context.Context, what string, n New) (Set, error) {
	var set Set
	err := s.update(ctx, what, len(n.Codes) > 0, nil, func(c *change) (err error) {
		set, err = c.enter(n)
		return err
	})
	return set, err
}

func (c *change) enter(n New) (Set, error) {
	r, err := n.record(c.now)
	if err == nil {
		err = c.add(r)
	}
	if err != nil {
		return Set{}, err
	}
	p := r.public()
	return p.set(), nil
}

// Replace takes a new set in, of codes or a note, and removes an old one in the
// same step: with new codes the old ones are worth nothing. Where the new one has
// no title or account, it gets the old one's. It needs the safe unlocked where
// either has its codes here.
func (s *Safe) Replace(ctx context.Context, old ID, n New) (Set, error) {
	var set Set
	err := s.update(ctx, "replace backup codes", len(n.Codes) > 0, []ID{old}, func(c *change) error {
		r, err := c.find(old, false)
		if err != nil {
			return err
		}
		if strings.TrimSpace(n.Title) == "" {
			n.Title = r.Title
		}
		if n.Account == "" {
			n.Account = r.Account
		}
		r.Removed = c.now // before the new one is added: that moves the records
		set, err = c.enter(n)
		return err
	})
	return set, err
}

// Edit gives a set another title, place and account. A set whose codes are here
// needs the safe unlocked.
func (s *Safe) Edit(ctx context.Context, id ID, title, where, account string) (Set, error) {
	return s.alter(ctx, "change set of backup codes", id, func(_ *change, r *record) error {
		r.Title, r.Where, r.Account = strings.TrimSpace(title), strings.TrimSpace(where), account
		return r.checkTexts()
	})
}

// alter changes one set that was not removed.
func (s *Safe) alter(ctx context.Context, what string, id ID, do func(*change, *record) error) (Set, error) {
	return s.alterOne(ctx, what, id, false, do)
}

func (s *Safe) alterOne(ctx context.Context, what string, id ID, removed bool, do func(*change, *record) error) (Set, error) {
	var set Set
	err := s.update(ctx, what, false, []ID{id}, func(c *change) error {
		r, err := c.find(id, removed)
		if err == nil {
			err = do(c, r)
		}
		if err != nil {
			return err
		}
		p := r.public()
		set = p.set()
		return nil
	})
	return set, err
}

// Remove removes a set; it can be brought back for [Kept]. One whose codes are
// here needs the safe unlocked.
func (s *Safe) Remove(ctx context.Context, id ID) error {
	_, err := s.alter(ctx, "remove set of backup codes", id, func(c *change, r *record) error {
		r.Removed = c.now
		return nil
	})
	return err
}

// Restore brings a removed set back.
func (s *Safe) Restore(ctx context.Context, id ID) (Set, error) {
	return s.alterOne(ctx, "bring set of backup codes back", id, true, func(_ *change, r *record) error {
		r.Removed, r.Due = 0, 0
		return nil
	})
}
