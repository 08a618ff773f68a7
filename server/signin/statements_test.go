// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// recorder notes what a database is asked, in order.
type recorder struct {
	store.Q
	asked []string
}

func (r *recorder) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r.asked = append(r.asked, query)
	return r.Q.Exec(ctx, query, args...)
}

func (r *recorder) Row(ctx context.Context, query string, args []any, dest ...any) error {
	r.asked = append(r.asked, query)
	return r.Q.Row(ctx, query, args, dest...)
}

func (r *recorder) Rows(ctx context.Context, query string, args []any, each func(func(...any) error) error) error {
	r.asked = append(r.asked, query)
	return r.Q.Rows(ctx, query, args, each)
}

// For an address that has an account, one that has none and one whose user is
// suspended the same statements run in the same order: the time that an answer takes
// tells nothing. (A time is not measured: it would depend on the machine.)
func TestSameStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		keys, err := seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		start := time.UnixMilli(1_800_000_000_000)
		s := &Service{DB: db, Keys: keys, Notices: &notice.Writer{Keys: keys, BaseURL: "https://app.kutano.example", Host: "app.kutano.example"}}
		err = db.Tx(t.Context(), func(q store.Q) error {
			if _, err := people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, start); err != nil {
				return err
			}
			if _, err := people.Create(t.Context(), q, "sue@example.org", "Sue", people.Member, start); err != nil {
				return err
			}
			_, err := q.Exec(t.Context(), "UPDATE users SET suspended_at = 1 WHERE email = 'sue@example.org'")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, address := range []string{"ana@example.org", "nobody@example.org", "sue@example.org"} {
			got := s.record(t, address, start)
			if len(got) < 10 {
				t.Fatalf("only %d statements were recorded", len(got))
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("for %s:\n%q\nnot\n%q", address, got, want)
			}
		}
	})
}

// record runs a sign-in with a wrong code, and returns what the database was asked.
func (s *Service) record(t *testing.T, address string, now time.Time) []string {
	t.Helper()
	var r *recorder
	err := s.DB.Tx(t.Context(), func(q store.Q) error {
		r = &recorder{Q: q}
		f, err := s.sendTo(t.Context(), r, address, Browser{}, now)
		if err != nil {
			return err
		}
		if _, err := q.Exec(t.Context(), "UPDATE mail_flows SET code_mac = ? WHERE id = ?", []byte{}, f.ID); err != nil { // no code is right
			return err
		}
		if _, _, err := s.submit(t.Context(), r, f.ID, "123456", Browser{}, now, forSignIn); !refusal.Is(err, refusal.CodeWrong) {
			return err
		}
		_, err = s.sendAgain(t.Context(), r, f.ID, Browser{}, now.Add(time.Minute))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.asked
}
