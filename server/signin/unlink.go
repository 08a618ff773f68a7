// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Linked returns the identities that sign a user in beside the code by mail.
func (s *Service) Linked(ctx context.Context, in session.Session) ([]people.Identity, error) {
	if in.App != "" {
		return nil, refusal.New(refusal.Forbidden)
	}
	return people.Identities(ctx, s.DB, in.UserID)
}

// Unlink takes the identities of a provider from a user, and ends the other sessions
// that began with it. The code by mail always stays as a way in. Refusals: NotFound
// where there is none, NeedsElevation, and as of Elevate.
func (s *Service) Unlink(ctx context.Context, in session.Session, provider string) error {
	return s.commit(ctx, func(q store.Q) error {
		now := s.Clock()
		u, err := s.changer(ctx, q, in, now)
		if err != nil {
			return err
		}
		n, err := people.RemoveIdentities(ctx, q, u.ID, provider, time.Time{})
		if err != nil {
			return err
		}
		if n == 0 {
			return refusal.New(refusal.NotFound)
		}
		_, err = q.Exec(ctx, "UPDATE sessions SET ended_at = ? WHERE user_id = ? AND via = ? AND id <> ? AND ended_at = 0",
			store.Millis(now), u.ID, provider, in.ID)
		if err != nil {
			return fmt.Errorf("end the sessions of an identity: %w", err)
		}
		_, err = audit.Write(ctx, q, audit.Event{
			At: now, Actor: u.ID, Subject: u.ID, Action: audit.IdentityUnlinked, Detail: map[string]string{"provider": provider},
		})
		if err != nil {
			return err
		}
		return s.Notices.Tell(ctx, q, u, notice.IdentityUnlinked, notice.Facts{Method: provider}, now)
	})
}

// changer is the user of a session that may change how they sign in: a live one of a
// browser, with all factors fresh. It is not changed while the second factor changes.
func (s *Service) changer(ctx context.Context, q store.Q, in session.Session, now time.Time) (people.User, error) {
	if err := elevatable(in); err != nil {
		return people.User{}, err
	}
	u, err := hold(ctx, q, in.UserID)
	if err != nil {
		return u, err
	}
	live, err := session.ByID(ctx, q, in.ID, now)
	if err != nil {
		return u, err
	}
	var factors int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM factors WHERE user_id = ?", []any{u.ID}, &factors); err != nil {
		return u, fmt.Errorf("look for a second factor: %w", err)
	}
	if live.UserID != u.ID || !live.IsFresh(now, factors > 0) {
		return u, refusal.New(refusal.NeedsElevation)
	}
	return u, nil
}
