// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package check finds out why a code was refused, or what else keeps somebody from
// getting in: one ordered check with one verdict and one next thing to do. // R56
//
// The order is Kutano's: correct the clock, then the next code, then scan again
// (R53, R54, R55). Before these stands what would make them useless, a service that
// asks for something else, an account that is not here or a key that cannot be read,
// and after them the people who can help. Each of the recovery guide's topics looks
// at the same facts from its own side, see [Facts.Topic]. [Of] is pure: everything
// comes from its [Facts], nothing waits, and the app and the command line say the
// same.
package check

import (
	"slices"
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Store is whether the account's key can be used.
type Store uint8

// The states of the store.
const (
	Open      Store = iota // codes are made
	Locked                 // a passphrase or the keyring is needed first
	Gone                   // the key is not there or cannot be read
	NoKeyring              // no keyring answers
	Denied                 // the system or the user does not let the app in
)

// shut tells whether something has to be opened first.
func (s Store) shut() bool { return s != Open && s != Gone }

// Facts are what is looked at.
type Facts struct {
	// Topic is the entry of the recovery guide that the check is for; "" is that of
	// the set-up, where a code was refused.
	Topic string

	// Here tells whether the account is in this app, Removed that it is among the
	// removed ones and can be brought back. While the store is not open it may not be
	// known which accounts are here: then neither is set.
	Here, Removed bool
	Unproved      bool   // no code of it was ever accepted, as far as is known
	Account       string // its name as a person knows it, such as "Kutano · ana@example.com"
	Others        int    // further accounts of the same issuer
	Store         Store

	// What the account's codes are like; zero values count as the usual ones.
	Type      otpauth.Type
	Algorithm otpauth.Algorithm
	Digits    int
	Period    int // seconds

	Clock verdict.Verdict // of this device's clock
	// ClockAt is when it was measured, by its own time; zero for not, and where that
	// holds no longer.
	ClockAt time.Time
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

	// Of the recovery topics: how the account stands at the linked service, as it was
	// seen last, and what is known of the backup codes.
	Service Service
	Codes   Codes
	// SeenAt is when the linked service was seen last; zero for never.
	SeenAt time.Time

	// Discreet tells that the window is locked by a passphrase: whoever sees this may be
	// somebody else, and neither names nor places are said.
	Discreet bool
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

	TypeCode    // type the code that this app shows
	SignIn      // no code is asked for now: sign in, and set up again
	ReadMessage // codes come by text message
	OtherApp    // the codes of another app are asked for
	UseBackup   // use a backup code
	GoOn        // nothing was found: go on with the guide's lines
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
	Timed  int    // which of these lines is about the clock; -1 for none
	// Way is how the recovery guide's live piece "checks" ends where the person does
	// what is said.
	Way guide.Outcome
}

// little is how little time makes a code that is typed come too late.
const little = 5 * time.Second

// Of runs the check.
func Of(f Facts) Result {
	r := Result{Do: f.do(), Looked: f.looked()}
	r.Timed = slices.Index(r.Looked, f.time())
	r.What, r.Next = f.say(r.Do)
	r.Way = f.way(r.Do)
	return r
}

// refusal finds the first reason why a code was refused.
func (f Facts) refusal() Do {
	switch {
	case !f.Here && f.Removed:
		return BringBack
	case f.Store.shut():
		return Unlock
	case !f.Here:
		return Scan
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
