// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Verify proves the second factor (or what stands in for it) for a session: one
// that waits for it, or a ready one that wants to change something (elevation).
// The session gets a new token. After a bypass code it may only enrol.
//
// Refusals: CodeMalformed (not counted), CodeWrong, CodeUsed, CodeExpired,
// TooManyTries and Blocked, MethodMismatch, NotEnrolled, NoCodes, and what the
// session lacks. A refused code has in Left how many tries are free, and in
// RetryAfter how long to wait before the next.
func (s *Service) Verify(ctx context.Context, in session.Session, m Method, code string) (Accepted, error) {
	if in.App != "" {
		return Accepted{}, refusal.New(refusal.Forbidden)
	}
	if in.Need == session.Enrol {
		return Accepted{}, refusal.New(refusal.NeedsEnrolment)
	}
	switch m {
	case TOTP:
		return s.verifyTOTP(ctx, in, code)
	case SMS:
		return s.verifySMS(ctx, in, code)
	case Backup:
		return s.verifyBackup(ctx, in, code)
	case Bypass:
		return s.verifyBypass(ctx, in, code)
	}
	return Accepted{}, refusal.Field("method", "one of totp, sms, backup, bypass")
}

// uses refuses a method that is not the account's.
func (a *account) uses(m Method) error {
	if !a.enrolled() {
		return refusal.New(refusal.NotEnrolled)
	}
	if a.method != m {
		return refusal.New(refusal.MethodMismatch)
	}
	return nil
}

// accept forgets failures, raises the session and notes it.
func (s *Service) accept(ctx context.Context, q store.Q, a *account, in session.Session, got Accepted, now time.Time) (Accepted, error) {
	if err := a.clear(ctx, q); err != nil {
		return Accepted{}, err
	}
	need, second := session.Nothing, now
	if got.Method == Bypass { // it proves nothing, but lets the user set up again
		need, second = session.Enrol, time.Time{}
	}
	var err error
	if got.Session, got.Token, err = session.Raise(ctx, q, in, need, time.Time{}, second, now); err != nil {
		return Accepted{}, err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.SecondAccepted,
		Detail: map[string]string{"method": string(got.Method), "drift": strconv.Itoa(got.Drift)},
	})
	return got, err
}
