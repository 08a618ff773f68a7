// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import (
	"context"
	"sync"
	"time"
)

// Moment is a point in time on two clocks, each since some start of its own.
type Moment struct {
	Awake time.Duration // stands still while the computer sleeps
	All   time.Duration // goes on
}

// Times tells the time on both clocks.
type Times interface {
	Moment() Moment
	// Slack is by how much the clocks may differ between two looks without
	// the computer having slept.
	Slack() time.Duration
}

// Around is what a watcher needs of the world. Only Times and Gone have to be
// there.
type Around struct {
	Times Times
	// Idle returns what tells for how long nothing was typed or moved on this
	// computer, and whether that is known. It is called once for each Start and
	// holds what it needs until ctx ends.
	Idle func(ctx context.Context) func() (time.Duration, bool)
	// Signals calls say for whatever the system tells of, until ctx ends.
	Signals func(ctx context.Context, say func(Reason))
	// After is time.After, but in tests.
	After func(d time.Duration) <-chan time.Time
	// Gone is called with why the user is away, from any goroutine, and maybe
	// more than once.
	Gone func(Reason)
}

// Watcher watches whether the user is there. Its methods may be called from any
// goroutine and wait for nothing.
type Watcher struct {
	around Around

	mu     sync.Mutex
	policy policy
	stop   context.CancelFunc
	runs   sync.WaitGroup
}

// New returns a watcher that rests.
func New(a Around) *Watcher {
	if a.Idle == nil {
		a.Idle = func(context.Context) func() (time.Duration, bool) { return nil }
	}
	if a.After == nil {
		a.After = time.After
	}
	return &Watcher{around: a, policy: policy{slack: a.Times.Slack()}}
}

// Start begins to watch, from a user who is there. One that watches already goes
// on by the new rules. Without any rule nothing runs.
func (w *Watcher) Start(r Rules) {
	w.Stop()
	if r == (Rules{}) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	w.policy.begin(r, w.around.Times.Moment())
	if r.Idle > 0 || r.Suspend {
		w.runs.Go(func() { w.run(ctx, r.Idle > 0) })
	}
	if w.around.Signals != nil && (r.Screen || r.Suspend) {
		w.runs.Go(func() { w.around.Signals(ctx, func(why Reason) { w.say(ctx, why) }) })
	}
}

// Stop ends the watching.
func (w *Watcher) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}

// Running reports whether it watches.
func (w *Watcher) Running() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stop != nil
}

// Input notes that our own window is used.
func (w *Watcher) Input() {
	now := w.around.Times.Moment()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.policy.used = now.All
}

// Look notices at once that the computer has slept, and that it is late. It asks
// the clocks only.
func (w *Watcher) Look() {
	w.mu.Lock()
	slept := w.stop != nil && w.policy.slept(w.around.Times.Moment())
	w.mu.Unlock()
	if slept {
		w.say(context.Background(), Suspended)
	}
}

// PutAway notes that the window is minimised or was hidden.
func (w *Watcher) PutAway() { w.say(context.Background(), Minimised) }

// say tells Gone of a reason that counts, while it watches.
func (w *Watcher) say(ctx context.Context, why Reason) {
	w.mu.Lock()
	tell := w.stop != nil && ctx.Err() == nil && w.policy.rules.counts(why)
	w.mu.Unlock()
	if tell {
		w.around.Gone(why)
	}
}

// run looks whenever something could be due.
func (w *Watcher) run(ctx context.Context, asks bool) {
	var idle func() (time.Duration, bool)
	if asks {
		idle = w.around.Idle(ctx)
	}
	for {
		var system time.Duration
		known := false
		if idle != nil {
			system, known = idle()
		}
		now := w.around.Times.Moment()
		w.mu.Lock()
		if ctx.Err() != nil {
			w.mu.Unlock()
			return
		}
		why, wait := w.policy.look(now, system, known)
		w.mu.Unlock()
		if why != None {
			w.say(ctx, why)
			wait = atMost
		}
		select {
		case <-ctx.Done():
			return
		case <-w.around.After(wait):
		}
	}
}
