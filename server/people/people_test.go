// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package people_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.UnixMilli(1_800_000_000_000).UTC()

// ASVS 1.3.11, 2.2.1: an address is one address and nothing beside it.
func TestAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"ana@example.org": "ana@example.org", "  Ana@Example.ORG\n": "ana@example.org", "o'neil+x@example.org": "o'neil+x@example.org",
		"": "", "ana": "", "ana@": "", "@example.org": "", "Ana <ana@example.org>": "", "ana@example.org, ben@example.org": "",
		"ana@example.org\r\nBcc: ben@example.org": "", "ana@exam\x00ple.org": "", "ana ana@example.org": "",
		strings.Repeat("a", 243) + "@example.org": "",
	} {
		got, err := people.Address(typed)
		if got != want || (err != nil) != (want == "") || err != nil && !errors.Is(err, people.ErrEmail) {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"ana@example.org", "\"a b\"@example.org", "Ana <ana@example.org>", "a@b\r\nTo: c@d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		a, err := people.Address(typed)
		if err != nil {
			return
		}
		if len(a) > 254 || strings.ContainsAny(a, "\r\n\x00") {
			t.Fatalf("%q became %q", typed, a)
		}
		if again, err := people.Address(a); err != nil || again != a {
			t.Fatalf("%q became %q, then %q, %v", typed, a, again, err)
		}
	})
}

// ASVS 6.8.1, 10.5.2: users are known by issuer and subject together; the same
// subject of another issuer is somebody else, and an address is nobody.
func TestIdentities(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var ana, ben people.User
		err := db.Tx(ctx, func(q store.Q) (err error) {
			if ana, err = people.Create(ctx, q, "ana@example.org", "Ana", people.Member, start); err != nil {
				return err
			}
			if ben, err = people.Create(ctx, q, "ben@example.org", "Ben", people.Owner, start); err != nil {
				return err
			}
			if err := people.AddIdentity(ctx, q, ana.ID, "google", "https://accounts.google.com", "1", start); err != nil {
				return err
			}
			return people.AddIdentity(ctx, q, ben.ID, "apple", "https://appleid.apple.com", "1", start)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ issuer, subject, want string }{
			{"https://accounts.google.com", "1", ana.ID},
			{"https://appleid.apple.com", "1", ben.ID},
			{"https://accounts.google.com", "2", ""},
			{"https://evil.example", "1", ""},
			{"https://accounts.google.com", "ana@example.org", ""},
			{"", "", ""},
		} {
			u, err := people.ByIdentity(ctx, db, tt.issuer, tt.subject)
			if u.ID != tt.want || (tt.want == "") != errors.Is(err, people.ErrNobody) {
				t.Errorf("%s %s: %q, %v", tt.issuer, tt.subject, u.ID, err)
			}
		}
		err = db.Tx(ctx, func(q store.Q) error {
			return people.AddIdentity(ctx, q, ben.ID, "google", "https://accounts.google.com", "1", start)
		})
		if !errors.Is(err, store.ErrTaken) {
			t.Fatalf("one identity for two: %v", err)
		}
	})
}

// ASVS 6.3.2: a new database has no account.
func TestNobodyAtFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		var n int
		if err := db.Row(t.Context(), "SELECT COUNT(*) FROM users", nil, &n); err != nil || n != 0 {
			t.Fatalf("%d users, %v", n, err)
		}
	})
}

func TestCreate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		create := func(email string, role people.Role) error {
			return db.Tx(t.Context(), func(q store.Q) error {
				_, err := people.Create(t.Context(), q, email, " Ana ", role, start)
				return err
			})
		}
		if err := create("Ana@example.org", people.Member); err != nil {
			t.Fatal(err)
		}
		if err := create("ana@EXAMPLE.org", people.Member); !errors.Is(err, people.ErrTaken) {
			t.Fatalf("one address twice: %v", err)
		}
		if err := create("no address", people.Member); !errors.Is(err, people.ErrEmail) {
			t.Fatal(err)
		}
		if err := create("ben@example.org", "king"); err == nil {
			t.Fatal("a role that there is not")
		}
		u, err := people.ByEmail(t.Context(), db, "ana@example.org")
		if err != nil || u.Name != "Ana" || !u.Suspended.IsZero() || u.Role.Administrator() || !people.Admin.Administrator() {
			t.Fatalf("%+v, %v", u, err)
		}
	})
}
