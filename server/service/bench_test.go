// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// BenchmarkVerify is one sign-in's second step: a request through all of the
// service to the database and back. The database of tests does not wait for the
// disk; the command bench does.
func BenchmarkVerify(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { verify(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { verify(b, dbtest.Postgres(b)) })
}

func verify(b *testing.B, db *store.DB) {
	b.Helper()
	s, err := service.New(config(b, db))
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	secret := []byte("12345678901234567890")
	code, err := otp.Code(secret, otp.Step(start))
	if err != nil {
		b.Fatal(err)
	}
	tokens := waiting(b, s, secret, b.N)
	body := `{"method":"totp","code":"` + code + `"}`
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodPost, "/v1/second-factor/verify", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+tokens[next.Add(1)-1])
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Errorf("%d: %s", w.Code, w.Body)
				return
			}
		}
	})
}

// waiting makes users with an app, each with a sign-in that waits for its code.
func waiting(b *testing.B, s *service.Service, secret []byte, n int) []string {
	b.Helper()
	tokens := make([]string, 0, n)
	ctx := context.Background()
	err := s.DB.Tx(ctx, func(q store.Q) error {
		tokens = tokens[:0]
		for i := range n {
			u, err := people.Create(ctx, q, fmt.Sprintf("user%d@example.com", i), "User", people.Member, start)
			if err != nil {
				return err
			}
			sealed := s.Keys.Seal(seal.Place{Table: "factors", Row: u.ID, Column: "secret"}, secret)
			if _, err := q.Exec(ctx, "INSERT INTO factors (user_id, method, secret, created_at) VALUES (?, 'totp', ?, 1)", u.ID, sealed); err != nil {
				return err
			}
			if _, err := q.Exec(ctx, "INSERT INTO guards (user_id, failures, not_before) VALUES (?, 0, 0)", u.ID); err != nil {
				return err
			}
			_, token, err := session.Start(ctx, q, u.ID, "email", "bench", session.Second, start)
			if err != nil {
				return err
			}
			tokens = append(tokens, token)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return tokens
}
