// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Allow notes that the user of a ready session allowed a request, and returns
// where to send the browser. It is refused to a session that lacks its second
// factor, to a linked app, for the scopes to enrol and to work at the desk to one
// that is not fresh, and for the latter to whom has no role there.
func (s *Service) Allow(ctx context.Context, in session.Session, r Request) (string, error) {
	code, now := seal.Token(), s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		if err := mayAllow(ctx, q, in, r.Scopes, now); err != nil {
			return err
		}
		_, err := q.Exec(ctx, "INSERT INTO link_codes (code_hash, user_id, client, redirect_uri, challenge, scope, first_at, second_at, expires_at)"+
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			seal.Hash(code), in.UserID, r.Client.ID, r.RedirectURI, r.Challenge, scopeText(r.Scopes),
			store.Millis(in.First), store.Millis(in.Second), store.Millis(now.Add(CodeLife)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("allow an app: %w", err)
	}
	return s.back(r, url.Values{"code": {code}}), nil
}

// Deny returns where to send the browser of a user who did not.
func (s *Service) Deny(r Request) string {
	return s.back(r, url.Values{"error": {"access_denied"}})
}

// ready refuses a session that can decide nothing about apps.
func ready(in session.Session) error {
	switch {
	case in.App != "":
		return refusal.New(refusal.Forbidden)
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case in.Need != session.Nothing:
		return refusal.New(refusal.NeedsEnrolment)
	}
	return nil
}

// mayAllow tells whether a session may allow an app these scopes. It holds the
// session's row, so that ending the session at the same time either comes first
// or finds what is written after this.
func mayAllow(ctx context.Context, q store.Q, in session.Session, scopes []session.Scope, now time.Time) error {
	if no := ready(in); no != nil {
		return no
	}
	var ended int64
	err := q.Row(ctx, "SELECT ended_at FROM sessions WHERE id = ?"+q.Lock(), []any{in.ID}, &ended)
	if errors.Is(err, store.ErrNone) || err == nil && ended != 0 {
		return session.ErrEnded
	}
	if err != nil {
		return err
	}
	var factors int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM factors WHERE user_id = ?", []any{in.UserID}, &factors); err != nil {
		return err
	}
	if factors > 0 && in.Second.IsZero() { // signed in before there was one
		return refusal.New(refusal.NeedsSecond)
	}
	if slices.Contains(scopes, session.DeskWork) {
		if err := mayWork(ctx, q, in.UserID, factors); err != nil {
			return err
		}
	}
	changes := slices.Contains(scopes, session.EnrolOnly) || slices.Contains(scopes, session.DeskWork)
	if changes && !in.IsFresh(now, factors > 0) {
		return refusal.New(refusal.NeedsElevation)
	}
	return nil
}

// mayWork refuses the desk to whose role has nothing to do there, and to whom has
// no second factor. The desk looks at the role again each time.
func mayWork(ctx context.Context, q store.Q, userID string, factors int) error {
	u, err := people.ByID(ctx, q, userID)
	switch {
	case err != nil:
		return err
	case !u.Role.Helps():
		return refusal.New(refusal.Forbidden)
	case factors == 0:
		return refusal.New(refusal.NeedsEnrolment)
	}
	return nil
}
