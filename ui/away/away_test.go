// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// clocks are two clocks in a bubble's time, with the sleep that a test adds.
type clocks struct {
	start time.Time
	mu    sync.Mutex
	slept time.Duration
}

func (c *clocks) Moment() Moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	awake := time.Since(c.start)
	return Moment{Awake: awake, All: awake + c.slept}
}

func (c *clocks) Slack() time.Duration { return 2 * time.Second }

func (c *clocks) sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
}

// world is a watcher with everything around it in a test's hands.
type world struct {
	*Watcher
	clocks *clocks
	say    func(Reason)

	mu     sync.Mutex
	gone   []Reason
	at     []time.Duration
	looks  int
	system func() (time.Duration, bool)
}

func newWorld() *world {
	w := &world{clocks: &clocks{start: time.Now()}}
	w.Watcher = New(Around{
		Times: w.clocks,
		Idle: func(context.Context) func() (time.Duration, bool) {
			return func() (time.Duration, bool) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.looks++
				if w.system == nil {
					return 0, false
				}
				return w.system()
			}
		},
		Signals: func(ctx context.Context, say func(Reason)) {
			w.mu.Lock()
			w.say = say
			w.mu.Unlock()
			<-ctx.Done()
		},
		Gone: func(why Reason) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.gone, w.at = append(w.gone, why), append(w.at, time.Since(w.clocks.start))
		},
	})
	return w
}

func (w *world) told() []Reason {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.gone)
}

func (w *world) must(t *testing.T, after string, want ...Reason) {
	t.Helper()
	if got := w.told(); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", after, got, want)
	}
	w.mu.Lock()
	w.gone = nil
	w.mu.Unlock()
}

// Without the system's word, our own window's counts, to the second.
func TestIdleByOwnWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Start(Rules{Idle: 5 * time.Minute})
		time.Sleep(4 * time.Minute)
		w.Input()
		time.Sleep(4*time.Minute + 59*time.Second)
		w.must(t, "a second too early")
		time.Sleep(1100 * time.Millisecond)
		w.must(t, "five minutes after the last key", Idle)
		w.Stop()
	})
}

// Where the system knows, work in another window is no absence; and what happens
// in our own counts, whatever the system says.
func TestIdleBySystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		typed := time.Now()
		w.system = func() (time.Duration, bool) { return time.Since(typed), true }
		w.Start(Rules{Idle: time.Minute})
		for range 20 {
			time.Sleep(50 * time.Second)
			w.mu.Lock()
			typed = time.Now()
			w.mu.Unlock()
		}
		w.must(t, "typed elsewhere")
		time.Sleep(50 * time.Second)
		w.Input()
		time.Sleep(50 * time.Second)
		w.must(t, "our own window was used")
		time.Sleep(11 * time.Second)
		w.must(t, "nobody anywhere", Idle)
		w.Stop()
	})
}

// A watcher asks about as often as it has to.
func TestWatcherRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.system = func() (time.Duration, bool) { return 0, true } // somebody types all the time
		w.Start(Rules{Idle: time.Hour, Suspend: true})
		time.Sleep(time.Hour)
		w.must(t, "an hour")
		if w.looks > 61 {
			t.Errorf("asked %d times in an hour", w.looks)
		}
		w.Stop()
	})
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Start(Rules{Suspend: true})
		w.clocks.sleep(1900 * time.Millisecond)
		w.Look()
		w.must(t, "a clock that differs a little")
		w.clocks.sleep(3 * time.Second)
		w.Look()
		w.must(t, "at a tick after a sleep", Suspended)
		w.Look()
		w.must(t, "the same sleep once more")
		w.clocks.sleep(8 * time.Hour)
		time.Sleep(61 * time.Second)
		w.must(t, "hidden, within a minute", Suspended)
		w.Stop()

		w.clocks.sleep(time.Hour)
		w.Start(Rules{Suspend: true})
		w.Look()
		time.Sleep(2 * time.Minute)
		w.must(t, "a sleep before the start")
		w.Stop()

		w.Start(Rules{Idle: 5 * time.Minute})
		synctest.Wait()
		w.clocks.sleep(time.Hour)
		w.Look()
		w.must(t, "a sleep that does not count")
		time.Sleep(61 * time.Second)
		w.must(t, "and its hour is an hour without a key", Idle)
		w.Stop()
	})
}

func TestSignalsAndHiding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Start(Rules{Screen: true})
		synctest.Wait()
		old := w.say
		old(Suspended)
		w.PutAway()
		w.must(t, "what the rules leave out")
		old(ScreenLocked)
		w.must(t, "the screen", ScreenLocked)
		w.Start(Rules{Suspend: true, Minimised: true})
		synctest.Wait()
		old(Suspended)
		w.must(t, "said to the watching before")
		w.say(Suspended)
		w.say(ScreenLocked)
		w.PutAway()
		w.must(t, "by the new rules", Suspended, Minimised)
		w.Stop()
		w.say(Suspended)
		w.PutAway()
		w.Look()
		w.must(t, "after the end")
	})
}

// Stopped, or without rules, nothing is left: a goroutine would fail the bubble.
func TestStoppedWatcherIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Start(Rules{})
		if w.Running() {
			t.Error("it watches for nothing")
		}
		w.Start(Rules{Idle: time.Minute, Minimised: true, Suspend: true, Screen: true})
		if !w.Running() {
			t.Error("it does not watch")
		}
		w.Stop()
		w.runs.Wait()
		if w.Running() {
			t.Error("it watches after the end")
		}
	})
}

// Whatever happens: nobody is idle before the time has passed since the last
// use, and with each look at the latest once it has, on the clock that goes on.
func TestPolicyProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := time.Duration(rapid.IntRange(1, 90).Draw(t, "limit")) * time.Minute
		p := &policy{slack: 2 * time.Second}
		now := Moment{Awake: time.Hour, All: 2 * time.Hour}
		p.begin(Rules{Idle: limit, Suspend: true}, now)
		used := now.All
		for range rapid.IntRange(1, 40).Draw(t, "looks") {
			step := time.Duration(rapid.IntRange(0, 5000).Draw(t, "step")) * time.Second
			asleep := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4000}).Draw(t, "asleep")) * time.Second
			now = Moment{now.Awake + step, now.All + step + asleep}
			if rapid.Bool().Draw(t, "used") {
				p.used, used = now.All, now.All
			}
			known := rapid.Bool().Draw(t, "known")
			system := time.Duration(rapid.IntRange(0, 5000).Draw(t, "system")) * time.Second
			quiet := now.All - used
			if known {
				quiet = min(quiet, system)
			}
			want := None
			switch {
			case asleep > 2*time.Second:
				want = Suspended
			case quiet >= limit:
				want = Idle
			}
			why, wait := p.look(now, system, known)
			if why != want {
				t.Fatalf("%v, want %v: quiet for %v of %v", why, want, quiet, limit)
			}
			if why == None && (wait < atLeast || wait > atMost || wait > max(limit-quiet, atLeast)) {
				t.Fatalf("looks again after %v, with %v left", wait, limit-quiet)
			}
		}
	})
}

// The real clocks go on, and the one that sleeps is never ahead for long.
func TestClocks(t *testing.T) {
	c := Clocks()
	a := c.Moment()
	time.Sleep(20 * time.Millisecond)
	b := c.Moment()
	if b.Awake <= a.Awake || b.All <= a.All || c.Slack() < time.Second {
		t.Errorf("from %v to %v", a, b)
	}
	p := policy{last: a, slack: c.Slack()}
	if p.slept(b) {
		t.Error("the computer slept within a test")
	}
}
