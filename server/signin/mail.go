// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/store"
)

// What a flow is for.
const (
	forSignIn    = "signin"
	forElevation = "elevation"
	forBinding   = "binding" // of an identity to the account whose address is proved
	forLinking   = "linking" // of an identity to the account of a session
)

// mailUse keeps the hashes of these codes apart from others.
const mailUse = "mail-code"

// mailFlow is a row of mail_flows.
type mailFlow struct {
	id, purpose string
	user        string // "" nobody has the address
	session     string // of an elevation
	who         string // the address, as limits know it
	identity    identity
	returnTo    string
	sent        sentcode.Sent
}

// Email sends a code to an address. For an address that nobody has, the answer is the
// same in shape and time, and no mail is sent. Refusals: EmailInvalid, TooManySent.
func (s *Service) Email(ctx context.Context, address string, from Browser) (Flow, error) {
	address, err := people.Address(address)
	if err != nil {
		return Flow{}, refusal.New(refusal.EmailInvalid)
	}
	var flow Flow
	err = s.commit(ctx, func(q store.Q) error {
		flow, err = s.sendTo(ctx, q, address, from, s.Clock())
		return err
	})
	return flow, err
}

func (s *Service) sendTo(ctx context.Context, q store.Q, address string, from Browser, now time.Time) (Flow, error) {
	u, err := s.holder(ctx, q, address)
	if err != nil {
		return Flow{}, err
	}
	return s.start(ctx, q, mailFlow{purpose: forSignIn, user: u.ID}, address, from, now)
}

// holder is who has an address, or nobody: a User without an ID.
func (s *Service) holder(ctx context.Context, q store.Q, address string) (people.User, error) {
	u, err := people.ByEmail(ctx, q, address)
	return active(u, err)
}

// active makes nobody of a user who is suspended or not there.
func active(u people.User, err error) (people.User, error) {
	if errors.Is(err, people.ErrNobody) || err == nil && !u.Suspended.IsZero() {
		return people.User{}, nil
	}
	return u, err
}

// start writes a new flow down and sends its code.
func (s *Service) start(ctx context.Context, q store.Q, f mailFlow, address string, from Browser, now time.Time) (Flow, error) {
	hash := s.Keys.MAC("mail-address", address)
	f.id, f.who = seal.NewID(), whoOf(hash)
	if err := s.allow(ctx, q, f, from, now); err != nil {
		return Flow{}, err
	}
	code, expires := otp.Random(), now.Add(sentcode.Life)
	_, err := q.Exec(ctx, "INSERT INTO mail_flows (id, purpose, email_hash, user_id, session_id, provider, issuer, subject, return_to, code_mac, sent_at, expires_at)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.id, f.purpose, hash, orNull(f.user), f.session, f.identity.provider, f.identity.issuer, f.identity.subject, f.returnTo,
		sentcode.MAC(s.Keys, mailUse, f.id, code), store.Millis(now), store.Millis(expires))
	if err != nil {
		return Flow{}, fmt.Errorf("begin a sign-in by mail: %w", err)
	}
	if err := s.deliver(ctx, q, f, address, code, 1, now); err != nil {
		return Flow{}, err
	}
	return Flow{ID: f.id, Resend: sentcode.Wait(1), Expires: expires}, nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// deliver writes the mail. That for nobody is written too, so that both take the
// same work, with an end that was yesterday: no worker sends it, however far
// apart the clocks of two instances are.
func (s *Service) deliver(ctx context.Context, q store.Q, f mailFlow, address, code string, send int, now time.Time) error {
	expires := now.Add(sentcode.Life)
	if f.user == "" {
		expires = now.Add(-24 * time.Hour)
	}
	return s.Notices.SignInCode(ctx, q, address, f.id, code, send, expires, now)
}

// Resend sends a new code, which replaces the old, for any flow that is not over
// for longer than a code lives. Refusals: FlowEnded, TooManySent.
func (s *Service) Resend(ctx context.Context, flow string, from Browser) (Flow, error) {
	var again Flow
	err := s.commit(ctx, func(q store.Q) (err error) {
		again, err = s.sendAgain(ctx, q, flow, from, s.Clock())
		return err
	})
	return again, err
}

func (s *Service) sendAgain(ctx context.Context, q store.Q, flow string, from Browser, now time.Time) (Flow, error) {
	f, err := loadFlow(ctx, q, "SELECT "+flowColumns+" FROM mail_flows WHERE id = ?"+q.Lock(), flow)
	if err != nil {
		return Flow{}, err
	}
	if !f.sent.Used.IsZero() || !now.Before(f.sent.Expires.Add(sentcode.Life)) {
		return Flow{}, refusal.New(refusal.FlowEnded)
	}
	if wait := f.sent.Resend(now); wait > 0 {
		return Flow{}, refusal.After(refusal.TooManySent, wait)
	}
	if err := s.allow(ctx, q, f, from, now); err != nil {
		return Flow{}, err
	}
	return s.renew(ctx, q, f, now)
}

// nowhere is where the mails to nobody would go (RFC 2606).
const nowhere = "@nobody.kutano.invalid"

func (s *Service) renew(ctx context.Context, q store.Q, f mailFlow, now time.Time) (Flow, error) {
	u, err := active(people.ByID(ctx, q, f.user))
	if err != nil {
		return Flow{}, err
	}
	address := u.Email
	if f.user = u.ID; u.ID == "" {
		address = "nobody" + nowhere
	}
	code, expires, sends := otp.Random(), now.Add(sentcode.Life), f.sent.Sends+1
	_, err = q.Exec(ctx, "UPDATE mail_flows SET code_mac = ?, tries = 0, sends = ?, sent_at = ?, expires_at = ? WHERE id = ?",
		sentcode.MAC(s.Keys, mailUse, f.id, code), sends, store.Millis(now), store.Millis(expires), f.id)
	if err != nil {
		return Flow{}, fmt.Errorf("send a code again: %w", err)
	}
	if err := s.deliver(ctx, q, f, address, code, sends, now); err != nil {
		return Flow{}, err
	}
	return Flow{ID: f.id, Resend: sentcode.Wait(sends), Expires: expires}, nil
}

const flowColumns = "id, purpose, email_hash, COALESCE(user_id, ''), session_id, provider, issuer, subject, return_to," +
	" code_mac, tries, sends, sent_at, expires_at, used_at"

// loadFlow reads the flow that a query finds by its id; a refusal if there is none.
func loadFlow(ctx context.Context, q store.Q, query, id string) (mailFlow, error) {
	var f mailFlow
	var hash []byte
	var at, expires, used int64
	err := q.Row(ctx, query, []any{id}, &f.id, &f.purpose, &hash, &f.user, &f.session,
		&f.identity.provider, &f.identity.issuer, &f.identity.subject, &f.returnTo,
		&f.sent.MAC, &f.sent.Tries, &f.sent.Sends, &at, &expires, &used)
	if errors.Is(err, store.ErrNone) {
		return mailFlow{}, refusal.New(refusal.FlowEnded)
	}
	if err != nil {
		return mailFlow{}, fmt.Errorf("find a sign-in by mail: %w", err)
	}
	f.who = whoOf(hash)
	f.sent.At, f.sent.Expires, f.sent.Used = store.Time(at), store.Time(expires), store.Time(used)
	return f, nil
}
