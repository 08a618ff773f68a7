// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/timeserver"
)

const (
	ms  = time.Millisecond
	day = 24 * time.Hour
)

// says is how a source answers: after a while with an offset or an error.
type says struct {
	after  time.Duration
	offset time.Duration
	err    error
	deaf   bool // it does not notice that nobody waits any longer
}

// never is no answer.
const never = time.Hour

func (s says) answer(ctx context.Context, e clock.Estimate) (clock.Estimate, error) {
	t := time.NewTimer(s.after)
	defer t.Stop()
	if s.deaf {
		ctx = context.Background()
	}
	select {
	case <-t.C:
	case <-ctx.Done():
		return clock.Estimate{}, fmt.Errorf("%w: %w", timeserver.ErrNoAnswer, ctx.Err())
	}
	if s.err != nil {
		return clock.Estimate{}, s.err
	}
	e.Offset = s.offset
	return e, nil
}

// world are sources that a test makes up, by the names of their hosts.
type world struct {
	plain, proven, dates, services map[string]says

	mu    sync.Mutex
	asked []string
	turn  atomic.Int64 // how far the device's clock was set
	start time.Time
}

func (w *world) note(kind clock.Kind, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, string(kind)+" "+name)
}

// questions are who was asked, in order of the alphabet.
func (w *world) questions() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(slices.Values(w.asked))
}

func (w *world) Ask(ctx context.Context, s timeserver.Server) (clock.Estimate, error) {
	w.note(clock.NTP, s.Host)
	return w.plain[s.Host].answer(ctx, clock.Estimate{Uncertainty: 20 * ms, Kind: clock.NTP, Name: s.Name(), Operator: s.Operator})
}

func (w *world) AskProven(ctx context.Context, s timeserver.Server) (clock.Estimate, error) {
	w.note(clock.NTS, s.KeyExchange)
	return w.proven[s.KeyExchange].answer(ctx, clock.Estimate{Uncertainty: 40 * ms, Kind: clock.NTS, Name: s.Name(), Proven: true})
}

func (w *world) Date(ctx context.Context, host string) (clock.Estimate, error) {
	w.note(clock.Web, host)
	return w.dates[host].answer(ctx, clock.Estimate{Uncertainty: 500 * ms, Kind: clock.Web, Name: hostOf(host), Proven: true})
}

func (w *world) Service(ctx context.Context, base string) (clock.Estimate, error) {
	w.note(clock.Service, base)
	return w.services[base].answer(ctx, clock.Estimate{Uncertainty: 50 * ms, Kind: clock.Service, Name: hostOf(base), Proven: true})
}

func (w *world) read() clock.Times {
	now := time.Now()
	return clock.Times{Wall: now.Add(time.Duration(w.turn.Load())), Boot: now.Sub(w.start), BootID: "one"}
}

// servers are as many as there are plain answers, each of its own operator, and
// none with NTS.
func (w *world) servers(names ...string) (all []timeserver.Server) {
	for _, n := range names {
		s := timeserver.Server{Host: n, Operator: "who runs " + n}
		if _, ok := w.proven[n]; ok {
			s.KeyExchange = n
		}
		all = append(all, s)
	}
	return all
}

// run measures in a time of its own, which passes at once; it returns how long
// it took.
func (w *world) run(t *testing.T, o Options, check func(r Result, took time.Duration, err error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w.start, w.asked = time.Now(), nil
		o.Read = w.read
		if o.Within == 0 {
			o.Within = usualWithin
		}
		if o.Web == nil {
			o.Web = []string{}
		}
		r, err := measure(t.Context(), o, w, w)
		took := time.Since(w.start)
		time.Sleep(never) // those that hang end, too
		check(r, took, err)
	})
}
