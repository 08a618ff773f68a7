// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package helpdesk is what a helpdesk agent needs who has a locked-out person on
// the telephone, and perhaps an attacker: what is wrong and what to say ([Advise]),
// whether it got better ([Compare]), the script of the call with its checks ([Call]),
// the note for the ticket, and how a code is read out ([Spell]).
//
// It assumes that agents are lied to. So the least dangerous action comes first, no
// code is ever spoken to an agent, nothing that leads past the second factor can be
// done without two proofs of different groups, nothing at all under pressure, and no
// item of the script is left out without a written reason.
//
// The package is pure: it has no clock, no network, no window and no file, and keeps
// nothing. What is done at a service is done by package sync/link/desk.
package helpdesk

import "github.com/kutano/authenticator/recovery/standing"

// Cause is why codes are not accepted, as far as it can be told from afar.
type Cause uint8

// The causes, in the order in which they are looked for: each is the first thing
// that must be true for a code to be accepted, once all before it are.
//
// The service has to want a code of this app at all; the app has to be able to show
// one; it has to be of the right key; clock and service have to agree; the service
// has to take codes; then the right line has to be read in time. A locked store
// stands before a missing account, for opening it is harmless, and an account may
// only be missing because of the lock. A clock that is certainly wrong stands before
// an account that is shut, for unlocking it would bring nothing before that; one that
// may be wrong stands behind.
const (
	CauseByText       Cause = iota // codes come by text message
	CauseOff                       // two-factor authentication is off
	CauseReset                     // it was reset, and has to be set up again
	CauseLocked                    // the keys are locked
	CauseNoKeyring                 // no keyring runs
	CauseDenied                    // the keyring refuses the app
	CauseBin                       // the account was removed and can come back
	CauseNoAccount                 // the account is not in this app
	CauseKeyMissing                // its key is not there
	CauseKeyDamaged                // its key cannot be read
	CauseOldKey                    // it was set up anew elsewhere
	CauseClock                     // the clock is so wrong that codes are refused
	CauseServiceClock              // the service's own clock is wrong
	CauseShut                      // the service takes no codes after too many wrong ones
	CauseSeveral                   // several accounts: the wrong line may be read
	CauseNearly                    // the clock is so far off that some codes are refused
	CauseUnchecked                 // nobody knows whether the clock is right
	CauseLate                      // the code was typed too late
	CauseUnusual                   // the codes are not of Kutano's kind
	CauseRefused                   // a good code was refused: the key may be an old one
	CauseUnproved                  // no code was accepted yet
	CauseNone                      // nothing is wrong that can be seen from here
	causes
)

// CauseOf returns the first cause that holds.
func CauseOf(s standing.Standing) Cause {
	for c, holds := range reasons {
		if holds(s) {
			return Cause(c)
		}
	}
	return CauseNone
}

// reasons tell for each cause but the last whether it holds.
var reasons = [causes - 1]func(standing.Standing) bool{
	CauseByText:       func(s standing.Standing) bool { return s.Enrolment == standing.ByText },
	CauseOff:          func(s standing.Standing) bool { return s.Enrolment == standing.Off },
	CauseReset:        func(s standing.Standing) bool { return s.Enrolment == standing.WasReset },
	CauseLocked:       func(s standing.Standing) bool { return s.Store == standing.StoreLocked },
	CauseNoKeyring:    func(s standing.Standing) bool { return s.Store == standing.NoBackend },
	CauseDenied:       func(s standing.Standing) bool { return s.Store == standing.StoreDenied },
	CauseBin:          func(s standing.Standing) bool { return s.Enrolment == standing.InBin },
	CauseNoAccount:    func(s standing.Standing) bool { return s.Enrolment == standing.NoAccount },
	CauseKeyMissing:   func(s standing.Standing) bool { return s.Store == standing.EntryMissing },
	CauseKeyDamaged:   func(s standing.Standing) bool { return s.Store == standing.EntryUnreadable },
	CauseOldKey:       func(s standing.Standing) bool { return s.Enrolment == standing.Replaced },
	CauseClock:        func(s standing.Standing) bool { return clockWrong(s.Clock) },
	CauseServiceClock: func(s standing.Standing) bool { return s.Link == standing.ServiceClock },
	CauseShut:         func(s standing.Standing) bool { return s.Enrolment == standing.Shut },
	CauseSeveral:      func(s standing.Standing) bool { return s.Enrolment == standing.Duplicates },
	CauseNearly:       func(s standing.Standing) bool { return clockNearly(s.Clock) },
	CauseUnchecked: func(s standing.Standing) bool {
		return !clockGood(s.Clock) && !clockWrong(s.Clock) && !clockNearly(s.Clock)
	},
	CauseLate:     func(s standing.Standing) bool { return s.Last == standing.RefusedOld },
	CauseUnusual:  func(s standing.Standing) bool { return s.Enrolment == standing.Unusual && s.Last != standing.Accepted },
	CauseRefused:  func(s standing.Standing) bool { return s.Last == standing.RefusedWrong },
	CauseUnproved: func(s standing.Standing) bool { return s.Enrolment == standing.Unproved && s.Last != standing.Accepted },
}

// clockWrong tells whether codes are refused by reason of the clock: services take
// the neighbouring step of 30 seconds (RFC 6238, 5.2).
func clockWrong(c standing.Clock) bool {
	switch c {
	case standing.Fast30, standing.Fast60, standing.Fast90, standing.Slow30, standing.Slow60, standing.Slow90,
		standing.WholeHours, standing.WrongYear:
		return true
	}
	return false
}

// clockNearly tells whether a code that is typed late, or early, is refused.
func clockNearly(c standing.Clock) bool { return c == standing.Fast11 || c == standing.Slow11 }

// clockGood tells whether the clock was checked and does no harm.
func clockGood(c standing.Clock) bool {
	return c == standing.ClockRight || c == standing.Fast3 || c == standing.Slow3
}
