// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
)

// add adds two durations that are not negative, and ends at the longest.
func add(a, b time.Duration) time.Duration {
	if sum := a + b; sum >= a {
		return sum
	}
	return math.MaxInt64
}

// odds says how many codes still pass, where it is neither all nor none.
func odds(left float64) string {
	n := int(math.Round(left * 10))
	switch {
	case left <= 0 || left >= 1:
		return ""
	case n < 1:
		return words.T("Hardly any code is still taken.")
	case n > 9:
		return words.T("Nearly all codes are still taken.")
	}
	return words.N(n, "About 1 of 10 codes is still taken.", "About {n} of 10 codes are still taken.")
}

// ask says why the user is asked whether to correct codes.
func ask(s clock.Status) string {
	m := s.Measured
	why := words.T("It is not known well enough to correct your codes without asking.")
	switch {
	case m.Offset.Abs() > clock.Most:
		why = words.T("That is more than five minutes, so you are asked before your codes are corrected.")
	case !m.Majority && len(m.With) <= 1:
		why = words.T("Only one source says so, so you are asked before your codes are corrected.")
	case !m.Majority:
		why = words.T("Too few sources agree on it, so you are asked before your codes are corrected.")
	}
	if m.Offset > 0 {
		why += " " + words.T("Someone could be giving you a wrong time to see codes of the future.")
	}
	return why
}

// doubts says what there is against a measurement.
func (v *Verdict) doubts(s clock.Status) {
	m := s.Measured
	off := m.Offset.Abs()
	switch {
	case off < clock.Worth:
	case s.Uncertainty >= off/2:
		v.note(words.T("That is uncertain: it may be anything from {from} to {to}.",
			"from", sided(m.Offset, -s.Uncertainty), "to", sided(m.Offset, s.Uncertainty)))
	case s.Uncertainty >= time.Second:
		v.note(words.T("That is known to within {size}.", "size", Within(s.Uncertainty)))
	}
	if n := len(m.Against); n > 0 {
		all := n + len(m.With)
		v.note(words.N(n, "1 of {all} sources says something else and was not believed.",
			"{n} of {all} sources say something else and were not believed.", "all", all))
	}
	if s.Old() {
		v.note(words.T("That was measured {size} ago.", "size", Size(s.Age)))
	}
}

// sided says where a clock stands that is off by the sum of two offsets.
func sided(a, b time.Duration) string {
	f := float64(a) + float64(b)
	d := time.Duration(max(min(f, math.MaxInt64/2), -math.MaxInt64/2))
	switch {
	case d.Abs() < 500*time.Millisecond:
		return words.T("right")
	case d > 0:
		return words.T("{size} slow", "size", Size(d))
	}
	return words.T("{size} fast", "size", Size(d))
}
