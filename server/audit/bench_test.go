// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/store"
)

// BenchmarkClose and BenchmarkVerify tell rows a second: each sign-in writes about one.
func BenchmarkClose(b *testing.B) {
	benchmark(b, func(b *testing.B, db *store.DB) {
		k := newKeys(b, 1)
		write(b, db, b.N)
		b.ResetTimer()
		closeAll(b, db, k)
	})
}

func BenchmarkVerify(b *testing.B) {
	benchmark(b, func(b *testing.B, db *store.DB) {
		k := newKeys(b, 1)
		write(b, db, b.N)
		closeAll(b, db, k)
		b.ResetTimer()
		if _, err := audit.Verify(ctx, db, k); err != nil {
			b.Fatal(err)
		}
	})
}

func benchmark(b *testing.B, f func(*testing.B, *store.DB)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { f(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { f(b, dbtest.Postgres(b)) })
}
