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
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// hold reads a user again and holds the row; FlowEnded of one who is gone or suspended by now.
func hold(ctx context.Context, q store.Q, id string) (people.User, error) {
	u, err := active(people.Hold(ctx, q, id))
	if err == nil && u.ID == "" {
		err = refusal.New(refusal.FlowEnded)
	}
	return u, err
}

// land begins the session of a user whose first factor was proved.
func (s *Service) land(ctx context.Context, q store.Q, u people.User, via string, from Browser, now time.Time) (In, error) {
	// Held, and read anew: a reset, a suspension or a second factor that is set up
	// at the same time is found here, or finds the session.
	u, err := hold(ctx, q, u.ID)
	if err != nil {
		return In{}, err
	}
	need, err := s.Need(ctx, q, u, now)
	if e := refusal.Of(err); e != nil {
		_, failed := audit.Write(ctx, q, audit.Event{
			At: now, Subject: u.ID, Action: audit.SignInRefused, Detail: map[string]string{"via": via, "reason": string(e.Kind)},
		})
		if failed != nil {
			return In{}, failed
		}
	}
	if err != nil {
		return In{}, err
	}
	begun, token, err := session.Start(ctx, q, u.ID, via, from.Device, need, now)
	if err != nil {
		return In{}, err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: u.ID, Subject: u.ID, Action: audit.SignedIn, Detail: map[string]string{"via": via},
	})
	if err != nil {
		return In{}, err
	}
	return In{Session: begun, User: u, Token: token}, s.device(ctx, q, u, from, now)
}

// Need is what a user's new session lacks after the first factor: session.Second with
// a second factor, session.Enrol after a reset, or nothing. Once the time to set
// up again after a reset is over it is a refusal of the kind EnrolClosed, unless the
// desk made a bypass code, which then stands in for the second factor. With
// RequireSecondFactor nobody is without one: session.Enrol takes the place of nothing.
func (s *Service) Need(ctx context.Context, q store.Q, u people.User, now time.Time) (session.Need, error) {
	var factors, bypasses int
	err := q.Row(ctx, "SELECT (SELECT COUNT(*) FROM factors WHERE user_id = ?), (SELECT COUNT(*) FROM bypass_codes WHERE user_id = ? AND expires_at > ?)",
		[]any{u.ID, u.ID, store.Millis(now)}, &factors, &bypasses)
	switch {
	case err != nil:
		return "", fmt.Errorf("look for a second factor: %w", err)
	case factors > 0:
		return session.Second, nil
	case u.EnrolBy.IsZero() && s.RequireSecondFactor:
		return session.Enrol, nil
	case u.EnrolBy.IsZero():
		return session.Nothing, nil
	case now.Before(u.EnrolBy):
		return session.Enrol, nil
	case bypasses > 0:
		return session.Second, nil
	}
	return "", refusal.New(refusal.EnrolClosed)
}

// device tells the user of a browser that was not seen before. One without a mark is always new.
func (s *Service) device(ctx context.Context, q store.Q, u people.User, from Browser, now time.Time) error {
	if from.Mark != "" {
		n, err := q.Exec(ctx, "INSERT INTO devices (user_id, hash, created_at) VALUES (?, ?, ?) ON CONFLICT (user_id, hash) DO NOTHING",
			u.ID, seal.Hash(from.Mark), store.Millis(now))
		if err != nil {
			return fmt.Errorf("remember a device: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
	if _, err := audit.Write(ctx, q, audit.Event{At: now, Actor: u.ID, Subject: u.ID, Action: audit.DeviceNew}); err != nil {
		return err
	}
	return s.Notices.Tell(ctx, q, u, notice.NewDevice, notice.Facts{Device: from.Device}, now)
}
