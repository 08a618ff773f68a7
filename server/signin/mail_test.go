// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/sentcode"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// R01, R02: a code by mail signs in, and without a second factor nothing more is asked.
func TestSignInByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		f := r.email(" ANA@example.org ")
		if f.Resend != time.Minute || !f.Expires.Equal(r.now().Add(10*time.Minute)) {
			t.Fatalf("the flow: %+v", f)
		}
		code := r.code("ana@example.org")
		in, err := r.s.VerifyEmail(t.Context(), f.ID, code[:3]+" "+code[3:], here)
		if err != nil {
			t.Fatal(err)
		}
		if in.User.ID != r.ana.ID || in.Session.Via != "email" || in.Session.Need != session.Nothing || !r.alive(in.Token) {
			t.Fatalf("signed in: %+v", in)
		}
		if _, err = r.s.VerifyEmail(t.Context(), f.ID, code, here); !refusal.Is(err, refusal.CodeUsed) {
			t.Fatalf("the code works again: %v", err)
		}
	})
}

// R05: after the code by mail an enrolled user is asked for the second factor, and
// has no session that can be used before. R07, R08: at every sign-in anew, from a
// known device too.
func TestSecondFactorIsAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.enrol()
		for range 3 {
			in := r.signIn()
			if in.Session.Need != session.Second || in.Session.Ready() || in.Session.AAL() != 1 || in.Session.IsFresh(r.now(), true) {
				t.Fatalf("signed in: %+v", in.Session)
			}
			r.advance(session.Absolute)
			if r.alive(in.Token) {
				t.Fatal("the session outlives its end")
			}
		}
	})
}

func TestWrongCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		f := r.email("ana@example.org")
		code := r.code("ana@example.org")
		_, err := r.s.VerifyEmail(t.Context(), f.ID, "12345", here)
		r.mustRefuse(err, refusal.CodeMalformed)
		for left := 4; left >= 0; left-- {
			_, err := r.s.VerifyEmail(t.Context(), f.ID, other(code), here)
			if e := r.refused(err, refusal.CodeWrong); e.Left != left {
				t.Fatalf("%d are left, not %d", e.Left, left)
			}
		}
		for range 4 {
			_, err := r.s.VerifyEmail(t.Context(), f.ID, code, here)
			if e := r.refused(err, refusal.TooManyTries); e.RetryAfter != time.Minute {
				t.Fatalf("wait %v", e.RetryAfter)
			}
		}
		if n := r.count("SELECT COUNT(*) FROM audit WHERE action = 'signin.refused' AND subject = ?", r.ana.ID); n != 6 {
			t.Fatalf("%d refusals are in the log", n)
		}
		r.advance(time.Minute)
		if _, err := r.s.Resend(t.Context(), f.ID, here); err != nil {
			t.Fatal(err)
		}
		if _, err := r.s.VerifyEmail(t.Context(), f.ID, r.code("ana@example.org"), here); err != nil {
			t.Fatalf("the new code: %v", err)
		}
	})
}

func TestCodeOfAnotherFlow(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	first := r.email("ana@example.org")
	code := r.code("ana@example.org")
	second := r.email("ana@example.org")
	for range 3 { // one in a million draws the same code
		if code != r.code("ana@example.org") {
			break
		}
		second = r.email("ana@example.org")
	}
	_, err := r.s.VerifyEmail(t.Context(), second.ID, code, here)
	r.mustRefuse(err, refusal.CodeWrong)
	if _, err := r.s.VerifyEmail(t.Context(), first.ID, code, here); err != nil {
		t.Fatal(err)
	}
	_, err = r.s.VerifyEmail(t.Context(), "no such flow", code, here)
	r.mustRefuse(err, refusal.FlowEnded)
	_, err = r.s.Resend(t.Context(), first.ID, here)
	r.mustRefuse(err, refusal.FlowEnded)
}

// R52: a new code can be asked for after a wait that is told, and replaces the old.
func TestResend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		f := r.email("ana@example.org")
		old := r.code("ana@example.org")
		for i, wait := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
			_, err := r.s.Resend(t.Context(), f.ID, here)
			if e := r.refused(err, refusal.TooManySent); e.RetryAfter != wait {
				t.Fatalf("sending %d: wait %v, not %v", i, e.RetryAfter, wait)
			}
			r.advance(wait)
			again, err := r.s.Resend(t.Context(), f.ID, here)
			if err != nil || again.ID != f.ID || !again.Expires.Equal(r.now().Add(10*time.Minute)) {
				t.Fatalf("sending %d: %+v, %v", i, again, err)
			}
		}
		if code := r.code("ana@example.org"); code != old {
			_, err := r.s.VerifyEmail(t.Context(), f.ID, old, here)
			r.mustRefuse(err, refusal.CodeWrong)
		}
		r.advance(sentcode.Life)
		_, err := r.s.VerifyEmail(t.Context(), f.ID, r.code("ana@example.org"), here)
		r.mustRefuse(err, refusal.CodeExpired)
		r.advance(sentcode.Life)
		_, err = r.s.Resend(t.Context(), f.ID, here)
		r.mustRefuse(err, refusal.FlowEnded)
	})
}

// Two requests race with one code: exactly one wins.
func TestRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		f := r.email("ana@example.org")
		code := r.code("ana@example.org")
		var in atomic.Int64
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				switch _, err := r.s.VerifyEmail(t.Context(), f.ID, code, here); {
				case err == nil:
					in.Add(1)
				case !refusal.Is(err, refusal.CodeUsed):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 || r.count("SELECT COUNT(*) FROM sessions") != 1 {
			t.Fatalf("%d of five came in", in.Load())
		}
	})
}

// Guesses that are made at once are all counted.
func TestGuessesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		f := r.email("ana@example.org")
		code := r.code("ana@example.org")
		var wrong atomic.Int64
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				switch _, err := r.s.VerifyEmail(t.Context(), f.ID, other(code), here); {
				case refusal.Is(err, refusal.CodeWrong):
					wrong.Add(1)
				case !refusal.Is(err, refusal.TooManyTries):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wrong.Load() != sentcode.Tries {
			t.Fatalf("%d guesses were looked at", wrong.Load())
		}
	})
}

// An address that nobody has, and one of a suspended user, answer like a known one:
// in shape, in refusals, and by the same statements.
func TestUnknownAddressesAnswerAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.tx(func(q store.Q) error {
			return suspended(r, q, "sue@example.org")
		})
		var want []string
		for _, address := range []string{"ana@example.org", "nobody@example.org", "sue@example.org"} {
			got := r.behaviour(address)
			if want == nil {
				want = got
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%s behaves otherwise:\n%s\nnot\n%s", address, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		for _, m := range r.inbox() {
			if m.To != "ana@example.org" {
				t.Errorf("%s got a mail", m.To)
			}
		}
		if n := r.count("SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL"); n != 0 {
			t.Errorf("%d messages that are for nobody were kept", n)
		}
	})
}

func TestLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		for _, address := range []string{"ana@example.org", "nobody@example.org"} {
			r := newRigFor(t, db)
			for range 10 {
				r.email(address)
			}
			_, err := r.s.Email(t.Context(), address, here)
			if e := r.refused(err, refusal.TooManySent); e.RetryAfter != time.Hour {
				t.Fatalf("wait %v", e.RetryAfter)
			}
			if _, err := r.s.Email(t.Context(), "other-"+address, here); err != nil {
				t.Fatalf("another address: %v", err)
			}
		}
	})
}

// Of one IP address, or the network of a household, so many mails are asked for and no more.
func TestLimitOfNetwork(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	from := signin.Browser{Address: "2001:db8:1:2::1"}
	for i := range 100 {
		if i == 50 {
			from.Address = "2001:db8:1:2:ffff::9"
		}
		if _, err := r.s.Email(t.Context(), strings.Repeat("x", i+1)+"@example.org", from); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.s.Email(t.Context(), "ana@example.org", from)
	r.mustRefuse(err, refusal.TooManySent)
	from.Address = "2001:db8:1:3::1"
	if _, err := r.s.Email(t.Context(), "ana@example.org", from); err != nil {
		t.Fatalf("from another network: %v", err)
	}
}

// guess makes all tries at one mail to Ana, and returns the last refusal if it is another than CodeWrong.
func (r *rig) guess(from signin.Browser) error {
	r.Helper()
	f, err := r.s.Email(r.Context(), "ana@example.org", from)
	if err != nil {
		return err
	}
	code := r.code("ana@example.org")
	for range sentcode.Tries {
		if _, err := r.s.VerifyEmail(r.Context(), f.ID, other(code), from); !refusal.Is(err, refusal.CodeWrong) {
			return err
		}
	}
	r.advance(10 * time.Minute)
	return nil
}

func (r *rig) guesses(n int, network string) {
	r.Helper()
	for i := range n {
		from := signin.Browser{Mark: "stranger", Address: fmt.Sprintf("%s.%d", network, i)}
		if err := r.guess(from); err != nil {
			r.Fatalf("mail %d: %v", i, err)
		}
	}
}

// A patient guesser is stopped by the day, and a right code begins the count anew.
func TestWrongCodesOfADay(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.guesses(9, "192.0.2")
	r.signIn()
	r.guesses(10, "192.0.2")
	stranger := signin.Browser{Mark: "stranger", Address: "198.51.100.7"}
	e := r.refused(r.guess(stranger), refusal.TooManyTries)
	r.advance(e.RetryAfter)
	if err := r.guess(stranger); err != nil {
		t.Fatalf("a day later: %v", err)
	}
}

// One network alone does not use up what an address has for a day.
func TestWrongCodesFromOneNetwork(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	stranger := signin.Browser{Address: "198.51.100.7"}
	for range 4 {
		if err := r.guess(stranger); err != nil {
			t.Fatal(err)
		}
	}
	r.mustRefuse(r.guess(stranger), refusal.TooManyTries)
	r.signIn() // from elsewhere, with a browser that was never seen
}

// Whoever uses up the limits of an address does not keep its owner out of a browser
// that was used before, nor out of a session.
func TestStrangersDoNotLockOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		in := r.signIn()
		r.guesses(10, "192.0.2")
		stranger := signin.Browser{Mark: "stranger", Address: "198.51.100.7"}
		r.mustRefuse(r.guess(stranger), refusal.TooManyTries)
		for r.count("SELECT COUNT(*) FROM limits WHERE name = 'mail-to-address' AND n > 10") == 0 {
			_, _ = r.s.Email(t.Context(), "ana@example.org", stranger)
		}
		r.inbox() // the strangers' mails are out of the way
		r.exec("UPDATE sessions SET seen_at = ?", r.ms.Load())
		f, err := r.s.Elevate(t.Context(), in.Session, signin.Browser{})
		if err != nil {
			t.Fatalf("in a session: %v", err)
		}
		if _, err := r.s.VerifyElevation(t.Context(), in.Session, f.ID, r.code("ana@example.org")); err != nil {
			t.Fatalf("in a session: %v", err)
		}
	})
	r := newRig(t, dbtest.SQLite(t))
	r.signIn()
	r.guesses(10, "192.0.2")
	r.mustRefuse(r.guess(signin.Browser{Mark: "stranger", Address: "198.51.100.7"}), refusal.TooManyTries)
	r.signIn()
}

// What is not looked at uses nothing up: one mail is not enough to keep anyone out.
func TestTriesAtAnEndedFlowUseNothingUp(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	f := r.email("ana@example.org")
	code := r.code("ana@example.org")
	for range 60 {
		_, _ = r.s.VerifyEmail(t.Context(), f.ID, other(code), here)
	}
	if n := r.count("SELECT n FROM limits WHERE name = 'mail-code-wrong'"); n != sentcode.Tries {
		t.Fatalf("%d codes were counted", n)
	}
	r.signIn()
}

// A right code does not begin the month anew.
func TestWrongCodesOfAMonth(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.guesses(1, "192.0.2")
	r.exec("UPDATE limits SET n = 300 WHERE name = 'mail-code-wrong-month'")
	f := r.email("ana@example.org")
	_, err := r.s.VerifyEmail(t.Context(), f.ID, r.code("ana@example.org"), here)
	if e := r.refused(err, refusal.TooManyTries); e.RetryAfter < 29*24*time.Hour {
		t.Fatalf("wait %v", e.RetryAfter)
	}
}

func TestNotAnAddress(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	_, err := r.s.Email(t.Context(), "ana@example.org\r\nBcc: eve@example.org", here)
	r.mustRefuse(err, refusal.EmailInvalid)
}
