// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// TestMinimisedWindowIsLeftAlone: nothing reaches the user interface's
// goroutine while the window is minimised, and what comes back is right.
func TestMinimisedWindowIsLeftAlone(t *testing.T) {
	r := newRig(t, kutanoURI)
	var away atomic.Bool
	r.u.Minimised = away.Load
	r.u.Start()
	r.waitFor(func() bool { return r.sees(grouped(codeOf(t, kutanoURI, noon))) })
	away.Store(true)
	time.Sleep(1100 * time.Millisecond)
	r.settle() // a tick may have been under way
	later := noon.Add(40 * time.Second)
	r.clock.set(later)
	time.Sleep(2200 * time.Millisecond)
	if r.app.Flush() {
		t.Error("something was done while nobody could see it")
	}
	if r.sees(grouped(codeOf(t, kutanoURI, later))) {
		t.Error("a code was computed while nobody could see it")
	}
	entered, ok := r.app.Lifecycle().(interface{ OnEnteredForeground() func() })
	if !ok {
		t.Fatal("Fyne has no such event any more")
	}
	back := time.Now()
	entered.OnEnteredForeground()()
	r.waitFor(func() bool { return r.sees(grouped(codeOf(t, kutanoURI, later))) })
	if took := time.Since(back); took > 2*time.Second {
		t.Errorf("the code came after %v", took)
	}
}

// A copy that waits for the next code is done, wherever the window is.
func TestMinimisedWindowFinishesACopy(t *testing.T) {
	r := newRig(t, kutanoURI)
	var away atomic.Bool
	r.u.Minimised = away.Load
	s := r.u.Settings.Get()
	s.WaitForNext = true
	r.u.applySettings(s)
	r.tick(noon.Add(17 * time.Second))
	r.key(fyne.KeyReturn)
	if r.u.unseen() || !r.u.codes.Waiting() {
		t.Fatal("no copy waits")
	}
	away.Store(true)
	next := noon.Add(20 * time.Second)
	r.clock.set(next)
	r.u.Start()
	r.waitFor(func() bool { return r.lent.holds() == codeOf(t, kutanoURI, next) })
	if !r.u.unseen() {
		t.Error("it goes on ticking after the copy")
	}
}

// nativeWindow is a window whose handle comes late.
type nativeWindow struct {
	fyne.Window
	context any
	asked   int
}

func (w *nativeWindow) RunNative(f func(any)) { w.asked++; f(w.context) }

func TestMinimisedAsksForTheHandle(t *testing.T) {
	r := newRig(t)
	w := &nativeWindow{Window: r.w, context: driver.UnknownContext{}}
	is := Minimised(w)
	for range 3 {
		if is() {
			t.Error("minimised, of a window that nobody knows")
		}
		r.settle()
	}
	if w.asked != 1 {
		t.Errorf("asked for the handle %d times", w.asked)
	}
	if Minimised(struct{ fyne.Window }{r.w})() {
		t.Error("minimised, of a window without a handle")
	}
}
