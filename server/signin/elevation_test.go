// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func TestElevation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		in := r.signIn()
		r.advance(20 * time.Minute)
		if in.Session.IsFresh(r.now(), false) {
			t.Fatal("fresh after twenty minutes")
		}
		f, err := r.s.Elevate(t.Context(), in.Session, here)
		if err != nil {
			t.Fatal(err)
		}
		code := r.code("ana@example.org")
		_, err = r.s.VerifyEmail(t.Context(), f.ID, code, here)
		r.mustRefuse(err, refusal.FlowEnded) // it signs nobody in
		another := r.signIn()
		_, err = r.s.VerifyElevation(t.Context(), another.Session, f.ID, code)
		r.mustRefuse(err, refusal.FlowEnded) // and is good for this session only
		_, err = r.s.VerifyElevation(t.Context(), in.Session, f.ID, other(code))
		r.mustRefuse(err, refusal.CodeWrong)
		up, err := r.s.VerifyElevation(t.Context(), in.Session, f.ID, code)
		if err != nil {
			t.Fatal(err)
		}
		if up.Session.ID != in.Session.ID || !up.Session.IsFresh(r.now(), false) || !r.alive(up.Token) || r.alive(in.Token) {
			t.Fatalf("elevated: %+v", up.Session)
		}
		if !up.Session.Created.Equal(in.Session.Created) {
			t.Fatal("the session's life was made longer")
		}
	})
}

func TestElevationNeedsACompleteSession(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	for _, tt := range []struct {
		in   session.Session
		want refusal.Kind
	}{
		{session.Session{Need: session.Second}, refusal.NeedsSecond},
		{session.Session{Need: session.Enrol}, refusal.NeedsEnrolment},
		{session.Session{App: "kutano-companion"}, refusal.Forbidden},
	} {
		_, err := r.s.Elevate(t.Context(), tt.in, here)
		r.mustRefuse(err, tt.want)
	}
	in := r.signIn()
	r.exec("UPDATE users SET suspended_at = 1 WHERE id = ?", r.ana.ID)
	if _, err := r.s.Elevate(t.Context(), in.Session, here); !errors.Is(err, session.ErrEnded) {
		t.Fatalf("of a suspended user: %v", err)
	}
}

// Neither codes nor addresses are readable in the database.
func TestNothingReadable(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.email("nobody@example.org")
	f := r.email("ana@example.org")
	var hash, mac []byte
	err := r.db.Row(t.Context(), "SELECT email_hash, code_mac FROM mail_flows WHERE id = ?", []any{f.ID}, &hash, &mac)
	if err != nil || len(hash) != 36 || len(mac) != 36 {
		t.Fatalf("%x %x %v", hash, mac, err)
	}
	if n := r.count("SELECT COUNT(*) FROM audit WHERE detail LIKE '%example%'"); n != 0 {
		t.Fatal("an address is in the audit log")
	}
	if n := r.count("SELECT COUNT(*) FROM limits WHERE name LIKE '%ana%'"); n != 0 {
		t.Fatal("an address is among the limits")
	}
}

// The mail provider away: the code waits in the outbox, and signs in once it came.
func TestMailAway(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	f := r.email("ana@example.org")
	away := outbox.Worker{DB: r.db, Keys: r.keys, Clock: r.now, Mail: noMail{}}
	if n, err := away.Once(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	r.advance(5 * time.Second)
	if _, err := r.s.VerifyEmail(t.Context(), f.ID, r.code("ana@example.org"), here); err != nil {
		t.Fatal(err)
	}
}
