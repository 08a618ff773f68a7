// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// How much one agent may look at: enough for a busy day with callers, too little
// to read all users out.
var (
	searches = limit.Limit{Name: "desk-searches", Most: 100, Window: time.Hour}
	lookUps  = limit.Limit{Name: "desk-look-ups", Most: 300, Window: time.Hour}
	// noted bounds how many refusals of one person fill the audit log.
	noted = limit.Limit{Name: "desk-refused", Most: 60, Window: time.Hour}
)

// everyday are refusals that are a part of the work: a form that is not complete
// yet, and the question for a fresh proof.
var everyday = []refusal.Kind{refusal.NeedsElevation, refusal.Invalid, refusal.PhoneInvalid, refusal.CodeMalformed}

// refused notes in the audit log that something was refused to who acted, and
// returns why. It is a transaction of its own, since what was begun is undone by then.
func (s *Service) refused(ctx context.Context, a Agent, action Action, userID string, why error) error {
	e := refusal.Of(why)
	if e == nil || slices.Contains(everyday, e.Kind) {
		return why
	}
	now := s.Clock()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		if err := noted.Take(ctx, q, s.Keys, a.User.ID, now); err != nil {
			return unlessRefused(err)
		}
		var known int // an id that someone made up does not get into the log
		if err := q.Row(ctx, "SELECT COUNT(*) FROM users WHERE id = ?", []any{userID}, &known); err != nil {
			return err
		}
		if known == 0 {
			userID = ""
		}
		_, err := audit.Write(ctx, q, a.noted(audit.Event{
			At: now, Actor: a.User.ID, Subject: userID, Action: audit.DeskRefused,
			Detail: map[string]string{"action": string(action), "reason": string(e.Kind)},
		}))
		return err
	})
	if err != nil {
		return err
	}
	return why
}
