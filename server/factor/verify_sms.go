// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"time"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func (s *Service) verifySMS(ctx context.Context, in session.Session, typed string) (Accepted, error) {
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
		if err := a.uses(SMS); err != nil {
			return err
		}
		if err := s.admit(ctx, q, &a, SMS, now); err != nil {
			return err
		}
		if err := s.takeSent(ctx, q, &a, in, code, now); err != nil {
			return err
		}
		if _, err := exec(ctx, q, "note the use of a phone", "UPDATE factors SET used_at = ? WHERE user_id = ?", store.Millis(now), a.userID); err != nil {
			return err
		}
		got, err = s.accept(ctx, q, &a, in, Accepted{Method: SMS}, now)
		return err
	})
	return got, err
}

// takeSent takes the code that was sent for a session. Where none is live there
// is nothing to guess, so that nothing is counted.
func (s *Service) takeSent(ctx context.Context, q store.Q, a *account, in session.Session, code string, now time.Time) error {
	const doing = "look at a code that was sent"
	var sent sentcode.Sent
	var expires, used int64
	found, err := row(ctx, q, doing, "SELECT code_mac, tries + 1, expires_at, used_at FROM sms_codes WHERE session_id = ? AND user_id = ?"+q.Lock(),
		[]any{in.ID, a.userID}, &sent.MAC, &sent.Tries, &expires, &used)
	if err != nil {
		return err
	}
	if !found {
		return refusal.New(refusal.CodeExpired)
	}
	sent.Expires, sent.Used = store.Time(expires), store.Time(used)
	err = sent.Verdict(s.Keys, codeUse, in.ID, code, now)
	switch {
	case refusal.Is(err, refusal.CodeWrong):
		return s.wrongSent(ctx, q, a, in, sent.Tries, now)
	case refusal.Is(err, refusal.TooManyTries): // a new one is needed, and TooManyTries is said of the account
		return refusal.New(refusal.CodeExpired)
	case err != nil:
		return err
	}
	_, err = exec(ctx, q, doing, "UPDATE sms_codes SET tries = tries + 1, used_at = ? WHERE session_id = ?", store.Millis(now), in.ID)
	return err
}

// wrongSent counts a wrong try towards the code and towards the account.
func (s *Service) wrongSent(ctx context.Context, q store.Q, a *account, in session.Session, tries int, now time.Time) error {
	if _, err := exec(ctx, q, "count a try", "UPDATE sms_codes SET tries = ? WHERE session_id = ?", tries, in.ID); err != nil {
		return err
	}
	if err := a.count(ctx, q, now); err != nil {
		return err
	}
	err := s.failed(ctx, q, a, in, SMS, refusal.CodeWrong, now)
	if e := refusal.Of(err); e != nil {
		e.Left = min(e.Left, sentcode.Tries-tries)
	}
	return err
}
