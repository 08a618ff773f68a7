// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package check finds out why a code was refused: one ordered check with one
// verdict and one next thing to do. // R56
//
// The order is Kutano's: correct the clock, then the next code, then scan again
// (R53, R54, R55). Before these stands what would make them useless, an account
// that is not here or a key that cannot be read, and after them the people who
// can help. [Of] is pure: everything comes from its [Facts], and the app and the
// command line say the same.
package check

import (
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Store is whether the account's key can be used.
type Store uint8

// The states of the store.
const (
	Open   Store = iota // codes are made
	Locked              // a passphrase or the keyring is needed first
	Gone                // the key is not there or cannot be read
)

// Facts are what is looked at.
type Facts struct {
	// Here tells whether the account is in this app, Removed that it is among the
	// removed ones and can be brought back.
	Here, Removed bool
	Account       string // its name as a person knows it, such as "Kutano · ana@example.com"
	Others        int    // further accounts of the same issuer
	Store         Store

	// What the account's codes are like; zero values count as the usual ones.
	Type      otpauth.Type
	Algorithm otpauth.Algorithm
	Digits    int
	Period    int // seconds

	Clock verdict.Verdict // of this device's clock
	// Asked tells that the clock was to be measured and could not be, so that
	// asking for it again does not help. Allowed tells that the user lets it be
	// measured: then that comes first, as in Kutano's order; else nobody is asked
	// about the network because of a code that may only be mistyped.
	Asked, Allowed bool

	// Left is how long the refused code was still good for when it was typed; 0 is
	// over already, less than 0 not known.
	Left time.Duration
	// Refused is how many codes were refused in a row since the QR code was
	// scanned, at least 1; Rescanned that it was scanned anew after a refusal.
	Refused   int
	Rescanned bool
}

// Do is the next thing to do.
type Do uint8

// The things to do, in the order of the check.
const (
	BringBack    Do = iota // bring the removed account back
	Scan                   // the account is not here: let Kutano show a QR code, and scan it
	Unlock                 // open the lock
	FixClock               // set the clock right, or have codes corrected
	MeasureClock           // find out about the clock
	NextCode               // wait for the next code and type that
	OtherLine              // read the line of the right account
	Rescan                 // let Kutano show a new QR code, and scan it in place of the old one
	Ask                    // ask the workspace administrator
)

// Outcome is how the guide's live piece "check" ends once this is done.
func (d Do) Outcome() guide.Outcome {
	switch d {
	case Scan, Rescan:
		return guide.Rescan
	case Ask:
		return guide.Unsolved
	}
	return guide.Again
}

// Sign is how something was found.
type Sign uint8

// The signs.
const (
	Good Sign = iota // ✓
	Look             // ! it may be the reason
	Bad              // ✗ it is a reason
)

// String returns the sign as it is shown: "✓", "!" or "✗".
func (s Sign) String() string { return [...]string{"✓", "!", "✗"}[s] }

// Line is one thing that was looked at.
type Line struct {
	Sign Sign
	Text string // a sentence in the language in use
}

// Result is what came out. All texts are in the language in use.
type Result struct {
	Do     Do
	What   string // one sentence: the verdict
	Next   string // one or two sentences: what to do now
	Looked []Line // what was looked at, in order
}

// little is how little time makes a code that is typed come too late.
const little = 5 * time.Second

// Of runs the check.
func Of(f Facts) Result {
	r := Result{Do: f.do(), Looked: f.looked()}
	r.What, r.Next = f.say(r.Do)
	return r
}

// do finds the first thing that is wrong.
func (f Facts) do() Do {
	switch {
	case !f.Here && f.Removed:
		return BringBack
	case !f.Here:
		return Scan
	case f.Store == Locked:
		return Unlock
	case f.Store == Gone:
		return Rescan
	}
	if f.goesByTime() {
		if do, found := f.clock(); found {
			return do
		}
	}
	switch {
	case f.Refused <= 1:
		return NextCode
	case f.Others > 0 && f.Refused == 2:
		return OtherLine
	case !f.Rescanned:
		return Rescan
	}
	return Ask
}

// clock tells whether the clock is to be seen to before anything else.
func (f Facts) clock() (Do, bool) {
	again := f.Refused > 1 // the next code was refused, too
	switch {
	case f.Clock.Tone == verdict.Fail:
		return FixClock, true
	case f.late():
		return NextCode, true // that code says nothing about the clock
	case again && f.Clock.Tone == verdict.Look:
		return FixClock, true
	case (again || f.Allowed) && f.Clock.Tone == verdict.Unknown && !f.Asked:
		return MeasureClock, true
	}
	return 0, false
}

func (f Facts) goesByTime() bool { return f.Type != otpauth.HOTP }

// late tells that the code was typed when its time was nearly over.
func (f Facts) late() bool { return f.Left >= 0 && f.Left < little }

// unusual tells whether the codes are not of the sort that nearly every service
// uses, and Kutano's page asks for.
func (f Facts) unusual() bool {
	return f.Type > otpauth.TOTP || f.Algorithm > otpauth.SHA1 ||
		f.Digits != 0 && f.Digits != otpauth.DefaultDigits || f.Period != 0 && f.Period != otpauth.DefaultPeriod
}
