// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !windows

package away

import (
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// Clocks returns the wall's clock and the process's own, which stands still
// while the computer sleeps.
func Clocks() Times {
	c := clock.Wall{}
	return wallClocks{c, c.Now()}
}

type wallClocks struct {
	clock clock.Clock
	start time.Time
}

// Moment is part of Times.
func (c wallClocks) Moment() Moment {
	now := c.clock.Now()
	return Moment{Awake: now.Sub(c.start), All: now.Round(0).Sub(c.start.Round(0))}
}

// Slack is more than what sets the wall's clock sets it by.
func (wallClocks) Slack() time.Duration { return time.Minute }
