// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

const (
	second = time.Second
	// late is how old a Date header may be when it is sent: some servers write
	// its text only twice a second.
	late = 500 * time.Millisecond
	// steady is how far the device's clock may be set while a server is asked. It
	// is added to the uncertainty.
	steady = late
	// most is the largest offset: more is no time but nonsense.
	most = 200 * 365 * 24 * time.Hour
)

// reply is what a server said. When it said so the device's clocks showed
// something between sent and came.
type reply struct {
	time       time.Time // the server's, cut to whole units
	sent, came clock.Times
}

func (r reply) round() time.Duration { return r.came.Wall.Sub(r.sent.Wall) }

// bounds are offsets, true less device: one of them is right.
type bounds struct{ low, high time.Duration }

func (b bounds) middle() time.Duration { return b.low + (b.high-b.low)/2 }

func (b bounds) within(o bounds) bounds { return bounds{max(b.low, o.low), min(b.high, o.high)} }

// window is what the replies leave of the offset.
type window struct {
	sure bounds
	// likely is sure, were the way to the server as long as the way back.
	likely bounds
	turned time.Duration // how far the device's clock was set meanwhile
	gaps   time.Duration // by which replies contradict each other
	first  reply
	round  time.Duration // the shortest round trip
	ticked bool          // not all replies told the same time
}

func start(r reply, unit time.Duration) (window, error) {
	w := window{first: r, round: r.round()}
	w.sure, w.likely = r.bounds(unit)
	if w.sure.low.Abs() > most || w.sure.high.Abs() > most {
		return w, fmt.Errorf("%w: %v is too far off", ErrNotTime, r.time.UTC())
	}
	return w, nil
}

func (r reply) bounds(unit time.Duration) (sure, likely bounds) {
	sure = bounds{r.time.Sub(r.came.Wall), r.time.Add(unit).Sub(r.sent.Wall)}
	half := r.round() / 2
	return sure, bounds{sure.low + half, sure.high - half}
}

// add takes another reply into account.
func (w *window) add(r reply, unit time.Duration) error {
	if shift, ok := w.first.sent.Shift(r.came); ok {
		if w.turned = max(w.turned, shift.Abs()); w.turned > steady {
			return fmt.Errorf("%w: this device's clock was set", ErrInconsistent)
		}
	}
	gone := r.sent.Wall.Round(0).Sub(w.first.came.Wall)
	if shift, ok := w.first.came.Shift(r.sent); ok {
		gone -= shift
	}
	same := r.time.Equal(w.first.time)
	if same && !w.ticked && gone > unit {
		return fmt.Errorf("%w: its time stands still", ErrCached)
	}
	w.round, w.ticked = min(w.round, r.round()), w.ticked || !same
	sure, likely := r.bounds(unit)
	w.sure = w.sure.within(sure)
	if gap := w.sure.low - w.sure.high; gap > 0 {
		// Machines behind one name differ a little, and some are late.
		if w.gaps += gap; w.gaps > late {
			return fmt.Errorf("%w, by %v", ErrInconsistent, w.gaps.Round(time.Millisecond))
		}
		w.sure = bounds{w.sure.high, w.sure.low}
	}
	w.likely = w.likely.within(likely)
	if w.likely.low > w.likely.high {
		w.likely = w.sure
	}
	return nil
}

// offset is the middle of what is likely.
func (w *window) offset() time.Duration {
	return min(max(w.likely.middle(), w.sure.low), w.sure.high)
}

func (w *window) uncertainty() time.Duration {
	o := w.offset()
	return max(w.sure.high-o, o-w.sure.low) + w.turned + w.gaps
}

// bisect asks n times. It times each request so that the server's second would
// tick just then, were the offset in the middle of what is left: so the reply
// takes half of that away.
func bisect(ctx context.Context, n int, read func() clock.Times,
	wait func(context.Context, time.Duration) error, ask func(context.Context) (reply, error),
) (*window, error) {
	r, err := ask(ctx)
	if err != nil {
		return nil, err
	}
	w, err := start(r, second)
	if err != nil {
		return nil, err
	}
	for i := 1; i < n; i++ {
		d := w.pause(read().Wall)
		if i == n-1 && !w.ticked {
			d += second // else a time that stands still looks as if it were to tick soon
		}
		if err = wait(ctx, d); err == nil {
			r, err = ask(ctx)
		}
		if err != nil && w.ticked && ctx.Err() != nil {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := w.add(r, second); err != nil {
			return nil, err
		}
	}
	return &w, nil
}

// pause is how long to wait for the tick, less than a second. A request arrives
// half a round trip after it was sent.
func (w *window) pause(now time.Time) time.Duration {
	server := time.Duration(now.Nanosecond()) + w.likely.middle()%second + w.round/2
	return (2*second - server%second) % second
}

// apart is the time between the requests to a service: longer than its unit.
const apart = 20 * time.Millisecond

// best asks n times and returns the reply that came soonest.
func best(ctx context.Context, n int, wait func(context.Context, time.Duration) error, ask func(context.Context) (reply, error)) (*window, error) {
	r, err := ask(ctx)
	if err != nil {
		return nil, err
	}
	all, err := start(r, time.Millisecond)
	if err != nil {
		return nil, err
	}
	soonest := r
	for range n - 1 {
		if wait(ctx, apart) != nil {
			break
		}
		if r, err = ask(ctx); err != nil {
			break // what came before is as good
		}
		if err := all.add(r, time.Millisecond); err != nil {
			return nil, err
		}
		if r.round() < soonest.round() {
			soonest = r
		}
	}
	w, err := start(soonest, time.Millisecond)
	w.turned, w.gaps = all.turned, all.gaps
	return &w, err
}
