// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import "errors"

var (
	// ErrPersonal is returned for a written reason with an address, a long number or what looks like a code in it: it is kept, and codes and people do not belong there.
	ErrPersonal = errors.New("the text has an address, a long number or a code in it")
	// ErrReason is returned for a written reason that is too short or too long, or has characters that cannot be seen.
	ErrReason = errors.New("not a reason")
	// ErrTicket is returned for the number of a ticket that cannot be one.
	ErrTicket = errors.New("not a ticket's number")
	// ErrCheck is returned for a way to identify a caller that there is not.
	ErrCheck = errors.New("no such check")
	// ErrNumber is returned where the number on record was called and does not count: there is none, or it was changed within the last seven days.
	ErrNumber = errors.New("the number on record does not count")
	// ErrNoSkip is returned for an item that nobody can leave out.
	ErrNoSkip = errors.New("this cannot be left out")
	// ErrMissing is returned where something is missing for an action, see [MissingError].
	ErrMissing = errors.New("something is missing")
)

// MissingError says what is missing. It wraps ErrMissing.
type MissingError struct{ Missing []Missing }

// Error tells that something is missing.
func (e *MissingError) Error() string { return ErrMissing.Error() }

// Unwrap returns ErrMissing.
func (e *MissingError) Unwrap() error { return ErrMissing }
