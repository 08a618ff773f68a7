// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Bounds of what the safe takes.
const (
	// MaxCodes is how many codes a set has at most.
	MaxCodes = 64
	// MaxCode is how many characters a code has at most, without blanks around it.
	MaxCode = 64
	// MaxText is how many characters a title or a place has at most.
	MaxText = 200
	// MaxSets is how many sets there are at most, with those removed.
	MaxSets = 500
)

// Low is from how few codes on a set runs low: three, as Keycloak and others
// have it, since a used code and a mistyped one may well be needed on one day.
const Low = 3

// Kept is how long a removed set can be brought back.
const Kept = 30 * 24 * time.Hour

// grace is how long after that it is forgotten at the soonest.
const grace = 7 * 24 * time.Hour

// ID names a set: 16 hexadecimal digits.
type ID string

// Place is where the codes of a set are.
type Place string

// The places.
const (
	// Here is in the sealed file.
	Here Place = "here"
	// Elsewhere is what [Set.Where] says; only that is known here. R68.
	Elsewhere Place = "elsewhere"
)

// Set is what can be told of a set of codes without a passphrase.
type Set struct {
	// ID names it.
	ID ID
	// Account is the id of the account in the vault that the codes are for, empty
	// where there is none. The account may have been removed since.
	Account string
	// Title is what the person calls it; never empty.
	Title string
	// Place tells whether the codes are in the safe.
	Place Place
	// Where says where the codes, or another copy of them, are. It may be empty.
	Where string
	// First is how many codes there were at first; 0 is unknown, of notes only.
	First int
	// Left is how many are unused; without meaning where First is 0.
	Left int
	// Made is when the set was entered, to the second.
	Made time.Time
	// LastUsed is when a code was used last; zero is never.
	LastUsed time.Time
	// Removed is when the set was removed; zero where it was not.
	Removed time.Time
}

// Known tells whether it is known how many codes are left.
func (s Set) Known() bool { return s.First > 0 }

// Low tells whether so few codes are left that new ones are needed soon. A
// service that gives out few has not run low before one was used.
func (s Set) Low() bool {
	return s.Known() && s.Left <= Low && (s.Place == Elsewhere || s.Left < s.First)
}

// Renew tells whether new codes are advised: after one was used (R71), or where few are left.
func (s Set) Renew() bool { return !s.LastUsed.IsZero() || s.Left < s.First || s.Low() }

// Until is how long a removed set can be brought back.
func (s Set) Until() time.Time { return s.Removed.Add(Kept) }

// Code is what can be told of a code without showing it.
type Code struct {
	// Used is when it was used; zero is never.
	Used time.Time
}

// New is a set to be taken in.
type New struct {
	// Account is the id of an account in the vault, or empty.
	Account string
	// Title is what to call it; blanks around it are cut off. It must not be empty.
	Title string
	// Where says where the codes, or another copy of them, are. It may be empty.
	Where string
	// Codes are the codes for a set that is kept here, as [Split] returns them. The
	// safe copies them; the caller clears them.
	Codes []secret.Value
	// Count is how many codes a note is about, 0 for unknown. It is not looked at
	// where there are Codes.
	Count int
	// First is how many codes of a note there were at first, where Count are left;
	// 0 is as many as are left.
	First int
}
