// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// link links an identity at Apple in a session.
func (a *abroad) link(in signin.In, subject string) (signin.In, error) {
	a.Helper()
	address, mark, err := a.s.BeginLink(a.Context(), "apple", "/security", in.Session, here)
	if err != nil {
		return signin.In{}, err
	}
	back, err := issuer.Visit(a.Context(), a.servers["apple"].Client(), address, subject)
	if err != nil {
		a.Fatal(err)
	}
	return a.end("apple", back, mark)
}

// R02: who hides their address at Apple links it from a session, and takes it off again.
func TestLinkAndUnlink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		in := a.signIn()
		got, err := a.link(in, "hidden")
		if err != nil || got.Session.ID != in.Session.ID || got.Token != "" || got.ReturnTo != "/security" || !a.alive(in.Token) {
			t.Fatalf("%+v, %v", got, err)
		}
		by, err := a.signInAs("apple", "hidden")
		if err != nil || by.User.ID != a.ana.ID {
			t.Fatalf("signed in by it: %+v, %v", by, err)
		}
		all, err := a.s.Linked(t.Context(), in.Session)
		if err != nil || len(all) != 3 || !all[0].Since.Equal(a.now()) {
			t.Fatalf("%+v, %v", all, err)
		}
		if err := a.s.Unlink(t.Context(), in.Session, "apple"); err != nil {
			t.Fatal(err)
		}
		if a.alive(by.Token) || !a.alive(in.Token) {
			t.Fatal("the session that began with it lives, or the one in hand does not")
		}
		_, err = a.signInAs("apple", "hidden")
		a.mustRefuse(err, refusal.IdentityUnlinked)
		a.mustRefuse(a.s.Unlink(t.Context(), in.Session, "apple"), refusal.NotFound)
		if _, err := a.signInAs("google", "ana-at-google"); err != nil {
			t.Fatalf("the other provider: %v", err)
		}
		for action, want := range map[string]int{"signin.identity_linked": 1, "signin.identity_unlinked": 1} {
			if n := a.count("SELECT COUNT(*) FROM audit WHERE action = ? AND subject = ?", action, a.ana.ID); n != want {
				t.Errorf("%d times %s", n, action)
			}
		}
	})
}

func TestLinkingNeedsFreshFactors(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	in := a.signIn()
	both := func(want refusal.Kind) {
		t.Helper()
		_, err := a.link(in, "hidden")
		a.mustRefuse(err, want)
		a.mustRefuse(a.s.Unlink(t.Context(), in.Session, "apple"), want)
	}
	a.enrol() // the second was never proved in this session
	both(refusal.NeedsElevation)
	a.exec("DELETE FROM factors")
	a.advance(session.Fresh)
	both(refusal.NeedsElevation)
	in.Session.Need = session.Second
	both(refusal.NeedsSecond)
	in.Session.App = "kutano-companion"
	both(refusal.Forbidden)
}

// What was begun in a session that ended since links nothing, and nobody gets
// another's identity.
func TestLinkingThatIsRefused(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	in := a.signIn()
	address, mark, err := a.s.BeginLink(t.Context(), "apple", "", in.Session, here)
	if err != nil {
		t.Fatal(err)
	}
	back, err := issuer.Visit(t.Context(), a.servers["apple"].Client(), address, "hidden")
	if err != nil {
		t.Fatal(err)
	}
	a.exec("UPDATE sessions SET ended_at = 1")
	if _, err := a.end("apple", back, mark); !errors.Is(err, session.ErrEnded) {
		t.Fatalf("after the end of its session: %v", err)
	}
	a.advance(time.Minute)
	in = a.signIn()
	a.exec("INSERT INTO users (id, email, name, role, created_at) VALUES ('ben', 'ben@example.org', 'Ben', 'user', 1)")
	a.exec("UPDATE identities SET user_id = 'ben' WHERE subject = 'ana-at-apple'")
	_, err = a.link(in, "ana-at-apple")
	a.mustRefuse(err, refusal.FlowEnded)
}
