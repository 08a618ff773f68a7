// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
)

// lookAgain is how often a ticker asks whether the window can be seen again:
// no longer than this does what comes back show an old code.
const lookAgain = 250 * time.Millisecond

// Ticker is the one ticker of the app. It ticks just after each whole second
// of its clock, so that every ring and code moves when the second does, and it
// rests while nothing is seen.
type Ticker struct {
	clock  clock.Clock
	hidden func() bool
	do     func(now time.Time)
	wake   chan struct{}

	mu   sync.Mutex
	stop context.CancelFunc
}

// NewTicker returns a stopped ticker. Do is called on the user interface's
// goroutine; not while hidden says that nobody can see what it would change.
// Hidden is asked on another goroutine and may be nil.
func NewTicker(c clock.Clock, hidden func() bool, do func(now time.Time)) *Ticker {
	if hidden == nil {
		hidden = func() bool { return false }
	}
	return &Ticker{clock: c, hidden: hidden, do: do, wake: make(chan struct{}, 1)}
}

// Start begins to tick, with a first tick at once. A second Start does nothing.
func (t *Ticker) Start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.stop = cancel
	ticks := make(chan time.Time, 1)
	go t.feed(ctx, ticks)
	go Follow(ctx, ticks, t.do)
}

// Stop ends the ticking; a tick under way may still arrive.
func (t *Ticker) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// Running reports whether it ticks.
func (t *Ticker) Running() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stop != nil
}

// Wake ticks at once, whatever was said of being hidden: the window has come
// to the foreground, and what it shows may be old.
func (t *Ticker) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// feed sends a tick at once and after each whole second. A tick that nobody
// has taken yet is enough: a slow screen is not flooded.
func (t *Ticker) feed(ctx context.Context, ticks chan<- time.Time) {
	for woken := true; ; {
		wait := lookAgain
		if woken || !t.hidden() {
			now := t.clock.Now()
			select {
			case ticks <- now:
			default:
			}
			wait = untilNextSecond(now)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-t.wake:
			timer.Stop()
			woken = true
		case <-timer.C:
			woken = false
		}
	}
}

// untilNextSecond is how long until just after the next whole second. It is
// asked anew each time, so nothing drifts over a suspend or a clock that is
// set.
func untilNextSecond(now time.Time) time.Duration {
	const after = 2 * time.Millisecond // a timer may fire a little early
	return time.Second - time.Duration(now.Nanosecond()) + after
}

// Follow calls do on the user interface's goroutine for each tick, until ctx
// ends or ticks is closed. Tests feed the channel.
func Follow(ctx context.Context, ticks <-chan time.Time, do func(now time.Time)) {
	for {
		select {
		case <-ctx.Done():
			return
		case now, ok := <-ticks:
			if !ok {
				return
			}
			fyne.Do(func() {
				if ctx.Err() == nil {
					do(now)
				}
			})
		}
	}
}
