// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

const ms = time.Millisecond

// world is a device, a server and the way between, where time passes only when
// somebody waits.
type world struct {
	*rand.Rand
	now    time.Time     // the server's
	offset time.Duration // true less device
	booted time.Time
	way    func(*rand.Rand) time.Duration // one way
	lag    time.Duration                  // how late the server is with its Date
	kept   time.Time                      // what a proxy answers in its place
	asked  int
	waited time.Duration
}

func newWorld(seed uint64, way func(*rand.Rand) time.Duration) *world {
	r := rand.New(rand.NewPCG(seed, 4))
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(2 * time.Hour))))
	return &world{Rand: r, now: now, booted: now.Add(-time.Hour), offset: time.Duration(r.Int64N(int64(4*time.Hour))) - 2*time.Hour, way: way}
}

func (w *world) read() clock.Times {
	return clock.Times{Wall: w.now.Add(-w.offset), Boot: w.now.Sub(w.booted), BootID: "one"}
}

// wait is late by up to 2 ms, as timers are.
func (w *world) wait(ctx context.Context, d time.Duration) error {
	w.waited += d
	w.now = w.now.Add(d + time.Duration(w.Int64N(int64(2*ms))))
	return ctx.Err()
}

func (w *world) ask(unit time.Duration) func(context.Context) (reply, error) {
	return func(context.Context) (reply, error) {
		w.asked++
		r := reply{sent: w.read()}
		w.now = w.now.Add(w.way(w.Rand))
		if r.time = w.now.Add(-w.lag).Truncate(unit); !w.kept.IsZero() {
			r.time = w.kept
		}
		w.now = w.now.Add(w.way(w.Rand))
		r.came = w.read()
		return r, nil
	}
}

// The ways that the simulated runs go.
var ways = map[string]func(*rand.Rand) time.Duration{
	"this device":   func(r *rand.Rand) time.Duration { return time.Duration(50+r.Int64N(400)) * time.Microsecond },
	"cable":         func(r *rand.Rand) time.Duration { return 8*ms + time.Duration(r.Int64N(int64(4*ms))) },
	"mobile":        func(r *rand.Rand) time.Duration { return 30*ms + time.Duration(r.Int64N(int64(40*ms))) },
	"jitter":        func(r *rand.Rand) time.Duration { return 20*ms + time.Duration(r.Int64N(int64(300*ms))) },
	"satellite":     func(r *rand.Rand) time.Duration { return 280*ms + time.Duration(r.Int64N(int64(20*ms))) },
	"seldom stalls": func(r *rand.Rand) time.Duration { return 10*ms + time.Duration(r.Int64N(50)/49)*time.Second },
}

// errs runs a simulation many times; it returns the sorted errors and how many
// were beyond the uncertainty.
func errs(t *testing.T, runs, n int, way func(*rand.Rand) time.Duration) (all []time.Duration, beyond int) {
	t.Helper()
	for seed := range uint64(runs) {
		w := newWorld(seed, way)
		got, err := bisect(t.Context(), n, w.read, w.wait, w.ask(second))
		if err != nil {
			t.Fatalf("run %d: %v", seed, err)
		}
		e := (got.offset() - w.offset).Abs()
		if all = append(all, e); e > got.uncertainty() {
			beyond++
		}
		if w.asked != n || w.waited > time.Duration(n)*second {
			t.Fatalf("run %d: %d requests, waited %v", seed, w.asked, w.waited)
		}
	}
	slices.Sort(all)
	return all, beyond
}

func TestBisectPrecision(t *testing.T) {
	const runs = 4000
	for name, most := range map[string]time.Duration{
		"this device": 20 * ms, "cable": 20 * ms, "mobile": 30 * ms, "satellite": 30 * ms, "seldom stalls": 30 * ms, "jitter": 200 * ms,
	} {
		all, beyond := errs(t, runs, requests, ways[name])
		median, p95 := all[runs/2], all[runs*95/100]
		t.Logf("%s: median %v, 95th percentile %v, worst %v; %d beyond", name, median, p95, all[runs-1], beyond)
		if p95 > most || beyond > 0 {
			t.Errorf("%s: 95th percentile %v, want %v; %d of %d beyond the uncertainty", name, p95, most, beyond, runs)
		}
	}
	all, _ := errs(t, runs, 1, ways["cable"])
	if median := all[runs/2]; median < 200*ms || median > 300*ms {
		t.Errorf("one request errs by %v in the median: is the simulation right?", median)
	}
}

func TestServicePrecision(t *testing.T) {
	for name, way := range ways {
		for seed := range uint64(1000) {
			w := newWorld(seed, way)
			got, err := best(t.Context(), services, w.wait, w.ask(ms))
			if err != nil {
				t.Fatal(err)
			}
			if e := (got.offset() - w.offset).Abs(); e > got.uncertainty() {
				t.Fatalf("%s, run %d: %v ± %v, true is %v", name, seed, got.offset(), got.uncertainty(), w.offset)
			}
			if got.uncertainty() > time.Second {
				t.Fatalf("%s, run %d: ± %v of the best of %d", name, seed, got.uncertainty(), services)
			}
		}
	}
}

// However late a server is with its Date, up to half a second: it is within what
// Date makes of the uncertainty.
func TestLateServer(t *testing.T) {
	for seed := range uint64(1000) {
		w := newWorld(seed, ways["cable"])
		w.lag = time.Duration(w.Int64N(int64(late)))
		got, err := bisect(t.Context(), requests, w.read, w.wait, w.ask(second))
		if err != nil {
			t.Fatal(err)
		}
		if e := (got.offset() - w.offset).Abs(); e > got.uncertainty()+late {
			t.Fatalf("run %d: errs %v", seed, e)
		}
	}
}

// A reply from a cache looks as if the second were always about to tick. It must
// be found out after any number of requests.
func TestTimeStandsStill(t *testing.T) {
	for _, age := range []time.Duration{0, 300 * ms, 2 * second, time.Hour} {
		for n := 2; n <= 8; n++ {
			for seed := range uint64(200) {
				w := newWorld(seed, ways["cable"])
				w.kept = w.now.Add(-age).Truncate(second)
				if got, err := bisect(t.Context(), n, w.read, w.wait, w.ask(second)); !errors.Is(err, ErrCached) {
					t.Fatalf("run %d, %d requests: %v, %v", seed, n, got, err)
				}
			}
		}
	}
	w := newWorld(1, ways["this device"])
	w.kept = w.now.Truncate(ms)
	if _, err := best(t.Context(), services, w.wait, w.ask(ms)); !errors.Is(err, ErrCached) {
		t.Error(err)
	}
}

func TestClockIsSetMeanwhile(t *testing.T) {
	// after changes something once a number of requests were made.
	run := func(n int, change func(*world)) error {
		w := newWorld(7, ways["cable"])
		ask := w.ask(second)
		_, err := bisect(t.Context(), requests, w.read, w.wait, func(ctx context.Context) (reply, error) {
			if w.asked == n {
				change(w)
			}
			return ask(ctx)
		})
		return err
	}
	for n := 1; n < requests; n++ {
		for _, by := range []time.Duration{-time.Hour, -2 * second, 600 * ms, 3 * second, 24 * time.Hour} {
			if err := run(n, func(w *world) { w.offset -= by }); !errors.Is(err, ErrInconsistent) {
				t.Errorf("the device's clock is set by %v after %d: %v", by, n, err)
			}
		}
		for _, by := range []time.Duration{-time.Hour, -3 * second, 3 * second, 24 * time.Hour} {
			set := func(w *world) { w.now, w.booted, w.offset = w.now.Add(by), w.booted.Add(by), w.offset+by }
			if err := run(n, set); !errors.Is(err, ErrInconsistent) {
				t.Errorf("the server's clock is set by %v after %d: %v", by, n, err)
			}
		}
	}
}

// A clock that is turned a little meanwhile is within the uncertainty.
func TestClockIsTurnedMeanwhile(t *testing.T) {
	for seed := range uint64(500) {
		w := newWorld(seed, ways["cable"])
		ask := w.ask(second)
		by := time.Duration(w.Int64N(int64(800*ms))) - 400*ms
		got, err := bisect(t.Context(), requests, w.read, w.wait, func(ctx context.Context) (reply, error) {
			if w.asked == 3 {
				w.offset += by
			}
			return ask(ctx)
		})
		if err != nil {
			t.Fatalf("run %d: by %v: %v", seed, by, err)
		}
		if e := (got.offset() - w.offset).Abs(); e > got.uncertainty() {
			t.Fatalf("run %d: by %v: errs %v, ± %v", seed, by, e, got.uncertainty())
		}
	}
}

// The machines behind one name differ: what they say together is no lie.
func TestMachinesDiffer(t *testing.T) {
	for seed := range uint64(500) {
		w := newWorld(seed, ways["this device"])
		truth := w.offset
		ask := w.ask(second)
		got, err := bisect(t.Context(), requests, w.read, w.wait, func(ctx context.Context) (reply, error) {
			w.lag = time.Duration(w.asked%2) * 60 * ms
			return ask(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if e := (got.offset() - truth).Abs(); e > got.uncertainty()+late {
			t.Fatalf("run %d: errs %v", seed, e)
		}
	}
}

// Each machine that contradicted the one before is still within what comes out.
func TestContradictionsAddUp(t *testing.T) {
	began := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	at := func(device, server time.Duration) reply {
		then := clock.Times{Wall: began.Add(device)}
		return reply{time: began.Add(server), sent: then, came: then}
	}
	replies := []reply{at(0, 0), at(900*ms, 2*second), at(1600*ms, 3*second)} // offsets 0 to 1, 1.1 to 2.1, 1.4 to 2.4 s
	w, err := start(replies[0], second)
	for _, r := range replies[1:] {
		err = errors.Join(err, w.add(r, second))
	}
	if err != nil {
		t.Fatal(err)
	}
	low, high := w.offset()-w.uncertainty(), w.offset()+w.uncertainty()
	for i, r := range replies {
		if b, _ := r.bounds(second); b.low > high || b.high < low {
			t.Errorf("reply %d allows %v to %v; %v to %v came out", i, b.low, b.high, low, high)
		}
	}
	if err := w.add(at(2800*ms, 5*second), second); !errors.Is(err, ErrInconsistent) { // 2.2 to 3.2 s
		t.Error(err)
	}
}

// What was found out before ctx ended counts, if the time was seen to go on.
func TestContextEndsBetween(t *testing.T) {
	for n := range requests {
		w := newWorld(3, ways["cable"])
		ctx, cancel := context.WithCancel(t.Context())
		ticked := 0
		ask := w.ask(second)
		var first time.Time
		got, err := bisect(ctx, requests, w.read, w.wait, func(ctx context.Context) (reply, error) {
			if w.asked == n {
				cancel()
				return reply{}, ctx.Err()
			}
			r, err := ask(ctx)
			if first.IsZero() {
				first = r.time
			}
			if !r.time.Equal(first) {
				ticked++
			}
			return r, err
		})
		cancel()
		if want := ticked > 0; want != (err == nil) {
			t.Fatalf("after %d: %v, %d ticks", n, err, ticked)
		}
		if err == nil && (got.offset()-w.offset).Abs() > got.uncertainty() {
			t.Errorf("after %d: %v ± %v, true is %v", n, got.offset(), got.uncertainty(), w.offset)
		}
	}
}

// A clock of 1970 and a server of 2106 are within what can be said; what is
// beyond is refused rather than overflowing.
func TestFarOff(t *testing.T) {
	for _, tc := range []struct {
		device, server int
		ok             bool
	}{{1970, 2106, true}, {2106, 1970, true}, {2036, 2026, true}, {1, 2026, false}, {1600, 2026, false}, {2400, 2026, false}} {
		w := newWorld(1, ways["cable"])
		w.now = time.Date(tc.server, 2, 7, 6, 28, 16, 0, time.UTC)
		device := time.Date(tc.device, 2, 7, 6, 28, 16, 0, time.UTC)
		started := w.now
		w.booted = started
		read := func() clock.Times {
			return clock.Times{Wall: device.Add(w.now.Sub(started)), Boot: w.now.Sub(started), BootID: "one"}
		}
		got, err := bisect(t.Context(), requests, read, w.wait, func(context.Context) (reply, error) {
			r := reply{sent: read(), time: w.now.Truncate(second)}
			w.now = w.now.Add(ms)
			r.came = read()
			return r, nil
		})
		if tc.ok && (err != nil || (got.offset()-started.Sub(device)).Abs() > got.uncertainty()) {
			t.Errorf("%d and %d: %v", tc.device, tc.server, err)
		}
		if !tc.ok && !errors.Is(err, ErrNotTime) {
			t.Errorf("%d and %d: %v", tc.device, tc.server, err)
		}
	}
}
