// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package system knows the operating system's side of the clock: what the system
// says of it by itself, how a person sets it right, and the page of the system's
// settings where that is done. It asks nothing on the network.
package system

import "time"

// Answer is yes, no, or not known.
type Answer uint8

// The answers.
const (
	NotKnown Answer = iota
	Yes
	No
)

// Hint is what the system says of its clock. It is a hint: a system that was
// told a wrong time says that all is well.
type Hint struct {
	Synced    Answer        // the clock is kept right by something, as far as the system knows
	MaxError  time.Duration // its own bound on the error where Synced is Yes; 0 where not known
	Automatic Answer        // setting the time automatically is switched on
	// ZoneAutomatic: setting the time zone automatically is switched on.
	ZoneAutomatic Answer
	// Zone is the time zone's name, such as "Europe/Berlin" or, on Windows,
	// "W. Europe Standard Time"; may be empty.
	Zone string
}
