// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func refuse(k refusal.Kind) error {
	if k == "" {
		return nil
	}
	return refusal.New(k)
}

// enter lets an agent in, or says what is lacking: a role at the desk, a second
// factor that was proved in this session, and for what changes something a proof
// of both factors that is fresh. A linked app needs to have been allowed to work at
// the desk, and then may do what stands in inApps; its proofs are those of the session
// that allowed it. It returns the agent as the database knows them
// now: a role that was taken away a moment ago counts.
func enter(ctx context.Context, q store.Q, a Agent, action Action, now time.Time) (people.User, error) {
	if a.Session.UserID != a.User.ID || !a.Session.May(session.DeskWork) {
		return people.User{}, refusal.New(refusal.Forbidden)
	}
	if a.Session.App != "" && !slices.Contains(inApps, action) {
		return people.User{}, refusal.New(refusal.Forbidden)
	}
	u, err := people.ByID(ctx, q, a.User.ID)
	if err != nil {
		return people.User{}, err
	}
	live, err := session.Live(ctx, q, a.Session)
	if err != nil {
		return people.User{}, err
	}
	if !live || !u.Suspended.IsZero() {
		return people.User{}, session.ErrEnded
	}
	if len(rights[u.Role]) == 0 {
		return people.User{}, refusal.New(refusal.Forbidden)
	}
	return u, proved(ctx, q, a.Session, !slices.Contains(looking, action), now)
}

// looking changes nothing, and takes no proof that is fresh.
var looking = []Action{LookUp, listing, reading}

// noted adds to an event of the audit log from which app an agent acted.
func (a Agent) noted(e audit.Event) audit.Event {
	if a.Session.App == "" {
		return e
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	e.Detail["app"] = a.Session.Device
	return e
}

func proved(ctx context.Context, q store.Q, in session.Session, fresh bool, now time.Time) error {
	switch {
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case in.Need != session.Nothing:
		return refusal.New(refusal.NeedsEnrolment)
	}
	var factors int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM factors WHERE user_id = ?", []any{in.UserID}, &factors); err != nil {
		return err
	}
	switch {
	case factors == 0:
		return refusal.New(refusal.NeedsEnrolment)
	case in.Second.IsZero():
		return refusal.New(refusal.NeedsSecond)
	case fresh && !in.IsFresh(now, true):
		return refusal.New(refusal.NeedsElevation)
	}
	return nil
}

// subject returns the user that something is done for, whose row is held until
// the transaction ends: of two who act for one user, one waits.
func subject(ctx context.Context, q store.Q, userID string) (people.User, error) {
	u, err := people.Hold(ctx, q, userID)
	if errors.Is(err, people.ErrNobody) {
		return people.User{}, refusal.New(refusal.NotFound)
	}
	return u, err
}

// both lets an agent in to do something for a user. as is the role that the user
// counts as.
func both(ctx context.Context, q store.Q, a Agent, action Action, userID string, now time.Time) (agent, u people.User, as people.Role, err error) {
	if agent, err = enter(ctx, q, a, action, now); err != nil {
		return agent, u, as, err
	}
	if u, err = subject(ctx, q, userID); err != nil {
		return agent, u, as, err
	}
	if as, err = countsAs(ctx, q, u, now); err != nil {
		return agent, u, as, err
	}
	return agent, u, as, refuse(mayNot(agent.Role, action, as, agent.ID == u.ID))
}

// stillOne is how long someone counts as an administrator whose role was taken
// away: else an owner alone could take the role, the second factor, and give the
// role back.
const stillOne = 7 * 24 * time.Hour

// countsAs is the role that someone is protected by.
func countsAs(ctx context.Context, q store.Q, u people.User, now time.Time) (people.Role, error) {
	if u.Role.Administrator() {
		return u.Role, nil
	}
	var since int64
	if err := q.Row(ctx, "SELECT stepped_down_at FROM users WHERE id = ?", []any{u.ID}, &since); err != nil {
		return "", err
	}
	if since != 0 && now.Sub(store.Time(since)) < stillOne {
		return people.Admin, nil
	}
	return u.Role, nil
}
