// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// clock is how the time was found by which codes are made: the device's clock, with
// the correction where one is applied, for whoever helps has to know whether codes
// are refused by reason of it.
//
// A year that cannot be is wrong whoever says so. Else it is unchecked where
// nothing was measured, where that holds no longer, and where what was measured is
// not known well enough to tell a right clock from a wrong one: within twenty
// seconds, as one code of another device tells it, or right by a measurement that
// is older than a day.
func (s Sources) clock() Clock {
	if verdict.Impossible(s.Now) {
		return WrongYear
	}
	m := s.Clock.Measured
	if m == nil || s.Clock.Stale != "" {
		return ClockUnchecked
	}
	left := m.Offset - s.Clock.Applied
	off := left.Round(time.Second)
	switch {
	case off.Abs() < 3*time.Second:
		if s.Clock.Old() || s.Clock.Uncertainty > wellKnown {
			return ClockUnchecked
		}
		return ClockRight
	case left.Abs() <= s.Clock.Uncertainty:
		return ClockUnchecked
	case s.Clock.Applied != 0: // what is left is no time zone's
		return bySize(off)
	}
	switch verdict.Of(s.Clock, s.Hint, s.Now).Cause {
	case verdict.Year:
		return WrongYear
	case verdict.Zone:
		return WholeHours
	}
	return bySize(off)
}

// wellKnown is how uncertain a clock may be that counts as right: what no service
// minds.
const wellKnown = 5 * time.Second

// bySize tells which stretch an offset lies in, given in whole seconds.
func bySize(off time.Duration) Clock {
	from := Fast3 // the true time is behind the device's
	if off > 0 {
		from = Slow3
	}
	step := Clock(0)
	for _, at := range []float64{11, 30, 60, 90} {
		if off.Abs().Seconds() >= at {
			step++
		}
	}
	return from + step
}

// trusted are the kinds of sources, the one that codes go by first.
var trusted = []struct {
	kind clock.Kind
	is   Source
}{
	{clock.Service, ServerTime},
	{clock.NTS, NTP},
	{clock.NTP, NTP},
	{clock.Web, ServerTime},
	{clock.Codes, OtherDevice},
	{clock.Tries, ServerTime}, // a service took codes, or did not
}

// source is who said so: of several that agree, the one that codes go by. Where
// nobody did, there is none.
func (s Sources) source() Source {
	m := s.Clock.Measured
	if c := s.clock(); c == ClockUnchecked || m == nil || s.Clock.Stale != "" {
		return NoSource
	}
	for _, t := range trusted {
		if has(m.With, t.kind) {
			return t.is
		}
	}
	return NoSource
}

func has(all []clock.Estimate, k clock.Kind) bool {
	for _, e := range all {
		if e.Kind == k {
			return true
		}
	}
	return false
}
