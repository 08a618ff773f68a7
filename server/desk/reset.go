// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Reset takes a user's second factor off, or for one who is an administrator, or was
// one within seven days, asks a second administrator. Sessions and linked apps end,
// identities that were linked within the last 7 days go, the user is told on every channel
// and has EnrolWithin to set up again. It needs two identity checks, see [Kinds].
func (s *Service) Reset(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	now := s.Clock()
	var done Done
	err := s.DB.Tx(ctx, func(q store.Q) error {
		done = Done{}
		agent, u, as, err := both(ctx, q, a, Reset, userID, now)
		if err != nil {
			return err
		}
		c, repeated, err := begin(ctx, q, agent, u, Reset, r, now)
		if err != nil || repeated != nil {
			if repeated != nil {
				done = *repeated
			}
			return err
		}
		c.via = a
		if err := worth(ctx, q, u); err != nil {
			return err
		}
		if as.Administrator() {
			done, err = s.ask(ctx, q, c, now)
			return err
		}
		if done, err = s.reset(ctx, q, c, now); err != nil {
			return err
		}
		return c.write(ctx, q, done.AuditID, now)
	})
	if err != nil {
		return Done{}, fmt.Errorf("reset a second factor: %w", s.refused(ctx, a, Reset, userID, err))
	}
	return done, nil
}

// worth refuses the reset of someone who has nothing to reset: no second factor,
// and no time to set one up that could have run out.
func worth(ctx context.Context, q store.Q, u people.User) error {
	var factors int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM factors WHERE user_id = ?", []any{u.ID}, &factors); err != nil {
		return err
	}
	if factors == 0 && u.EnrolBy.IsZero() {
		return refusal.New(refusal.NotEnrolled)
	}
	return nil
}

// reset does it.
func (s *Service) reset(ctx context.Context, q store.Q, c newCase, now time.Time) (Done, error) {
	f, err := s.channels(ctx, q, c.user) // before the number of the factor is gone
	if err != nil {
		return Done{}, err
	}
	if err := s.Factors.Remove(ctx, q, c.user.ID); err != nil {
		return Done{}, err
	}
	ended, err := endAll(ctx, q, c.user.ID, now)
	if err != nil {
		return Done{}, err
	}
	if err := unlinkNew(ctx, q, c.agent.ID, c.user.ID, now); err != nil {
		return Done{}, err
	}
	c.user.EnrolBy = now.Add(s.enrolWithin())
	if _, err := q.Exec(ctx, "UPDATE users SET enrol_by = ? WHERE id = ?", store.Millis(c.user.EnrolBy), c.user.ID); err != nil {
		return Done{}, err
	}
	id, err := note(ctx, q, audit.Event{Action: audit.DeskReset, Detail: map[string]string{"sessions": strconv.FormatInt(ended, 10)}}, c, now)
	if err != nil {
		return Done{}, err
	}
	return Done{AuditID: id, CaseID: c.id, Expires: c.user.EnrolBy}, s.Notices.Tell(ctx, q, c.user, notice.ResetDone, f, now)
}

// endAll ends a user's sessions and linked apps. Sessions go first: what they
// allow apps at the same time is then found.
func endAll(ctx context.Context, q store.Q, userID string, now time.Time) (int64, error) {
	ended, err := session.EndAll(ctx, q, userID, "", now)
	if err != nil {
		return 0, err
	}
	return ended, link.EndAll(ctx, q, userID, now)
}

// ask asks a second administrator.
func (s *Service) ask(ctx context.Context, q store.Q, c newCase, now time.Time) (Done, error) {
	var notBefore int64
	err := q.Row(ctx, "SELECT not_before FROM cases WHERE user_id = ? AND state = 'waiting' AND expires_at > ?",
		[]any{c.user.ID, store.Millis(now)}, &notBefore)
	if err == nil { // it is asked for already: that one is to be approved
		return Done{}, refusal.After(refusal.NeedsApproval, max(store.Time(notBefore).Sub(now), 0))
	}
	if !errors.Is(err, store.ErrNone) {
		return Done{}, err
	}
	f, err := s.channels(ctx, q, c.user)
	if err != nil {
		return Done{}, err
	}
	c.state, c.notBefore = stateWaiting, now.Add(s.hold())
	c.expires = c.notBefore.Add(approveWithin)
	id, err := note(ctx, q, audit.Event{Action: audit.DeskResetAsked}, c, now)
	if err != nil {
		return Done{}, err
	}
	if err := c.write(ctx, q, id, now); err != nil {
		return Done{}, err
	}
	return Done{AuditID: id, CaseID: c.id, Expires: c.expires, Waiting: true}, s.Notices.Tell(ctx, q, c.user, notice.ResetAsked, f, now)
}
