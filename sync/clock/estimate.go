// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import "time"

// Kind is a kind of source of the time. Its text is in files and in JSON and
// never changes.
type Kind string

// The kinds of sources.
const (
	NTP     Kind = "ntp"     // a time server, RFC 5905
	NTS     Kind = "nts"     // a time server that proves who it is, RFC 8915
	Web     Kind = "web"     // the Date header of a web server
	Service Kind = "service" // /v1/time of a two-factor service
	System  Kind = "system"  // what the operating system thinks of its own clock
	Codes   Kind = "codes"   // another device's codes
	Tries   Kind = "tries"   // codes that a service took or refused
)

// Estimate is what one source says of this device's clock: the true offset lies
// in Offset ± Uncertainty, if the source is right.
type Estimate struct {
	// Offset is the source's time less the device's: what to add to the
	// device's clock. Positive where the device is slow.
	Offset      time.Duration
	Uncertainty time.Duration // half the width of what is possible, not negative
	Kind        Kind
	Name        string // the server or the device, as a person knows it; may be empty
	Operator    string // who runs it, the same text for the same people; may be empty
	Proven      bool   // the answer was authenticated: nobody on the way made it up
	Smeared     bool   // the source spreads leap seconds over hours
}

// Low returns the smallest offset that the source allows.
func (e Estimate) Low() time.Duration { return e.Offset - e.Uncertainty }

// High returns the largest offset that the source allows.
func (e Estimate) High() time.Duration { return e.Offset + e.Uncertainty }

// Agrees tells whether an offset of e and one of o can be the same.
func (e Estimate) Agrees(o Estimate) bool { return e.Low() <= o.High() && o.Low() <= e.High() }
