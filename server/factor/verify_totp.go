// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// verifyTOTP is one transaction of few statements: it is what the service does most.
func (s *Service) verifyTOTP(ctx context.Context, in session.Session, typed string) (Accepted, error) {
	code, err := otp.Normalise(typed)
	if err != nil {
		return Accepted{}, err
	}
	now := s.Clock()
	var got Accepted
	err = s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if err := a.uses(TOTP); err != nil {
			return err
		}
		if err := s.admit(ctx, q, &a, TOTP, now); err != nil {
			return err
		}
		secret, err := s.Keys.Open(place("factors", a.userID, "secret"), a.secret)
		if err != nil {
			return fmt.Errorf("read the key of an authenticator app: %w", err)
		}
		match, resync, ok, err := a.find(secret, code, now)
		if err != nil {
			return err
		}
		if !ok || match.Used {
			why := refusal.CodeWrong
			if ok {
				why = refusal.CodeUsed
			}
			if err := a.count(ctx, q, now); err != nil {
				return err
			}
			return s.failed(ctx, q, &a, in, TOTP, why, now)
		}
		// The condition repeats what the lock holds already: a step is taken once whatever else fails.
		n, err := exec(ctx, q, "take a time step", "UPDATE factors SET last_step = ?, drift = ?, resync = ?, used_at = ? WHERE user_id = ? AND last_step < ?",
			match.Step, match.Drift, resync, store.Millis(now), a.userID, match.Step)
		if err != nil {
			return err
		}
		if n == 0 {
			return refusal.New(refusal.CodeUsed)
		}
		got, err = s.accept(ctx, q, &a, in, Accepted{Method: TOTP, Drift: match.Drift}, now)
		return err
	})
	return got, err
}

// find looks for a code around now, as far off as the last resynchronization found the
// device, then by the right time: after a resynchronization people are asked to put the
// clock right, and who does so must not be shut out. It returns how far off the device is
// from now on. Where the clock was fast, the steps up to the last accepted one count as
// used until their time has come; that takes otp.Reach steps, ten minutes, at most.
func (a *account) find(secret []byte, code string, now time.Time) (match otp.Match, resync int, ok bool, err error) {
	match, ok, err = otp.Find(secret, code, now, a.resync, a.lastStep)
	if err != nil || a.resync == 0 || ok && !match.Used {
		return match, a.resync, ok, err
	}
	right, is, err := otp.Find(secret, code, now, 0, a.lastStep)
	if is && (!ok || !right.Used) {
		return right, 0, true, err
	}
	return match, a.resync, ok, err
}
