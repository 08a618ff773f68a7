// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

// Status is what a user sees of the second factor, and a helpdesk too. Nothing of it is secret.
type Status struct {
	Method    Method    // "" off
	PhoneHint string    // masked, for SMS
	Since     time.Time // when the method was set up
	LastUsed  time.Time // zero: not since it was set up
	Drift     int       // time steps that the device was off when last used
	CodesMade time.Time
	CodesLeft int
	CodesAll  int
	// CodesSaved tells whether the user said "I have saved them".
	CodesSaved bool
	// NewCodesAdvised: one was used, or three or fewer are left.
	NewCodesAdvised bool
	Failures        int        // in a row
	NotBefore       time.Time  // no try before, after too many failures; zero: at once
	Blocked         bool       // only a backup code or an administrator helps
	EnrolBy         time.Time  // must set up again before
	Resync          time.Time  // until when two codes in a row can be typed in a sign-in; zero: the helpdesk has not let the user
	Pending         *Enrolment // without its secret
}

// fewCodes is how many backup codes are too few (facts of Keycloak and others: three).
const fewCodes = 3

// Status tells the state of a user's second factor; people.ErrNobody for no user.
func (s *Service) Status(ctx context.Context, userID string) (Status, error) {
	now := s.Clock()
	var st Status
	var by, since, used, notBefore, made, saved, resync, sent, expires int64
	var sends int
	var e Enrolment
	// One statement, so that all is of one moment.
	found, err := row(ctx, s.DB, "read the status of a second factor", "SELECT u.enrol_by,"+
		" COALESCE(f.method, ''), COALESCE(f.phone_hint, ''), COALESCE(f.created_at, 0), COALESCE(f.used_at, 0), COALESCE(f.drift, 0),"+
		" COALESCE(g.failures, 0), COALESCE(g.not_before, 0), COALESCE(y.expires_at, 0),"+
		" COALESCE(b.created_at, 0), COALESCE(b.confirmed_at, 0),"+
		" (SELECT COUNT(*) FROM backup_codes c WHERE c.set_id = b.id),"+
		" (SELECT COUNT(*) FROM backup_codes c WHERE c.set_id = b.id AND c.used_at = 0),"+
		" COALESCE(e.id, ''), COALESCE(e.method, ''), COALESCE(e.phone_hint, ''), COALESCE(e.sends, 0), COALESCE(e.sent_at, 0), COALESCE(e.expires_at, 0)"+
		" FROM users u LEFT JOIN factors f ON f.user_id = u.id LEFT JOIN guards g ON g.user_id = u.id LEFT JOIN resyncs y ON y.user_id = u.id"+
		" LEFT JOIN backup_sets b ON b.user_id = u.id LEFT JOIN enrolments e ON e.user_id = u.id WHERE u.id = ?", []any{userID},
		&by, &st.Method, &st.PhoneHint, &since, &used, &st.Drift, &st.Failures, &notBefore, &resync, &made, &saved, &st.CodesAll, &st.CodesLeft,
		&e.ID, &e.Method, &e.PhoneHint, &sends, &sent, &expires)
	if err != nil {
		return Status{}, err
	}
	if !found {
		return Status{}, fmt.Errorf("read the status of a second factor: %w", people.ErrNobody)
	}
	st.EnrolBy, st.Since, st.LastUsed = store.Time(by), store.Time(since), store.Time(used)
	st.CodesMade, st.CodesSaved = store.Time(made), saved != 0
	st.NewCodesAdvised = st.Method != "" && (st.CodesLeft < st.CodesAll || st.CodesLeft <= fewCodes)
	st.Blocked = st.Failures >= Stop
	if wait := waitLeft(st.Failures, notBefore, now); wait > 0 {
		st.NotBefore = now.Add(wait)
	}
	if until := store.Time(resync); now.Before(until) {
		st.Resync = until
	}
	if e.Expires = store.Time(expires); e.ID != "" && now.Before(e.Expires) {
		e.Resend = resendIn(sends, sent, now)
		st.Pending = &e
	}
	return st, nil
}
