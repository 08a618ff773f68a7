// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// invite is the desk's transaction.
func (w *world) invite() time.Time {
	w.t.Helper()
	var expires time.Time
	w.tx(func(q store.Q) (err error) {
		expires, err = w.InviteResync(w.ctx, q, w.user.ID, agent)
		return err
	})
	return expires
}

// A device that is off is accepted after two codes in a row, by the same narrow
// window, and they sign nobody in: the code after them does. // R53
func TestResync(t *testing.T) {
	each(t, func(w *world) {
		for _, off := range []int{-20, -7, 9, 20} {
			w = w.another()
			secret, _ := w.enrolApp(w.signIn(session.Nothing))
			w.clock.pass(time.Hour)
			in := w.signIn(session.Second)
			_, err := w.Verify(w.ctx, in, factor.TOTP, w.code(secret, off))
			w.refused(err, refusal.CodeWrong)
			first, second := w.code(secret, off-1), w.code(secret, off)
			_, err = w.Resync(w.ctx, in, first, second)
			w.refused(err, refusal.ResyncClosed)
			if until := w.invite(); !until.Equal(w.clock.time().Add(15*time.Minute)) || !w.status().Resync.Equal(until) {
				w.t.Fatalf("open until %v, %+v", until, w.status())
			}
			_, err = w.Resync(w.ctx, in, second, first)
			w.refused(err, refusal.CodeWrong)
			steps, err := w.Resync(w.ctx, in, first, second)
			if st := w.status(); err != nil || steps != off || st.Drift != off || st.Failures != 0 || !st.Resync.IsZero() {
				w.t.Fatalf("%d, %v, %+v", steps, err, w.status())
			}
			if still, err := session.ByID(w.ctx, w.DB, in.ID, w.clock.time()); err != nil || still.Need != session.Second || !still.Second.IsZero() {
				w.t.Fatalf("two codes signed in: %+v, %v", still, err)
			}
			_, err = w.Verify(w.ctx, in, factor.TOTP, second) // both count as used
			w.refused(err, refusal.CodeUsed)
			_, err = w.Resync(w.ctx, in, first, second) // once
			w.refused(err, refusal.ResyncClosed)
			w.invite()
			_, err = w.Resync(w.ctx, in, first, second)
			w.refused(err, refusal.CodeUsed)
			w.clock.pass(time.Minute)
			_, err = w.Verify(w.ctx, in, factor.TOTP, w.code(secret, off+2))
			w.refused(err, refusal.CodeWrong)
			if got := w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secret, off+1))); got.Drift != off+1 || !got.Session.Ready() {
				w.t.Fatalf("%+v", got)
			}
		}
	})
}

// Whoever puts the clock right after a resynchronization, as the page asks, is let in, and
// from then on by the narrow window around now alone. A clock that was fast has to come to
// where it was before. // R53
func TestClockIsPutRightAfterResync(t *testing.T) {
	each(t, func(w *world) {
		for _, off := range []int{-20, -1, 1, 9} {
			w = w.another()
			secret, _ := w.enrolApp(w.signIn(session.Nothing))
			w.clock.pass(time.Hour)
			w.invite()
			if _, err := w.Resync(w.ctx, w.signIn(session.Second), w.code(secret, off-1), w.code(secret, off)); err != nil {
				w.t.Fatal(err)
			}
			w.clock.pass(time.Minute)
			w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, off)))
			if off > 1 {
				_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0))
				w.refused(err, refusal.CodeUsed)
			}
			w.clock.pass(time.Duration(max(off, 1)) * otp.Period)
			if got := w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 1))); !got.Session.Ready() {
				w.t.Fatalf("%+v", got)
			}
			if off == -1 || off == 1 { // within the window as it was, too
				continue
			}
			w.clock.pass(time.Minute)
			_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, off))
			w.refused(err, refusal.CodeWrong)
			if got := w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0))); got.Drift != 0 {
				w.t.Fatalf("%+v", got)
			}
		}
	})
}

func TestResyncIsLimited(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Second)
		_, err := w.Resync(w.ctx, in, "123456", "123457")
		w.refused(err, refusal.NotEnrolled)
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Hour)
		in = w.signIn(session.Second)
		w.invite()
		_, err = w.Resync(w.ctx, in, "12345", "123456")
		w.refused(err, refusal.CodeMalformed)
		_, err = w.Resync(w.ctx, in, "123456", "")
		w.refused(err, refusal.CodeMalformed)
		w.notes.events()
		for range 5 {
			_, err := w.Resync(w.ctx, in, w.wrong(secret), w.wrong(secret))
			w.refused(err, refusal.CodeWrong)
			if ev := w.notes.events(); !slices.Equal(ev, []notice.Event{notice.SecondFailed}) { // as of any wrong code after a right sign-in
				w.t.Fatalf("told %v", ev)
			}
		}
		w.invite() // another invitation gives no more tries
		_, err = w.Resync(w.ctx, in, w.code(secret, 3), w.code(secret, 4))
		w.refused(err, refusal.TooManyTries)
		w.clock.pass(time.Hour)
		in = w.signIn(session.Second)
		w.invite()
		if _, err := w.Resync(w.ctx, in, w.code(secret, 3), w.code(secret, 4)); err != nil {
			w.t.Fatal(err)
		}
	})
}

// An invitation is void when it is too old, and after a set-up; and only a sign-in has it.
func TestResyncIsVoid(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Minute)
		w.invite()
		_, err := w.Resync(w.ctx, first.Session, w.code(secret, -4), w.code(secret, -3))
		w.refused(err, refusal.Forbidden)
		w.clock.pass(15*time.Minute - time.Millisecond)
		if w.status().Resync.IsZero() {
			w.t.Fatal("it was open for less than 15 minutes")
		}
		w.clock.pass(time.Millisecond)
		_, err = w.Resync(w.ctx, w.signIn(session.Second), w.code(secret, -4), w.code(secret, -3))
		w.refused(err, refusal.ResyncClosed)
		if !w.status().Resync.IsZero() {
			w.t.Fatal("it is shown as open")
		}
		for name, end := range map[string]func(){
			"set up again": func() {
				secret, _ = w.enrolApp(w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0))).Session)
			},
			"withdrawn": func() { w.tx(func(q store.Q) error { return w.Withdraw(w.ctx, q, w.user.ID) }) },
		} {
			w.clock.pass(time.Hour)
			w.invite()
			end()
			if _, err := w.Resync(w.ctx, w.signIn(session.Second), w.code(secret, 4), w.code(secret, 5)); !refusal.Is(err, refusal.ResyncClosed) {
				w.t.Fatalf("%s: %v", name, err)
			}
		}
		err = w.DB.Tx(w.ctx, func(q store.Q) error {
			_, err := w.InviteResync(w.ctx, q, w.user.ID, w.user.ID)
			return err
		})
		w.refused(err, refusal.Yourself)
		w = w.another()
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		err = w.DB.Tx(w.ctx, func(q store.Q) error {
			_, err := w.InviteResync(w.ctx, q, w.user.ID, agent)
			return err
		})
		w.refused(err, refusal.MethodMismatch)
	})
}

// Two requests with the same two codes: one of them corrects.
func TestRaceOfResyncs(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Hour)
		in := w.signIn(session.Second)
		w.invite()
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.Resync(w.ctx, in, w.code(secret, 6), w.code(secret, 7)) })
		}
		wg.Wait()
		worked := 0
		for _, err := range errs {
			var no *refusal.Error
			switch {
			case err == nil:
				worked++
			case !errors.As(err, &no) || no.Kind != refusal.ResyncClosed:
				w.t.Error(err)
			}
		}
		if worked != 1 {
			w.t.Fatalf("%d worked", worked)
		}
	})
}
