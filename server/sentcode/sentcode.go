// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package sentcode has the rules of codes that are sent, by mail or by text
// message: six digits, ten minutes, five tries, and a growing wait before
// another is sent (OWASP ASVS 5, 6.5.4 and 6.5.5). A code is bound to what it
// was sent for, and only a keyed hash of it is kept.
//
// The caller counts a try in the database before it asks for the Verdict, in one
// transaction that it commits whatever the verdict is.
package sentcode

import (
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
)

// The rules.
const (
	Life = 10 * time.Minute
	// Tries is how many codes may be submitted before a new one has to be sent.
	Tries = 5
)

var waits = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute}

// Wait is how long to wait after the nth sending, counted from 1, before the
// next: one minute, two, then always five.
func Wait(sends int) time.Duration {
	return waits[min(max(sends, 1), len(waits))-1]
}

// Sent is the state of a code that was sent, as its row in the database has it.
type Sent struct {
	MAC     []byte
	Tries   int // with the one that is judged now
	Sends   int // how often a code was sent for this
	At      time.Time
	Expires time.Time
	Used    time.Time // zero: it was not
}

// MAC is what is kept of a code. use is what kind of code it is, and flow the row that it belongs to.
func MAC(keys *seal.Keys, use, flow, code string) []byte { return keys.MAC(use, flow, code) }

// Resend is how long to wait before a code may be sent again; 0 if it may now. A code
// that was sent further ahead than the wait was sent before the clock was set back:
// nobody waits until it is there again, and the limits by the hour hold anyway.
func (s Sent) Resend(now time.Time) time.Duration {
	wait := Wait(s.Sends)
	if s.At.Sub(now) >= wait {
		return 0
	}
	return min(wait, max(0, s.At.Add(wait).Sub(now)))
}

// Verdict judges a code that went through otp.Normalise; the try must be in Tries
// already. It is nil for the right one, and a refusal otherwise: CodeUsed,
// CodeExpired, TooManyTries (a new code has to be sent: RetryAfter is when it can
// be), or CodeWrong with the tries that are left.
func (s Sent) Verdict(keys *seal.Keys, use, flow, code string, now time.Time) error {
	right := keys.Match(s.MAC, use, flow, code)
	switch {
	case !s.Used.IsZero():
		return refusal.New(refusal.CodeUsed)
	case !now.Before(s.Expires):
		return refusal.New(refusal.CodeExpired)
	case s.Tries > Tries:
		return refusal.After(refusal.TooManyTries, s.Resend(now))
	case !right:
		e := refusal.New(refusal.CodeWrong)
		e.Left = Tries - s.Tries
		return e
	}
	return nil
}
