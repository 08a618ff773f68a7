// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package refusal says why the service did not do what it was asked, in a form
// that a page, the API and a program can each make something of. A refusal is
// no fault of the service; faults are other errors.
package refusal

import (
	"errors"
	"time"
)

// Kind is a reason. The kinds are stable: they are the last part of the type of
// a problem (RFC 9457) in the API.
type Kind string

// The kinds.
const (
	CodeWrong      Kind = "code-wrong"        // no code of the present time, or not the one that was sent
	CodeUsed       Kind = "code-used"         // it was right, but was used before
	CodeExpired    Kind = "code-expired"      // it came too late, or a newer one was sent
	CodeMalformed  Kind = "code-malformed"    // it has not the form of a code
	TooManyTries   Kind = "too-many-tries"    // wait: RetryAfter
	TooManySent    Kind = "too-many-sent"     // wait before a code is sent again: RetryAfter
	Blocked        Kind = "blocked"           // too many failures in a row: a backup code or an administrator
	NotEnrolled    Kind = "not-enrolled"      // there is no second factor
	MethodMismatch Kind = "method-mismatch"   // this account uses the other method
	EnrolExpired   Kind = "enrolment-expired" // begin again; nothing was changed
	EnrolClosed    Kind = "enrolment-closed"  // the time to set up again after a reset is over
	ResyncClosed   Kind = "resync-closed"     // the helpdesk has not let the user type two codes, or not any more
	PhoneInvalid   Kind = "phone-invalid"     // no number that can receive text messages
	NeedsSignIn    Kind = "sign-in-required"
	NeedsSecond    Kind = "second-factor-required"
	NeedsEnrolment Kind = "enrolment-required"
	NeedsElevation Kind = "elevation-required" // prove both factors again
	NeedsConfirm   Kind = "confirmation-required"
	NoCodes        Kind = "no-backup-codes"
	Forbidden      Kind = "forbidden"       // the role does not allow it
	Yourself       Kind = "not-for-oneself" // nobody helps oneself past the second factor
	ChecksMissing  Kind = "identity-checks-missing"
	NeedsApproval  Kind = "approval-required" // another administrator has to approve: RetryAfter
	NotFound       Kind = "not-found"
	Invalid        Kind = "invalid-request" // Field says what
	FlowEnded      Kind = "flow-ended"      // the sign-in took too long or was replaced
	EmailInvalid   Kind = "email-invalid"
	// IdentityUnlinked: Google or Apple vouch for an identity that nobody here has yet;
	// a code by e-mail says whose it is.
	IdentityUnlinked Kind = "identity-unlinked"
	ProviderRefused  Kind = "provider-refused"     // what came back from Google or Apple does not hold, or the user said no there
	ProviderAway     Kind = "provider-unavailable" // Google or Apple do not answer; the code by e-mail works
)

// Error is a refusal.
type Error struct {
	Kind Kind
	// RetryAfter is how long to wait before the same can work; 0 where waiting is no help.
	RetryAfter time.Duration
	// Left is how many tries are left, where that is told; -1 otherwise.
	Left int
	// Field names what of a request is wrong.
	Field string
	// Detail says more, for who wrote the request, never anything secret.
	Detail string
}

// New returns a refusal of a kind.
func New(k Kind) *Error { return &Error{Kind: k, Left: -1} }

// After returns a refusal of a kind with a time to wait.
func After(k Kind, wait time.Duration) *Error { return &Error{Kind: k, RetryAfter: wait, Left: -1} }

// Field returns a refusal of what stands in a field of a request.
func Field(name, detail string) *Error {
	return &Error{Kind: Invalid, Field: name, Detail: detail, Left: -1}
}

func (e *Error) Error() string {
	s := "refused: " + string(e.Kind)
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	return s
}

// Of returns the refusal in err, or nil.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is tells whether err is a refusal of a kind.
func Is(err error, k Kind) bool {
	e := Of(err)
	return e != nil && e.Kind == k
}
