// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

const (
	// period is the length of a code's step at nearly every service.
	period = 30 * time.Second
	// around is how many steps the picture shows on each side of the service's.
	around = 2
	// harmless is what no service minds: a person takes longer to type a code.
	harmless = 5 * time.Second
	// mostly is the part of codes that still pass below which they are said to be
	// refused: a clock that is 45 seconds off is said to be the same either way.
	mostly = 0.45
)

// accepted returns the share of all moments, from 0 to 1, at which a service
// takes a code of a clock that is off by a number of seconds ± another. It takes
// the code of its own step and those beside (RFC 6238, section 5.2).
func accepted(off, uncertainty float64) float64 {
	if uncertainty < 1e-3 {
		return share(off)
	}
	low, high := off-uncertainty, off+uncertainty
	part := (total(high) - total(low)) / (high - low)
	if part > 1-1e-9 { // as far as adding up is exact
		return 1
	}
	return part
}

// share is accepted for a clock that is off by exactly x seconds. Up to a whole
// step the codes are at most one step apart, from two on always more.
func share(x float64) float64 {
	step := period.Seconds()
	return min(max(2-math.Abs(x)/step, 0), 1)
}

// total is the integral of share from 0 to x.
func total(x float64) float64 {
	step := period.Seconds()
	a := min(math.Abs(x), 2*step)
	t := a
	if a > step {
		t = a - (a-step)*(a-step)/(2*step)
	}
	return math.Copysign(t, x)
}

// draw returns the time line around the service's now.
func draw(m *clock.Measurement, applied time.Duration, now time.Time) *Picture {
	service := now.Add(m.Offset)
	step := int64(math.Floor(float64(service.Unix()) / period.Seconds()))
	start := time.Unix((step-around)*int64(period.Seconds()), 0).UTC()
	steps := func(t time.Time) float64 {
		// Not Sub, which ends at 292 years.
		return (float64(t.Unix()-start.Unix()) + float64(t.Nanosecond())/1e9) / period.Seconds()
	}
	p := &Picture{
		Start: start, Period: period, Accepted: make([]bool, 2*around+1),
		Service: steps(service), Device: steps(now), Codes: steps(now.Add(applied)),
	}
	for i := range p.Accepted {
		p.Accepted[i] = i >= around-1 && i <= around+1
	}
	return p
}
