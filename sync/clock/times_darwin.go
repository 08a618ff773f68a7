// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// continuous is CLOCK_MONOTONIC_RAW, which counts sleep on this system, as
// CLOCK_MONOTONIC does; but that is turned together with the wall clock.
const continuous = 4

// steered: Boot runs as the hardware does.
const steered = false

// Now reads the clocks of the system.
func Now() Times {
	t := Times{Wall: time.Now(), BootID: bootID()}
	var ts unix.Timespec
	if unix.ClockGettime(continuous, &ts) == nil {
		t.Boot = time.Duration(ts.Nano())
	} else {
		t.BootID = ""
	}
	return t
}

var bootID = sync.OnceValue(func() string {
	id, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ownID()
	}
	return id
})
