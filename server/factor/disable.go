// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Disable takes the second factor off, with its backup codes. All other sessions of the user end.
//
// Refusals: NotEnrolled, NeedsElevation, Forbidden for a linked app, and what the session lacks.
func (s *Service) Disable(ctx context.Context, in session.Session) error {
	now := s.Clock()
	return s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if err := maySettle(in, a.enrolled(), now); err != nil {
			return err
		}
		if err := alive(ctx, q, in); err != nil {
			return err
		}
		if err := a.remove(ctx, q); err != nil {
			return err
		}
		if err := endOthers(ctx, q, in, now); err != nil {
			return err
		}
		if _, err := audit.Write(ctx, q, audit.Event{
			At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.MethodRemoved,
			Detail: map[string]string{"method": string(a.method)},
		}); err != nil {
			return err
		}
		return s.tell(ctx, q, in.UserID, notice.MethodRemoved, notice.Facts{Method: string(a.method), Phone: s.number(&a)}, now)
	})
}

// remove takes away all that an account has of the second factor, and what was pending.
func (a *account) remove(ctx context.Context, q store.Q) error {
	for _, table := range []string{"factors", "backup_sets", "enrolments", "sms_codes", "bypass_codes", "resyncs"} {
		if _, err := exec(ctx, q, "take a second factor off", "DELETE FROM "+table+" WHERE user_id = ?", a.userID); err != nil {
			return err
		}
	}
	return a.clear(ctx, q)
}
