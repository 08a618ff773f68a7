// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Enrolled is what a proved enrolment brings.
type Enrolled struct {
	Session session.Session
	Token   string // the session's new token; "" for a linked app, which keeps its own
	Method  Method
	Codes   []string // backup codes, shown this once
}

// VerifyEnrolment proves an enrolment: from then on its method is the only one, and new backup codes replace the old.
// All other sessions of the user end. The code counts as used.
//
// Refusals: CodeMalformed (not counted), CodeWrong with the tries that are left,
// CodeUsed, CodeExpired, EnrolExpired, and what the session lacks.
func (s *Service) VerifyEnrolment(ctx context.Context, in session.Session, id, typed string) (Enrolled, error) {
	code, err := otp.Normalise(typed)
	if err != nil {
		return Enrolled{}, err
	}
	now := s.Clock()
	var match otp.Match
	err = s.tx(ctx, func(q store.Q) error {
		_, p, err := s.resume(ctx, q, in, id, now)
		if err != nil {
			return err
		}
		match, err = s.prove(ctx, q, in, p, code, now)
		return err
	})
	if err != nil {
		return Enrolled{}, err
	}
	// The slow hashes come after the code is known to be right, and in no transaction.
	set, err := s.newSet(ctx)
	if err != nil {
		return Enrolled{}, err
	}
	var got Enrolled
	err = s.tx(ctx, func(q store.Q) error {
		if _, err := people.Hold(ctx, q, in.UserID); err != nil { // a sign-in at the same time finds this done, or is ended by it
			return err
		}
		a, p, err := s.resume(ctx, q, in, id, now)
		if refusal.Is(err, refusal.EnrolExpired) { // it was there a moment ago: another request with the same code came first
			return refusal.New(refusal.CodeUsed)
		}
		if err != nil {
			return err
		}
		got, err = s.activate(ctx, q, in, &a, p, match, set, now)
		return err
	})
	return got, err
}

// prove counts a try and looks at the code then.
func (s *Service) prove(ctx context.Context, q store.Q, in session.Session, p pending, code string, now time.Time) (otp.Match, error) {
	var match otp.Match
	var ok bool
	switch p.method {
	case TOTP:
		secret, err := s.Keys.Open(place("enrolments", p.id, "secret"), p.secret)
		if err != nil {
			return match, fmt.Errorf("read the key of an enrolment: %w", err)
		}
		if match, ok, err = otp.Find(secret, code, now, 0, 0); err != nil {
			return match, err
		}
	case SMS:
		if !now.Before(store.Time(p.sent).Add(sentcode.Life)) {
			return match, refusal.New(refusal.CodeExpired)
		}
		ok = s.Keys.Match(p.mac, codeUse, p.id+in.ID, code)
	}
	left := p.tryLimit() - p.tries - 1
	if _, err := exec(ctx, q, "count a try", "UPDATE enrolments SET tries = tries + 1 WHERE id = ?", p.id); err != nil {
		return match, err
	}
	if ok && left >= 0 {
		return match, nil
	}
	if left <= 0 {
		if _, err := exec(ctx, q, "end an enrolment", "DELETE FROM enrolments WHERE id = ?", p.id); err != nil {
			return match, err
		}
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.SecondRefused,
		Detail: map[string]string{"method": string(p.method), "reason": string(refusal.CodeWrong), "enrolment": "yes"},
	})
	if err != nil {
		return match, err
	}
	e := refusal.New(refusal.CodeWrong)
	e.Left = max(0, left)
	return match, e
}

// activate makes an enrolment the user's second factor.
func (s *Service) activate(ctx context.Context, q store.Q, in session.Session, a *account, p pending, match otp.Match, set backupSet, now time.Time) (Enrolled, error) {
	// First of all: who finds it gone, since another request or an objection came first, has changed nothing.
	n, err := exec(ctx, q, "end an enrolment", "DELETE FROM enrolments WHERE id = ?", p.id)
	if err != nil {
		return Enrolled{}, err
	}
	if n == 0 {
		return Enrolled{}, refusal.New(refusal.EnrolExpired)
	}
	old, oldPhone := a.method, s.number(a)
	if err := s.install(ctx, q, a.userID, p, match, now); err != nil {
		return Enrolled{}, err
	}
	if err := a.clear(ctx, q); err != nil {
		return Enrolled{}, err
	}
	if err := set.put(ctx, q, a.userID, in.UserID, now); err != nil {
		return Enrolled{}, err
	}
	got := Enrolled{Session: in, Method: p.method, Codes: set.codes}
	if in.App == "" {
		if got.Session, got.Token, err = session.Raise(ctx, q, in, session.Nothing, time.Time{}, now, now); err != nil {
			return Enrolled{}, err
		}
	}
	if err := endOthers(ctx, q, in, now); err != nil {
		return Enrolled{}, err
	}
	action, event, detail := audit.MethodAdded, notice.MethodAdded, map[string]string{"method": string(p.method)}
	if old != "" {
		action, event, detail = audit.MethodChanged, notice.MethodChanged, map[string]string{"from": string(old), "to": string(p.method)}
	}
	if _, err := audit.Write(ctx, q, audit.Event{At: now, Actor: in.UserID, Subject: in.UserID, Action: action, Detail: detail}); err != nil {
		return Enrolled{}, err
	}
	return got, s.tell(ctx, q, in.UserID, event, notice.Facts{Method: string(p.method), Phone: oldPhone}, now)
}

// install moves what was pending to where it is used, sealed for its new place.
func (s *Service) install(ctx context.Context, q store.Q, userID string, p pending, match otp.Match, now time.Time) error {
	const doing = "set a second factor up"
	move := func(column string, sealed []byte) ([]byte, error) {
		if sealed == nil {
			return nil, nil
		}
		plain, err := s.Keys.Open(place("enrolments", p.id, column), sealed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		return s.Keys.Seal(place("factors", userID, column), plain), nil
	}
	secret, err := move("secret", p.secret)
	if err != nil {
		return err
	}
	phone, err := move("phone", p.phone)
	if err != nil {
		return err
	}
	if _, err := exec(ctx, q, doing, "INSERT INTO factors (user_id, method, secret, phone, phone_hint, last_step, drift, resync, created_at, used_at)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0) ON CONFLICT (user_id) DO UPDATE SET method = excluded.method, secret = excluded.secret,"+
		" phone = excluded.phone, phone_hint = excluded.phone_hint, last_step = excluded.last_step, drift = excluded.drift,"+
		" resync = 0, created_at = excluded.created_at, used_at = 0",
		userID, string(p.method), secret, phone, p.hint, match.Step, match.Drift, store.Millis(now)); err != nil {
		return err
	}
	for _, query := range []string{
		"DELETE FROM sms_codes WHERE user_id = ?",
		"DELETE FROM bypass_codes WHERE user_id = ?",
		"DELETE FROM resyncs WHERE user_id = ?",
		"UPDATE users SET enrol_by = 0 WHERE id = ?",
	} {
		if _, err := exec(ctx, q, doing, query, userID); err != nil {
			return err
		}
	}
	return nil
}

// endOthers ends all other sessions of the user: what they had proved is not what
// it takes from now on (OWASP ASVS 5, 7.4.3). Linked apps stay linked, but none can
// change anything any more.
func endOthers(ctx context.Context, q store.Q, in session.Session, now time.Time) error {
	n, err := session.EndAll(ctx, q, in.UserID, in.ID, now)
	if err != nil {
		return err
	}
	if err := session.Stale(ctx, q, in.UserID, in.ID); err != nil || n == 0 {
		return err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.SessionsEnded,
		Detail: map[string]string{"count": strconv.FormatInt(n, 10)},
	})
	return err
}
