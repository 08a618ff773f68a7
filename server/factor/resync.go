// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// resyncs bounds how often codes can be tried in the wide window of a resynchronization.
var resyncs = limit.Limit{Name: "resync", Most: 5, Window: time.Hour}

// Resync finds how far a user's device is off by two consecutive codes, within
// otp.Reach steps, and adds that from then on. It is for a sign-in that waits for its
// second factor, while the helpdesk lets the user do this (InviteResync), and once:
// the invitation is gone when it worked. Both codes count as used, and failures are
// forgotten. Of wrong codes the user is told, as of others after a right first factor;
// they have a limit of their own and count towards no other, which would lock out who
// was let in to end that.
//
// It does not sign in: the next code does, by the narrow window. Two codes of the last
// ten minutes may have been read over a shoulder or typed into a page that only looks
// like ours, and one identity check opens the wide window; who has not the device needs
// a third in a row.
//
// Refusals: CodeMalformed (not counted), ResyncClosed, CodeWrong, CodeUsed,
// TooManyTries, MethodMismatch, NotEnrolled, and what the session is not.
func (s *Service) Resync(ctx context.Context, in session.Session, first, second string) (steps int, err error) {
	if in.App != "" || in.Need != session.Second {
		return 0, refusal.New(refusal.Forbidden)
	}
	if first, err = otp.Normalise(first); err != nil {
		return 0, err
	}
	if second, err = otp.Normalise(second); err != nil {
		return 0, err
	}
	now := s.Clock()
	err = s.tx(ctx, func(q store.Q) error {
		a, err := s.invited(ctx, q, in, now)
		if err != nil {
			return err
		}
		if err := resyncs.Take(ctx, q, s.Keys, a.userID, now); err != nil {
			return err
		}
		steps, err = s.resync(ctx, q, &a, first, second, now)
		return err
	})
	return steps, err
}

// invited is the account of a sign-in that may type two codes now.
func (s *Service) invited(ctx context.Context, q store.Q, in session.Session, now time.Time) (account, error) {
	a, err := s.lock(ctx, q, in.UserID)
	if err != nil {
		return a, err
	}
	if err := alive(ctx, q, in); err != nil {
		return a, err
	}
	if err := a.uses(TOTP); err != nil {
		return a, err
	}
	var expires int64
	open, err := row(ctx, q, "look for an invitation", "SELECT expires_at FROM resyncs WHERE user_id = ?", []any{a.userID}, &expires)
	if err == nil && (!open || !now.Before(store.Time(expires))) {
		err = refusal.New(refusal.ResyncClosed)
	}
	return a, err
}

func (s *Service) resync(ctx context.Context, q store.Q, a *account, first, second string, now time.Time) (int, error) {
	secret, err := s.Keys.Open(place("factors", a.userID, "secret"), a.secret)
	if err != nil {
		return 0, fmt.Errorf("read the key of an authenticator app: %w", err)
	}
	match, ok, err := otp.Resync(secret, first, second, now, a.lastStep)
	if err != nil {
		return 0, err
	}
	if !ok || match.Used {
		why := refusal.CodeWrong
		if ok {
			why = refusal.CodeUsed
		}
		_, err := audit.Write(ctx, q, audit.Event{
			At: now, Actor: a.userID, Subject: a.userID, Action: audit.SecondRefused,
			Detail: map[string]string{"method": string(TOTP), "reason": string(why), "resync": "yes"},
		})
		if err != nil {
			return 0, err
		}
		if err := s.tell(ctx, q, a.userID, notice.SecondFailed, notice.Facts{}, now); err != nil {
			return 0, err
		}
		return 0, refusal.New(why)
	}
	if _, err := exec(ctx, q, "keep how far a device is off", "UPDATE factors SET resync = ?, drift = ?, last_step = ? WHERE user_id = ?",
		match.Drift, match.Drift, match.Step, a.userID); err != nil {
		return 0, err
	}
	if _, err := exec(ctx, q, "end an invitation", "DELETE FROM resyncs WHERE user_id = ?", a.userID); err != nil {
		return 0, err
	}
	if _, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: a.userID, Subject: a.userID, Action: audit.Resynced, Detail: map[string]string{"drift": strconv.Itoa(match.Drift)},
	}); err != nil {
		return 0, err
	}
	return match.Drift, a.clear(ctx, q)
}
