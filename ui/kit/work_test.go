// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/sync/clock"
)

func TestGo(t *testing.T) {
	test.NewTempApp(t)
	broken := errors.New("broken")
	for _, c := range []struct {
		name  string
		work  func(context.Context) (int, error)
		want  int
		wrong error
	}{
		{"value", func(context.Context) (int, error) { return 7, nil }, 7, nil},
		{"error", func(context.Context) (int, error) { return 0, broken }, 0, broken},
		{"panic", func(context.Context) (int, error) { panic("JBSWY3DPEHPK3PXP") }, 0, ErrStopped},
		{"context", func(ctx context.Context) (int, error) { return 3, ctx.Err() }, 3, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		if c.wrong == context.Canceled {
			cancel()
		}
		var got int
		var err error
		calls := 0
		Go(ctx, c.work, func(n int, e error) { got, err = n, e; calls++ })
		Settle()
		cancel()
		if got != c.want || !errors.Is(err, c.wrong) || calls != 1 {
			t.Errorf("%s: %d, %v, done %d times", c.name, got, err, calls)
		}
		if err != nil && strings.Contains(err.Error(), "JBSWY") {
			t.Errorf("%s: the error repeats what the panic said", c.name)
		}
	}
	Settle() // with nothing to wait for
}

func TestFollow(t *testing.T) {
	test.NewTempApp(t)
	ticks := make(chan time.Time, 3)
	at := time.Unix(1767225600, 0)
	for i := range 3 {
		ticks <- at.Add(time.Duration(i) * time.Second)
	}
	close(ticks)
	var got []int64
	Follow(context.Background(), ticks, func(now time.Time) { got = append(got, now.Unix()) })
	if len(got) != 3 || got[0] != at.Unix() || got[2] != at.Unix()+2 {
		t.Errorf("got %v", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	Follow(ctx, make(chan time.Time), func(time.Time) { t.Error("a tick after the end") })
}

// TestTicker runs in a bubble whose time is fake: the ticks come just after
// each whole second and nothing drifts.
func TestTicker(t *testing.T) {
	test.NewTempApp(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(700 * time.Millisecond) // begin within a second
		// Fyne's test driver calls on the ticker's goroutine, a real one on its own.
		var mu sync.Mutex
		var all []time.Time
		ticker := NewTicker(clock.Wall{}, nil, func(now time.Time) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, now)
		})
		ticks := func() []time.Time {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(all)
		}
		ticker.Start()
		ticker.Start()
		got := ticks()
		if len(got) != 1 || !ticker.Running() {
			t.Fatalf("%d ticks at once, running %t", len(got), ticker.Running())
		}
		time.Sleep(10 * time.Second)
		got = ticks()
		if len(got) != 11 {
			t.Errorf("%d ticks in ten seconds", len(got))
		}
		for i, at := range got[1:] {
			if late := at.Nanosecond(); late > int(5*time.Millisecond) {
				t.Errorf("tick %d came %v after the second", i+1, time.Duration(late))
			}
			if d := at.Unix() - got[i].Unix(); d != 1 {
				t.Errorf("tick %d came %d seconds after the one before", i+1, d)
			}
		}
		ticker.Stop()
		ticker.Stop()
		seen := len(ticks())
		time.Sleep(5 * time.Second)
		got = ticks()
		if len(got) != seen || ticker.Running() {
			t.Errorf("%d ticks after it was stopped", len(got)-seen)
		}
		ticker.Start()
		time.Sleep(time.Second)
		if len(ticks()) < seen+2 {
			t.Error("it does not start again")
		}
		ticker.Stop()
		synctest.Wait()
	})
}

// TestTickerRestsWhileHidden looks four times a second for the window, and
// ticks nobody until it is back or is said to be.
func TestTickerRestsWhileHidden(t *testing.T) {
	test.NewTempApp(t)
	synctest.Test(t, func(t *testing.T) {
		var hidden atomic.Bool
		var looks, ticks atomic.Int32
		var last atomic.Int64
		ticker := NewTicker(clock.Wall{}, func() bool { looks.Add(1); return hidden.Load() }, func(now time.Time) {
			ticks.Add(1)
			last.Store(now.UnixNano())
		})
		ticker.Start()
		time.Sleep(3100 * time.Millisecond)
		synctest.Wait()
		if n := ticks.Load(); n != 4 {
			t.Fatalf("%d ticks in three seconds while seen, want 4", n)
		}
		hidden.Store(true)
		seen := ticks.Load()
		looks.Store(0)
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := ticks.Load() - seen; n != 0 {
			t.Errorf("%d ticks while hidden", n)
		}
		if n := looks.Load(); n < 200 || n > 241 {
			t.Errorf("looked %d times in a minute", n)
		}
		ticker.Wake() // in the foreground, even if the window manager is slow to say so
		synctest.Wait()
		if n := ticks.Load() - seen; n != 1 || time.Now().UnixNano() != last.Load() {
			t.Errorf("%d ticks at once when woken", n)
		}
		hidden.Store(false)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if n := ticks.Load() - seen; n != 4 {
			t.Errorf("%d ticks in three seconds after it came back, want 4", n)
		}
		hidden.Store(true)
		time.Sleep(5 * time.Second)
		back := time.Now()
		hidden.Store(false) // shown by the window manager without the focus
		time.Sleep(lookAgain)
		synctest.Wait()
		if late := last.Load() - back.UnixNano(); late < 0 || late > int64(lookAgain) {
			t.Errorf("the first tick came %v after the window", time.Duration(late))
		}
		ticker.Stop()
		ticker.Wake() // a stopped ticker stays so
		seen = ticks.Load()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if n := ticks.Load() - seen; n != 0 {
			t.Errorf("%d ticks after the end", n)
		}
	})
}

func TestUntilNextSecond(t *testing.T) {
	for nanos, want := range map[int64]int64{0: 1002, 1e6: 1001, 999e6: 3, 500e6: 502} {
		if got := untilNextSecond(time.Unix(1767225600, nanos)); got.Milliseconds() != want {
			t.Errorf("%d ns after the second: %v", nanos, got)
		}
	}
}
