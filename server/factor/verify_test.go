// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

// R03, R04, R05: however the first step went, there is no usable session before the second.
func TestNoUseBeforeTheSecondFactor(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		in, token := w.signInToken(session.Second)
		w.clock.pass(30 * time.Second)
		_, codes := w.NewCodes(w.ctx, in)
		_, enrol := w.Enrol(w.ctx, in, factor.SMS, mobile)
		_, proved := w.VerifyEnrolment(w.ctx, in, "x", "123456")
		_, pending := w.Pending(w.ctx, in, "x")
		_, resend := w.Resend(w.ctx, in, "x")
		for what, err := range map[string]error{
			"disable": w.Disable(w.ctx, in), "new codes": codes, "enrol": enrol, "verify an enrolment": proved,
			"pending": pending, "resend": resend, "saved": w.CodesSaved(w.ctx, in),
		} {
			if !refusal.Is(err, refusal.NeedsSecond) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		if in.Ready() || w.status().CodesSaved {
			w.t.Fatal("usable before the second factor")
		}
		got := w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0)))
		if !got.Session.Ready() || got.Session.AAL() != 2 || got.Token == token || w.lives(token) || !w.lives(got.Token) {
			w.t.Fatalf("%+v", got)
		}
		if got.Session.ID != in.ID || !w.lives(first.Token) {
			w.t.Error("a sign-in ends no other session")
		}
	})
}

// R54: the neighbouring steps, once each, in the order of time, and the drift is told.
func TestSteps(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(5 * time.Minute)
		for i, c := range []struct {
			off  int
			want refusal.Kind
		}{
			{-2, refusal.CodeWrong},
			{2, refusal.CodeWrong},
			{-1, ""},
			{-1, refusal.CodeUsed},
			{1, ""},
			{0, refusal.CodeUsed},
			{-1, refusal.CodeUsed},
			{1, refusal.CodeUsed},
		} {
			got, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, c.off))
			if c.want != "" {
				w.refused(err, c.want)
				continue
			}
			if err != nil || got.Drift != c.off || w.status().Drift != c.off || w.status().Failures != 0 {
				w.t.Fatalf("%d: %+v, %v", i, got, err)
			}
		}
		if st := w.status(); st.Failures != 3 {
			w.t.Fatalf("%d failures", st.Failures)
		}
	})
}

// The clock set back: what was used stays used, and works on when time has caught up.
func TestClockSetBack(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Hour)
		used := w.code(secret, 0)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, used))
		w.clock.pass(-10 * time.Minute)
		_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0))
		w.refused(err, refusal.CodeUsed)
		w.clock.pass(10 * time.Minute)
		_, err = w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, used)
		w.refused(err, refusal.CodeUsed)
		w.clock.pass(30 * time.Second)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
	})
}

// What is not this account's way is refused, and is no failure.
func TestOtherWays(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		for _, m := range []factor.Method{factor.TOTP, factor.SMS} {
			_, err := w.Verify(w.ctx, in, m, "123456")
			w.refused(err, refusal.NotEnrolled)
		}
		_, err := w.Verify(w.ctx, in, factor.Backup, "ABCDE-12345")
		w.refused(err, refusal.NotEnrolled)
		w.refused(w.Disable(w.ctx, in), refusal.NotEnrolled)
		_, err = w.NewCodes(w.ctx, in)
		w.refused(err, refusal.NotEnrolled)
		w.refused(w.CodesSaved(w.ctx, in), refusal.NoCodes)

		w.enrolApp(in)
		waiting := w.signIn(session.Second)
		_, err = w.Verify(w.ctx, waiting, factor.SMS, "123456")
		w.refused(err, refusal.MethodMismatch)
		_, err = w.SendCode(w.ctx, waiting)
		w.refused(err, refusal.MethodMismatch)
		for m, code := range map[factor.Method]string{factor.TOTP: "12345a", factor.Backup: "ABCDE", factor.Bypass: "AEIOUAEI", "post": "1"} {
			want := refusal.CodeMalformed
			if m == "post" {
				want = refusal.Invalid
			}
			_, err := w.Verify(w.ctx, waiting, m, code)
			w.refused(err, want)
		}
		_, err = w.Enrol(w.ctx, w.signIn(session.Enrol), "post", "")
		w.refused(err, refusal.Invalid)
		if st := w.status(); st.Failures != 0 {
			w.t.Fatalf("%d failures", st.Failures)
		}
	})
}

// A session that was ended meanwhile gets nowhere, and no code is used up by it.
func TestEndedMeanwhile(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Minute)
		in := w.signIn(session.Second)
		if err := session.End(w.ctx, w.DB, w.user.ID, in.ID, w.clock.time()); err != nil {
			w.t.Fatal(err)
		}
		if err := session.End(w.ctx, w.DB, w.user.ID, first.Session.ID, w.clock.time()); err != nil {
			w.t.Fatal(err)
		}
		_, verify := w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
		_, backup := w.Verify(w.ctx, in, factor.Backup, first.Codes[0])
		_, codes := w.NewCodes(w.ctx, first.Session)
		_, enrol := w.Enrol(w.ctx, first.Session, factor.SMS, mobile)
		for what, err := range map[string]error{
			"verify": verify, "backup": backup, "disable": w.Disable(w.ctx, first.Session), "new codes": codes, "enrol": enrol,
		} {
			if !errors.Is(err, session.ErrEnded) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		if st := w.status(); st.Method != factor.TOTP || st.CodesLeft != 10 {
			w.t.Fatalf("%+v", st)
		}
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
	})
}
