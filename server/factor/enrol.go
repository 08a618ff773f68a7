// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Enrolment is a method that is being set up and not yet proved.
type Enrolment struct {
	ID        string
	Method    Method
	Expires   time.Time
	PhoneHint string        // SMS
	Resend    time.Duration // SMS: how long until the code can be sent again
	KeyURI    string        // TOTP: otpauth://totp/…, secret
	Secret    string        // TOTP: the same as base32 text, in groups of four
}

// An enrolment that is not proved by then, or with so many tries, is begun again.
const (
	EnrolLife = 10 * time.Minute
	// EnrolTriesTOTP is more than sentcode.Tries: a clock that is off takes a while to be found.
	EnrolTriesTOTP = 10
)

// pending is an enrolment as it is kept.
type pending struct {
	id     string
	method Method
	secret []byte // sealed
	phone  []byte // sealed
	hint   string
	mac    []byte // of the code sent
	tries  int
	sends  int
	sent   int64
	made   int64
	until  int64
}

func (p *pending) tryLimit() int {
	if p.method == SMS {
		return sentcode.Tries
	}
	return EnrolTriesTOTP
}

// find reads an enrolment that a session began; EnrolExpired if there is none, or none any more.
func find(ctx context.Context, q store.Q, in session.Session, id string, now time.Time) (pending, error) {
	p := pending{id: id}
	found, err := row(ctx, q, "look for an enrolment", "SELECT method, secret, phone, phone_hint, code_mac, tries, sends, sent_at, created_at, expires_at"+
		" FROM enrolments WHERE id = ? AND user_id = ? AND session_id = ?", []any{id, in.UserID, in.ID},
		&p.method, &p.secret, &p.phone, &p.hint, &p.mac, &p.tries, &p.sends, &p.sent, &p.made, &p.until)
	if err != nil {
		return pending{}, err
	}
	if !found || !now.Before(store.Time(p.until)) {
		return pending{}, refusal.New(refusal.EnrolExpired)
	}
	return p, nil
}

// Enrol begins to set a method up; phone is the number as typed, for SMS. What was pending before is replaced.
//
// Refusals: PhoneInvalid, TooManySent, NeedsElevation, and what the session lacks.
func (s *Service) Enrol(ctx context.Context, in session.Session, m Method, phone string) (Enrolment, error) {
	now := s.Clock()
	p := pending{id: seal.NewID(), method: m, made: store.Millis(now), until: store.Millis(now.Add(EnrolLife))}
	var err error
	switch m {
	case TOTP:
		p.secret = s.Keys.Seal(place("enrolments", p.id, "secret"), otp.NewSecret())
	case SMS:
		if phone, err = otp.Phone(phone, s.Region); err != nil {
			return Enrolment{}, err
		}
		p.phone, p.hint = s.Keys.Seal(place("enrolments", p.id, "phone"), []byte(phone)), otp.Mask(phone)
	default:
		return Enrolment{}, refusal.Field("method", "one of totp, sms")
	}
	var e Enrolment
	err = s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if err := mayEnrol(in, a.enrolled(), now); err != nil {
			return err
		}
		if err := alive(ctx, q, in); err != nil {
			return err
		}
		begun := p // this may run again
		if err := s.begin(ctx, q, in, &begun, phone, now); err != nil {
			return err
		}
		e, err = s.show(ctx, q, in, begun, now)
		return err
	})
	return e, err
}

// begin writes an enrolment and sends its code.
func (s *Service) begin(ctx context.Context, q store.Q, in session.Session, p *pending, phone string, now time.Time) error {
	var code string
	if p.method == SMS {
		if err := s.takeEnrolText(ctx, q, in, phone, now); err != nil {
			return err
		}
		code = otp.Random()
		p.mac, p.sends, p.sent = s.codeMAC(p.id+in.ID, code), 1, store.Millis(now)
	}
	const doing = "begin an enrolment"
	if _, err := exec(ctx, q, doing, "DELETE FROM enrolments WHERE user_id = ?", in.UserID); err != nil {
		return err
	}
	_, err := exec(ctx, q, doing, "INSERT INTO enrolments (id, user_id, session_id, method, secret, phone, phone_hint, code_mac, sends, sent_at, created_at, expires_at)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		p.id, in.UserID, in.ID, string(p.method), p.secret, p.phone, p.hint, p.mac, p.sends, p.sent, p.made, p.until)
	if err != nil || p.method != SMS {
		return err
	}
	return s.text(ctx, q, in.UserID, phone, code, now.Add(sentcode.Life), now)
}

func (s *Service) takeEnrolText(ctx context.Context, q store.Q, in session.Session, phone string, now time.Time) error {
	for _, t := range []struct {
		limit limit.Limit
		who   string
	}{{textsOfUser, in.UserID}, {textsToEnrol, phone}} {
		if err := s.takeText(ctx, q, t.limit, t.who, now); err != nil {
			return err
		}
	}
	return s.takeTotals(ctx, q, in.UserID, now)
}

// show is an enrolment as its user sees it, with the secret.
func (s *Service) show(ctx context.Context, q store.Q, in session.Session, p pending, now time.Time) (Enrolment, error) {
	e := Enrolment{ID: p.id, Method: p.method, Expires: store.Time(p.until), PhoneHint: p.hint, Resend: resendIn(p.sends, p.sent, now)}
	if p.method != TOTP {
		return e, nil
	}
	secret, err := s.Keys.Open(place("enrolments", p.id, "secret"), p.secret)
	if err != nil {
		return Enrolment{}, fmt.Errorf("read the key of an enrolment: %w", err)
	}
	u, err := people.ByID(ctx, q, in.UserID)
	if err != nil {
		return Enrolment{}, err
	}
	e.KeyURI, e.Secret = otp.KeyURI(s.Issuer, u.Email, secret), otp.SecretText(secret)
	return e, nil
}

// Pending returns an enrolment of this session again, with its secret, for a page that is loaded anew.
// EnrolExpired where there is none any more.
func (s *Service) Pending(ctx context.Context, in session.Session, id string) (Enrolment, error) {
	now := s.Clock()
	var e Enrolment
	err := s.tx(ctx, func(q store.Q) error {
		_, p, err := s.resume(ctx, q, in, id, now)
		if err != nil {
			return err
		}
		e, err = s.show(ctx, q, in, p, now)
		return err
	})
	return e, err
}

// resume locks the account and reads an enrolment that the session may go on with.
func (s *Service) resume(ctx context.Context, q store.Q, in session.Session, id string, now time.Time) (account, pending, error) {
	a, err := s.lock(ctx, q, in.UserID)
	if err != nil {
		return account{}, pending{}, err
	}
	if err := mayFinish(in, a.enrolled(), now); err != nil {
		return account{}, pending{}, err
	}
	if err := alive(ctx, q, in); err != nil {
		return account{}, pending{}, err
	}
	p, err := find(ctx, q, in, id, now)
	return a, p, err
}

// Resend sends a new code for an SMS enrolment, which replaces the old and has its
// own ten minutes; the tries stay counted. TooManySent with the time to wait.
func (s *Service) Resend(ctx context.Context, in session.Session, id string) (Sent, error) {
	now := s.Clock()
	var sent Sent
	err := s.tx(ctx, func(q store.Q) error {
		_, p, err := s.resume(ctx, q, in, id, now)
		if err != nil {
			return err
		}
		if p.method != SMS {
			return refusal.New(refusal.MethodMismatch)
		}
		if wait := resendIn(p.sends, p.sent, now); wait > 0 {
			return refusal.After(refusal.TooManySent, wait)
		}
		phone, err := s.Keys.Open(place("enrolments", p.id, "phone"), p.phone)
		if err != nil {
			return fmt.Errorf("read the phone number of an enrolment: %w", err)
		}
		if err := s.takeEnrolText(ctx, q, in, string(phone), now); err != nil {
			return err
		}
		code, expires := otp.Random(), now.Add(sentcode.Life)
		if _, err := exec(ctx, q, "send a code again", "UPDATE enrolments SET code_mac = ?, sends = ?, sent_at = ?, expires_at = ? WHERE id = ?",
			s.codeMAC(p.id+in.ID, code), p.sends+1, store.Millis(now), store.Millis(expires), p.id); err != nil {
			return err
		}
		sent = Sent{PhoneHint: p.hint, Resend: sentcode.Wait(p.sends + 1), Expires: expires}
		return s.text(ctx, q, in.UserID, string(phone), code, expires, now)
	})
	return sent, err
}

// Cancel drops what is pending. What was active stays as it is.
func (s *Service) Cancel(ctx context.Context, in session.Session, id string) error {
	if !in.May(session.EnrolOnly) {
		return refusal.New(refusal.Forbidden)
	}
	_, err := exec(ctx, s.DB, "drop an enrolment", "DELETE FROM enrolments WHERE id = ? AND user_id = ? AND session_id = ?", id, in.UserID, in.ID)
	return err
}
