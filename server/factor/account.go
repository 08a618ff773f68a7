// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// account is the second factor of one user, its rows locked until the transaction ends.
type account struct {
	userID    string
	failures  int   // in a row
	notBefore int64 // Unix milliseconds
	method    Method
	secret    []byte // sealed
	phone     []byte // sealed
	hint      string
	lastStep  int64
	resync    int
}

func (a *account) enrolled() bool { return a.method != "" }

const factorColumns = "f.method, f.secret, f.phone, f.phone_hint, f.last_step, f.resync"

func (a *account) factor() []any {
	return []any{&a.method, &a.secret, &a.phone, &a.hint, &a.lastStep, &a.resync}
}

// lock reads an account and locks it: all that changes one stands in line here.
// The row of guards is what is locked; it is made where it is missing.
func (s *Service) lock(ctx context.Context, q store.Q, userID string) (account, error) {
	const doing = "read a second factor"
	a := account{userID: userID}
	// The usual case in one statement. Both rows are locked, not one of them: a row
	// that was not is read as it was before the wait (PostgreSQL manual, 13.2.1).
	found, err := row(ctx, q, doing, "SELECT g.failures, g.not_before, "+factorColumns+
		" FROM guards g JOIN factors f ON f.user_id = g.user_id WHERE g.user_id = ?"+q.Lock(),
		[]any{userID}, append([]any{&a.failures, &a.notBefore}, a.factor()...)...)
	if found || err != nil {
		return a, err
	}
	a = account{userID: userID}
	if _, err := exec(ctx, q, doing, "INSERT INTO guards (user_id, failures, not_before) VALUES (?, 0, 0)"+
		" ON CONFLICT (user_id) DO NOTHING", userID); err != nil {
		return a, err
	}
	if _, err := row(ctx, q, doing, "SELECT failures, not_before FROM guards WHERE user_id = ?"+q.Lock(),
		[]any{userID}, &a.failures, &a.notBefore); err != nil {
		return a, err
	}
	_, err = row(ctx, q, doing, "SELECT "+factorColumns+" FROM factors f WHERE f.user_id = ?", []any{userID}, a.factor()...)
	return a, err
}

// place is where a sealed value of this room stands; table is factors or enrolments.
func place(table, row, column string) seal.Place {
	return seal.Place{Table: table, Row: row, Column: column}
}

// number is the phone number of an account, "" if it has none that can be read:
// what it is for, telling an old phone of a change, must not keep the change from happening.
func (s *Service) number(a *account) string {
	if a.method != SMS {
		return ""
	}
	phone, err := s.Keys.Open(place("factors", a.userID, "phone"), a.phone)
	if err != nil {
		return ""
	}
	return string(phone)
}
