// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"fmt"
)

// Use notes that a code was used, at this time. It returns what [Safe.Reveal]
// returns, or [ErrUsed].
func (s *Safe) Use(ctx context.Context, id ID, i int) (Set, error) {
	return s.mark(ctx, "note use of backup code", id, i, func(now int64, c *code) error {
		if c.Used != 0 {
			return ErrUsed
		}
		c.Used = max(now, 1)
		return nil
	})
}

// Unuse takes that back. It returns [ErrNotUsed] where it was not used.
func (s *Safe) Unuse(ctx context.Context, id ID, i int) (Set, error) {
	return s.mark(ctx, "take back use of backup code", id, i, func(_ int64, c *code) error {
		if c.Used == 0 {
			return ErrNotUsed
		}
		c.Used = 0
		return nil
	})
}

func (s *Safe) mark(ctx context.Context, what string, id ID, i int, do func(now int64, c *code) error) (Set, error) {
	return s.alter(ctx, what, id, func(c *change, r *record) error {
		switch {
		case r.Place != Here:
			return ErrPlace
		case i < 0 || i >= len(r.Codes):
			return ErrNoCode
		}
		return do(c.now, &r.Codes[i])
	})
}

// UseNoted notes that a code of a note was used. It returns [ErrNoSet], [ErrPlace]
// or [ErrNoneLeft].
func (s *Safe) UseNoted(ctx context.Context, id ID) (Set, error) {
	return s.count(ctx, "note use of backup code", id, func(now int64, r *record) error {
		if r.First > 0 {
			if r.Left == 0 {
				return ErrNoneLeft
			}
			r.Left--
		}
		if len(r.Used) == MaxCodes {
			r.Used = r.Used[1:]
		}
		r.Used = append(r.Used, max(now, 1))
		return nil
	})
}

// UnuseNoted takes the last use of a note back, or returns [ErrNotUsed].
func (s *Safe) UnuseNoted(ctx context.Context, id ID) (Set, error) {
	return s.count(ctx, "take back use of backup code", id, func(_ int64, r *record) error {
		if len(r.Used) == 0 {
			return ErrNotUsed
		}
		r.Used = r.Used[:len(r.Used)-1]
		r.Left = min(r.Left+1, r.First)
		return nil
	})
}

// Count sets how many codes of a note there were at first and are left, as
// someone counted them or the service tells; first 0 is unknown. Where all are
// left, none counts as used. It returns [ErrCount].
func (s *Safe) Count(ctx context.Context, id ID, first, left int) (Set, error) {
	return s.count(ctx, "count backup codes", id, func(_ int64, r *record) error {
		if first < 0 || first > MaxCodes || left < 0 || left > first {
			return fmt.Errorf("%w: %d of %d", ErrCount, left, first)
		}
		r.First, r.Left = first, left
		if first > 0 && left == first {
			r.Used = nil
		}
		return nil
	})
}

func (s *Safe) count(ctx context.Context, what string, id ID, do func(now int64, r *record) error) (Set, error) {
	return s.alter(ctx, what, id, func(c *change, r *record) error {
		if r.Place != Elsewhere {
			return ErrPlace
		}
		return do(c.now, r)
	})
}
