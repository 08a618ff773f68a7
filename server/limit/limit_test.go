// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package limit_test

import (
	"bytes"
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

func keys(t *testing.T) *seal.Keys {
	k, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var five = limit.Limit{Name: "five", Most: 5, Window: time.Minute}

func take(ctx context.Context, t *testing.T, db *store.DB, k *seal.Keys, who string, at time.Time) error {
	t.Helper()
	return db.Tx(ctx, func(q store.Q) error { return five.Take(ctx, q, k, who, at) })
}

func TestWindow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, k, start := context.Background(), keys(t), time.UnixMilli(1_800_000_000_000)
		for i := range 5 {
			if err := take(ctx, t, db, k, "ana", start.Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatalf("time %d: %v", i+1, err)
			}
		}
		for range 3 {
			err := take(ctx, t, db, k, "ana", start.Add(20*time.Second))
			if e := refusal.Of(err); e == nil || e.Kind != refusal.TooManyTries || e.RetryAfter != 40*time.Second {
				t.Fatalf("the sixth time: %v", err)
			}
		}
		if err := take(ctx, t, db, k, "ben", start.Add(20*time.Second)); err != nil {
			t.Fatalf("another person: %v", err)
		}
		if err := take(ctx, t, db, k, "ana", start.Add(time.Minute)); err != nil {
			t.Fatalf("in the next window: %v", err)
		}
	})
}

// A clock that was far ahead for a moment locks nobody out until then.
func TestClockSetBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, k, start := context.Background(), keys(t), time.UnixMilli(1_800_000_000_000)
		for range 6 {
			_ = take(ctx, t, db, k, "ana", start)
		}
		err := take(ctx, t, db, k, "ana", start.Add(-time.Minute))
		if e := refusal.Of(err); e == nil || e.RetryAfter != five.Window {
			t.Fatalf("a minute back: %v", err)
		}
		if err := take(ctx, t, db, k, "ana", start.Add(-49*time.Hour)); err != nil {
			t.Fatalf("two days back: %v", err)
		}
	})
}

func TestRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, k, start := context.Background(), keys(t), time.UnixMilli(1_800_000_000_000)
		var through atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if take(ctx, t, db, k, "ana", start) == nil {
					through.Add(1)
				}
			})
		}
		wg.Wait()
		if through.Load() != 5 {
			t.Fatalf("%d of 20 at once came through, not 5", through.Load())
		}
	})
}

func TestForget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, k, start := context.Background(), keys(t), time.UnixMilli(1_800_000_000_000)
		for _, who := range []string{"ana", "ben"} {
			for range 5 {
				if err := take(ctx, t, db, k, who, start); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.Tx(ctx, func(q store.Q) error { return five.Forget(ctx, q, k, "ana") }); err != nil {
			t.Fatal(err)
		}
		if err := take(ctx, t, db, k, "ana", start); err != nil {
			t.Fatalf("after beginning anew: %v", err)
		}
		if err := take(ctx, t, db, k, "ben", start); err == nil {
			t.Fatal("another's count was forgotten too")
		}
	})
}
