// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package moment says what time it is. Nothing else in the service asks the
// system for the time, so that tests decide it.
package moment

import "time"

// Clock tells the present time.
type Clock func() time.Time

// Now is the Clock of the system, in UTC and to the millisecond, as times are stored.
func Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
