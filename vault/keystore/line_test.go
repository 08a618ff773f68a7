// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var nominal = limits{silent: 3 * time.Second, prompt: 65 * time.Second, answer: time.Minute, coolDown: 15 * time.Second}

func TestLineOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newLine(nominal)
		var inside, most atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				err := ln.do(t.Context(), silent, func() error {
					most.Store(max(most.Load(), inside.Add(1)))
					time.Sleep(100 * time.Millisecond)
					inside.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 {
			t.Errorf("%d at a time", most.Load())
		}
	})
}

func TestLinePanics(t *testing.T) {
	ln := newLine(nominal)
	err := ln.do(t.Context(), silent, func() error { panic("in the library") })
	if !errors.Is(err, ErrFailed) {
		t.Errorf("%v, want %v", err, ErrFailed)
	}
	if err := ln.do(t.Context(), silent, func() error { return nil }); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

// A hang costs one caller three seconds, those behind it nothing more, and
// after the cool-down the next is let through.
func TestLineHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newLine(nominal)
		answer := make(chan struct{})
		hang := func() error { <-answer; return nil }
		start := time.Now()
		behind := make(chan error, 1)
		go func() {
			time.Sleep(time.Second)
			behind <- ln.do(t.Context(), silent, func() error { return nil })
		}()
		if err := ln.do(t.Context(), silent, hang); !errors.Is(err, ErrTimeout) || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if err := <-behind; !errors.Is(err, ErrTimeout) || time.Since(start) != 3*time.Second {
			t.Errorf("behind it: %v after %v", err, time.Since(start))
		}
		if err := ln.do(t.Context(), silent, hang); !errors.Is(err, ErrTimeout) || time.Since(start) != 3*time.Second {
			t.Errorf("next: %v after %v", err, time.Since(start))
		}
		time.Sleep(15*time.Second + time.Millisecond)
		if err := ln.do(t.Context(), silent, func() error { return nil }); err != nil {
			t.Errorf("after the cool-down: %v", err)
		}
		close(answer)
		synctest.Wait()
		if ln.abandoned != 0 {
			t.Errorf("%d abandoned", ln.abandoned)
		}
		if err := ln.do(t.Context(), silent, func() error { return nil }); err != nil {
			t.Errorf("after the answer: %v", err)
		}
	})
}

// With four calls hanging the line stays closed, and opens when one returns.
func TestLineManyHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newLine(nominal)
		answers := make([]chan struct{}, maxAbandoned)
		for i := range answers {
			answers[i] = make(chan struct{})
			err := ln.do(t.Context(), silent, func() error { <-answers[i]; return nil })
			if !errors.Is(err, ErrTimeout) {
				t.Fatal(err)
			}
			time.Sleep(nominal.coolDown + time.Second)
		}
		called := false
		call := func() error { called = true; return nil }
		time.Sleep(time.Hour)
		if err := ln.do(t.Context(), silent, call); !errors.Is(err, ErrTimeout) || called {
			t.Errorf("a fifth call: %v", err)
		}
		close(answers[0])
		synctest.Wait()
		if err := ln.do(t.Context(), silent, call); err != nil || !called {
			t.Errorf("after an answer: %v", err)
		}
		for _, a := range answers[1:] {
			close(a)
		}
		synctest.Wait()
		if ln.abandoned != 0 || len(ln.free) != 1 {
			t.Errorf("%d abandoned, %d tokens", ln.abandoned, len(ln.free))
		}
	})
}

// A caller whose context ends goes; its call keeps the line until it returns.
func TestLineCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newLine(nominal)
		reason := errors.New("window closed")
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { time.Sleep(time.Second); cancel(reason) }()
		start := time.Now()
		err := ln.do(ctx, perhaps, func() error { time.Sleep(2 * time.Second); return nil })
		if !errors.Is(err, reason) || !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if err := ln.do(ctx, silent, func() error { return nil }); !errors.Is(err, reason) {
			t.Errorf("ended before: %v", err)
		}
		short, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer stop()
		if err := ln.do(short, silent, func() error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended while waiting: %v", err)
		}
		if err := ln.do(t.Context(), silent, func() error { return nil }); err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestLineBehindPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newLine(nominal)
		done := make(chan error, 1)
		go func() {
			done <- ln.do(t.Context(), asking, func() error { time.Sleep(50 * time.Second); return nil })
		}()
		synctest.Wait()
		start := time.Now()
		if err := ln.do(t.Context(), silent, func() error { return nil }); !errors.Is(err, ErrLocked) || time.Since(start) != 0 {
			t.Errorf("silent: %v after %v", err, time.Since(start))
		}
		if err := ln.do(t.Context(), asking, func() error { return nil }); err != nil {
			t.Errorf("second prompt waits for the first: %v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		go func() {
			done <- ln.do(t.Context(), perhaps, func() error { time.Sleep(50 * time.Second); return nil })
		}()
		synctest.Wait()
		start = time.Now()
		if err := ln.do(t.Context(), silent, func() error { return nil }); !errors.Is(err, ErrTimeout) || time.Since(start) != 3*time.Second {
			t.Errorf("behind a long call: %v after %v", err, time.Since(start))
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
