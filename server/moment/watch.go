// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package moment

import "time"

// Watch starts to measure a time, and returns how to read it. It goes by the
// monotonic clock: setting the system's clock does not change what it reads.
func Watch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
