// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin && !windows

package clock

import "time"

var start = time.Now()

// steered: Boot may run as the hardware does.
const steered = false

// Now reads the clocks there are: the process's own stands for the system's, so
// that a new process is taken for a new start of the system.
func Now() Times {
	now := time.Now()
	return Times{Wall: now, Boot: now.Sub(start), BootID: ownID()}
}
