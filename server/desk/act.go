// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// deed does what a case is about and says what the audit log and the user learn.
type deed func(q store.Q, c newCase, now time.Time) (done Done, e audit.Event, err error)

// act does something for a user, as one: record, deed, audit log, and what the user is told.
func (s *Service) act(ctx context.Context, a Agent, action Action, userID string, r Record, d deed) (Done, error) {
	now := s.Clock()
	var done Done
	var refused error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		done, refused = Done{}, nil
		if action == Suspend { // two owners who suspend each other do it one after the other
			if _, err := lockOwners(ctx, q); err != nil {
				return err
			}
		}
		agent, u, _, err := both(ctx, q, a, action, userID, now)
		if err != nil {
			return err
		}
		c, repeated, err := begin(ctx, q, agent, u, action, r, now)
		if err != nil || repeated != nil {
			if repeated != nil {
				done = *repeated
			}
			return err
		}
		c.via = a
		var e audit.Event
		if done, e, err = d(q, c, now); err != nil {
			refused = err // what was counted stays counted
			return unlessRefused(err)
		}
		done.CaseID = c.id
		done.AuditID, err = note(ctx, q, e, c, now)
		if err != nil {
			return err
		}
		return c.write(ctx, q, done.AuditID, now)
	})
	if err = errors.Join(err, refused); err != nil {
		return Done{}, fmt.Errorf("%s at the desk: %w", action, s.refused(ctx, a, action, userID, err))
	}
	return done, nil
}

// note writes what was done for a case into the audit log.
func note(ctx context.Context, q store.Q, e audit.Event, c newCase, now time.Time) (int64, error) {
	e.At, e.Actor, e.Subject = now, c.agent.ID, c.user.ID
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	e.Detail["case"] = c.id
	if names := c.record.names(); names != "" {
		e.Detail["checks"] = names
	}
	return audit.Write(ctx, q, c.via.noted(e))
}

// Unlock forgets a user's failures. It needs an identity check.
func (s *Service) Unlock(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, Unlock, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		if err := s.Factors.Unlock(ctx, q, c.user.ID); err != nil {
			return Done{}, audit.Event{}, err
		}
		return Done{}, audit.Event{Action: audit.DeskUnlocked}, s.Notices.Tell(ctx, q, c.user, notice.Unlocked, notice.Facts{}, now)
	})
}

// Resync lets a user type two consecutive codes, by which the service finds how far
// the device is off: in a sign-in, on the service's own page, once and for
// factor.ResyncLife. So no code is spoken. It needs an identity check, and the user
// is told.
func (s *Service) Resync(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, Resync, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		e := audit.Event{Action: audit.DeskResync}
		expires, err := s.Factors.InviteResync(ctx, q, c.user.ID, c.agent.ID)
		if err != nil {
			return Done{}, e, err
		}
		return Done{Expires: expires}, e, s.Notices.Tell(ctx, q, c.user, notice.ResyncOpened, notice.Facts{}, now)
	})
}

// Bypass makes a bypass code, which leads to setting the second factor up again
// and to nothing else. It needs two identity checks, see [Kinds]. The user
// is told on every channel.
func (s *Service) Bypass(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, Bypass, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		f, err := s.channels(ctx, q, c.user)
		if err != nil {
			return Done{}, audit.Event{}, err
		}
		code, expires, err := s.Factors.IssueBypass(ctx, q, c.user.ID, c.agent.ID)
		if err != nil {
			return Done{}, audit.Event{}, err
		}
		return Done{Code: code, Expires: expires}, audit.Event{Action: audit.DeskBypass}, s.Notices.Tell(ctx, q, c.user, notice.BypassIssued, f, now)
	})
}

// channels are the numbers that a user is told at beside the mail: the one on
// record and the one that codes go to. One that cannot be read is left out:
// telling must not keep the deed from happening.
func (s *Service) channels(ctx context.Context, q store.Q, u people.User) (notice.Facts, error) {
	var record, factor []byte
	if err := q.Row(ctx, "SELECT contact_phone FROM users WHERE id = ?", []any{u.ID}, &record); err != nil {
		return notice.Facts{}, err
	}
	err := q.Row(ctx, "SELECT phone FROM factors WHERE user_id = ?", []any{u.ID}, &factor)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return notice.Facts{}, err
	}
	var f notice.Facts
	if plain, err := s.Keys.Open(contactPlace(u.ID), record); err == nil {
		f.Phone = string(plain)
	}
	if plain, err := s.Keys.Open(seal.Place{Table: "factors", Row: u.ID, Column: "phone"}, factor); err == nil && string(plain) != f.Phone {
		f.Also = string(plain)
	}
	return f, nil
}

func contactPlace(userID string) seal.Place {
	return seal.Place{Table: "users", Row: userID, Column: "contact_phone"}
}
