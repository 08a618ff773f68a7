// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// VerifyEmail ends a flow with its code. The session needs the second factor where
// the user has one. Refusals: CodeMalformed (not counted), CodeWrong with the tries
// that are left, CodeExpired, CodeUsed, TooManyTries, FlowEnded, EnrolClosed.
func (s *Service) VerifyEmail(ctx context.Context, flow, code string, from Browser) (In, error) {
	code, err := otp.Normalise(code)
	if err != nil {
		return In{}, err
	}
	var in In
	err = s.commit(ctx, func(q store.Q) error {
		now := s.Clock()
		f, u, err := s.submit(ctx, q, flow, code, from, now, forSignIn, forBinding)
		if err != nil {
			return err
		}
		via := "email"
		if f.purpose == forBinding {
			via = f.identity.provider
			if err := s.bind(ctx, q, u, f.identity, now); err != nil {
				return err
			}
		}
		in, err = s.land(ctx, q, u, via, from, now)
		in.ReturnTo = f.returnTo
		return err
	})
	if errors.Is(err, store.ErrTaken) { // another flow bound the identity at the same moment
		err = refusal.New(refusal.FlowEnded)
	}
	if err != nil {
		return In{}, err
	}
	return in, nil
}

// submit counts a try and judges a code. With the right one the flow is used, and
// the user is there. Only what is looked at counts towards the limits: a flow that
// is over must not be of use for using them up.
func (s *Service) submit(ctx context.Context, q store.Q, flow, code string, from Browser, now time.Time, purposes ...string) (mailFlow, people.User, error) {
	f, err := loadFlow(ctx, q, "UPDATE mail_flows SET tries = tries + 1 WHERE id = ? RETURNING "+flowColumns, flow)
	if err == nil && !slices.Contains(purposes, f.purpose) {
		err = refusal.New(refusal.FlowEnded)
	}
	if err != nil {
		return f, people.User{}, err
	}
	u, err := active(people.ByID(ctx, q, f.user))
	if err != nil {
		return f, u, err
	}
	verdict := f.sent.Verdict(s.Keys, mailUse, f.id, code, now)
	if verdict == nil || refusal.Is(verdict, refusal.CodeWrong) {
		if err := s.guess(ctx, q, f, from, now); err != nil {
			return f, u, err
		}
	}
	if verdict == nil && u.ID == "" { // guessed for nobody
		verdict = &refusal.Error{Kind: refusal.CodeWrong, Left: sentcode.Tries - f.sent.Tries}
	}
	if verdict != nil {
		return f, u, s.refused(ctx, q, f, verdict, now)
	}
	if _, err := q.Exec(ctx, "UPDATE mail_flows SET used_at = ? WHERE id = ?", store.Millis(now), f.id); err != nil {
		return f, u, fmt.Errorf("use a code: %w", err)
	}
	return f, u, s.beginAnew(ctx, q, f, from)
}

// refused notes a code that was not accepted, while its flow is worth it: whoever
// goes on after that fills no log.
func (s *Service) refused(ctx context.Context, q store.Q, f mailFlow, why error, now time.Time) error {
	e := refusal.Of(why)
	if e == nil || f.sent.Tries > sentcode.Tries+1 {
		return why
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Subject: f.user, Action: audit.SignInRefused, Detail: map[string]string{"via": "email", "reason": string(e.Kind)},
	})
	if err != nil {
		return err
	}
	return why
}

// Elevate begins to prove the first factor again, by a mail to the user's address.
// Refusals: NeedsSecond or NeedsEnrolment of a session that is not complete,
// Forbidden of a linked app's, TooManySent.
func (s *Service) Elevate(ctx context.Context, in session.Session, from Browser) (Flow, error) {
	if err := elevatable(in); err != nil {
		return Flow{}, err
	}
	var flow Flow
	err := s.commit(ctx, func(q store.Q) error {
		u, err := active(people.ByID(ctx, q, in.UserID))
		if err != nil {
			return err
		}
		if u.ID == "" {
			return session.ErrEnded
		}
		flow, err = s.start(ctx, q, mailFlow{purpose: forElevation, user: u.ID, session: in.ID}, u.Email, from, s.Clock())
		return err
	})
	return flow, err
}

func elevatable(in session.Session) error {
	switch {
	case in.App != "":
		return refusal.New(refusal.Forbidden)
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case in.Need == session.Enrol:
		return refusal.New(refusal.NeedsEnrolment)
	}
	return nil
}

// VerifyElevation ends Elevate: the session has a new token, its first factor is
// fresh. Refusals as of VerifyEmail; FlowEnded too for a flow of another session.
func (s *Service) VerifyElevation(ctx context.Context, in session.Session, flow, code string) (In, error) {
	code, err := otp.Normalise(code)
	if err != nil {
		return In{}, err
	}
	var up In
	err = s.commit(ctx, func(q store.Q) error {
		now := s.Clock()
		f, err := loadFlow(ctx, q, "SELECT "+flowColumns+" FROM mail_flows WHERE id = ?"+q.Lock(), flow)
		if err != nil {
			return err
		}
		if f.session != in.ID || f.user != in.UserID {
			return refusal.New(refusal.FlowEnded)
		}
		_, u, err := s.submit(ctx, q, flow, code, Browser{}, now, forElevation)
		if err != nil {
			return err
		}
		up, err = raise(ctx, q, in.ID, u, "email", now)
		return err
	})
	return up, err
}

// raise notes that the first factor of a session was proved again. The session is
// read anew, so that a second factor that was proved meanwhile stays.
func raise(ctx context.Context, q store.Q, id string, u people.User, via string, now time.Time) (In, error) {
	s, err := session.ByID(ctx, q, id, now)
	if err != nil {
		return In{}, err
	}
	s, token, err := session.Raise(ctx, q, s, s.Need, now, time.Time{}, now)
	if err != nil {
		return In{}, err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: u.ID, Subject: u.ID, Action: audit.Elevated, Detail: map[string]string{"via": via},
	})
	return In{Session: s, User: u, Token: token}, err
}
