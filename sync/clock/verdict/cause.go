// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
)

// Impossible tells whether a time cannot be now, whatever anyone says of it.
func Impossible(now time.Time) bool { return now.Year() < 2025 || now.Year() > 2100 }

const (
	// zoneSlack is how far a person is off who sets a clock by hand.
	zoneSlack = 2 * time.Minute
	// ages is from when on a wrong date is to be spoken of.
	ages = 60 * day
)

// cause guesses why a clock is off by what was measured.
func cause(m *clock.Measurement, h system.Hint, now time.Time) Cause {
	switch off := m.Offset.Abs(); {
	case off > ages || Impossible(now):
		return Year
	case off < clock.Worth:
		return NoCause
	case zone(off, m.Uncertainty) != 0:
		return Zone
	case h.Automatic == system.No:
		return Manual
	}
	return NoCause
}

// quarters are the zones of three quarters: Nepal, Eucla and Chatham.
var quarters = []time.Duration{5*time.Hour + 45*time.Minute, 8*time.Hour + 45*time.Minute, 12*time.Hour + 45*time.Minute}

// zone returns the difference of time zones that an offset is, or 0. They differ
// by whole and half hours, or by three quarters.
func zone(off, uncertainty time.Duration) time.Duration {
	if uncertainty > zoneSlack {
		return 0 // then anything fits
	}
	near := off.Round(30 * time.Minute)
	for _, at := range quarters {
		if (off - at).Abs() < (off - near).Abs() {
			near = at
		}
	}
	if near == 0 || near > 14*time.Hour || (off-near).Abs() > uncertainty+zoneSlack {
		return 0
	}
	return near
}

// causeNote says what a wrong clock probably comes from.
func causeNote(c Cause, m *clock.Measurement) string {
	switch c {
	case Year:
		return words.T("The date is wrong. Secure web pages do not open either with a date like that.")
	case Manual:
		return words.T("Setting the time automatically is switched off.")
	case Zone:
		size := Size(zone(m.Offset.Abs(), m.Uncertainty))
		if size == Size(m.Offset) {
			return words.T("It is off by exactly {size}: the time zone was probably set by hand, or the clock was set to the time of another zone.", "size", size)
		}
		return words.T("It is off by nearly {size}: the time zone was probably set by hand, or the clock was set to the time of another zone.", "size", size)
	}
	return ""
}
