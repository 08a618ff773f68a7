// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// What the system does about its oscillator turns Boot, too:
// what is between it and the wall clock is a step, however long ago.
const steered = true

// Now reads the clocks of the system. The one that runs on as the hardware does
// tells how much the system has turned the others; neither counts sleep.
func Now() Times {
	return Times{
		Wall: time.Now(), Boot: read(unix.CLOCK_BOOTTIME), BootID: bootID(),
		Slewed: read(unix.CLOCK_MONOTONIC) - read(unix.CLOCK_MONOTONIC_RAW),
	}
}

func read(clock int32) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(clock, &t) != nil {
		return 0 // all are there since Linux 2.6.39
	}
	return time.Duration(t.Nano())
}

// Some sandboxes have no /proc.
var bootID = sync.OnceValue(func() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ownID()
	}
	return strings.TrimSpace(string(b))
})
