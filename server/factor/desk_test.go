// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

const agent = "the helpdesk"

func (w *world) bypass() string {
	w.t.Helper()
	var code string
	w.tx(func(q store.Q) error {
		c, expires, err := w.IssueBypass(w.ctx, q, w.user.ID, agent)
		if err == nil && !expires.Equal(w.clock.time().Add(15*time.Minute)) {
			err = errors.New("it does not last 15 minutes")
		}
		code = c
		return err
	})
	return code
}

// A bypass code leads to an enrolment and nothing else, once.
func TestBypass(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Minute)
		replaced, code := w.bypass(), w.bypass()
		in, before := w.signInToken(session.Second)
		_, err := w.Verify(w.ctx, in, factor.Bypass, replaced)
		w.refused(err, refusal.CodeWrong)
		got := w.must(w.Verify(w.ctx, in, factor.Bypass, strings.ToLower(code[:4]+" "+code[4:])))
		if got.Session.Need != session.Enrol || got.Session.AAL() != 1 || w.lives(before) || !w.lives(got.Token) {
			w.t.Fatalf("%+v", got)
		}
		_, err = w.Verify(w.ctx, w.signIn(session.Second), factor.Bypass, code)
		w.refused(err, refusal.CodeWrong)
		w.refused(w.Disable(w.ctx, got.Session), refusal.NeedsEnrolment)
		// The old method works until the new one is proved.
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
		if done := w.enrolSMS(got.Session, mobile); !done.Session.Ready() || done.Session.AAL() != 2 {
			w.t.Fatalf("%+v", done)
		}
	})
}

func TestBypassExpires(t *testing.T) {
	each(t, func(w *world) {
		code := w.bypass() // also for those without a second factor
		w.clock.pass(15 * time.Minute)
		_, err := w.Verify(w.ctx, w.signIn(session.Nothing), factor.Bypass, code)
		w.refused(err, refusal.CodeExpired)
		code = w.bypass()
		w.clock.pass(15*time.Minute - time.Millisecond)
		got := w.must(w.Verify(w.ctx, w.signIn(session.Nothing), factor.Bypass, code))
		if got.Session.Need != session.Enrol || w.status().Failures != 0 {
			w.t.Fatalf("%+v", got)
		}
		w.enrolApp(got.Session)
		err = w.DB.Tx(w.ctx, func(q store.Q) error {
			_, _, err := w.IssueBypass(w.ctx, q, w.user.ID, w.user.ID)
			return err
		})
		w.refused(err, refusal.Yourself)
	})
}

// A bypass code helps at the hard stop, and is dead after another set-up.
func TestBypassAtTheStop(t *testing.T) {
	each(t, func(w *world) {
		w.enrolApp(w.signIn(session.Nothing))
		if _, err := w.DB.Exec(w.ctx, "UPDATE guards SET failures = ?", factor.Stop); err != nil {
			w.t.Fatal(err)
		}
		in := w.signIn(session.Second)
		_, err := w.Verify(w.ctx, in, factor.TOTP, "123456")
		w.refused(err, refusal.Blocked)
		got := w.must(w.Verify(w.ctx, in, factor.Bypass, w.bypass()))
		unused := w.bypass()
		w.enrolApp(got.Session)
		_, err = w.Verify(w.ctx, w.signIn(session.Second), factor.Bypass, unused)
		w.refused(err, refusal.CodeWrong)
	})
}

func TestUnlock(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		if _, err := w.DB.Exec(w.ctx, "UPDATE guards SET failures = 50, not_before = ?", store.Millis(w.clock.time().Add(time.Minute))); err != nil {
			w.t.Fatal(err)
		}
		w.tx(func(q store.Q) error { return w.Unlock(w.ctx, q, w.user.ID) })
		if st := w.status(); st.Failures != 0 || st.Blocked || !st.NotBefore.IsZero() {
			w.t.Fatalf("%+v", st)
		}
		w.clock.pass(30 * time.Second)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
		w.user = w.addUser("ben@kutano.example") // one who never failed
		w.tx(func(q store.Q) error { return w.Unlock(w.ctx, q, w.user.ID) })
	})
}

// After a reset nothing of the second factor is left.
func TestRemove(t *testing.T) {
	each(t, func(w *world) {
		_, first := w.enrolApp(w.signIn(session.Nothing))
		if _, err := w.Enrol(w.ctx, first.Session, factor.SMS, mobile); err != nil {
			w.t.Fatal(err)
		}
		w.bypass()
		w.invite()
		_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, "00000-00000")
		w.refused(err, refusal.CodeWrong)
		w.tx(func(q store.Q) error { return w.Remove(w.ctx, q, w.user.ID) })
		if st := w.status(); st != (factor.Status{}) {
			w.t.Fatalf("%+v", st)
		}
		for _, table := range []string{"factors", "backup_sets", "backup_codes", "enrolments", "sms_codes", "bypass_codes", "resyncs"} {
			if n := w.count(table); n != 0 {
				w.t.Errorf("%s has %d rows", table, n)
			}
		}
	})
}
