// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// R07: the user is told of a device that was not seen before, and R09: not of one that was.
func TestNewDevice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		told := func() (n int) {
			for _, m := range r.inbox() {
				if m.Subject == "You signed in from a new device" && strings.Contains(m.Text, "Firefox on Linux") {
					n++
				}
			}
			return n
		}
		r.signIn()
		r.signIn()
		if n := told(); n != 1 {
			t.Fatalf("told %d times of one device", n)
		}
		phone := here
		phone.Mark = "another"
		f := r.email("ana@example.org")
		if _, err := r.s.VerifyEmail(t.Context(), f.ID, r.code("ana@example.org"), phone); err != nil {
			t.Fatal(err)
		}
		if n := told(); n != 2 {
			t.Fatalf("told %d times of two devices", n)
		}
		if n := r.count("SELECT COUNT(*) FROM objections WHERE event = ?", string(notice.NewDevice)); n != 2 {
			t.Fatalf("%d ways to object", n)
		}
	})
}

// R60: after a reset the user may only set up again, in a limited time. Afterwards
// only a bypass code of the desk opens the door.
func TestNeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.exec("UPDATE users SET enrol_by = ? WHERE id = ?", r.now().Add(time.Hour).UnixMilli(), r.ana.ID)
		if in := r.signIn(); in.Session.Need != session.Enrol {
			t.Fatalf("needs %q", in.Session.Need)
		}
		r.advance(time.Hour)
		f := r.email("ana@example.org")
		code := r.code("ana@example.org")
		_, err := r.s.VerifyEmail(t.Context(), f.ID, code, here)
		r.mustRefuse(err, refusal.EnrolClosed)
		_, err = r.s.VerifyEmail(t.Context(), f.ID, code, here)
		r.mustRefuse(err, refusal.CodeUsed)
		r.exec("INSERT INTO bypass_codes (user_id, code_mac, issued_by, created_at, expires_at) VALUES (?, ?, '', 0, ?)",
			r.ana.ID, []byte{1}, r.now().Add(15*time.Minute).UnixMilli())
		if in := r.signIn(); in.Session.Need != session.Second {
			t.Fatalf("with a bypass code: needs %q", in.Session.Need)
		}
		r.enrol()
		if in := r.signIn(); in.Session.Need != session.Second {
			t.Fatalf("with a second factor: needs %q", in.Session.Need)
		}
	})
}

// R01: where the workspace asks it of everyone, a user without a second factor may
// set one up and do nothing else, for as long as it takes.
func TestSecondFactorOfEveryone(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.s.RequireSecondFactor = true
	for range 2 {
		if in := r.signIn(); in.Session.Need != session.Enrol {
			t.Fatalf("needs %q", in.Session.Need)
		}
		r.advance(1000 * time.Hour)
	}
	r.enrol()
	if in := r.signIn(); in.Session.Need != session.Second {
		t.Fatalf("needs %q", in.Session.Need)
	}
}

// A sign-in waits for a change of the second factor that is going on, and does not
// begin a session that knows nothing of it.
func TestSignInWaitsForAChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.exec("INSERT INTO guards (user_id, failures, not_before) VALUES (?, 0, 0)", r.ana.ID)
		f := r.email("ana@example.org")
		code := r.code("ana@example.org")
		type result struct {
			in  signin.In
			err error
		}
		done := make(chan result, 8) // a transaction may run again
		r.tx(func(q store.Q) error {
			var n int
			if err := q.Row(t.Context(), "SELECT failures FROM guards WHERE user_id = ?"+q.Lock(), []any{r.ana.ID}, &n); err != nil {
				return err
			}
			go func() {
				in, err := r.s.VerifyEmail(t.Context(), f.ID, code, here)
				done <- result{in, err}
			}()
			_, err := q.Exec(t.Context(), "INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', 1)", r.ana.ID)
			if err == nil {
				_, err = session.EndAll(t.Context(), q, r.ana.ID, "", r.now())
			}
			return err
		})
		got := <-done
		if got.err != nil || r.alive(got.in.Token) && got.in.Session.Need != session.Second {
			t.Fatalf("%+v", got)
		}
	})
}
