// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package factor is the second step of a sign-in: setting a method up, proving
// it, changing it, taking it off, and the backup codes that stand in for it.
//
// It promises:
//   - A code works once, also when two requests race with it.
//   - Failures of all second factors of an account count together, in the
//     database: five are free, then each costs a wait, and at Stop in a row only a
//     backup code or an administrator helps.
//   - Each change is one transaction. Killed at any point, the account is in the
//     old state or in the new one: a method always comes with its backup codes, and
//     the old method works until the new one is proved.
//   - After a change all other sessions of the user have ended, and the user is told.
//
// Changes need a session whose factors were proved a moment ago
// (session.Session.IsFresh), also the begin of an enrolment; what began so may be
// finished by the same session within the enrolment's ten minutes.
package factor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Method is a way to receive or make codes.
type Method string

// The methods. A user has one of the first two; the others stand in for it.
const (
	TOTP   Method = "totp"
	SMS    Method = "sms"
	Backup Method = "backup"
	Bypass Method = "bypass"
)

// Teller tells users what happened; *notice.Writer is one.
type Teller interface {
	Tell(ctx context.Context, q store.Q, u people.User, e notice.Event, f notice.Facts, now time.Time) error
	TextCode(ctx context.Context, q store.Q, phone, code, dedupe string, expires, now time.Time) error
}

// Service is the second factor of all users.
type Service struct {
	DB      *store.DB
	Keys    *seal.Keys
	Clock   moment.Clock
	Notices Teller
	// Issuer stands in the key URI, and so in the user's app.
	Issuer string
	// Region is the country of phone numbers typed without a country code, as two
	// letters of ISO 3166; "" accepts none of them.
	Region string
	// TextsPerHour is how many text messages go in an hour for all users together; the constant where it is 0.
	TextsPerHour int
	// Cost is how slow the hash of new backup codes is; otp.DefaultCost where it is zero. Tests set a lower one.
	Cost otp.Cost
}

// Accepted is what a right code brings.
type Accepted struct {
	Session session.Session
	Token   string // the session's new token
	Method  Method
	// Drift is how many time steps the device is off: -1 slow by one, 0, 1 fast by one.
	Drift     int
	CodesLeft int // after a backup code
}

// Sent tells of a code sent by SMS.
type Sent struct {
	PhoneHint string
	Resend    time.Duration // until another can be sent
	Expires   time.Time
}

// tx runs f in one transaction. It is committed also when f refuses, since what
// f counted must stay: f must change nothing else before it refuses.
func (s *Service) tx(ctx context.Context, f func(q store.Q) error) error {
	var refused *refusal.Error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		err := f(q)
		if refused = refusal.Of(err); refused != nil {
			return nil
		}
		return err
	})
	if err == nil && refused != nil {
		return refused
	}
	return err
}

// tell tells the user of an account what happened.
func (s *Service) tell(ctx context.Context, q store.Q, userID string, e notice.Event, f notice.Facts, now time.Time) error {
	u, err := people.ByID(ctx, q, userID)
	if err != nil {
		return err
	}
	if err := s.Notices.Tell(ctx, q, u, e, f, now); err != nil {
		return fmt.Errorf("tell a user: %w", err)
	}
	return nil
}

// exec runs a statement; doing says what was attempted, for the error.
func exec(ctx context.Context, q store.Q, doing, query string, args ...any) (int64, error) {
	n, err := q.Exec(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	return n, nil
}

// row reads one row; false if there is none.
func row(ctx context.Context, q store.Q, doing, query string, args []any, dest ...any) (bool, error) {
	err := q.Row(ctx, query, args, dest...)
	if errors.Is(err, store.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", doing, err)
	}
	return true, nil
}
