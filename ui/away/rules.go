// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import "time"

// Reason is why the user is taken to be away.
type Reason uint8

// The reasons.
const (
	None         Reason = iota
	Idle                // nothing was typed or moved for the time of the rules
	Minimised           // the window was put away
	Suspended           // the computer sleeps, or slept
	ScreenLocked        // the screen was locked, or its saver began
)

// Rules are which signs count.
type Rules struct {
	Idle      time.Duration // without anything typed or moved; 0 for never
	Minimised bool
	Suspend   bool
	Screen    bool
}

// counts reports whether the rules ask for a lock for a reason. How long is long
// enough to be idle was decided before.
func (r Rules) counts(why Reason) bool {
	switch why {
	case Idle:
		return r.Idle > 0
	case Minimised:
		return r.Minimised
	case Suspended:
		return r.Suspend
	case ScreenLocked:
		return r.Screen
	}
	return false
}

const (
	// atMost is how long a sign of sleep may go unnoticed by a window that is
	// hidden, and atLeast how often anything is asked.
	atMost  = time.Minute
	atLeast = time.Second
)

// policy decides from what is known at one moment, without waiting for anything.
// All times are since some start.
type policy struct {
	rules Rules
	slack time.Duration // by how much two looks at the clocks may differ

	last Moment        // the look before
	used time.Duration // when our own window was used last, on Moment.All
}

// begin starts with a user who is there.
func (p *policy) begin(r Rules, now Moment) { p.rules, p.last, p.used = r, now, now.All }

// slept reports whether the computer slept since the look before.
func (p *policy) slept(now Moment) bool {
	jump := (now.All - p.last.All) - (now.Awake - p.last.Awake)
	p.last = now
	return jump > p.slack
}

// look decides. Of the system's idle time, known tells whether there is any. The
// wait is how long nothing can become due.
func (p *policy) look(now Moment, system time.Duration, known bool) (why Reason, wait time.Duration) {
	if p.slept(now) && p.rules.Suspend {
		return Suspended, 0
	}
	wait = atMost
	if p.rules.Idle == 0 {
		return None, wait
	}
	quiet := now.All - p.used
	if known {
		quiet = min(quiet, system)
	}
	if quiet >= p.rules.Idle {
		return Idle, 0
	}
	return None, max(min(wait, p.rules.Idle-quiet), atLeast)
}
