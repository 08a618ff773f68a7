// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// Waiting are the resets that wait for a second administrator, the oldest first.
func (s *Service) Waiting(ctx context.Context, a Agent) ([]Case, error) {
	now := s.Clock()
	agent, err := enter(ctx, s.DB, a, listing, now)
	if err == nil {
		err = refuse(mayNot(agent.Role, approving, people.Member, false))
	}
	if err != nil {
		return nil, fmt.Errorf("list what waits: %w", s.refused(ctx, a, approving, "", err))
	}
	return cases(ctx, s.DB, now, "c.state = 'waiting' AND c.expires_at > ? ORDER BY c.created_at, c.id", store.Millis(now))
}

// Decide approves or refuses a reset that waits. Approving takes an administrator
// who is neither who asked nor whom it is for, and Hold to have passed; refusing,
// which changes nothing, any administrator.
func (s *Service) Decide(ctx context.Context, a Agent, caseID string, approve bool) (Done, error) {
	now := s.Clock()
	var done Done
	var refused error
	var userID string
	err := s.DB.Tx(ctx, func(q store.Q) error {
		done, refused = Done{}, nil
		agent, err := enter(ctx, q, a, approving, now)
		if err != nil {
			return err
		}
		if err := refuse(mayNot(agent.Role, approving, people.Member, false)); err != nil {
			return err
		}
		w, err := held(ctx, q, caseID)
		userID = w.user.ID
		if err != nil {
			return err
		}
		state := stateRefused
		switch {
		case !now.Before(w.expires):
			state, refused = stateExpired, refusal.New(refusal.FlowEnded)
		case !approve:
		case w.agent.Suspended.IsZero() && mayNot(w.agent.Role, Reset, w.user.Role, false) == "":
			if err := w.mayApprove(agent, now); err != nil {
				return err
			}
			state = stateDone
		default: // who asked is no administrator any more
			refused = refusal.New(refusal.FlowEnded)
		}
		done, err = s.decided(ctx, q, w.newCase, agent, state, now)
		return err
	})
	if err = errors.Join(err, refused); err != nil {
		return Done{}, fmt.Errorf("decide on a reset: %w", s.refused(ctx, a, approving, userID, err))
	}
	return done, nil
}

// heldCase is a case that waits, its row and its user's held.
type heldCase struct{ newCase }

// held returns a case that waits. agent is who asked for it.
func held(ctx context.Context, q store.Q, caseID string) (heldCase, error) {
	var w heldCase
	w.id = caseID
	var userID, by, state string
	var notBefore, expires int64
	// The user first, as who acts for a user does.
	err := q.Row(ctx, "SELECT user_id FROM cases WHERE id = ?", []any{caseID}, &userID)
	if errors.Is(err, store.ErrNone) {
		return w, refusal.New(refusal.NotFound)
	}
	if err != nil {
		return w, err
	}
	if w.user, err = subject(ctx, q, userID); err != nil {
		return w, err
	}
	err = q.Row(ctx, "SELECT action, requested_by, state, not_before, expires_at FROM cases WHERE id = ?"+q.Lock(), []any{caseID},
		&w.action, &by, &state, &notBefore, &expires)
	if err != nil {
		return w, err
	}
	if state != stateWaiting {
		return w, refusal.New(refusal.FlowEnded)
	}
	w.notBefore, w.expires = store.Time(notBefore), store.Time(expires)
	w.agent, err = people.ByID(ctx, q, by)
	return w, err
}

func (w heldCase) mayApprove(agent people.User, now time.Time) error {
	switch {
	case agent.ID == w.user.ID:
		return refusal.New(refusal.Yourself)
	case agent.ID == w.agent.ID:
		return refusal.New(refusal.NeedsApproval)
	case now.Before(w.notBefore):
		return refusal.After(refusal.NeedsApproval, w.notBefore.Sub(now))
	}
	return nil
}

// decided does what was decided and closes the case.
func (s *Service) decided(ctx context.Context, q store.Q, c newCase, agent people.User, state string, now time.Time) (Done, error) {
	var done Done
	var err error
	c.agent = agent
	if state == stateDone {
		done, err = s.reset(ctx, q, c, now)
	} else {
		done.CaseID = c.id
		done.AuditID, err = note(ctx, q, audit.Event{Action: audit.DeskResetRefused, Detail: map[string]string{"why": state}}, c, now)
	}
	if err != nil {
		return Done{}, err
	}
	_, err = q.Exec(ctx, "UPDATE cases SET state = ?, decided_by = ?, decided_at = ?, audit_id = ? WHERE id = ?",
		state, agent.ID, store.Millis(now), done.AuditID, c.id)
	return done, err
}
