// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package dbtest gives tests a real database of their own, of each kind.
package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/kutano/authenticator/server/store"
)

// Each runs f with an empty database that is up to date: SQLite in a file, and
// PostgreSQL in a server that is started for this test program.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite returns a database in a file of its own: a copy of one that is up to
// date, which takes a fraction of the time that the migrations take.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	model, err := file()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kutano.db")
	if err := os.WriteFile(path, model, 0o600); err != nil {
		t.Fatal(err)
	}
	return ready(t, "sqlite:"+path)
}

// file is the content of an empty SQLite database that is up to date.
var file = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "kutano-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "kutano.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(dsn string) error {
	db, err := store.Open(dsn)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(context.Background()), db.Close())
}

// Postgres returns a database of its own in a PostgreSQL server. Without one
// installed the test is skipped; CI has it.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return ready(t, running(t).create(t, template))
}

// PostgresDSN returns the address of an empty database.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	return running(t).create(t, "template0")
}

// running is the server of this test program.
func running(t testing.TB) *Server {
	t.Helper()
	s, err := server()
	need(t, err)
	return s
}

// need fails or skips a test where PostgreSQL is missing.
func need(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("PostgreSQL is needed: %v", err)
	}
	t.Skipf("needs PostgreSQL, which cannot be started here: %v", err)
}

func ready(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
