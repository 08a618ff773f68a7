// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// The functions in this file are the desk's, in a transaction of its own. The
// desk decides who may do what, writes the audit log and tells the user.

// BypassLife is how long a bypass code can be used.
const BypassLife = 15 * time.Minute

// resyncs bounds how often codes can be tried in the wide window of a resynchronization.
var resyncs = limit.Limit{Name: "resync", Most: 5, Window: time.Hour}

// Unlock forgets failures. For the desk, in its transaction.
func (s *Service) Unlock(ctx context.Context, q store.Q, userID string) error {
	a, err := s.lock(ctx, q, userID)
	if err != nil {
		return err
	}
	return a.clear(ctx, q)
}

// Resync finds how far a user's device is off by two consecutive codes, within 20
// steps, and accepts it from then on (the offset is added). Both codes count as
// used; failures are forgotten. For the desk, in its transaction, which must be
// committed also when this refuses: each try counts.
//
// Refusals: CodeMalformed (not counted), CodeWrong, CodeUsed, TooManyTries,
// MethodMismatch, NotEnrolled.
func (s *Service) Resync(ctx context.Context, q store.Q, userID, first, second string) (steps int, err error) {
	if first, err = otp.Normalise(first); err != nil {
		return 0, err
	}
	if second, err = otp.Normalise(second); err != nil {
		return 0, err
	}
	now := s.Clock()
	a, err := s.lock(ctx, q, userID)
	if err != nil {
		return 0, err
	}
	if err := a.uses(TOTP); err != nil {
		return 0, err
	}
	if err := resyncs.Take(ctx, q, s.Keys, userID, now); err != nil {
		return 0, err
	}
	secret, err := s.Keys.Open(place("factors", userID, "secret"), a.secret)
	if err != nil {
		return 0, fmt.Errorf("read the key of an authenticator app: %w", err)
	}
	match, ok, err := otp.Resync(secret, first, second, now, a.lastStep)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return 0, refusal.New(refusal.CodeWrong)
	case match.Used:
		return 0, refusal.New(refusal.CodeUsed)
	}
	if _, err := exec(ctx, q, "keep how far a device is off", "UPDATE factors SET resync = ?, drift = ?, last_step = ? WHERE user_id = ?",
		match.Drift, match.Drift, match.Step, userID); err != nil {
		return 0, err
	}
	return match.Drift, a.clear(ctx, q)
}

// IssueBypass makes a bypass code for a user, which replaces a live one. It is
// good for BypassLife and leads to an enrolment alone. Nobody gets one from
// themselves (Yourself). For the desk, in its transaction.
func (s *Service) IssueBypass(ctx context.Context, q store.Q, userID, by string) (code string, expires time.Time, err error) {
	if by == userID {
		return "", time.Time{}, refusal.New(refusal.Yourself)
	}
	if _, err := s.lock(ctx, q, userID); err != nil {
		return "", time.Time{}, err
	}
	now := s.Clock()
	code, expires = otp.NewBypass(), now.Add(BypassLife)
	_, err = exec(ctx, q, "issue a bypass code", "INSERT INTO bypass_codes (user_id, code_mac, issued_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (user_id) DO UPDATE SET code_mac = excluded.code_mac, issued_by = excluded.issued_by,"+
		" created_at = excluded.created_at, expires_at = excluded.expires_at",
		userID, s.Keys.MAC(bypassUse, userID, code), by, store.Millis(now), store.Millis(expires))
	if err != nil {
		return "", time.Time{}, err
	}
	return code, expires, nil
}

// Withdraw drops what leads to another second factor: a pending enrolment, a bypass
// code, and codes that were sent. The factor stays. For the desk, in its transaction.
func (s *Service) Withdraw(ctx context.Context, q store.Q, userID string) error {
	if _, err := s.lock(ctx, q, userID); err != nil {
		return err
	}
	for _, query := range []string{
		"DELETE FROM enrolments WHERE user_id = ?",
		"DELETE FROM sms_codes WHERE user_id = ?",
		"DELETE FROM bypass_codes WHERE user_id = ?",
	} {
		if _, err := exec(ctx, q, "drop what is pending", query, userID); err != nil {
			return err
		}
	}
	return nil
}

// Remove takes factor, codes, pending enrolment and failures of a user away. The
// user's sessions are the desk's to end. For the desk, in its transaction.
func (s *Service) Remove(ctx context.Context, q store.Q, userID string) error {
	a, err := s.lock(ctx, q, userID)
	if err != nil {
		return err
	}
	return a.remove(ctx, q)
}
