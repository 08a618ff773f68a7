// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// The states of a case.
const (
	stateWaiting = "waiting"
	stateDone    = "done"
	stateRefused = "refused"
	stateExpired = "expired"
)

const (
	// approveWithin is how long after Hold a reset can be approved: seven days after it was asked for.
	approveWithin = 6 * 24 * time.Hour
	// sameWithin is how long the same request counts as one that was sent twice.
	sameWithin = time.Minute
	// shown is how many cases of a user an agent sees.
	shown = 10
)

const caseQuery = "SELECT c.id, c.user_id, u.name, c.action, COALESCE(b.name, ''), c.requested_by, c.reason, c.checks, c.state," +
	" c.created_at, c.not_before, c.expires_at, COALESCE(d.name, ''), c.audit_id FROM cases c JOIN users u ON u.id = c.user_id" +
	" LEFT JOIN users b ON b.id = c.requested_by LEFT JOIN users d ON d.id = c.decided_by WHERE "

// cases reads cases; one that waited too long is shown as expired.
func cases(ctx context.Context, q store.Q, now time.Time, where string, args ...any) ([]Case, error) {
	var all []Case
	err := q.Rows(ctx, caseQuery+where, args, func(read func(...any) error) error {
		var c Case
		var checks string
		var created, notBefore, expires int64
		err := read(&c.ID, &c.UserID, &c.UserName, &c.Action, &c.By, &c.ByID, &c.Reason, &checks, &c.State, &created, &notBefore, &expires, &c.DecidedBy, &c.AuditID)
		if err != nil {
			return err
		}
		var k kept
		if err := json.Unmarshal([]byte(checks), &k); err != nil {
			return err
		}
		c.Checks, c.Ticket = k.Checks, k.Ticket
		c.Created, c.NotBefore, c.Expires = store.Time(created), store.Time(notBefore), store.Time(expires)
		if c.State == stateWaiting && !now.Before(c.Expires) {
			c.State = stateExpired
		}
		all = append(all, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return all, nil
}

// newCase is something that is being done or asked for.
type newCase struct {
	id        string
	user      people.User
	agent     people.User
	via       Agent // the session that it is done in
	action    Action
	record    Record
	state     string
	notBefore time.Time
	expires   time.Time
}

func (c newCase) write(ctx context.Context, q store.Q, auditID int64, now time.Time) error {
	checks, err := c.record.kept()
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, "INSERT INTO cases (id, user_id, action, requested_by, reason, checks, state, created_at, not_before, expires_at, audit_id)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.id, c.user.ID, string(c.action), c.agent.ID, c.record.Reason, checks, c.state,
		store.Millis(now), store.Millis(c.notBefore), store.Millis(c.expires), auditID)
	if err != nil {
		return fmt.Errorf("write a case down: %w", err)
	}
	return nil
}

// begin makes a case of a complete record; repeated is set instead where the
// same agent asked for the same with the same record a moment ago.
func begin(ctx context.Context, q store.Q, agent, u people.User, action Action, r Record, now time.Time) (c newCase, repeated *Done, err error) {
	if err := r.complete(action, u, now); err != nil {
		return c, nil, err
	}
	checks, err := r.kept()
	if err != nil {
		return c, nil, err
	}
	c = newCase{id: seal.NewID(), user: u, agent: agent, action: action, record: r, state: stateDone}
	var before Done
	var state string
	var made int64
	err = q.Row(ctx, "SELECT id, audit_id, state, created_at FROM cases WHERE user_id = ? AND action = ? AND requested_by = ? AND reason = ? AND checks = ?"+
		" AND state IN ('waiting', 'done') AND created_at > ? AND created_at < ? ORDER BY created_at DESC LIMIT 1",
		[]any{u.ID, string(action), agent.ID, r.Reason, checks, store.Millis(now.Add(-sameWithin)), store.Millis(now.Add(sameWithin))}, &before.CaseID, &before.AuditID, &state, &made)
	if errors.Is(err, store.ErrNone) {
		return c, nil, nil
	}
	if err != nil {
		return c, nil, fmt.Errorf("look for the same case: %w", err)
	}
	before.Repeated, before.Waiting = true, state == stateWaiting
	if action == Resync {
		before.Expires = store.Time(made).Add(factor.ResyncLife)
	}
	return c, &before, nil
}

// unlessRefused is nil for a refusal, so that a transaction keeps what was counted.
func unlessRefused(err error) error {
	if refusal.Of(err) != nil {
		return nil
	}
	return err
}
