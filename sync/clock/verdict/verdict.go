// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package verdict says in plain words what was found out about the clock, and
// what of it to draw. It is pure: everything comes from its arguments.
package verdict

import "time"

// Tone is how a verdict is meant.
type Tone uint8

// The tones.
const (
	Unknown Tone = iota // nothing is known: it was not measured, or holds no longer
	Right               // codes are right, by the clock itself or corrected
	Look                // codes may be refused now and then, or something is to decide
	Fail                // codes will be refused
)

// Cause is what a wrong clock most probably comes from.
type Cause uint8

// The causes.
const (
	NoCause Cause = iota
	Zone          // off by whole hours: a time zone set by hand
	Year          // off by years: secure connections fail, too
	Manual        // the system does not set the time automatically
)

// Verdict is what a person is told.
type Verdict struct {
	Tone     Tone
	Headline string   // one sentence: "Your clock is 47 seconds slow: codes will be refused."
	Notes    []string // further sentences, most important first
	Cause    Cause
	// Mark is the sign beside corrected codes, such as "+47 s", "" without
	// correction; Spoken is the same for a screen reader, a sentence.
	Mark, Spoken string
	Picture      *Picture // nil where there is nothing to draw
}

// Picture is a time line of code steps.
type Picture struct {
	Start    time.Time     // true time at which the first step begins
	Period   time.Duration // of a step, 30 s
	Accepted []bool        // for each step, whether a service takes its code now
	// Service and Device are the two times, in steps from Start. They can lie
	// outside of 0 to len(Accepted): then the picture shows which way it is.
	Service, Device float64
	Codes           float64 // the time that codes are made for: Device, or corrected
}
