// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Tried is how the codes fared that were typed in one sitting, as the person told it at
// the steps of a guide: the check phrase says it, and the checks go by it. The zero
// value knows of none. R54 R56
type Tried struct {
	Last    standing.Last // how the last one fared
	Refused int           // how many were refused in a row

	timed   bool // the one refused last went by the time
	doubted bool // the clock was not known to do no harm at that time or since
}

// Typed is what is known of a code when it is told how it fared.
type Typed struct {
	Account vault.Account  // whose it is, as far as is known
	At      time.Time      // the time that codes are made for
	Clock   standing.Clock // how the clock is known to stand
}

// refusals are the steps of the guides that a code leads to which was refused.
var refusals = map[string]bool{"refused-rescan": true, "refused-clock": true, "call": true, "check": true}

// Chose notes what a choice at a step tells of the code that was typed there. It
// returns whether one was accepted that lets the person in: two codes that follow one
// another only put Kutano's clock right for this account.
func (t *Tried) Chose(s guide.Step, c guide.Choice, y Typed) (accepted bool) {
	switch {
	case s.Live != guide.Code && s.Live != guide.Two:
	case c.Main && s.Live == guide.Two:
		t.Refused = 0
	case c.Main:
		*t = Tried{Last: standing.Accepted}
		return true
	case c.Label != "" && refusals[c.To]:
		t.Refused++
		t.Last, t.timed, t.doubted = t.refusal(s, y), y.Account.Type != otpauth.HOTP, false
		t.See(y.Clock)
	}
	return false
}

// soon is how long it takes to type a code and to see what comes of it: what was
// refused so soon after a new code began was most likely the one before.
const soon = 10 * time.Second

// refusal is how a code was most likely refused that was typed just now. The second in
// a row was not typed too late again.
func (t *Tried) refusal(s guide.Step, y Typed) standing.Last {
	if y.Account.Type == otpauth.HOTP {
		return standing.RefusedWrong
	}
	every := int64(otpauth.DefaultPeriod)
	if y.Account.Period > 0 {
		every = int64(y.Account.Period)
	}
	if t.Refused <= 1 && s.Live == guide.Code && y.At.Unix()%every < int64(soon/time.Second) {
		return standing.RefusedOld
	}
	return standing.RefusedWrong
}

// See notes how the clock is known to stand now. A code that was refused while it was
// wrong, nearly so or not known, says nothing any more once it is right: it was refused
// by reason of the clock, for all that anybody knows, and the next code tells.
func (t *Tried) See(c standing.Clock) {
	switch {
	case t.Last != standing.RefusedOld && t.Last != standing.RefusedWrong || !t.timed:
	case !harmless(c):
		t.doubted = true
	case t.doubted:
		*t = Tried{}
	}
}

// harmless tells whether the clock was checked and no code is refused by reason of it.
func harmless(c standing.Clock) bool {
	return c == standing.ClockRight || c == standing.Fast3 || c == standing.Slow3
}

// Anew forgets how many were refused in a row: something else is gone through now.
func (t *Tried) Anew() { t.Refused = 0 }
