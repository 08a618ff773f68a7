// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// eachDSN runs a test with the address of an empty database of each kind.
func eachDSN(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+filepath.Join(t.TempDir(), "kutano.db")) })
	t.Run("postgres", func(t *testing.T) { f(t, dbtest.PostgresDSN(t)) })
}

// open opens a database as a service that starts does.
func open(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// waits are what failures cost, by hand from the table: 5 free, then 30 s doubling to 15 min.
func wait(failures int) time.Duration {
	switch failures {
	case 1, 2, 3, 4:
		return 0
	case 5:
		return 30 * time.Second
	case 6:
		return time.Minute
	case 7:
		return 2 * time.Minute
	case 8:
		return 4 * time.Minute
	case 9:
		return 8 * time.Minute
	}
	return 15 * time.Minute
}

// All fifty failures, with restarts between them and with each way of failing, and the end.
func TestLockOut(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		w := newWorld(t, open(t, dsn))
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		w.notes.events()
		in := w.signIn(session.Second)
		ways := []struct {
			m    factor.Method
			code func() string
		}{
			{factor.TOTP, func() string { return w.wrong(secret) }},
			{factor.Backup, func() string { return "00000-00000" }},
			{factor.Bypass, func() string { return "BCDFGHJK" }},
			{factor.TOTP, func() string { return w.wrong(secret) }},
		}
		for n := 1; n <= factor.Stop; n++ {
			if n == 4 || n == 9 || n == 50 { // a restart forgets nothing
				if err := w.DB.Close(); err != nil {
					t.Fatal(err)
				}
				w.DB = open(t, dsn)
			}
			way := ways[n%len(ways)]
			_, err := w.Verify(w.ctx, in, way.m, way.code())
			r := w.why(err, refusal.CodeWrong)
			if r.RetryAfter != wait(n) || r.Left != max(0, 5-n) {
				t.Fatalf("failure %d: wait %v, %d left", n, r.RetryAfter, r.Left)
			}
			st := w.status()
			if st.Failures != n || st.Blocked != (n == 50) || wait(n) > 0 && !st.NotBefore.Equal(w.clock.time().Add(wait(n))) {
				t.Fatalf("failure %d: %+v", n, st)
			}
			if wait(n) == 0 || n == factor.Stop {
				continue
			}
			w.clock.pass(wait(n) - time.Millisecond)
			_, err = w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0)) // even the right one
			if r := w.why(err, refusal.TooManyTries); r.RetryAfter != time.Millisecond {
				t.Fatalf("failure %d: still %v to wait", n, r.RetryAfter)
			}
			w.clock.pass(time.Millisecond)
		}
		if ev := w.notes.events(); len(ev) != 50 || ev[0] != notice.SecondFailed || ev[49] != notice.SecondBlocked {
			t.Fatalf("told %v", ev)
		}
		w.blocked(in, secret, first.Codes)
	})
}

// blocked is what still works at the hard stop.
func (w *world) blocked(in session.Session, secret []byte, codes []string) {
	w.t.Helper()
	_, err := w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
	w.refused(err, refusal.Blocked)
	_, err = w.Verify(w.ctx, in, factor.Backup, codes[0])
	if r := w.why(err, refusal.TooManyTries); r.RetryAfter != 15*time.Minute {
		w.t.Fatalf("%v", r.RetryAfter)
	}
	w.clock.pass(24 * time.Hour) // waiting is no help
	_, err = w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
	w.refused(err, refusal.Blocked)
	if !w.status().Blocked {
		w.t.Fatal("not blocked")
	}
	w.must(w.Verify(w.ctx, in, factor.Backup, codes[0]))
	if st := w.status(); st.Failures != 0 || st.Blocked {
		w.t.Fatalf("%+v", st)
	}
	w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
}

// A right code forgets what failed before it.
func TestRightCodeForgets(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		for range 3 {
			for range 4 {
				_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.wrong(secret))
				w.refused(err, refusal.CodeWrong)
			}
			w.clock.pass(30 * time.Second)
			w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
			if st := w.status(); st.Failures != 0 {
				w.t.Fatalf("%d failures", st.Failures)
			}
		}
	})
}

// A clock that was ahead when failures happened locks nobody out until then: the wait counts from now.
func TestWaitWithClockSetBack(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		in := w.signIn(session.Second)
		w.clock.pass(48 * time.Hour)
		for range 6 {
			_, err := w.Verify(w.ctx, in, factor.TOTP, w.wrong(secret))
			if refusal.Is(err, refusal.TooManyTries) {
				w.clock.pass(30 * time.Second)
				_, err = w.Verify(w.ctx, in, factor.TOTP, w.wrong(secret))
			}
			w.refused(err, refusal.CodeWrong)
		}
		w.clock.pass(-40 * time.Hour)
		_, err := w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
		if r := w.why(err, refusal.TooManyTries); r.RetryAfter != time.Minute {
			w.t.Fatalf("%v to wait", r.RetryAfter)
		}
		w.clock.pass(20 * time.Second)
		_, err = w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
		if r := w.why(err, refusal.TooManyTries); r.RetryAfter != 40*time.Second {
			w.t.Fatalf("%v to wait", r.RetryAfter)
		}
		w.clock.pass(40 * time.Second)
		w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0)))
	})
}

// R43: switching locks nobody out, and forgets what failed with the old method.
func TestSwitchAfterFailures(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		for range 7 {
			_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.wrong(secret))
			if refusal.Is(err, refusal.TooManyTries) {
				break
			}
		}
		w.enrolSMS(first.Session, mobile)
		if st := w.status(); st.Failures != 0 || !st.NotBefore.IsZero() {
			w.t.Fatalf("%+v", st)
		}
		in := w.signIn(session.Second)
		if _, err := w.SendCode(w.ctx, in); err != nil {
			w.t.Fatal(err)
		}
		w.must(w.Verify(w.ctx, in, factor.SMS, w.texted()))
	})
}

// What users are told beside the method: each kind of failure, and no audit without its reason.
func TestFailuresAreNoted(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.notes.events()
		in := w.signIn(session.Second)
		_, err := w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
		w.refused(err, refusal.CodeUsed)
		_, err = w.Verify(w.ctx, in, factor.TOTP, w.wrong(secret))
		w.refused(err, refusal.CodeWrong)
		if ev := w.notes.events(); !slices.Equal(ev, []notice.Event{notice.SecondFailed, notice.SecondFailed}) {
			w.t.Fatalf("told %v", ev)
		}
		var details []string
		err = w.DB.Rows(w.ctx, "SELECT detail FROM audit WHERE action = 'second.refused' ORDER BY id", nil, func(scan func(...any) error) error {
			var d string
			err := scan(&d)
			details = append(details, d)
			return err
		})
		want := []string{`{"failures":"1","method":"totp","reason":"code-used"}`, `{"failures":"2","method":"totp","reason":"code-wrong"}`}
		if err != nil || !slices.Equal(details, want) {
			w.t.Fatalf("%v, %v", details, err)
		}
	})
}
