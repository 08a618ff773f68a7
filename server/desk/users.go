// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// mostName is how many characters a name has.
const mostName = 100

// AddUser adds a user. Administrators do; another administrator only an owner adds.
func (s *Service) AddUser(ctx context.Context, a Agent, email, name string, role people.Role) (people.User, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > mostName || !plain(name) || strings.ContainsAny(name, "\r\n") {
		return people.User{}, refusal.Field("name", fmt.Sprintf("a name has 1 to %d characters", mostName))
	}
	if !role.Valid() {
		return people.User{}, refusal.Field("role", "there is no such role")
	}
	now := s.Clock()
	var u people.User
	err := s.DB.Tx(ctx, func(q store.Q) error {
		agent, err := enter(ctx, q, a, adding, now)
		if err == nil {
			err = refuse(mayNot(agent.Role, adding, people.Member, false))
		}
		if err == nil {
			err = refuse(mayNotGive(agent.Role, "", role))
		}
		if err != nil {
			return err
		}
		if u, err = people.Create(ctx, q, email, name, role, now); err != nil {
			return err
		}
		_, err = audit.Write(ctx, q, audit.Event{
			At: now, Actor: agent.ID, Subject: u.ID, Action: audit.UserAdded, Detail: map[string]string{"role": string(role)},
		})
		return err
	})
	switch {
	case errors.Is(err, people.ErrEmail):
		return people.User{}, refusal.New(refusal.EmailInvalid)
	case errors.Is(err, people.ErrTaken):
		return people.User{}, refusal.Field("email", "this address has an account already")
	case err != nil:
		return people.User{}, fmt.Errorf("add a user: %w", s.refused(ctx, a, adding, "", err))
	}
	return u, nil
}

// SetRole changes a user's role; only an owner does, also their own. The last
// owner stays one. Who loses rights is signed out everywhere.
func (s *Service) SetRole(ctx context.Context, a Agent, userID string, role people.Role) error {
	if !role.Valid() {
		return refusal.Field("role", "there is no such role")
	}
	now := s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		owners, err := lockOwners(ctx, q)
		if err != nil {
			return err
		}
		agent, err := enter(ctx, q, a, giving, now)
		if err != nil {
			return err
		}
		u, err := subject(ctx, q, userID)
		if err != nil {
			return err
		}
		if err := refuse(mayNotGive(agent.Role, u.Role, role)); err != nil {
			return err
		}
		if u.Role == role {
			return nil
		}
		if u.Role == people.Owner && u.Suspended.IsZero() && owners < 2 {
			return &refusal.Error{Kind: refusal.Forbidden, Field: "role", Detail: "the last owner stays", Left: -1}
		}
		return setRole(ctx, q, agent, u, role, now)
	})
	if err != nil {
		return fmt.Errorf("change a role: %w", s.refused(ctx, a, giving, userID, err))
	}
	return nil
}

// lockOwners holds the rows of all owners and counts them: two who take each
// other's role away do it one after the other, and the second finds that theirs is gone.
func lockOwners(ctx context.Context, q store.Q) (n int, err error) {
	err = q.Rows(ctx, "SELECT id FROM users WHERE role = 'owner' AND suspended_at = 0 ORDER BY id"+q.Lock(), nil, func(read func(...any) error) error {
		var id string
		n++
		return read(&id)
	})
	return n, err
}

func setRole(ctx context.Context, q store.Q, agent, u people.User, role people.Role, now time.Time) error {
	if _, err := q.Exec(ctx, "UPDATE users SET role = ? WHERE id = ?", string(role), u.ID); err != nil {
		return err
	}
	if u.Role.Administrator() && !role.Administrator() {
		if _, err := q.Exec(ctx, "UPDATE users SET stepped_down_at = ? WHERE id = ?", store.Millis(now), u.ID); err != nil {
			return err
		}
	}
	if down(u.Role, role) {
		if _, err := endAll(ctx, q, u.ID, now); err != nil {
			return err
		}
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: agent.ID, Subject: u.ID, Action: audit.RoleChanged,
		Detail: map[string]string{"from": string(u.Role), "to": string(role)},
	})
	return err
}

// SetContact sets a user's number on record, with its country code; "" takes it
// away. A new number is not called back for ContactAge, and the user is told by
// mail and at the number before.
func (s *Service) SetContact(ctx context.Context, a Agent, userID, phone string) error {
	if phone = strings.TrimSpace(phone); phone != "" {
		parsed, err := phonenumbers.Parse(phone, "")
		if err != nil || !phonenumbers.IsValidNumber(parsed) {
			return refusal.New(refusal.PhoneInvalid)
		}
		phone = phonenumbers.Format(parsed, phonenumbers.E164)
	}
	now := s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		agent, u, _, err := both(ctx, q, a, contacts, userID, now)
		if err != nil {
			return err
		}
		f, err := s.channels(ctx, q, u)
		if err != nil || f.Phone == phone { // it is the number on record: its age stays
			return err
		}
		var sealed []byte
		var since int64
		if phone != "" {
			sealed, since = s.Keys.Seal(contactPlace(u.ID), []byte(phone)), store.Millis(now)
		}
		if _, err := q.Exec(ctx, "UPDATE users SET contact_phone = ?, contact_since = ? WHERE id = ?", sealed, since, u.ID); err != nil {
			return err
		}
		if _, err := audit.Write(ctx, q, audit.Event{At: now, Actor: agent.ID, Subject: u.ID, Action: audit.ContactSet}); err != nil {
			return err
		}
		return s.Notices.Tell(ctx, q, u, notice.ContactChanged, f, now)
	})
	if err != nil {
		return fmt.Errorf("set a number on record: %w", s.refused(ctx, a, contacts, userID, err))
	}
	return nil
}

// ClearReport notes that an administrator looked at a user's "this wasn't me".
func (s *Service) ClearReport(ctx context.Context, a Agent, userID string) error {
	now := s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		agent, u, _, err := both(ctx, q, a, clearing, userID, now)
		if err != nil || u.Reported.IsZero() {
			return err
		}
		if _, err := q.Exec(ctx, "UPDATE users SET reported_at = 0 WHERE id = ?", u.ID); err != nil {
			return err
		}
		_, err = audit.Write(ctx, q, audit.Event{At: now, Actor: agent.ID, Subject: u.ID, Action: audit.DeskCleared})
		return err
	})
	if err != nil {
		return fmt.Errorf("clear a report: %w", s.refused(ctx, a, clearing, userID, err))
	}
	return nil
}
