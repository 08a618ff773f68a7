// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Find returns the session that an access token stands for; session.ErrEnded if
// none. When its factors were proved is what held for the session that allowed
// the link, so that it is fresh no longer than that one was.
func (s *Service) Find(ctx context.Context, access string, now time.Time) (session.Session, people.User, error) {
	in := session.Session{Via: "app"}
	var scope string
	var first, second, created, seen, until, ended int64
	err := s.DB.Row(ctx, "SELECT id, user_id, client, scope, first_at, second_at, created_at, used_at, access_until, ended_at FROM links WHERE access_hash = ?",
		[]any{seal.Hash(access)}, &in.ID, &in.UserID, &in.App, &scope, &first, &second, &created, &seen, &until, &ended)
	if errors.Is(err, store.ErrNone) || err == nil && (ended != 0 || !now.Before(store.Time(until))) {
		return session.Session{}, people.User{}, session.ErrEnded
	}
	if err != nil {
		return session.Session{}, people.User{}, fmt.Errorf("find a linked app: %w", err)
	}
	u, err := people.ByID(ctx, s.DB, in.UserID)
	if err != nil {
		return session.Session{}, people.User{}, fmt.Errorf("find a linked app: %w", err)
	}
	if !u.Suspended.IsZero() {
		return session.Session{}, people.User{}, session.ErrEnded
	}
	if now.Sub(store.Time(seen)) >= seenEvery {
		if _, err := s.DB.Exec(ctx, "UPDATE links SET used_at = ? WHERE id = ? AND used_at < ?", store.Millis(now), in.ID, store.Millis(now)); err != nil {
			return session.Session{}, people.User{}, fmt.Errorf("note the use of a linked app: %w", err)
		}
		seen = store.Millis(now)
	}
	c, _ := clientOf(in.App)
	in.Device, in.Scopes = c.Name, scopesOf(scope)
	in.First, in.Second = store.Time(first), store.Time(second)
	in.Created, in.Seen, in.Ends = store.Time(created), store.Time(seen), store.Time(until)
	return in, u, nil
}

// List are the apps that a user allowed, the last used first.
func (s *Service) List(ctx context.Context, userID string) ([]Linked, error) {
	var all []Linked
	err := s.DB.Rows(ctx, "SELECT id, client, scope, created_at, used_at FROM links WHERE user_id = ? AND ended_at = 0 AND refresh_until > ? ORDER BY used_at DESC, id",
		[]any{userID, store.Millis(s.Clock())}, func(read func(...any) error) error {
			var l Linked
			var client, scope string
			var created, seen int64
			err := read(&l.ID, &client, &scope, &created, &seen)
			c, _ := clientOf(client)
			l.Name, l.Scopes, l.Created, l.LastUse = c.Name, scopesOf(scope), store.Time(created), store.Time(seen)
			all = append(all, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list linked apps: %w", err)
	}
	return all, nil
}

// End takes the permission back; session.ErrEnded if there is none.
func (s *Service) End(ctx context.Context, userID, id string) error {
	now := s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		n, err := q.Exec(ctx, "UPDATE links SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at = 0", store.Millis(now), id, userID)
		if err != nil {
			return err
		}
		if n == 0 {
			return session.ErrEnded
		}
		_, err = audit.Write(ctx, q, audit.Event{At: now, Actor: userID, Subject: userID, Action: audit.AppUnlinked, Detail: map[string]string{"link": id}})
		return err
	})
	if err != nil {
		return fmt.Errorf("end a linked app: %w", err)
	}
	return nil
}

// Revoke ends the link of an access or refresh token, as its app asks (RFC 7009).
// A token that is not known or worth nothing any more is no error (2.2).
func (s *Service) Revoke(ctx context.Context, token string) error {
	hash, now := seal.Hash(token), s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		var id string
		err := q.Row(ctx, "SELECT id FROM links WHERE access_hash = ? OR refresh_hash = ?", []any{hash, hash}, &id)
		if errors.Is(err, store.ErrNone) {
			var ok bool
			if id, ok = s.linkOf(token); !ok {
				return nil
			}
		} else if err != nil {
			return err
		}
		return s.endFor(ctx, q, id, "revoked by the app", now)
	})
	if err != nil {
		return fmt.Errorf("end a linked app: %w", err)
	}
	return nil
}

// EndAll takes all permissions of a user back, in a transaction of others. What
// was allowed and not fetched yet goes first: an app that fetches at the same
// time has then made its link, which ends too, or finds nothing.
func EndAll(ctx context.Context, q store.Q, userID string, now time.Time) error {
	for _, query := range []string{
		"DELETE FROM link_codes WHERE user_id = ? AND link_id = ''",
		"UPDATE link_devices SET state = 'refused' WHERE user_id = ? AND state = 'granted'",
	} {
		if _, err := q.Exec(ctx, query, userID); err != nil {
			return fmt.Errorf("end linked apps: %w", err)
		}
	}
	if _, err := q.Exec(ctx, "UPDATE links SET ended_at = ? WHERE user_id = ? AND ended_at = 0", store.Millis(now), userID); err != nil {
		return fmt.Errorf("end linked apps: %w", err)
	}
	return nil
}
