// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// racers is how many requests come at once with one code.
const racers = 8

// race runs f so often at once, and returns how many came through and what stopped the others.
func race(f func(n int) error) (won int, lost []error) {
	errs := make([]error, racers)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for n := range racers {
		wg.Go(func() {
			<-start
			errs[n] = f(n)
		})
	}
	close(start)
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			lost = append(lost, err)
		}
	}
	return won, lost
}

// only fails the test unless exactly one won, and the others were refused for one of these reasons.
func (w *world) only(won int, lost []error, kinds ...refusal.Kind) {
	w.t.Helper()
	if won != 1 {
		w.t.Fatalf("%d of %d at once with one code came through: %v", won, racers, lost)
	}
	for _, err := range lost {
		ok := false
		for _, k := range kinds {
			ok = ok || refusal.Is(err, k)
		}
		if !ok {
			w.t.Errorf("got %v, want a refusal of %v", err, kinds)
		}
	}
}

// sessions begins one session for each racer.
func (w *world) sessions(need session.Need) []session.Session {
	w.t.Helper()
	var all []session.Session
	for range racers {
		all = append(all, w.signIn(need))
	}
	return all
}

// One code of the app, from many sessions at once and from one session twice.
func TestRaceOfTOTP(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		for range 3 {
			w.clock.pass(20 * time.Minute) // the waits of the round before
			in, code := w.sessions(session.Second), w.code(secret, 0)
			won, lost := race(func(n int) error {
				_, err := w.Verify(w.ctx, in[n/2], factor.TOTP, code)
				return err
			})
			w.only(won, lost, refusal.CodeUsed, refusal.TooManyTries)
		}
	})
}

// Many wrong codes at once are no more than the free tries.
func TestRaceOfFailures(t *testing.T) {
	each(t, func(w *world) {
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		in, wrong := w.sessions(session.Second), w.wrong(secret)
		_, lost := race(func(n int) error {
			_, err := w.Verify(w.ctx, in[n], factor.TOTP, wrong)
			return err
		})
		kinds := map[refusal.Kind]int{}
		for _, err := range lost {
			if e := refusal.Of(err); e != nil {
				kinds[e.Kind]++
			}
		}
		if kinds[refusal.CodeWrong] != factor.Free || kinds[refusal.TooManyTries] != racers-factor.Free || w.status().Failures != factor.Free {
			w.t.Fatalf("%v, %d failures", kinds, w.status().Failures)
		}
	})
}

// The same with backup codes, whose tries are counted before the slow hash.
func TestRaceOfWrongBackupCodes(t *testing.T) {
	each(t, func(w *world) {
		w.enrolApp(w.signIn(session.Nothing))
		in := w.sessions(session.Second)
		_, lost := race(func(n int) error {
			_, err := w.Verify(w.ctx, in[n], factor.Backup, "00000-00000")
			return err
		})
		looked := 0
		for _, err := range lost {
			if refusal.Is(err, refusal.CodeWrong) {
				looked++
			}
		}
		if looked != factor.Free || w.status().Failures != factor.Free {
			w.t.Fatalf("%d looked at, %d failures", looked, w.status().Failures)
		}
	})
}

// R62: each backup code works once, also when raced.
func TestRaceOfBackupCodes(t *testing.T) {
	each(t, func(w *world) {
		_, first := w.enrolApp(w.signIn(session.Nothing))
		in := w.sessions(session.Second)
		won, lost := race(func(n int) error {
			_, err := w.Verify(w.ctx, in[n], factor.Backup, first.Codes[0])
			return err
		})
		w.only(won, lost, refusal.CodeUsed, refusal.TooManyTries)
		if st := w.status(); st.CodesLeft != 9 {
			w.t.Fatalf("%d left", st.CodesLeft)
		}
	})
}

func TestRaceOfSentCodes(t *testing.T) {
	each(t, func(w *world) {
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		in := w.signIn(session.Second)
		won, lost := race(func(int) error {
			_, err := w.SendCode(w.ctx, in)
			return err
		})
		w.only(won, lost, refusal.TooManySent)
		code := w.texted()
		won, lost = race(func(int) error {
			_, err := w.Verify(w.ctx, in, factor.SMS, code)
			return err
		})
		w.only(won, lost, refusal.CodeUsed)
	})
}

func TestRaceOfBypassCodes(t *testing.T) {
	each(t, func(w *world) {
		in, code := w.sessions(session.Second), w.bypass()
		won, lost := race(func(n int) error {
			_, err := w.Verify(w.ctx, in[n], factor.Bypass, code)
			return err
		})
		w.only(won, lost, refusal.CodeWrong, refusal.TooManyTries)
	})
}

// One enrolment, proved by many at once: one set of backup codes is shown, and it is the one that works.
func TestRaceOfEnrolment(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		e, err := w.Enrol(w.ctx, in, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		code := w.code(w.secretOf(e), 0)
		var got [racers]factor.Enrolled
		won, lost := race(func(n int) (err error) {
			got[n], err = w.VerifyEnrolment(w.ctx, in, e.ID, code)
			return err
		})
		w.only(won, lost, refusal.CodeUsed, refusal.EnrolExpired)
		for _, g := range got {
			if len(g.Codes) > 0 {
				w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, g.Codes[0]))
				if !w.lives(g.Token) {
					w.t.Error("the winner's token does not work")
				}
			}
		}
	})
}

// Set-ups begun at once: one is pending, none is a fault.
func TestRaceOfBeginnings(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		won, lost := race(func(int) error {
			_, err := w.Enrol(w.ctx, in, factor.TOTP, "")
			return err
		})
		if won != racers || w.count("enrolments") != 1 {
			w.t.Fatalf("%d begun, %v, %d pending", won, lost, w.count("enrolments"))
		}
	})
}

// Two sessions change the second factor at once: one ends the other, which does nothing any more.
func TestRaceOfChanges(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Minute)
		in := []session.Session{first.Session, w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0))).Session}
		e, err := w.Enrol(w.ctx, in[0], factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		code := w.texted()
		won, lost := race(func(n int) error {
			if n%2 == 0 {
				_, err := w.VerifyEnrolment(w.ctx, in[0], e.ID, code)
				return err
			}
			return w.Disable(w.ctx, in[1])
		})
		if won != 1 {
			w.t.Fatalf("%d came through: %v", won, lost)
		}
		for _, err := range lost {
			if !errors.Is(err, session.ErrEnded) && refusal.Of(err) == nil {
				w.t.Errorf("a fault: %v", err)
			}
		}
		st := w.status()
		live, err := session.List(w.ctx, w.DB, w.user.ID, w.clock.time())
		if err != nil || len(live) != 1 || (st.Method == "") != (live[0].ID == in[1].ID) {
			w.t.Fatalf("%+v, %+v, %v", st, live, err)
		}
	})
}

// Two instances of the service on one database are as one.
func TestRaceOfInstances(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		w := newWorld(t, open(t, dsn))
		second := *w.Service
		second.DB = open(t, dsn)
		both := []*factor.Service{w.Service, &second}
		secret, _ := w.enrolApp(w.signIn(session.Nothing))
		w.clock.pass(time.Minute)
		in, code := w.sessions(session.Second), w.code(secret, 0)
		won, lost := race(func(n int) error {
			_, err := both[n%2].Verify(w.ctx, in[n], factor.TOTP, code)
			return err
		})
		w.only(won, lost, refusal.CodeUsed, refusal.TooManyTries)
		if n := w.count("audit WHERE action = 'second.accepted' AND at = ?", store.Millis(w.clock.time())); n != 1 {
			t.Fatalf("accepted %d times", n)
		}
	})
}

// A set-up that is dropped from outside, as an objection does, is not finished any more.
func TestRaceWithAnObjection(t *testing.T) {
	each(t, func(w *world) {
		for range 4 {
			w = w.another()
			app := session.Session{ID: w.user.ID, UserID: w.user.ID, App: "link", Scopes: []session.Scope{session.EnrolOnly}, First: w.clock.time()}
			w.link(app.ID)
			e, err := w.Enrol(w.ctx, app, factor.TOTP, "")
			if err != nil {
				w.t.Fatal(err)
			}
			code := w.code(w.secretOf(e), 0)
			none := errors.New("nothing to drop")
			won, lost := race(func(n int) error {
				if n%2 == 0 {
					_, err := w.VerifyEnrolment(w.ctx, app, e.ID, code)
					return err
				}
				n64, err := w.DB.Exec(w.ctx, "DELETE FROM enrolments WHERE user_id = ?", w.user.ID)
				if err == nil && n64 == 0 {
					err = none
				}
				return err
			})
			if won != 1 {
				w.t.Fatalf("%d came through: %v", won, lost)
			}
			for _, err := range lost {
				if refusal.Of(err) == nil && !errors.Is(err, none) {
					w.t.Errorf("a fault: %v", err)
				}
			}
		}
	})
}
