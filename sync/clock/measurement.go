// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import "time"

// Measurement is what was found out about the device's clock at a moment.
type Measurement struct {
	Agreement
	At Times // the device's clocks when it was made
}

// Single returns the measurement of one source that nothing else confirms.
func Single(e Estimate, at Times) Measurement {
	return Measurement{Agreement{Offset: e.Offset, Uncertainty: e.Uncertainty, With: []Estimate{e}}, at}
}

// The rules by which codes are corrected.
const (
	// Worth is the least offset that is worth correcting. A service takes the
	// neighbouring codes, too (RFC 6238, section 5.2).
	Worth = 2 * time.Second
	// Most is the largest offset that is corrected without asking: whoever makes
	// up a time far in the future would have the user show codes of that time.
	Most = 5 * time.Minute
)

// worth tells whether codes should be corrected by what was measured.
func (m *Measurement) worth() bool { return m.Offset.Abs() >= Worth }

// plain tells whether they can be corrected without asking.
func (m *Measurement) plain() bool {
	return m.Majority && m.Offset.Abs() <= Most && m.known()
}

// known tells whether the clock is off at all: one code of another device places
// it within twenty seconds, and says of most right clocks that they are not.
func (m *Measurement) known() bool { return m.Uncertainty < m.Offset.Abs() }

// Why tells why what was measured holds no longer.
type Why string

// The reasons. Their text is in the file and never changes.
const (
	Stepped   Why = "stepped"   // the device's clock was set since
	Restarted Why = "restarted" // the device was started anew: its clock may have been set
)

// Network is what the user allows to be asked on the network.
type Network string

// What can be allowed. The texts are in the file and never change.
const (
	Unasked  Network = ""       // the user was not asked yet: nothing is
	Never    Network = "never"  // nothing
	OnDemand Network = "demand" // when the user asks for it
	Daily    Network = "daily"  // also once a day
)

// Dropped tells of a correction that was taken away, until it is dismissed or
// something was measured.
type Dropped struct {
	Why    Why
	Offset time.Duration // by which codes had been corrected
}

// Status is what there is to say about the clock.
type Status struct {
	Network Network
	Servers []string // the user's own time servers, "host" or "host:port"; empty for the usual ones

	// Refused are time servers that asked not to be asked again, as they were
	// named.
	Refused []string

	Measured    *Measurement  // the last measurement; nil for none
	Age         time.Duration // since then; 0 where Stale
	Uncertainty time.Duration // of Measured now: it grows by 100 ppm
	Stale       Why           // why Measured holds no longer, "" while it does

	Applied time.Duration // what is added to the device's time to make codes; 0 for nothing
	Off     bool          // the user wants no correction
	// Ask tells that codes should be corrected, and only the user can decide it:
	// by a time that one source gave, or by more than five minutes.
	Ask     bool
	Dropped *Dropped
	Damaged bool // the file could not be read and was put aside
	Newer   bool // it is of a newer version and was left alone: nothing is kept
}

// Covers tells whether an estimate only says again what is known better: by
// several sources, or at least as exactly. Then it need not take its place.
func (s Status) Covers(e Estimate) bool {
	if s.Measured == nil || s.Stale != "" {
		return false
	}
	known := Estimate{Offset: s.Measured.Offset, Uncertainty: s.Uncertainty}
	return known.Agrees(e) && (s.Measured.Majority && !s.Old() || known.Uncertainty <= e.Uncertainty)
}

// Old tells that Measured is too old to rely on.
func (s Status) Old() bool { return s.Measured != nil && s.Stale == "" && s.Age > 28*time.Hour }
