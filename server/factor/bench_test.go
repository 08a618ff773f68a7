// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// BenchmarkVerify measures verifying a code of an authenticator app, from the service's
// function to the database's commit, with 16 requests at a time. Each user verifies
// once: users are made before, with -benchtime=Nx so many.
func BenchmarkVerify(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchVerify(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchVerify(b, dbtest.Postgres(b)) })
}

// clients is how many requests are under way at a time.
const clients = 16

func benchVerify(b *testing.B, db *store.DB) {
	w := newWorld(b, db)
	secret := otp.NewSecret()
	in := w.seed(b.N, secret)
	code := w.code(secret, 0)
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	b.ResetTimer()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= b.N {
					return
				}
				start := time.Now()
				if _, err := w.Verify(w.ctx, in[n], factor.TOTP, code); err != nil {
					b.Error(err)
					return
				}
				took[n] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verify/s")
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
}

// seed makes users with an app and a session each that waits for it.
func (w *world) seed(n int, secret []byte) []session.Session {
	w.t.Helper()
	now := w.clock.time()
	all := make([]session.Session, n)
	const batch = 500
	for from := 0; from < n; from += batch {
		w.tx(func(q store.Q) error {
			var users, factors, guards, sessions []any
			for i := from; i < min(from+batch, n); i++ {
				id := seal.NewID()
				all[i] = session.Session{ID: seal.NewID(), UserID: id, Via: "email", Need: session.Second, First: now, Created: now, Seen: now}
				users = append(users, id, fmt.Sprintf("user%d@kutano.example", i))
				factors = append(factors, id, w.Keys.Seal(seal.Place{Table: "factors", Row: id, Column: "secret"}, secret))
				guards = append(guards, id, 0)
				sessions = append(sessions, all[i].ID, id, seal.Hash(id))
			}
			k := len(users) / 2
			for _, s := range []struct {
				query, row string
				args       []any
			}{
				{"INSERT INTO users (id, email, name, role, created_at) VALUES ", "(?, ?, 'U', 'user', 0)", users},
				{"INSERT INTO factors (user_id, secret, method, created_at) VALUES ", "(?, ?, 'totp', 0)", factors},
				{"INSERT INTO guards (user_id, failures, not_before) VALUES ", "(?, ?, 0)", guards},
				{
					"INSERT INTO sessions (id, user_id, token_hash, via, need, device, first_at, second_at, created_at, seen_at) VALUES ",
					"(?, ?, ?, 'email', 'second', 'bench', 0, 0, 0, 0)", sessions,
				},
			} {
				if _, err := q.Exec(w.ctx, s.query+s.row+strings.Repeat(", "+s.row, k-1), s.args...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all
}
