// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import (
	"time"

	"golang.org/x/sys/unix"
)

// Clocks returns the system's clocks: since its start, with and without the time
// that it slept. No one can set them.
func Clocks() Times { return bootClocks{} }

type bootClocks struct{}

// Moment is part of Times.
func (bootClocks) Moment() Moment {
	return Moment{Awake: read(unix.CLOCK_MONOTONIC), All: read(unix.CLOCK_BOOTTIME)}
}

// Slack is far more than the time between reading both.
func (bootClocks) Slack() time.Duration { return 2 * time.Second }

func read(clock int32) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(clock, &t) != nil {
		return 0 // both clocks are there since Linux 2.6.39
	}
	return time.Duration(t.Nano())
}
