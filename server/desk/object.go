// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// objection is what a link "this wasn't me" stands for.
type objection struct {
	user  string
	event notice.Event
}

// find returns what a link is about; NotFound, or FlowEnded for one that was used or is too old.
func find(ctx context.Context, q store.Q, token, lock string, now time.Time) (o objection, err error) {
	var expires, used int64
	err = q.Row(ctx, "SELECT user_id, event, expires_at, used_at FROM objections WHERE token_hash = ?"+lock,
		[]any{seal.Hash(token)}, &o.user, &o.event, &expires, &used)
	switch {
	case errors.Is(err, store.ErrNone):
		return o, refusal.New(refusal.NotFound)
	case err == nil && (used != 0 || !now.Before(store.Time(expires))):
		return o, refusal.New(refusal.FlowEnded)
	}
	return o, err
}

// Objectable tells what a "this wasn't me" link is about, for the page that asks before it does it.
// A refusal of the kind NotFound or FlowEnded otherwise.
func (s *Service) Objectable(ctx context.Context, token string) (notice.Event, error) {
	o, err := find(ctx, s.DB, token, "", s.Clock())
	if err != nil {
		return "", fmt.Errorf("read an objection: %w", err)
	}
	return o.event, nil
}

// Object says "this wasn't me" with the token of a link: the user's sessions and linked apps end,
// identities of providers that were linked within the last 7 days, pending enrolments, bypass codes and the invitation to type
// two codes go, resets that wait are refused, and the administrators are told. The second factor stays as it is, so that an
// objection can lock nobody out.
func (s *Service) Object(ctx context.Context, token string) (notice.Event, error) {
	now := s.Clock()
	var o objection
	err := s.DB.Tx(ctx, func(q store.Q) (err error) {
		if o, err = find(ctx, q, token, q.Lock(), now); err != nil {
			return err
		}
		if _, err := q.Exec(ctx, "UPDATE objections SET used_at = ? WHERE token_hash = ?", store.Millis(now), seal.Hash(token)); err != nil {
			return err
		}
		u, err := subject(ctx, q, o.user)
		if err != nil {
			return err
		}
		return s.object(ctx, q, u, o.event, now)
	})
	if err != nil {
		return "", fmt.Errorf("object: %w", err)
	}
	return o.event, nil
}

func (s *Service) object(ctx context.Context, q store.Q, u people.User, event notice.Event, now time.Time) error {
	if err := s.Factors.Withdraw(ctx, q, u.ID); err != nil {
		return err
	}
	if _, err := endAll(ctx, q, u.ID, now); err != nil {
		return err
	}
	if err := unlinkNew(ctx, q, u.ID, u.ID, now); err != nil {
		return err
	}
	if _, err := q.Exec(ctx, "UPDATE users SET reported_at = ? WHERE id = ?", store.Millis(now), u.ID); err != nil {
		return err
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: u.ID, Subject: u.ID, Action: audit.Objected, Detail: map[string]string{"event": string(event)},
	})
	if err != nil {
		return err
	}
	if err := s.refuseWaiting(ctx, q, u, now); err != nil {
		return err
	}
	return s.tellAdministrators(ctx, q, u, now)
}

func (s *Service) refuseWaiting(ctx context.Context, q store.Q, u people.User, now time.Time) error {
	waiting, err := cases(ctx, q, now, "c.user_id = ? AND c.state = 'waiting'", u.ID)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if _, err := s.decided(ctx, q, newCase{id: c.ID, user: u}, u, stateRefused, now); err != nil {
			return err
		}
	}
	return nil
}

// tellAdministrators tells all administrators but the user of an objection.
func (s *Service) tellAdministrators(ctx context.Context, q store.Q, u people.User, now time.Time) error {
	all, err := people.Some(ctx, q, "role IN ('admin', 'owner') AND suspended_at = 0 AND id <> ? ORDER BY id", u.ID)
	if err != nil {
		return err
	}
	for _, admin := range all {
		if err := s.Notices.Tell(ctx, q, admin, notice.UserReported, notice.Facts{Device: u.Name}, now); err != nil {
			return err
		}
	}
	return nil
}

// unlinkNew takes the identities of providers from a user that were linked while a
// notice of it can still be objected to. Older ones stay, so that nobody loses a way in
// that they have used for long; a code by mail links one again.
func unlinkNew(ctx context.Context, q store.Q, actor, userID string, now time.Time) error {
	n, err := people.RemoveIdentities(ctx, q, userID, "", now.Add(-notice.ObjectionLife))
	if err != nil || n == 0 {
		return err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: actor, Subject: userID, Action: audit.IdentityUnlinked, Detail: map[string]string{"count": strconv.FormatInt(n, 10)},
	})
	return err
}
