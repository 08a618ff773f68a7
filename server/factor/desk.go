// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"time"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// The functions in this file are the desk's, in a transaction of its own. The
// desk decides who may do what, writes the audit log and tells the user.

// BypassLife is how long a bypass code can be used.
const BypassLife = 15 * time.Minute

// ResyncLife is how long an invitation to type two codes is open.
const ResyncLife = 15 * time.Minute

// Unlock forgets failures. For the desk, in its transaction.
func (s *Service) Unlock(ctx context.Context, q store.Q, userID string) error {
	a, err := s.lock(ctx, q, userID)
	if err != nil {
		return err
	}
	return a.clear(ctx, q)
}

// InviteResync lets a user type two consecutive codes of the app in a sign-in, once
// and for ResyncLife; an invitation that is open begins anew. See Service.Resync.
// Nobody invites themselves (Yourself). For the desk, in its transaction.
//
// Refusals: Yourself, MethodMismatch, NotEnrolled.
func (s *Service) InviteResync(ctx context.Context, q store.Q, userID, by string) (expires time.Time, err error) {
	if by == userID {
		return time.Time{}, refusal.New(refusal.Yourself)
	}
	a, err := s.lock(ctx, q, userID)
	if err != nil {
		return time.Time{}, err
	}
	if err := a.uses(TOTP); err != nil {
		return time.Time{}, err
	}
	now := s.Clock()
	expires = now.Add(ResyncLife)
	_, err = exec(ctx, q, "let a user type two codes", "INSERT INTO resyncs (user_id, opened_by, created_at, expires_at) VALUES (?, ?, ?, ?)"+
		" ON CONFLICT (user_id) DO UPDATE SET opened_by = excluded.opened_by, created_at = excluded.created_at, expires_at = excluded.expires_at",
		userID, by, store.Millis(now), store.Millis(expires))
	return expires, err
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

// Withdraw drops what leads to another second factor or past its window: a pending
// enrolment, a bypass code, an invitation to type two codes, and codes that were sent.
// The factor stays. For the desk, in its transaction.
func (s *Service) Withdraw(ctx context.Context, q store.Q, userID string) error {
	if _, err := s.lock(ctx, q, userID); err != nil {
		return err
	}
	for _, query := range []string{
		"DELETE FROM enrolments WHERE user_id = ?",
		"DELETE FROM sms_codes WHERE user_id = ?",
		"DELETE FROM bypass_codes WHERE user_id = ?",
		"DELETE FROM resyncs WHERE user_id = ?",
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
