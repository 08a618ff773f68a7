// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package clock gives the time that codes are made with.
//
// Everything that needs the time takes a [Clock]; nothing else in the product
// calls time.Now, so that a test can turn the clock.
package clock

import "time"

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Wall is the device's own clock.
type Wall struct{}

// Now returns the device's wall time.
func (Wall) Now() time.Time { return time.Now() }
