// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

// R52: a new code after a while; the wait is told; a new code replaces the old.
func TestResend(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		w.enrolSMS(in, mobile)
		w.clock.pass(2 * time.Hour)
		in = w.signIn(session.Second)
		var codes []string
		for i, wait := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
			sent, err := w.SendCode(w.ctx, in)
			if err != nil || sent.Resend != wait || sent.PhoneHint != "+41 •• ••• •• 42" || !sent.Expires.Equal(w.clock.time().Add(10*time.Minute)) {
				w.t.Fatalf("sending %d: %+v, %v", i+1, sent, err)
			}
			codes = append(codes, w.texted())
			w.clock.pass(wait - time.Second)
			_, err = w.SendCode(w.ctx, in)
			if r := w.why(err, refusal.TooManySent); r.RetryAfter != time.Second {
				w.t.Fatalf("sending %d: %v to wait", i+1, r.RetryAfter)
			}
			w.clock.pass(time.Second)
		}
		// 5 an hour per number: 18 minutes have passed.
		for _, again := range []session.Session{in, w.signIn(session.Second)} {
			_, err := w.SendCode(w.ctx, again)
			if r := w.why(err, refusal.TooManySent); r.RetryAfter != 42*time.Minute {
				w.t.Fatalf("%v to wait", r.RetryAfter)
			}
		}
		if codes[3] != codes[4] {
			_, err := w.Verify(w.ctx, in, factor.SMS, codes[3])
			w.refused(err, refusal.CodeWrong)
		}
		w.must(w.Verify(w.ctx, in, factor.SMS, codes[4]))
		seen := map[string]bool{}
		for _, m := range w.notes.texts {
			if seen[m.dedupe] {
				w.t.Fatal("two messages have one dedupe key: the second would not be sent")
			}
			seen[m.dedupe] = true
		}
	})
}

// R28: wrong, expired, used, and another session's codes are refused.
func TestSentCodes(t *testing.T) {
	each(t, func(w *world) {
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		in, elsewhere := w.signIn(session.Second), w.signIn(session.Second)
		_, err := w.Verify(w.ctx, in, factor.SMS, "123456") // before one was sent
		w.refused(err, refusal.CodeExpired)
		send := func(in session.Session) string {
			w.t.Helper()
			if _, err := w.SendCode(w.ctx, in); err != nil {
				w.t.Fatal(err)
			}
			return w.texted()
		}
		code := send(in)
		_, err = w.Verify(w.ctx, elsewhere, factor.SMS, code)
		w.refused(err, refusal.CodeExpired) // none was sent for that session
		w.clock.pass(10*time.Minute - time.Millisecond)
		got := w.must(w.Verify(w.ctx, in, factor.SMS, code))
		_, err = w.Verify(w.ctx, got.Session, factor.SMS, code)
		w.refused(err, refusal.CodeUsed)
		if st := w.status(); !st.LastUsed.Equal(w.clock.time()) || st.Failures != 0 {
			w.t.Fatalf("%+v", st)
		}
		code = send(elsewhere)
		w.clock.pass(10 * time.Minute)
		_, err = w.Verify(w.ctx, elsewhere, factor.SMS, code)
		w.refused(err, refusal.CodeExpired)
		if st := w.status(); st.Failures != 0 {
			w.t.Fatal("a late code is no failure")
		}
		code = send(elsewhere)
		for n := range 5 { // 5 submissions
			_, err := w.Verify(w.ctx, elsewhere, factor.SMS, not(code))
			if r := w.why(err, refusal.CodeWrong); r.Left != 4-n {
				w.t.Fatalf("%d left", r.Left)
			}
		}
		w.clock.pass(30 * time.Second)
		_, err = w.Verify(w.ctx, elsewhere, factor.SMS, code)
		w.refused(err, refusal.CodeExpired)
	})
}

// Whoever sets a number up elsewhere keeps its owner from nothing, and pays for few messages.
func TestLimitsOfSetUps(t *testing.T) {
	each(t, func(w *world) {
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		owner := w.user
		w.user = w.addUser("mallory@kutano.example")
		in := w.signIn(session.Nothing)
		for range 4 {
			if _, err := w.Enrol(w.ctx, in, factor.SMS, mobile); err != nil {
				w.t.Fatal(err)
			}
		}
		before := len(w.notes.texts)
		_, err := w.Enrol(w.ctx, in, factor.SMS, "0041791234542")
		if r := w.why(err, refusal.TooManySent); r.RetryAfter != time.Hour {
			w.t.Fatalf("%v to wait", r.RetryAfter)
		}
		for i := range 5 { // five more of this account's ten an hour
			if _, err := w.Enrol(w.ctx, in, factor.SMS, "+41 79 222 33 4"+string(rune('0'+i))); err != nil {
				w.t.Fatal(i, err)
			}
		}
		_, err = w.Enrol(w.ctx, in, factor.SMS, other)
		w.refused(err, refusal.TooManySent)
		if sent := len(w.notes.texts) - before; sent != 5 {
			w.t.Fatalf("%d sent", sent)
		}
		w.user = owner
		if _, err := w.SendCode(w.ctx, w.signIn(session.Second)); err != nil {
			w.t.Fatalf("the owner of the number: %v", err)
		}
	})
}

// R52: the code of a set-up can be sent again too, and the tries stay counted.
func TestResendOfSetUp(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		e, err := w.Enrol(w.ctx, in, factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		first := w.texted()
		_, err = w.Resend(w.ctx, in, e.ID)
		if r := w.why(err, refusal.TooManySent); r.RetryAfter != time.Minute {
			w.t.Fatalf("%v to wait", r.RetryAfter)
		}
		for range 2 {
			_, err = w.VerifyEnrolment(w.ctx, in, e.ID, not(first))
			w.refused(err, refusal.CodeWrong)
		}
		w.clock.pass(9 * time.Minute)
		sent, err := w.Resend(w.ctx, in, e.ID)
		if err != nil || sent.Resend != 2*time.Minute || sent.PhoneHint != e.PhoneHint || !sent.Expires.Equal(w.clock.time().Add(10*time.Minute)) {
			w.t.Fatalf("%+v, %v", sent, err)
		}
		second := w.texted()
		if first != second {
			_, err = w.VerifyEnrolment(w.ctx, in, e.ID, first)
			if r := w.why(err, refusal.CodeWrong); r.Left != 2 {
				w.t.Fatalf("%d left", r.Left)
			}
		}
		w.clock.pass(9 * time.Minute) // 18 after it began, 9 after the code was sent
		if _, err := w.VerifyEnrolment(w.ctx, in, e.ID, second); err != nil {
			w.t.Fatal(err)
		}
	})
}

func TestResendWithoutPhone(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		_, err := w.Resend(w.ctx, in, "nothing")
		w.refused(err, refusal.EnrolExpired)
		e, err := w.Enrol(w.ctx, in, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		_, err = w.Resend(w.ctx, in, e.ID)
		w.refused(err, refusal.MethodMismatch)
	})
}

// The clock set back: no wait is longer than it was, and none is negative.
func TestResendWithClockSetBack(t *testing.T) {
	each(t, func(w *world) {
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		in := w.signIn(session.Second)
		if _, err := w.SendCode(w.ctx, in); err != nil {
			w.t.Fatal(err)
		}
		w.clock.pass(-24 * time.Hour)
		if _, err := w.SendCode(w.ctx, in); err != nil {
			w.t.Fatal(err)
		}
		for range 3 {
			w.clock.pass(-time.Hour)
			if _, err := w.SendCode(w.ctx, in); err != nil {
				w.t.Fatal(err)
			}
		}
		_, err := w.SendCode(w.ctx, w.signIn(session.Second)) // the limit by the hour holds
		if r := w.why(err, refusal.TooManySent); r.RetryAfter <= 0 || r.RetryAfter > time.Hour {
			w.t.Fatalf("%v to wait", r.RetryAfter)
		}
		w.must(w.Verify(w.ctx, in, factor.SMS, w.texted()))
	})
}

// Region is for numbers as people at home write them.
func TestRegion(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		_, err := w.Enrol(w.ctx, in, factor.SMS, "079 123 45 42")
		w.refused(err, refusal.PhoneInvalid)
		w.Region = "CH"
		if _, err := w.Enrol(w.ctx, in, factor.SMS, "079 123 45 42"); err != nil {
			w.t.Fatal(err)
		}
	})
}
