// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"crypto/rand"
	"math"
	"sync"
	"time"
)

// Times are the device's clocks at one moment.
type Times struct {
	Wall time.Time // can be set by anyone
	// Boot is the time since the system started, sleep included. Nobody can set
	// it.
	Boot time.Duration
	// Slewed is how far the system has turned its clocks by making them run
	// faster (positive) or slower since it started, 0 where that is not known.
	Slewed time.Duration
	// BootID is another after each start of the system. Where that does not tell
	// its starts apart, it is another in each process.
	BootID string
}

// The device's oscillator is taken to be off by at most so much, and what the
// system does about it is not taken for a change of the clock.
const (
	drift = 10_000 // one part in so many: 100 ppm
	slack = 2 * time.Second
	// unseen is what that comes to at most while codes are corrected: a clock that
	// is set right after weeks must not pass for one that a system steadied.
	unseen    = 8 * time.Second
	unlimited = time.Duration(math.MaxInt64)
)

// Shift returns by how much the wall clock was set, or turned by running it
// faster or slower, between t and a later moment: positive is forward. The
// second result is false where the system was started anew in between, so that
// it cannot be told.
func (t Times) Shift(later Times) (time.Duration, bool) {
	if t.BootID == "" || t.BootID != later.BootID || later.Boot < t.Boot {
		return 0, false
	}
	step := later.Wall.Round(0).Sub(t.Wall.Round(0)) - (later.Boot - t.Boot)
	return step + later.Slewed - t.Slewed, true
}

// since returns how long ago t was, and whether the wall clock has been the same
// since, but for what is done about an oscillator, and that up to a limit.
func (t Times) since(later Times, limit time.Duration) (age time.Duration, shift time.Duration, why Why) {
	shift, ok := t.Shift(later)
	if !ok {
		return 0, 0, Restarted
	}
	age = later.Boot - t.Boot
	step := shift - (later.Slewed - t.Slewed)
	if steered && step.Abs() > slack || shift.Abs() > slack+min(age/drift, limit) {
		return age, shift, Stepped
	}
	return age, shift, ""
}

// ownID stands for a start of the system that has no name: what was measured then
// holds until the process ends.
var ownID = sync.OnceValue(rand.Text)
