// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// mostFound is how many users Find returns.
const mostFound = 20

// Find looks users up by a part of the name or the address, at most 20, by name. That
// it was done is noted in the audit log; what was looked for is written nowhere.
// Past 100 an hour it is refused with TooManyTries.
func (s *Service) Find(ctx context.Context, a Agent, query string) ([]people.User, error) {
	if err := s.search(ctx, a); err != nil {
		return nil, fmt.Errorf("look for users: %w", s.refused(ctx, a, LookUp, "", err))
	}
	query = strings.TrimSpace(query)
	if n := utf8.RuneCountInString(query); n < 2 || n > 254 || !plain(query) {
		return nil, refusal.Field("query", "at least two characters of the name or the address")
	}
	query = strings.ToLower(query)
	like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(query) + "%"
	all, err := people.Some(ctx, s.DB, "LOWER(name) LIKE ? ESCAPE '!' OR email LIKE ? ESCAPE '!' ORDER BY LOWER(name), id LIMIT ?", like, like, mostFound)
	if err != nil {
		return nil, fmt.Errorf("look for users: %w", err)
	}
	return all, nil
}

// search lets an agent look for users, and notes that.
func (s *Service) search(ctx context.Context, a Agent) error {
	now := s.Clock()
	var over error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		agent, err := enter(ctx, q, a, LookUp, now)
		if err == nil {
			err = refuse(mayNot(agent.Role, LookUp, people.Member, false))
		}
		if err != nil {
			return err
		}
		if over = searches.Take(ctx, q, s.Keys, agent.ID, now); over != nil {
			return unlessRefused(over)
		}
		_, err = audit.Write(ctx, q, a.noted(audit.Event{At: now, Actor: agent.ID, Action: audit.DeskSearched}))
		return err
	})
	return errors.Join(err, over)
}

// Subject shows a user to an agent. It is noted in the audit log. Past 300 an hour
// it is refused with TooManyTries: that is no work for callers any more.
func (s *Service) Subject(ctx context.Context, a Agent, userID string) (Subject, error) {
	now := s.Clock()
	var v Subject
	var role, as people.Role
	var over error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		agent, err := enter(ctx, q, a, LookUp, now)
		if err != nil {
			return err
		}
		role = agent.Role
		if over = lookUps.Take(ctx, q, s.Keys, agent.ID, now); over != nil {
			return unlessRefused(over)
		}
		if v, err = s.view(ctx, q, userID, now); err != nil {
			return err
		}
		if as, err = countsAs(ctx, q, v.User, now); err != nil {
			return err
		}
		if err := refuse(mayNot(role, LookUp, as, agent.ID == v.User.ID)); err != nil {
			return err
		}
		_, err = audit.Write(ctx, q, a.noted(audit.Event{At: now, Actor: agent.ID, Subject: userID, Action: audit.DeskLookedUp}))
		return err
	})
	if err = errors.Join(err, over); err == nil {
		v.Status, err = s.Factors.Status(ctx, userID)
	}
	if err != nil {
		return Subject{}, fmt.Errorf("look a user up: %w", s.refused(ctx, a, LookUp, userID, err))
	}
	v.MayNot = map[Action]string{}
	for _, action := range []Action{LookUp, SignOut, Unlock, Resync, Bypass, Reset, Suspend, Restore} {
		why := mayNot(role, action, as, a.User.ID == userID)
		if why == "" && a.Session.App != "" && !slices.Contains(inApps, action) {
			why = refusal.Forbidden
		}
		if why != "" {
			v.MayNot[action] = string(why)
		} else {
			v.May = append(v.May, action)
		}
	}
	return v, nil
}

func (s *Service) view(ctx context.Context, q store.Q, userID string, now time.Time) (v Subject, err error) {
	v.User, err = people.ByID(ctx, q, userID)
	if errors.Is(err, people.ErrNobody) {
		return v, refusal.New(refusal.NotFound)
	}
	if err != nil {
		return v, err
	}
	var phone []byte
	if err := q.Row(ctx, "SELECT contact_phone FROM users WHERE id = ?", []any{userID}, &phone); err != nil {
		return v, err
	}
	if phone != nil {
		plain, err := s.Keys.Open(contactPlace(userID), phone)
		if err != nil {
			return v, fmt.Errorf("read the number on record: %w", err)
		}
		v.CallBack, v.CallBackOK = otp.Mask(string(plain)), callBack(v.User, now)
	}
	live, err := session.List(ctx, q, userID, now)
	if err != nil {
		return v, err
	}
	v.Sessions = len(live)
	v.Cases, err = cases(ctx, q, now, "c.user_id = ? ORDER BY c.created_at DESC, c.id LIMIT ?", userID, shown)
	return v, err
}

// Audit returns events, the newest first, before an id (0 the newest), for auditors and administrators; subject "" all.
func (s *Service) Audit(ctx context.Context, a Agent, subject string, before int64, most int) ([]audit.Event, error) {
	agent, err := enter(ctx, s.DB, a, reading, s.Clock())
	if err == nil {
		err = refuse(mayNot(agent.Role, reading, people.Member, false))
	}
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", s.refused(ctx, a, reading, "", err))
	}
	return audit.List(ctx, s.DB, subject, before, most)
}
