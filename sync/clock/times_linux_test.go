// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"testing"
	"time"
)

// Here a step can be told from what is done about an oscillator, so that a small
// one is noticed after days, too.
func TestSmallStepAfterDays(t *testing.T) {
	for _, by := range []time.Duration{3 * time.Second, -3 * time.Second} {
		d := newDevice()
		c := Open("", d.read)
		check(t, c.Take(d.measured(9*time.Second, true)))
		if d.pass(2 * day); c.Status().Applied == 0 {
			t.Fatal("dropped though nobody set the clock")
		}
		if d.set(by); c.Status().Stale != Stepped {
			t.Errorf("set by %v after two days, and it was not noticed", by)
		}
	}
}
