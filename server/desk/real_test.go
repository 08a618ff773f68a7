// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// real is a world with the real second factors and the real notices; user 1 has an app with a key that the test knows.
type real struct {
	*world
	factors *factor.Service
	secret  []byte
}

func eachReal(t *testing.T, f func(t *testing.T, r *real)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := &real{world: newWorld(t, db), secret: otp.NewSecret()}
		letters := &notice.Writer{Keys: r.Keys, BaseURL: "https://app.kutano.example", Workspace: "Kutano", Host: "app.kutano.example"}
		r.factors = &factor.Service{
			DB: db, Keys: r.Keys, Clock: r.clock, Notices: letters, Issuer: "Kutano", Cost: otp.Cost{Memory: 8, Passes: 1, Threads: 1},
		}
		r.Factors, r.Notices = r.factors, letters
		id := r.id("user 1")
		r.do(t, "UPDATE factors SET secret = ? WHERE user_id = ?", r.Keys.Seal(seal.Place{Table: "factors", Row: id, Column: "secret"}, r.secret), id)
		f(t, r)
	})
}

// code is the code that user 1's device shows, which is off by so many steps.
func (r *real) code(t testing.TB, off int64) string {
	t.Helper()
	c, err := otp.Code(r.secret, otp.Step(r.clock())+off)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// first signs user 1 in by the first factor.
func (r *real) first(t testing.TB) (in session.Session, err error) {
	t.Helper()
	err = r.DB.Tx(r.ctx, func(q store.Q) error {
		u, err := people.ByID(r.ctx, q, r.id("user 1"))
		if err != nil {
			return err
		}
		need, err := (&signin.Service{}).Need(r.ctx, q, u, r.clock())
		if err != nil {
			return err
		}
		in, _, err = session.Start(r.ctx, q, u.ID, "email", "Firefox", need, r.clock())
		return err
	})
	return in, err
}

// enrol sets an app up in a session, as a user does who was let in again.
func (r *real) enrol(t testing.TB, in session.Session) {
	t.Helper()
	e, err := r.factors.Enrol(r.ctx, in, factor.TOTP, "")
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	if err := r.DB.Row(r.ctx, "SELECT secret FROM enrolments WHERE id = ?", []any{e.ID}, &sealed); err != nil {
		t.Fatal(err)
	}
	if r.secret, err = r.Keys.Open(seal.Place{Table: "enrolments", Row: e.ID, Column: "secret"}, sealed); err != nil {
		t.Fatal(err)
	}
	done, err := r.factors.VerifyEnrolment(r.ctx, in, e.ID, r.code(t, 0))
	if err != nil || !done.Session.Ready() || len(done.Codes) != 10 {
		t.Fatalf("%+v, %v", done, err)
	}
}

// TestLostPhone walks the whole way of a user whose phone and codes are gone: locked
// out, reset by an administrator, in by the first factor, and made to set up again. R31 R59 R60
func TestLostPhone(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		in, err := r.first(t)
		if err != nil || in.Need != session.Second {
			t.Fatalf("%+v, %v", in, err)
		}
		done, err := r.Reset(r.ctx, r.agents["admin 1"], r.id("user 1"), record())
		if err != nil {
			t.Fatal(err)
		}
		if n := r.count(t, "outbox WHERE channel = 'mail'") + r.count(t, "outbox WHERE channel = 'sms'") + r.count(t, "objections WHERE event = 'reset-done'"); n != 3 {
			t.Fatalf("the user was not told on every channel: %d", n)
		}
		if _, err := r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, 0)); err == nil {
			t.Fatal("the old app works on")
		}
		if in, err = r.first(t); err != nil || in.Need != session.Enrol {
			t.Fatalf("%+v, %v", in, err)
		}
		if st, err := r.factors.Status(r.ctx, r.id("user 1")); err != nil || st.Method != "" || !st.EnrolBy.Equal(done.Expires) {
			t.Fatalf("%+v, %v", st, err)
		}
		r.enrol(t, in)
		if in, err = r.first(t); err != nil || in.Need != session.Second {
			t.Fatalf("after setting up again: %+v, %v", in, err)
		}
		r.pass(72 * time.Hour)
		if in, err = r.first(t); err != nil || in.Need != session.Second {
			t.Fatalf("the time to set up is over, and it was: %+v, %v", in, err)
		}
	})
}

// TestSetUpTooLate: who does not set up again in time is out until an administrator helps. R60
func TestSetUpTooLate(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		if _, err := r.Reset(r.ctx, r.agents["admin 1"], r.id("user 1"), record()); err != nil {
			t.Fatal(err)
		}
		r.pass(72 * time.Hour)
		_, err := r.first(t)
		wantKind(t, err, refusal.EnrolClosed)
		if _, err := r.Reset(r.ctx, r.signIn(t, "admin 1"), r.id("user 1"), record()); err != nil {
			t.Fatal(err)
		}
		if in, err := r.first(t); err != nil || in.Need != session.Enrol {
			t.Fatalf("%+v, %v", in, err)
		}
	})
}

// TestBypassLeadsToEnrolment: the gentler way: a code of the helpdesk, once, and only to set up again. R59 R60
func TestBypassLeadsToEnrolment(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		done, err := r.Bypass(r.ctx, r.agents["helpdesk 1"], r.id("user 1"), record())
		if err != nil || !done.Expires.Equal(r.now.Add(15*time.Minute)) {
			t.Fatalf("%+v, %v", done, err)
		}
		in, err := r.first(t)
		if err != nil || in.Need != session.Second {
			t.Fatalf("%+v, %v", in, err)
		}
		got, err := r.factors.Verify(r.ctx, in, factor.Bypass, done.Code)
		if err != nil || got.Session.Need != session.Enrol {
			t.Fatalf("%+v, %v", got, err)
		}
		if again, err := r.first(t); err != nil {
			t.Fatal(err)
		} else if _, err := r.factors.Verify(r.ctx, again, factor.Bypass, done.Code); err == nil {
			t.Fatal("a bypass code works twice")
		}
		r.enrol(t, got.Session)
	})
}

// TestBlocked: after fifty failures the helpdesk unlocks, and the app works again.
func TestBlocked(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		r.do(t, "INSERT INTO guards (user_id, failures, not_before) VALUES (?, 50, 0) ON CONFLICT (user_id) DO UPDATE SET failures = 50", r.id("user 1"))
		in, err := r.first(t)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, 0))
		wantKind(t, err, refusal.Blocked)
		s, err := r.Subject(r.ctx, r.agents["helpdesk 1"], r.id("user 1"))
		if err != nil || !s.Status.Blocked || s.Status.Failures != 50 {
			t.Fatalf("%+v, %v", s.Status, err)
		}
		if _, err := r.Unlock(r.ctx, r.agents["helpdesk 1"], r.id("user 1"), record(checks(desk.InPerson))); err != nil {
			t.Fatal(err)
		}
		if got, err := r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, 0)); err != nil || !got.Session.Ready() {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

// TestSlowClock: a device that is minutes behind works again after two of its codes.
func TestSlowClock(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		const off = -9
		in, err := r.first(t)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, off))
		wantKind(t, err, refusal.CodeWrong)
		done, err := r.Resync(r.ctx, r.agents["helpdesk 1"], r.id("user 1"), record(checks(desk.CalledBack)))
		if err != nil || !done.Expires.Equal(r.clock().Add(15*time.Minute)) {
			t.Fatalf("%+v, %v", done, err)
		}
		if s, err := r.Subject(r.ctx, r.agents["helpdesk 1"], r.id("user 1")); err != nil || s.Status.Resync.IsZero() {
			t.Fatalf("%+v, %v", s.Status, err)
		}
		if steps, err := r.factors.Resync(r.ctx, in, r.code(t, off-1), r.code(t, off)); err != nil || steps != off {
			t.Fatalf("%d, %v", steps, err)
		}
		r.pass(30 * time.Second)
		if in, err = r.first(t); err != nil {
			t.Fatal(err)
		}
		if got, err := r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, off)); err != nil || !got.Session.Ready() {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

// TestObjectedMail: the link in the mail about a bypass code takes the code back.
func TestObjectedMail(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		done, err := r.Bypass(r.ctx, r.agents["helpdesk 1"], r.id("user 1"), record())
		if err != nil {
			t.Fatal(err)
		}
		in, err := r.first(t)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Object(r.ctx, r.objectable(t, "user 1", notice.BypassIssued)); err != nil {
			t.Fatal(err)
		}
		if _, err := r.factors.Verify(r.ctx, in, factor.Bypass, done.Code); err == nil {
			t.Fatal("the bypass code works after the user objected")
		}
		if in, err = r.first(t); err != nil {
			t.Fatal(err)
		}
		_, err = r.factors.Verify(r.ctx, in, factor.Bypass, done.Code)
		wantKind(t, err, refusal.CodeWrong)
		if got, err := r.factors.Verify(r.ctx, in, factor.TOTP, r.code(t, 0)); err != nil || !got.Session.Ready() {
			t.Fatalf("the user's own second factor: %+v, %v", got, err)
		}
		if n := r.count(t, "outbox WHERE channel = 'mail'"); n < 5 { // the code, and four administrators
			t.Fatalf("%d mails", n)
		}
	})
}
