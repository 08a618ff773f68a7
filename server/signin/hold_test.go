// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// A sign-in that comes while the second factor is being reset waits for it, and
// then has to set one up again. R60
func TestSignInBesideReset(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.enrol()
		flow := r.email("ana@example.org")
		code := r.code("ana@example.org")
		landed := make(chan signin.In, 1)
		r.tx(func(q store.Q) error {
			for _, query := range []string{"UPDATE users SET enrol_by = 9000000000000", "DELETE FROM factors"} {
				if _, err := q.Exec(t.Context(), query); err != nil {
					return err
				}
			}
			go func() {
				in, err := r.s.VerifyEmail(t.Context(), flow.ID, code, here)
				if err != nil {
					t.Error(err)
				}
				landed <- in
			}()
			for db.Kind() == store.Postgres && len(landed) == 0 { // SQLite has one line for all
				var waiting int
				if err := db.Row(t.Context(), "SELECT COUNT(*) FROM pg_locks WHERE NOT granted", nil, &waiting); err != nil || waiting > 0 {
					return err
				}
			}
			return nil
		})
		select {
		case in := <-landed:
			if in.Session.Need != session.Enrol {
				t.Fatalf("the session needs %q", in.Session.Need)
			}
		case <-time.After(time.Minute):
			t.Fatal("the sign-in does not end")
		}
	})
}
