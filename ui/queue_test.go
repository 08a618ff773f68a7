// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"time"

	"github.com/kutano/authenticator/ui/kit"
)

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		r.u.model.Settle()
		again = r.app.Flush()
		select {
		case <-r.u.Opening.changed:
			r.u.refreshCodes()
			again = true
		default:
		}
	}
}

// waitFor waits for what another goroutine does.
func (r *rig) waitFor(f func() bool) {
	r.t.Helper()
	for range 500 {
		r.app.Flush()
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.t.Fatal("waited 5 s in vain")
}
