// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"fmt"
	"strings"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Type is the kind of one-time password.
type Type uint8

// The types, by the standard that defines them.
const (
	TOTP  Type = iota + 1 // time-based, RFC 6238
	HOTP                  // counter-based, RFC 4226
	Steam                 // Steam Guard: TOTP with five letters and digits, always 30 s
)

// Algorithm is the hash function under the HMAC.
type Algorithm uint8

// The algorithms of RFC 6238 section 1.2.
const (
	SHA1 Algorithm = iota + 1
	SHA256
	SHA512
)

// Limits and defaults of a key URI.
const (
	MaxURI        = 4096  // bytes in a key URI
	MinDigits     = 4     // code length
	MaxDigits     = 10    // code length
	MaxPeriod     = 86400 // seconds in a time step
	DefaultDigits = 6
	DefaultPeriod = 30 // seconds
	SteamDigits   = 5  // characters
)

// Key is a key with the parameters that make codes of it: everything that a
// key URI says.
type Key struct {
	Type      Type
	Issuer    string // the service, "" when the URI names none
	Account   string // the account at the service, usually an e-mail address
	Secret    secret.Value
	Algorithm Algorithm
	Digits    int     // code length: 4–10; 5 for Steam
	Period    int     // time step in seconds, 1–86400; 0 for HOTP
	Counter   uint64  // next counter, HOTP only
	Extra     []Param // unknown parameters, in order; never fetched or followed
}

// Param is an unknown parameter of a key URI, kept as it came.
type Param struct{ Name, Value string }

// Code is a one-time password and the time in which it is the current one.
type Code struct {
	Value   string    // the characters to type, ungrouped
	From    time.Time // start of the time step; zero for HOTP
	Until   time.Time // end of the time step, exclusive; zero for HOTP
	Counter uint64    // the time step's number, or the HOTP counter
}

// String returns the type's name in a key URI: "totp", "hotp" or "steam".
func (t Type) String() string {
	switch t {
	case TOTP:
		return "totp"
	case HOTP:
		return "hotp"
	case Steam:
		return "steam"
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

// ParseType reads what [Type.String] wrote, in any case.
func ParseType(s string) (Type, bool) {
	for _, t := range []Type{TOTP, HOTP, Steam} {
		if strings.EqualFold(s, t.String()) {
			return t, true
		}
	}
	return 0, false
}

// String returns the algorithm's name in a key URI: "SHA1", "SHA256" or "SHA512".
func (a Algorithm) String() string {
	switch a {
	case SHA1:
		return "SHA1"
	case SHA256:
		return "SHA256"
	case SHA512:
		return "SHA512"
	}
	return fmt.Sprintf("algorithm(%d)", uint8(a))
}
