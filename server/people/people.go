// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package people knows who uses the service, in which role, and by which
// identities of Google and Apple they are known. It holds no password: there is none.
package people

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Role is what someone may do for others.
type Role string

// The roles, from the least to the most. An auditor reads the audit log and nothing else.
const (
	Member   Role = "user"
	Auditor  Role = "auditor"
	Helpdesk Role = "helpdesk"
	Admin    Role = "admin"
	Owner    Role = "owner"
)

// Roles are all roles.
var Roles = []Role{Member, Auditor, Helpdesk, Admin, Owner}

// Valid tells whether r is a role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Administrator tells whether changes to this person's second factor need two
// administrators.
func (r Role) Administrator() bool { return r == Admin || r == Owner }

// Helps tells whether this person helps callers at the desk.
func (r Role) Helps() bool { return r == Helpdesk || r.Administrator() }

// User is a person with an account.
type User struct {
	ID    string
	Email string // lower case
	Name  string
	Role  Role
	// EnrolBy is set after a reset: the person must set up a second factor again
	// before it, and can do nothing else. Afterwards only an administrator helps.
	EnrolBy time.Time
	// Reported is when the person said "this wasn't me", until an administrator looked.
	Reported  time.Time
	Suspended time.Time
	// ContactSince is since when the number on record stands, zero if there is
	// none. A number that is new must not be called back.
	ContactSince time.Time
	Created      time.Time
}

// Errors of this package.
var (
	ErrNobody = errors.New("nobody has this account")
	ErrEmail  = errors.New("this is no e-mail address")
	ErrTaken  = errors.New("this e-mail address has an account already")
)

// Address returns an e-mail address in the form in which accounts are found:
// trimmed, lower case, at most 254 bytes (RFC 5321, 4.5.3.1.3). ErrEmail otherwise.
func Address(typed string) (string, error) {
	a := strings.ToLower(strings.TrimSpace(typed))
	parsed, err := mail.ParseAddress(a)
	if err != nil || parsed.Address != a || len(a) > 254 || strings.ContainsAny(a, "\r\n\x00") {
		return "", ErrEmail
	}
	return a, nil
}

const columns = "id, email, name, role, enrol_by, reported_at, suspended_at, contact_since, created_at"

func scan(read func(...any) error) (User, error) {
	var u User
	var by, reported, suspended, since, created int64
	err := read(&u.ID, &u.Email, &u.Name, &u.Role, &by, &reported, &suspended, &since, &created)
	u.EnrolBy, u.Reported, u.Suspended = store.Time(by), store.Time(reported), store.Time(suspended)
	u.ContactSince, u.Created = store.Time(since), store.Time(created)
	return u, err
}

func one(ctx context.Context, q store.Q, where string, args ...any) (User, error) {
	u, err := scan(func(dest ...any) error {
		return q.Row(ctx, "SELECT "+columns+" FROM users WHERE "+where, args, dest...)
	})
	if errors.Is(err, store.ErrNone) {
		return User{}, ErrNobody
	}
	if err != nil {
		return User{}, fmt.Errorf("look a user up: %w", err)
	}
	return u, nil
}

// Some returns the users that meet a condition, which is SQL after WHERE and may
// end with an order and a limit.
func Some(ctx context.Context, q store.Q, where string, args ...any) ([]User, error) {
	var all []User
	err := q.Rows(ctx, "SELECT "+columns+" FROM users WHERE "+where, args, func(read func(...any) error) error {
		u, err := scan(read)
		all = append(all, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look users up: %w", err)
	}
	return all, nil
}

// ByID returns the user with an id; ErrNobody if there is none.
func ByID(ctx context.Context, q store.Q, id string) (User, error) {
	return one(ctx, q, "id = ?", id)
}

// Hold returns the user with an id as committed, and holds the row until the
// transaction ends; ErrNobody if there is none. Whoever changes what a sign-in
// depends on takes it first, before the rows of factors and sessions: then two
// wait for each other in one order only.
func Hold(ctx context.Context, q store.Q, id string) (User, error) {
	return one(ctx, q, "id = ?"+q.Lock(), id)
}

// ByEmail returns the user with an Address; ErrNobody if there is none.
func ByEmail(ctx context.Context, q store.Q, address string) (User, error) {
	return one(ctx, q, "email = ?", address)
}

// ByIdentity returns the user that an identity of a provider belongs to;
// ErrNobody if there is none. An e-mail address never identifies anyone there
// (OWASP ASVS 5, 6.8.1).
func ByIdentity(ctx context.Context, q store.Q, issuer, subject string) (User, error) {
	return one(ctx, q, "id = (SELECT user_id FROM identities WHERE issuer = ? AND subject = ?)", issuer, subject)
}

// Create adds a user; ErrTaken if the address has an account.
func Create(ctx context.Context, q store.Q, email, name string, role Role, now time.Time) (User, error) {
	address, err := Address(email)
	if err != nil {
		return User{}, err
	}
	if !role.Valid() {
		return User{}, fmt.Errorf("there is no role %q", string(role))
	}
	u := User{ID: seal.NewID(), Email: address, Name: strings.TrimSpace(name), Role: role, Created: now}
	_, err = q.Exec(ctx, "INSERT INTO users (id, email, name, role, created_at) VALUES (?, ?, ?, ?, ?)",
		u.ID, u.Email, u.Name, string(u.Role), store.Millis(now))
	if errors.Is(err, store.ErrTaken) {
		return User{}, ErrTaken
	}
	if err != nil {
		return User{}, fmt.Errorf("add a user: %w", err)
	}
	return u, nil
}

// AddIdentity says that an identity of a provider is this user's.
func AddIdentity(ctx context.Context, q store.Q, userID, provider, issuer, subject string, now time.Time) error {
	_, err := q.Exec(ctx, "INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES (?, ?, ?, ?, ?)",
		issuer, subject, userID, provider, store.Millis(now))
	if err != nil {
		return fmt.Errorf("add an identity: %w", err)
	}
	return nil
}

// Identity is how a provider's word signs a user in.
type Identity struct {
	Provider string // google, apple
	Since    time.Time
}

// Identities returns the identities of a user, the newest first.
func Identities(ctx context.Context, q store.Q, userID string) ([]Identity, error) {
	var all []Identity
	err := q.Rows(ctx, "SELECT provider, created_at FROM identities WHERE user_id = ? ORDER BY created_at DESC, provider, subject", []any{userID},
		func(read func(...any) error) error {
			var i Identity
			var since int64
			err := read(&i.Provider, &since)
			i.Since = store.Time(since)
			all = append(all, i)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list identities: %w", err)
	}
	return all, nil
}

// RemoveIdentities takes from a user the identities of a provider, "" of all, that
// were added at a time or later. It returns how many there were.
func RemoveIdentities(ctx context.Context, q store.Q, userID, provider string, since time.Time) (int64, error) {
	n, err := q.Exec(ctx, "DELETE FROM identities WHERE user_id = ? AND (provider = ? OR ? = '') AND created_at >= ?",
		userID, provider, provider, store.Millis(since))
	if err != nil {
		return 0, fmt.Errorf("remove identities: %w", err)
	}
	return n, nil
}
