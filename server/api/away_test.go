// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func sqliteOf(t testing.TB) *store.DB {
	t.Helper()
	return dbtest.SQLite(t)
}

// The database goes and comes back: 503 meanwhile, and nothing is lost, used up
// or left in between.
func TestDatabaseAway(t *testing.T) {
	server, dsn := dbtest.Private(t)
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db)
	ana := w.enrolled("ana", people.Owner)
	waiting := w.session(ana.User, session.Second)
	e := w.must(201, "POST", "/v1/me/2fa/enrolments", ana.token, m{"method": "totp"})
	code := ana.app.next()
	before := w.everything()

	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for _, c := range []struct {
			method, path, token string
			body                any
		}{
			{"POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": code}},
			{"POST", "/v1/me/2fa/enrolments/" + e.text("id") + "/verify", ana.token, m{"code": code}},
			{"DELETE", "/v1/me/2fa", ana.token, m{"confirm": true}},
			{"GET", "/v1/me/sessions", ana.token, nil},
			{"POST", "/v1/signin/email", "", m{"email": "ana@example.com"}},
		} {
			if a := w.refused("unavailable", c.method, c.path, c.token, c.body); a.status != 503 || a.header.Get("Retry-After") != "5" {
				t.Errorf("%s %s: %d %v", c.method, c.path, a.status, a.header)
			}
		}
		w.must(200, "GET", "/v1/time", "", nil)
		w.must(200, "GET", "/problems/unavailable", "", nil)
	}
	if a := w.form("/oauth/token", "grant_type", "refresh_token", "client_id", companion, "refresh_token", "x"); a.status != 503 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if w.everything() != before {
		t.Error("what was refused with 503 changed the database")
	}
	in := w.must(200, "POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": code})
	w.must(200, "GET", "/v1/me/2fa", in.text("token"), nil)
	w.must(200, "GET", "/v1/me/2fa", ana.token, nil)
}
