// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"math"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// shownClock is what is known of the clock. Every field is always there.
type shownClock struct {
	// State is right (within two seconds, or as far as is known), slow, fast, or
	// unknown where nothing was measured or it holds no longer.
	State       string        `json:"state"`
	Offset      float64       `json:"offset_ms"` // true time less the clock's, as it was measured; 0 without
	Uncertainty float64       `json:"uncertainty_ms"`
	Majority    bool          `json:"majority"`    // several sources agreed
	Measured    int64         `json:"measured_at"` // Unix seconds by the device's clock; 0 for never
	Applied     float64       `json:"applied_ms"`  // what codes are corrected by
	Off         bool          `json:"off"`         // the user wants no correction
	Ask         bool          `json:"ask"`         // codes should be corrected, and only the user can decide it
	Stale       string        `json:"stale"`       // why the measurement holds no longer: stepped, restarted, or ""
	Dropped     float64       `json:"dropped_ms"`  // a correction that was dropped since; 0 for none
	Network     string        `json:"network"`     // what the user allows: never, demand, daily, or "" before the first question
	Sources     []shownSource `json:"sources"`
	Verdict     string        `json:"verdict"` // a sentence
	Notes       []string      `json:"notes"`   // sentences
	Cause       string        `json:"cause"`   // zone, year, manual, or ""
}

// shownSource is what one source said.
type shownSource struct {
	Kind        clock.Kind `json:"kind"`
	Name        string     `json:"name"`
	Operator    string     `json:"operator"`
	Offset      float64    `json:"offset_ms"`
	Uncertainty float64    `json:"uncertainty_ms"`
	Proven      bool       `json:"proven"` // nobody on the way made the answer up
	Agrees      bool       `json:"agrees"` // it was believed
}

func showVerdict(s clock.Status, v verdict.Verdict) *shownClock {
	c := &shownClock{
		State: "unknown", Applied: inMS(s.Applied), Off: s.Off, Ask: s.Ask, Stale: string(s.Stale), Network: string(s.Network),
		Uncertainty: inMS(s.Uncertainty), Verdict: v.Headline, Notes: append([]string{}, v.Notes...),
		Cause:   map[verdict.Cause]string{verdict.Zone: "zone", verdict.Year: "year", verdict.Manual: "manual"}[v.Cause],
		Sources: []shownSource{},
	}
	if s.Dropped != nil {
		c.Dropped = inMS(s.Dropped.Offset)
	}
	m := s.Measured
	if m == nil {
		return c
	}
	c.Offset, c.Majority, c.Measured = inMS(m.Offset), m.Majority, m.At.Wall.Unix()
	if s.Stale == "" {
		c.State = state(m)
	}
	for _, e := range m.With {
		c.Sources = append(c.Sources, showSource(e, true))
	}
	for _, e := range m.Against {
		c.Sources = append(c.Sources, showSource(e, false))
	}
	return c
}

func state(m *clock.Measurement) string {
	switch off := m.Offset.Abs(); {
	case off < clock.Worth || off <= m.Uncertainty:
		return "right"
	case m.Offset > 0:
		return "slow"
	}
	return "fast"
}

func showSource(e clock.Estimate, agrees bool) shownSource {
	return shownSource{e.Kind, e.Name, e.Operator, inMS(e.Offset), inMS(e.Uncertainty), e.Proven, agrees}
}

// inMS gives milliseconds to the microsecond.
func inMS(d time.Duration) float64 { return math.Round(float64(d)/1e3) / 1e3 }
