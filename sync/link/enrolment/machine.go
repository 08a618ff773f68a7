// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Begin begins to set a method up; phone is the number as typed, for SMS. It needs
// a permission to set up (link.ErrScope, link.ErrStale). Where an enrolment is
// noted it is ErrPending. What the user began elsewhere is replaced.
func (m *Machine) Begin(ctx context.Context, method link.Method, phone string) (Standing, error) {
	if n, ok, err := m.Noted(); err != nil || ok {
		return Standing{State: Waiting, Note: n}, errors.Join(err, unless(!ok, ErrPending))
	}
	l, _, err := m.Home.Linked()
	if err != nil {
		return Standing{State: None}, err
	}
	s, err := m.Home.Enrolling(ctx)
	if err != nil {
		return Standing{State: None}, err
	}
	before, err := s.Status(ctx)
	if err != nil {
		return Standing{State: None}, err
	}
	e, err := s.Enrol(ctx, method, phone)
	if err != nil {
		return Standing{State: None}, err
	}
	defer e.KeyURI.Clear()
	n := Note{
		ID: e.ID, Method: e.Method, Service: l.Address, User: l.Who.ID, Phone: e.PhoneHint, Expires: e.Expires.UTC(), Before: before.Since,
	}
	// It counts from here on, whoever gives up.
	kept := context.WithoutCancel(ctx)
	if err = m.save(kept, n); err == nil {
		n, err = m.keep(kept, n, e)
	}
	if err != nil {
		return Standing{State: Over}, errors.Join(err, s.Cancel(kept, e.ID), m.forget(kept))
	}
	return Standing{State: Waiting, Note: n, Resend: e.Resend}, nil
}

func unless(not bool, err error) error {
	if not {
		return nil
	}
	return err
}

// keep keeps the key of an app before the first code is sent.
func (m *Machine) keep(ctx context.Context, n Note, e link.Enrolment) (Note, error) {
	if e.Method != link.TOTP {
		return n, nil
	}
	k, err := otpauth.Parse(e.KeyURI.Reveal())
	if err != nil || k.Type != otpauth.TOTP {
		return n, fmt.Errorf("%w: key_uri", link.ErrStrange) // what is wrong with it could quote it
	}
	defer k.Secret.Clear()
	n.Name = k.Account
	if n.Account, n.Old, err = m.Accounts.Keep(ctx, k); err != nil {
		return n, fmt.Errorf("keep the key: %w", err)
	}
	return n, m.save(ctx, n)
}

// Prove sends the present code of the key that was kept.
func (m *Machine) Prove(ctx context.Context) (Standing, error) {
	n, err := m.noted()
	if err != nil {
		return Standing{State: None}, err
	}
	if n.Method != link.TOTP || n.Account == "" {
		return Standing{State: Waiting, Note: n}, fmt.Errorf("make a code: %w", link.ErrCode)
	}
	code, err := m.Accounts.Code(ctx, n.Account, m.Clock.Now())
	if err != nil {
		return Standing{State: Waiting, Note: n}, fmt.Errorf("make a code: %w", err)
	}
	return m.Verify(ctx, code.Value)
}

// Verify sends a code. A refused one is a *link.CodeError; after the last try the
// state is Over with it. Where the answer is lost the service's status decides, and
// where that cannot be had the state is Waiting with an error: Resume later. While
// the answer to an earlier code is not known, that is asked for first. A code that
// was sent is waited for, whoever gives up: the backup codes come with the answer.
func (m *Machine) Verify(ctx context.Context, code string) (Standing, error) {
	n, err := m.noted()
	if err != nil {
		return Standing{State: None}, err
	}
	if n.Accepted {
		return m.finish(ctx, n, DoneCodesLost, nil)
	}
	if !n.Tried.IsZero() {
		st, err := m.decide(ctx, n)
		if err != nil || st.State != Waiting {
			return st, err
		}
		n = st.Note
	}
	waiting := Standing{State: Waiting, Note: n}
	s, err := m.Home.Enrolling(ctx)
	if err != nil {
		return waiting, err
	}
	at, err := m.Home.ServiceTime(ctx)
	if err != nil {
		return waiting, err
	}
	off := m.Clock.Now().Sub(at).Round(time.Second)
	was := n.Tried
	if n.Tried = at; !was.IsZero() && at.Sub(was) < slackAfter {
		n.Tried = was // the answer to the first is not known either
	}
	if err := m.save(ctx, n); err != nil {
		return waiting, err
	}
	got, err := s.Verify(context.WithoutCancel(ctx), n.ID, code)
	if err == nil {
		return m.finish(context.WithoutCancel(ctx), n, Done, got.Codes)
	}
	var refused *link.CodeError
	if errors.As(err, &refused) {
		if refused.Off = off; n.Method == link.SMS {
			refused.Off = 0 // no clock has to do with it
		}
	}
	return m.unproved(ctx, n, err)
}

// unproved goes on after a code that was not, or not visibly, accepted.
func (m *Machine) unproved(ctx context.Context, n Note, refusal error) (Standing, error) {
	var code *link.CodeError
	switch {
	case errors.As(refusal, &code) && !code.Used, known(refusal):
		n.Tried = time.Time{} // the answer is known
		if code != nil && code.Left == 0 {
			st, err := m.over(ctx, n, Over)
			return st, errors.Join(refusal, err)
		}
		return Standing{State: Waiting, Note: n}, errors.Join(refusal, m.save(context.WithoutCancel(ctx), n))
	case ctx.Err() != nil:
		return Standing{State: Waiting, Note: n}, refusal
	}
	st, err := m.decide(ctx, n)
	switch {
	case err != nil:
		return Standing{State: Waiting, Note: n}, refusal
	case st.State == Waiting && errors.Is(refusal, link.ErrOver):
		// It was begun with a permission that is not here any more: nobody can finish it.
		st, err = m.over(ctx, n, Over)
		return st, errors.Join(refusal, err)
	case st.State == DoneCodesLost:
		return st, nil
	}
	return st, refusal
}

// known tells whether an error says for sure that the code was not looked at.
func known(err error) bool {
	for _, sure := range []error{link.ErrTooMany, link.ErrBlocked, link.ErrStale, link.ErrScope, link.ErrEnded, link.ErrClosed, link.ErrNotLinked} {
		if errors.Is(err, sure) {
			return true
		}
	}
	return false
}

// Resume asks the service how the noted enrolment stands, and finishes what it
// decided. Where the service cannot be asked nothing is changed: ask again later.
// Where nothing is noted the state is None.
func (m *Machine) Resume(ctx context.Context) (Standing, error) {
	n, ok, err := m.Noted()
	if err != nil || !ok {
		return Standing{State: None}, err
	}
	if n.Accepted {
		return m.finish(ctx, n, DoneCodesLost, nil)
	}
	return m.decide(ctx, n)
}

// decide has the service's status say how it stands.
func (m *Machine) decide(ctx context.Context, n Note) (Standing, error) {
	l, ok, err := m.Home.Linked()
	if err != nil {
		return Standing{State: Waiting, Note: n}, err
	}
	if ok && (l.Address != n.Service || l.Who.ID != n.User) { // nobody can tell from here: the key stays
		return Standing{State: Elsewhere, Note: n}, m.forget(ctx)
	}
	s, err := m.Home.Session(ctx)
	if errors.Is(err, link.ErrEnded) || errors.Is(err, link.ErrNotLinked) {
		if e, eerr := m.Home.Enrolling(ctx); eerr == nil {
			s, err = e, nil
		}
	}
	var status link.Status
	if err == nil {
		status, err = s.Status(ctx)
	}
	if err != nil {
		return Standing{State: Waiting, Note: n}, err
	}
	switch state := n.verdict(status); state {
	case Waiting:
		return m.waiting(ctx, n, *status.Pending)
	case DoneCodesLost:
		return m.finish(context.WithoutCancel(ctx), n, state, nil)
	default:
		return m.over(ctx, n, state)
	}
}

// waiting takes up an enrolment that is pending still. Where its key was not kept
// before all ended, the service shows it again to who began it.
func (m *Machine) waiting(ctx context.Context, n Note, p link.Pending) (Standing, error) {
	n.Expires, n.Phone = p.Expires.UTC(), p.PhoneHint
	if n.Method == link.TOTP && n.Account == "" {
		s, err := m.Home.Enrolling(ctx)
		var e link.Enrolment
		if err == nil {
			e, err = s.Enrolment(ctx, n.ID)
		}
		if errors.Is(err, link.ErrOver) || errors.Is(err, link.ErrScope) || errors.Is(err, link.ErrStale) || errors.Is(err, link.ErrEnded) {
			return m.over(ctx, n, Over) // no code was sent, and none can be
		}
		if err == nil {
			n, err = m.keep(context.WithoutCancel(ctx), n, e)
			e.KeyURI.Clear()
		}
		if err != nil {
			return Standing{State: Waiting, Note: n}, err
		}
	}
	return Standing{State: Waiting, Note: n, Resend: p.Resend}, nil
}

// finish lets the vault follow what the service accepted. Where the vault cannot,
// the codes are handed out all the same, and Resume goes on later.
func (m *Machine) finish(ctx context.Context, n Note, state State, codes []secret.Value) (Standing, error) {
	st := Standing{State: state, Note: n, Account: n.Account, Codes: codes}
	n.Accepted = true
	err := m.save(ctx, n)
	if n.Method == link.TOTP && n.Account != "" {
		now, aerr := m.Accounts.Accept(ctx, n.Account, n.Old, n.Name)
		if aerr != nil {
			return st, errors.Join(err, fmt.Errorf("replace the key: %w", aerr))
		}
		if st.Account = now; now == n.Old {
			st.Retired = n.Old
		}
	}
	if err = m.forget(ctx); err != nil {
		return st, err
	}
	_ = m.Home.See(ctx) // so that what was done here is not told as done elsewhere
	return st, nil
}

// over takes away what was kept for an enrolment that was not accepted. A key that
// a code of was sent with an unknown answer can come back for a while.
func (m *Machine) over(ctx context.Context, n Note, state State) (Standing, error) {
	ctx = context.WithoutCancel(ctx)
	st := Standing{State: state, Note: n}
	if n.Account != "" {
		if err := m.Accounts.Drop(ctx, n.Account, n.Tried.IsZero()); err != nil {
			return st, fmt.Errorf("take the key away: %w", err)
		}
	}
	return st, m.forget(ctx)
}

// Resend sends the code by text message again. Too soon is a *link.WaitError.
func (m *Machine) Resend(ctx context.Context) (link.Sent, error) {
	n, err := m.noted()
	if err != nil {
		return link.Sent{}, err
	}
	s, err := m.Home.Enrolling(ctx)
	if err != nil {
		return link.Sent{}, err
	}
	sent, err := s.Resend(ctx, n.ID)
	if err != nil {
		return link.Sent{}, err
	}
	n.Expires = sent.Expires.UTC()
	return sent, m.save(context.WithoutCancel(ctx), n)
}

// Cancel drops the enrolment: at the service, then here. Where the service has
// accepted it meanwhile it is DoneCodesLost after all, and the key is kept. Where
// the service cannot be reached nothing is changed.
func (m *Machine) Cancel(ctx context.Context) (Standing, error) {
	n, err := m.noted()
	if err != nil {
		return Standing{State: None}, err
	}
	if n.Accepted {
		return m.finish(ctx, n, DoneCodesLost, nil)
	}
	s, err := m.Home.Enrolling(ctx)
	if err == nil {
		err = s.Cancel(ctx, n.ID)
	}
	if err != nil && !known(err) {
		return Standing{State: Waiting, Note: n}, err
	}
	if n.Tried.IsZero() {
		return m.over(ctx, n, Over)
	}
	st, err := m.decide(ctx, n)
	if err == nil && st.State == Waiting { // who began it cannot finish it any more, so nobody can
		return m.over(ctx, n, Over)
	}
	return st, err
}

// Confirm tells the service that the backup codes were saved, and gives the
// permission to set up back.
func (m *Machine) Confirm(ctx context.Context) error {
	s, err := m.Home.Enrolling(ctx)
	if err == nil {
		err = s.Confirm(ctx)
	}
	if err != nil && !known(err) {
		return err
	}
	if err == nil {
		_ = m.Home.See(ctx) // or it is seen an hour later that they are kept
	}
	return errors.Join(err, m.Home.GiveBack(ctx))
}
