// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// How often text messages go. For signing in they count per account and number,
// for set-ups per number alone: so nobody keeps the owner of a number from signing
// in by setting it up elsewhere. The last keeps one account from paying for many numbers.
var (
	textsToSignIn = limit.Limit{Name: "sms-signin", Most: 5, Window: time.Hour}
	textsToEnrol  = limit.Limit{Name: "sms-enrol", Most: 5, Window: time.Hour}
	textsOfUser   = limit.Limit{Name: "sms-user", Most: 10, Window: time.Hour}
)

// resendIn is how long to wait before a code is sent again; sent is in Unix milliseconds.
func resendIn(sends int, sent int64, now time.Time) time.Duration {
	return sentcode.Sent{Sends: sends, At: store.Time(sent)}.Resend(now)
}

// takeText counts a text message towards a limit.
func (s *Service) takeText(ctx context.Context, q store.Q, l limit.Limit, who string, now time.Time) error {
	err := l.Take(ctx, q, s.Keys, who, now)
	if e := refusal.Of(err); e != nil {
		return refusal.After(refusal.TooManySent, e.RetryAfter)
	}
	return err
}

// SendCode sends a code by SMS for a session that waits for its second factor, or for an elevation.
// A new code replaces the one before.
//
// Refusals: TooManySent with the time to wait, TooManyTries and Blocked as in
// Verify, MethodMismatch, NotEnrolled, and what the session lacks.
func (s *Service) SendCode(ctx context.Context, in session.Session) (Sent, error) {
	if in.App != "" {
		return Sent{}, refusal.New(refusal.Forbidden)
	}
	if in.Need == session.Enrol {
		return Sent{}, refusal.New(refusal.NeedsEnrolment)
	}
	now := s.Clock()
	var sent Sent
	err := s.tx(ctx, func(q store.Q) error {
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
		sent, err = s.sendCode(ctx, q, &a, in, now)
		return err
	})
	return sent, err
}

func (s *Service) sendCode(ctx context.Context, q store.Q, a *account, in session.Session, now time.Time) (Sent, error) {
	if err := alive(ctx, q, in); err != nil {
		return Sent{}, err
	}
	var sends int
	var last int64
	if _, err := row(ctx, q, "look for a code that was sent", "SELECT sends, sent_at FROM sms_codes WHERE session_id = ?",
		[]any{in.ID}, &sends, &last); err != nil {
		return Sent{}, err
	}
	if wait := resendIn(sends, last, now); wait > 0 {
		return Sent{}, refusal.After(refusal.TooManySent, wait)
	}
	phone, err := s.Keys.Open(place("factors", a.userID, "phone"), a.phone)
	if err != nil {
		return Sent{}, fmt.Errorf("read the phone number of a second factor: %w", err)
	}
	if err := s.takeText(ctx, q, textsToSignIn, a.userID+" "+string(phone), now); err != nil {
		return Sent{}, err
	}
	if err := s.takeTotals(ctx, q, a.userID, now); err != nil {
		return Sent{}, err
	}
	code, expires := otp.Random(), now.Add(sentcode.Life)
	if _, err := exec(ctx, q, "keep a code that is sent",
		"INSERT INTO sms_codes (session_id, user_id, code_mac, tries, sends, sent_at, expires_at, used_at) VALUES (?, ?, ?, 0, ?, ?, ?, 0)"+
			" ON CONFLICT (session_id) DO UPDATE SET code_mac = excluded.code_mac, tries = 0, sends = excluded.sends,"+
			" sent_at = excluded.sent_at, expires_at = excluded.expires_at, used_at = 0",
		in.ID, a.userID, s.codeMAC(in.ID, code), sends+1, store.Millis(now), store.Millis(expires)); err != nil {
		return Sent{}, err
	}
	if err := s.text(ctx, q, a.userID, string(phone), code, expires, now); err != nil {
		return Sent{}, err
	}
	return Sent{PhoneHint: a.hint, Resend: sentcode.Wait(sends + 1), Expires: expires}, nil
}

// text sends a code and notes it.
func (s *Service) text(ctx context.Context, q store.Q, userID, phone, code string, expires, now time.Time) error {
	if err := s.Notices.TextCode(ctx, q, phone, code, seal.NewID(), expires, now); err != nil {
		return fmt.Errorf("send a code: %w", err)
	}
	_, err := audit.Write(ctx, q, audit.Event{At: now, Actor: userID, Subject: userID, Action: audit.CodeSent})
	return err
}

const codeUse = "sms-code"

// codeMAC is what is kept of a code: good for one session, or one enrolment, alone.
func (s *Service) codeMAC(boundTo, code string) []byte {
	return sentcode.MAC(s.Keys, codeUse, boundTo, code)
}
