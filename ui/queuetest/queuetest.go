// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package queuetest gives the screens' tests Fyne's test app with a queue in
// place of a user interface's goroutine: what fyne.Do is given runs when the test
// says so, on the test's own goroutine. Fyne's own test driver would run it at
// once, beside the test. It is for tests only.
package queuetest

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// App is the current app of a test.
type App struct {
	fyne.App
	driver *driver
}

// New makes an app the current one until the test ends.
func New(t testing.TB) *App {
	a := test.NewTempApp(t)
	q := &App{a, &driver{Driver: a.Driver()}}
	fyne.SetCurrentApp(q)
	return q
}

// Driver is that of the test app, but for the queue.
func (a *App) Driver() fyne.Driver { return a.driver }

// Flush does what is queued and reports whether there was anything.
func (a *App) Flush() bool {
	d := a.driver
	d.mu.Lock()
	q := d.queue
	d.queue = nil
	d.mu.Unlock()
	for _, f := range q {
		f()
	}
	return len(q) > 0
}

type driver struct {
	fyne.Driver
	mu    sync.Mutex
	queue []func()
}

// DoFromGoroutine keeps f for later. Nobody here may wait for it.
func (d *driver) DoFromGoroutine(f func(), wait bool) {
	if wait {
		panic("a test's goroutine would wait for itself")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, f)
}
