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

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// What is done from the machine itself, by someone who has the database and its
// keys anyway, for when nobody can do it at the desk. All of it stands in the
// audit log, with nobody as the one who did it.

// MakeOwner makes the user with an address an owner, and adds the user if there
// is none; name is for a user who is added. Without a reason it is only done
// while there is no owner; with one (10 to 500 characters) it is breaking the glass.
func (s *Service) MakeOwner(ctx context.Context, email, name, reason string) (people.User, error) {
	now := s.Clock()
	var u people.User
	err := s.DB.Tx(ctx, func(q store.Q) error {
		// While there is no owner there is no row of one to hold: two who want to be the first stand in line here.
		var one int
		if err := q.Row(ctx, "SELECT one FROM audit_head WHERE one = 1"+q.Lock(), nil, &one); err != nil {
			return err
		}
		owners, err := lockOwners(ctx, q)
		if err != nil {
			return err
		}
		action := "first-owner"
		if owners > 0 {
			if action = "owner"; reason == "" {
				return &refusal.Error{Kind: refusal.Forbidden, Detail: "there is an owner, who can make another at the desk", Left: -1}
			}
			if err := reasonable(&reason); err != nil {
				return err
			}
		}
		if u, err = s.ownerToBe(ctx, q, email, name); err != nil {
			return err
		}
		id, err := audit.Write(ctx, q, audit.Event{At: now, Subject: u.ID, Action: audit.BreakGlass, Detail: map[string]string{"action": action}})
		if err != nil || reason == "" {
			return err
		}
		c := newCase{id: seal.NewID(), user: u, action: ownerByMachine, record: Record{Reason: reason}, state: stateDone}
		return c.write(ctx, q, id, now)
	})
	if err != nil {
		return people.User{}, fmt.Errorf("make an owner: %w", asRefusal(err))
	}
	return u, nil
}

// ownerByMachine stands in the case of an owner who was made from the machine.
const ownerByMachine Action = "owner-by-machine"

// ownerToBe finds or adds the user, as an owner.
func (s *Service) ownerToBe(ctx context.Context, q store.Q, email, name string) (people.User, error) {
	now := s.Clock()
	address, err := people.Address(email)
	if err != nil {
		return people.User{}, err
	}
	u, err := people.ByEmail(ctx, q, address)
	switch {
	case errors.Is(err, people.ErrNobody):
		if u, err = people.Create(ctx, q, address, name, people.Owner, now); err != nil {
			return u, err
		}
		_, err = audit.Write(ctx, q, audit.Event{At: now, Subject: u.ID, Action: audit.UserAdded, Detail: map[string]string{"role": string(people.Owner)}})
		return u, err
	case err != nil:
		return u, err
	case !u.Suspended.IsZero():
		return u, &refusal.Error{Kind: refusal.Forbidden, Detail: "this account is suspended: another address, or restore it at the desk", Left: -1}
	case u.Role == people.Owner:
		return u, nil
	}
	from := u
	u.Role = people.Owner
	return u, setRole(ctx, q, people.User{}, from, people.Owner, now)
}

// ResetByMachine resets an administrator for whom the desk cannot: a reset there
// takes two other administrators. The reason has 10 to 500 characters.
func (s *Service) ResetByMachine(ctx context.Context, email, reason string) (Done, error) {
	now := s.Clock()
	var done Done
	err := s.DB.Tx(ctx, func(q store.Q) error {
		if err := reasonable(&reason); err != nil {
			return err
		}
		address, err := people.Address(email)
		if err != nil {
			return err
		}
		u, err := people.ByEmail(ctx, q, address)
		if err != nil {
			return err
		}
		if u, err = people.Hold(ctx, q, u.ID); err != nil {
			return err
		}
		if err := deskCannot(ctx, q, u, now); err != nil {
			return err
		}
		if err := worth(ctx, q, u); err != nil {
			return err
		}
		if _, err := audit.Write(ctx, q, audit.Event{At: now, Subject: u.ID, Action: audit.BreakGlass, Detail: map[string]string{"action": "reset"}}); err != nil {
			return err
		}
		c := newCase{id: seal.NewID(), user: u, action: Reset, record: Record{Reason: reason}, state: stateDone}
		if done, err = s.reset(ctx, q, c, now); err != nil {
			return err
		}
		return c.write(ctx, q, done.AuditID, now)
	})
	if err != nil {
		return Done{}, fmt.Errorf("reset from the machine: %w", asRefusal(err))
	}
	return done, nil
}

// deskCannot refuses where the desk can do it.
func deskCannot(ctx context.Context, q store.Q, u people.User, now time.Time) error {
	as, err := countsAs(ctx, q, u, now)
	if err != nil {
		return err
	}
	if !as.Administrator() {
		return &refusal.Error{Kind: refusal.Forbidden, Detail: "an administrator can do it at the desk", Left: -1}
	}
	var others int
	err = q.Row(ctx, "SELECT COUNT(*) FROM users u JOIN factors f ON f.user_id = u.id"+
		" WHERE u.role IN ('admin', 'owner') AND u.suspended_at = 0 AND u.id <> ?", []any{u.ID}, &others)
	if err != nil {
		return err
	}
	if others >= 2 {
		return &refusal.Error{Kind: refusal.Forbidden, Detail: "two other administrators can do it at the desk", Left: -1}
	}
	return nil
}

func reasonable(reason *string) error {
	*reason = strings.TrimSpace(*reason)
	if n := utf8.RuneCountInString(*reason); n < leastReason || n > mostReason || !plain(*reason) {
		return refusal.Field("reason", fmt.Sprintf("a reason has %d to %d characters of plain text", leastReason, mostReason))
	}
	return nil
}

// asRefusal is an error of package people as a refusal.
func asRefusal(err error) error {
	switch {
	case errors.Is(err, people.ErrEmail):
		return refusal.New(refusal.EmailInvalid)
	case errors.Is(err, people.ErrNobody):
		return refusal.New(refusal.NotFound)
	}
	return err
}
