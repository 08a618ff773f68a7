// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"errors"
	"fmt"
)

// What is wrong with a file or an entry, for errors.Is.
var (
	ErrUnknown     = errors.New("of no format that is known here")
	ErrNothing     = errors.New("there are no accounts in it")
	ErrNoPassword  = errors.New("it needs a password")
	ErrPassword    = errors.New("the password does not open it, or it is damaged")
	ErrCutShort    = errors.New("it ends too early")
	ErrDamaged     = errors.New("it is damaged")
	ErrTooLarge    = errors.New("it is larger than 64 MiB")
	ErrTooMany     = errors.New("there is more in it than is looked at")
	ErrBomb        = errors.New("it would unpack to far more than it is")
	ErrTooCostly   = errors.New("opening it would cost more than is allowed")
	ErrNewer       = errors.New("it is of a newer version than is known here")
	ErrOlder       = errors.New("it is of an old version that is not read")
	ErrRestricted  = errors.New("only the account that made it can open it")
	ErrUnsupported = errors.New("a kind of code that is not supported")
	ErrNotOTP      = errors.New("an account without one-time codes")
	ErrElsewhere   = errors.New("the keys are not in it but in other files beside it")
	ErrEntities    = errors.New("it refers to things outside itself")
	ErrProgram     = errors.New("the program that opens it is missing or gave up")
	ErrNoPlace     = errors.New("the other app has no place for it")
	ErrNeverLocked = errors.New("the format has no place for a password")
	ErrReadBack    = errors.New("what was written does not read back as it was")
	ErrPassphrase  = errors.New("the other app takes only passwords of unaccented letters, digits and common signs")
)

// TypeError names a kind of code that is not supported, such as "motp". It is
// an ErrUnsupported.
type TypeError struct{ Type string }

// Error names the type; a long or odd one is left out.
func (e *TypeError) Error() string {
	if !tame(e.Type) {
		return ErrUnsupported.Error()
	}
	return ErrUnsupported.Error() + ": " + e.Type
}

// Unwrap returns ErrUnsupported.
func (e *TypeError) Unwrap() error { return ErrUnsupported }

// Name returns the type's name where it is fit to be shown, else "".
func (e *TypeError) Name() string {
	if !tame(e.Type) {
		return ""
	}
	return e.Type
}

// tame tells whether a type could be one: a short word of letters and digits.
func tame(s string) bool {
	if s == "" || len(s) > 16 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// Resource is what opening a file takes.
type Resource uint8

// The resources.
const (
	Memory Resource = iota + 1 // bytes
	Rounds                     // repetitions of a hash
)

// CostError says how much a file's key derivation asks for, and how much is
// allowed. It is an ErrTooCostly.
type CostError struct {
	Of         Resource
	Asked, Max uint64
}

// Error gives the figures.
func (e *CostError) Error() string {
	unit := "rounds"
	if e.Of == Memory {
		unit = "bytes"
	}
	return fmt.Sprintf("%v: %d %s, at most %d", ErrTooCostly, e.Asked, unit, e.Max)
}

// Unwrap returns ErrTooCostly.
func (e *CostError) Unwrap() error { return ErrTooCostly }

// VersionError says which version a file or an entry is of. It is an ErrNewer,
// or an ErrOlder.
type VersionError struct {
	Version int64
	Err     error
}

// Error gives the version.
func (e *VersionError) Error() string { return fmt.Sprintf("%v: version %d", e.Err, e.Version) }

// Unwrap returns ErrNewer or ErrOlder.
func (e *VersionError) Unwrap() error { return e.Err }
