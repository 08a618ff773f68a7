// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/ui/kit"
)

// queuedApp is Fyne's test app with a queue in place of a user interface's
// goroutine: what fyne.Do is given runs when the test settles, on the test's
// goroutine. Fyne's own test driver would run it at once, beside the test.
type queuedApp struct {
	fyne.App
	driver *queuedDriver
}

func (a *queuedApp) Driver() fyne.Driver { return a.driver }

type queuedDriver struct {
	fyne.Driver
	mu    sync.Mutex
	queue []func()
}

// DoFromGoroutine keeps f for later. Nobody here may wait for it.
func (d *queuedDriver) DoFromGoroutine(f func(), wait bool) {
	if wait {
		panic("a test's goroutine would wait for itself")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, f)
}

func newQueuedApp(t testing.TB) *queuedApp {
	a := test.NewTempApp(t)
	q := &queuedApp{a, &queuedDriver{Driver: a.Driver()}}
	fyne.SetCurrentApp(q)
	return q
}

// settle waits until nothing is under way and shows what came.
func (b *bench) settle() {
	for {
		kit.Settle()
		if b.run() == 0 {
			return
		}
	}
}

// run shows what came so far and returns how much that was.
func (b *bench) run() int {
	d := b.app.driver
	d.mu.Lock()
	q := d.queue
	d.queue = nil
	d.mu.Unlock()
	for _, f := range q {
		f()
	}
	return len(q)
}
