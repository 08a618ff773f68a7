// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// SignOut ends all sessions and linked apps of a user (OWASP ASVS 5, 7.4.5). The
// second factor stays. It needs a reason, and no identity check: it opens nothing.
func (s *Service) SignOut(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, SignOut, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		return s.shut(ctx, q, c, audit.DeskSignedOut, notice.SignedOut, now)
	})
}

// Suspend keeps a user out until Restore: no sign-in, no session, no linked app
// (OWASP ASVS 5, 7.4.2). The last owner cannot be suspended; an administrator only
// by an owner. It needs a reason, and no identity check.
func (s *Service) Suspend(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, Suspend, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		if !c.user.Suspended.IsZero() {
			return Done{}, audit.Event{}, refusal.Field("action", "the account is suspended already")
		}
		if c.user.Role == people.Owner {
			owners, err := lockOwners(ctx, q)
			if err != nil {
				return Done{}, audit.Event{}, err
			}
			if owners < 2 {
				return Done{}, audit.Event{}, &refusal.Error{Kind: refusal.Forbidden, Field: "action", Detail: "the last owner stays", Left: -1}
			}
		}
		if _, err := q.Exec(ctx, "UPDATE users SET suspended_at = ? WHERE id = ?", store.Millis(now), c.user.ID); err != nil {
			return Done{}, audit.Event{}, err
		}
		return s.shut(ctx, q, c, audit.DeskSuspended, notice.Suspended, now)
	})
}

// shut drops what is pending, ends sessions and linked apps, and tells the user on every channel.
func (s *Service) shut(ctx context.Context, q store.Q, c newCase, action audit.Action, told notice.Event, now time.Time) (Done, audit.Event, error) {
	e := audit.Event{Action: action}
	f, err := s.channels(ctx, q, c.user)
	if err != nil {
		return Done{}, e, err
	}
	if err := s.Factors.Withdraw(ctx, q, c.user.ID); err != nil {
		return Done{}, e, err
	}
	ended, err := endAll(ctx, q, c.user.ID, now)
	if err != nil {
		return Done{}, e, err
	}
	e.Detail = map[string]string{"sessions": strconv.FormatInt(ended, 10)}
	return Done{}, e, s.Notices.Tell(ctx, q, c.user, told, f, now)
}

// Restore lets a user in again who was suspended, with the second factor that there
// was. It needs an identity check.
func (s *Service) Restore(ctx context.Context, a Agent, userID string, r Record) (Done, error) {
	return s.act(ctx, a, Restore, userID, r, func(q store.Q, c newCase, now time.Time) (Done, audit.Event, error) {
		e := audit.Event{Action: audit.DeskRestored}
		if c.user.Suspended.IsZero() {
			return Done{}, e, refusal.Field("action", "the account is not suspended")
		}
		f, err := s.channels(ctx, q, c.user)
		if err != nil {
			return Done{}, e, err
		}
		if _, err := q.Exec(ctx, "UPDATE users SET suspended_at = 0 WHERE id = ?", c.user.ID); err != nil {
			return Done{}, e, err
		}
		return Done{}, e, s.Notices.Tell(ctx, q, c.user, notice.Restored, f, now)
	})
}

// SignOutEverybody ends all sessions and linked apps, user by user, for when it is
// not known whose were stolen. It is done from the machine itself, and returns for
// how many users there was something to end.
func (s *Service) SignOutEverybody(ctx context.Context) (users int, err error) {
	now := s.Clock()
	err = s.DB.Tx(ctx, func(q store.Q) error {
		_, err := audit.Write(ctx, q, audit.Event{At: now, Action: audit.BreakGlass, Detail: map[string]string{"action": "sign-out-everybody"}})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sign everybody out: %w", err)
	}
	live, err := people.Some(ctx, s.DB, "id IN (SELECT user_id FROM sessions WHERE ended_at = 0 UNION SELECT user_id FROM links WHERE ended_at = 0) ORDER BY id")
	if err != nil {
		return 0, fmt.Errorf("sign everybody out: %w", err)
	}
	for _, u := range live {
		err := s.DB.Tx(ctx, func(q store.Q) error {
			if _, err := people.Hold(ctx, q, u.ID); err != nil {
				return err
			}
			ended, err := endAll(ctx, q, u.ID, now)
			if err != nil {
				return err
			}
			_, err = audit.Write(ctx, q, audit.Event{
				At: now, Subject: u.ID, Action: audit.DeskSignedOut, Detail: map[string]string{"sessions": strconv.FormatInt(ended, 10)},
			})
			return err
		})
		if err != nil {
			return users, fmt.Errorf("sign everybody out: %w", err)
		}
		users++
	}
	return users, nil
}
