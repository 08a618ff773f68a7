// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/vault/otpauth"
)

// R39 R40 R41: an app is set up, and its codes are taken; R61: the backup codes come along.
func TestApp(t *testing.T) {
	w := build(t, ana)
	st := w.begin(link.TOTP, "")
	if st.Note.Account == "" || st.Note.Old != "" || !slices.Equal(w.names(), []string{ana}) {
		t.Errorf("before the code is sent: %+v, accounts %v", st.Note, w.names())
	}
	st, err := w.m.Prove(t.Context())
	w.is(enrolment.Done, st, err)
	if len(st.Codes) != 10 || st.Account == "" || st.Retired != "" {
		t.Errorf("%d codes, account %q, retired %q", len(st.Codes), st.Account, st.Retired)
	}
	if a, ok := w.vault.Account(st.Account); !ok || a.Verified.IsZero() || !a.Kutano {
		t.Errorf("account %+v", a)
	}
	if s, events, err := w.home.Refresh(t.Context()); err != nil || s.Method != link.TOTP || s.Codes.Saved || len(events) > 0 {
		t.Errorf("status %+v, events %v, %v", s, events, err)
	}
	if err := w.m.Confirm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l, _, err := w.home.Linked(); err != nil || !l.Seen.Codes.Saved {
		t.Errorf("it is not seen that they are saved: %+v, %v", l.Seen.Codes, err)
	}
	if s, _, err := w.home.Refresh(t.Context()); err != nil || !s.Codes.Saved {
		t.Errorf("saved: %+v, %v", s.Codes, err)
	}
	if _, err := w.home.Enrolling(t.Context()); !errors.Is(err, link.ErrScope) {
		t.Errorf("the permission was not given back: %v", err)
	}
	w.signsIn(ana, st.Account)
}

// R43 R44 R48: switched from SMS to the app and back.
func TestSwitch(t *testing.T) {
	w := build(t, ela)
	w.begin(link.TOTP, "")
	st, err := w.m.Prove(t.Context())
	w.is(enrolment.Done, st, err)
	if err := w.m.Confirm(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.signsIn(ela, st.Account)
	k, err := w.vault.Key(t.Context(), st.Account)
	if err != nil {
		t.Fatal(err)
	}
	// The permission that is left cannot set up: it has to be asked for anew.
	if st, err := w.m.Begin(t.Context(), link.SMS, mobile); !errors.Is(err, link.ErrScope) || st.State != enrolment.None {
		t.Errorf("without permission: %s, %v", st.State, err)
	}
	w.allowEnrol(w.BrowserWith(t, ela, k.URI().Reveal()))
	st = w.begin(link.SMS, mobile)
	if st.Note.Account != "" || !strings.HasSuffix(st.Note.Phone, "06") || st.Resend == 0 {
		t.Errorf("SMS: %+v, again in %v", st.Note, st.Resend)
	}
	var wait *link.WaitError
	if _, err := w.m.Resend(t.Context()); !errors.As(err, &wait) || wait.Wait <= 0 || wait.Wait > time.Minute {
		t.Errorf("sent again too soon: %v", err)
	}
	w.Code(t, mobile)
	w.Turn(t, w.Now().Sub(clock.Wall{}.Now())+61*time.Second)
	if sent, err := w.m.Resend(t.Context()); err != nil || !strings.HasSuffix(sent.PhoneHint, "06") || sent.Resend == 0 {
		t.Fatalf("sent again: %+v, %v", sent, err)
	}
	st, err = w.m.Verify(t.Context(), w.Code(t, mobile))
	w.is(enrolment.Done, st, err)
	if len(st.Codes) != 10 || len(w.names()) != 1 { // the app's entry is retired by the user, never silently
		t.Errorf("%d codes, accounts %v", len(st.Codes), w.names())
	}
	if s, _, err := w.home.Refresh(t.Context()); err != nil || s.Method != link.SMS {
		t.Errorf("status %+v, %v", s, err)
	}
}

// R55: an account of the same name is there. It works until the service accepted the
// new key, has it then, and its old key can come back.
func TestReplace(t *testing.T) {
	w := build(t, dan)
	k, err := otpauth.Parse(w.Person(t, dan).KeyURI)
	if err != nil {
		t.Fatal(err)
	}
	old, err := w.vault.Add(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	st := w.begin(link.TOTP, "")
	if st.Note.Old != old.ID || st.Note.Account == old.ID || len(w.names()) != 2 {
		t.Errorf("beside: %+v, %v", st.Note, w.names())
	}
	if have, err := w.vault.Key(t.Context(), old.ID); err != nil || !have.Same(k) {
		t.Errorf("the old key before the service accepted: %v", err)
	}
	st, err = w.m.Prove(t.Context())
	w.is(enrolment.Done, st, err)
	if st.Account != old.ID || st.Retired != old.ID || !slices.Equal(w.names(), []string{old.Name}) || len(w.vault.Removed()) != 1 {
		t.Errorf("replaced: %+v, %v, %d removed", st, w.names(), len(w.vault.Removed()))
	}
	w.signsIn(dan, old.ID)
}

// A code refused three times, and then till none is left: nothing stays, and what was in use works.
func TestRefused(t *testing.T) {
	w := build(t, ela)
	w.begin(link.SMS, mobile)
	sent := w.Code(t, mobile)
	wrong := "000000"
	if sent == wrong {
		wrong = "000001"
	}
	var code *link.CodeError
	for left := 4; left >= 0; left-- {
		st, err := w.m.Verify(t.Context(), wrong)
		if !errors.As(err, &code) || code.Left != left {
			t.Fatalf("refused with %d left: %s, %v", left, st.State, err)
		}
		if want := enrolment.Waiting; left > 0 && st.State != want || left == 0 && st.State != enrolment.Over {
			t.Errorf("%d left: %s", left, st.State)
		}
	}
	st, err := w.m.Resume(t.Context())
	w.is(enrolment.None, st, err)
	if s, _, err := w.home.Refresh(t.Context()); err != nil || s.Method != link.SMS || !strings.HasSuffix(s.PhoneHint, "05") {
		t.Errorf("what was in use: %+v, %v", s, err)
	}
	w.begin(link.TOTP, "")
	for range 3 {
		if st, err := w.m.Verify(t.Context(), "12345x"); st.State != enrolment.Waiting || !errors.Is(err, link.ErrCode) {
			t.Errorf("no code: %s, %v", st.State, err)
		}
	}
	st, err = w.m.Prove(t.Context())
	w.is(enrolment.Done, st, err)
}

// It expires while the app is closed, and another can be begun.
func TestExpired(t *testing.T) {
	w := build(t, ana)
	st := w.begin(link.TOTP, "")
	w.start()
	if again, err := w.m.Begin(t.Context(), link.TOTP, ""); !errors.Is(err, enrolment.ErrPending) || again.Note.ID != st.Note.ID {
		t.Errorf("a second one: %v", err)
	}
	w.Turn(t, 11*time.Minute)
	if st, err := w.m.Prove(t.Context()); !errors.Is(err, link.ErrStale) || st.State != enrolment.Waiting {
		t.Errorf("prove after ten minutes: %s, %v", st.State, err)
	}
	st, err := w.m.Resume(t.Context())
	w.is(enrolment.Over, st, err)
	if len(w.names()) != 0 || len(w.vault.Removed()) != 0 {
		t.Errorf("left: %v, %d removed", w.names(), len(w.vault.Removed()))
	}
	w.allowEnrol(w.Browser(t, ana))
	w.begin(link.TOTP, "")
	st, err = w.m.Prove(t.Context())
	w.is(enrolment.Done, st, err)
}
