// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package fromcodes finds out how far this device's clock is off without any
// network: from the codes of another device that has the same key, and from
// which codes a service took.
//
// The other device, or the service, is the reference then: if its clock is
// wrong, so is what comes out. A person who mistypes a code is told so, or asked
// for another one; the odds that a wrong code is taken for a right one are with
// [Compare]. The package sees no key: looking for a code is left to a function.
package fromcodes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"

	"github.com/kutano/authenticator/sync/clock"
)

// What keeps codes from telling the time.
var (
	// ErrNoMatch: no time within two days fits the codes. One of them is
	// mistyped or another account's, or the clock is further off.
	ErrNoMatch = errors.New("the code fits no time within two days")
	// ErrSecond: the codes fit, but perhaps by chance: one more, of a later time
	// step, decides it.
	ErrSecond = errors.New("one more code is needed")
	// ErrStepped: the device's clock was set, or the device started anew,
	// between the first reading and the last.
	ErrStepped = errors.New("the clock was set between the codes")
)

var errPeriod = errors.New("the period is not in whole seconds")

// Find returns the time steps (Unix time divided by the account's period) within
// reach of a time, before and after, that have a code.
type Find func(ctx context.Context, code string, at time.Time, reach time.Duration) ([]int64, error)

// Reading is a code that another device showed.
type Reading struct {
	Code string // as the user typed it
	// At are this device's clocks when the user confirmed the code or, with
	// Flip, tapped.
	At clock.Times
	// Flip tells that the user tapped at the moment when the other device began
	// to show this code.
	Flip bool
}

// How people read codes.
const (
	// Delay is how long before it was confirmed a code may have been read.
	Delay = 10 * time.Second
	// Reaction is how long after the flip people tap, give or take Haste: one
	// who expects it may even be early.
	Reaction = 300 * time.Millisecond
	Haste    = 500 * time.Millisecond
)

// reach is how far is looked, both in time and in time steps.
type reach struct {
	time  time.Duration
	steps int
}

var (
	near = reach{time.Hour, 120}
	far  = reach{48 * time.Hour, 5760}
)

func (r reach) of(period time.Duration) time.Duration {
	return min(r.time, time.Duration(r.steps)*period)
}

// sure is how many digits a code has for which a chance match is rare enough.
const sure = 6

// Compare returns the offset that fits all readings, which are in the order in
// which they were made; it holds at the last of them. The period is that of the
// account.
//
// One code, valid for 30 seconds and read up to ten seconds before, places the
// offset within ±20 s; tapping when the code flips, within ±0.5 s. More codes
// narrow it: k of them at random moments to about 60/(k+1) s.
//
// A code of six digits is another step's by chance with odds of one in a
// million a step. A single code is therefore taken alone only within an hour
// (241 steps: a mistyped one passes once in 4,000 times, and is then at most an
// hour off), and only if it has at least six digits or letters. Otherwise
// another one, of another step, has to fit the same offset (ErrSecond): within
// two days (11,521 steps), two wrong codes do so about once in 30 million times.
// An error of find is returned as it is.
func Compare(ctx context.Context, find Find, period time.Duration, readings []Reading) (clock.Estimate, error) {
	if period < time.Second || period%time.Second != 0 {
		return clock.Estimate{}, errPeriod
	}
	for _, r := range []reach{near, far} {
		fit, err := fits(ctx, find, period, r, readings)
		if err != nil {
			return clock.Estimate{}, err
		}
		if len(fit) == 0 {
			continue
		}
		alone := r == near && rare(readings[0].Code)
		if len(fit) == 1 && (alone || len(fit[0].steps) > 1) {
			return fit[0].estimate(clock.Codes), nil
		}
		return clock.Estimate{}, ErrSecond
	}
	return clock.Estimate{}, ErrNoMatch
}

// rare tells whether a code of these signs is hardly ever another step's.
func rare(code string) bool {
	digits := 0
	for _, r := range code {
		if unicode.IsLetter(r) { // 26 signs, not ten
			return true
		}
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= sure
}

// span is a stretch of possible offsets.
type span struct {
	low, high time.Duration
	steps     []int64 // of the codes that give it, each once
}

// fits returns each stretch of offsets that all readings allow.
func fits(ctx context.Context, find Find, period time.Duration, far reach, readings []Reading) ([]span, error) {
	var fit []span
	for i, r := range readings {
		move, ok := between(r.At, readings[len(readings)-1].At)
		if !ok {
			return nil, ErrStepped
		}
		steps, err := find(ctx, r.Code, r.At.Wall, far.of(period))
		if err != nil {
			return nil, fmt.Errorf("look for the code: %w", err)
		}
		var these []span
		for _, s := range steps {
			one := move.of(r.span(period, s))
			if i == 0 {
				these = append(these, one)
				continue
			}
			for _, f := range fit {
				if both, ok := f.and(one); ok {
					these = append(these, both)
				}
			}
		}
		fit = these
	}
	return fit, nil
}

// span returns the offsets that a reading allows if its code is that of a step.
func (r Reading) span(period time.Duration, step int64) span {
	begin := begins(step, period).Sub(r.At.Wall.Round(0))
	s := span{begin, begin + period + Delay, []int64{step}}
	if r.Flip {
		s.low, s.high = begin+Reaction-Haste, begin+Reaction+Haste
	}
	return s
}

func begins(step int64, period time.Duration) time.Time {
	return time.Unix(step*int64(period/time.Second), 0)
}

// and returns what two stretches have in common, and whether there is something.
func (s span) and(o span) (span, bool) {
	both := span{max(s.low, o.low), min(s.high, o.high), s.steps}
	if !slices.Contains(s.steps, o.steps[0]) {
		both.steps = append(slices.Clone(s.steps), o.steps...)
	}
	return both, both.low <= both.high
}

func (s span) estimate(k clock.Kind) clock.Estimate {
	return clock.Estimate{Offset: s.low + (s.high-s.low)/2, Uncertainty: (s.high - s.low + 1) / 2, Kind: k}
}

// move is what an offset became since.
type move struct{ by, widen time.Duration }

// What the device's clock may do between two codes.
const (
	slack  = time.Second // more is a step
	steady = 20_000      // what a system may turn its clock: one part in so many, 50 ppm
	drift  = 10_000      // what an oscillator may be off: 100 ppm
)

// between is false where the clock was set, or the device started anew, since.
func between(then, last clock.Times) (move, bool) {
	if then == last {
		return move{}, true
	}
	shift, ok := then.Shift(last)
	age := last.Boot - then.Boot
	if !ok || shift.Abs() > slack+age/steady {
		return move{}, false
	}
	return move{-shift, age / drift}, true
}

func (m move) of(s span) span {
	s.low, s.high = s.low+m.by-m.widen, s.high+m.by+m.widen
	return s
}
