// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

func TestTxIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		stop := errors.New("stop")
		err := db.Tx(ctx, func(q store.Q) error {
			if _, err := q.Exec(ctx, "INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES (?, ?, 0, 1, 0)", "a", []byte{1}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v", err)
		}
		var n int
		if err := db.Row(ctx, "SELECT COUNT(*) FROM limits", nil, &n); err != nil || n != 0 {
			t.Fatalf("%d rows, %v: a transaction that failed left something", n, err)
		}
	})
}

func TestCountsUnderConcurrency(t *testing.T) {
	const each, workers = 25, 8
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if _, err := db.Exec(ctx, "INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES ('a', ?, 0, 0, 0)", []byte{1}); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range each {
					err := db.Tx(ctx, func(q store.Q) error {
						var n int
						if err := q.Row(ctx, "SELECT n FROM limits WHERE name = 'a'"+q.Lock(), nil, &n); err != nil {
							return err
						}
						_, err := q.Exec(ctx, "UPDATE limits SET n = ? WHERE name = 'a'", n+1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int
		if err := db.Row(ctx, "SELECT n FROM limits", nil, &n); err != nil || n != each*workers {
			t.Fatalf("counted %d of %d, %v", n, each*workers, err)
		}
	})
}

func TestTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		insert := func() error {
			_, err := db.Exec(ctx, "INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES ('a', ?, 0, 0, 0)", []byte{1})
			return err
		}
		if err := insert(); err != nil {
			t.Fatal(err)
		}
		if err := insert(); !errors.Is(err, store.ErrTaken) {
			t.Fatalf("got %v, want ErrTaken", err)
		}
		var s string
		if err := db.Row(ctx, "SELECT name FROM limits WHERE name = ?", []any{"b"}, &s); !errors.Is(err, store.ErrNone) {
			t.Fatalf("got %v, want ErrNone", err)
		}
	})
}

func TestUnavailable(t *testing.T) {
	s, dsn := dbtest.Private(t)
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	if err := db.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(ctx); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(ctx); err != nil {
		t.Fatalf("the database is back, yet: %v", err)
	}
}

// TestLockLetsOthersRefer: while a user's row is held, others write down what refers
// to the user. Two who each hold a user and tell the other must not wait for each other.
func TestLockLetsOthersRefer(t *testing.T) {
	db := dbtest.Postgres(t) // transactions of SQLite stand in line
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if _, err := db.Exec(ctx, "INSERT INTO users (id, email, name, role, created_at) VALUES ('u', 'u@kutano.example', 'U', 'user', 0)"); err != nil {
		t.Fatal(err)
	}
	err := db.Tx(ctx, func(q store.Q) error {
		var id string
		if err := q.Row(ctx, "SELECT id FROM users WHERE id = 'u'"+q.Lock(), nil, &id); err != nil {
			return err
		}
		_, err := db.Exec(ctx, "INSERT INTO guards (user_id, failures, not_before) VALUES ('u', 0, 0)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
