// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"errors"
	"time"
)

// What can go wrong at the desk beside the errors of a link. None holds anything of a
// user or of a code.
var (
	// ErrForbidden is returned for what the agent's role does not allow for this user.
	ErrForbidden = errors.New("the role does not allow this")
	// ErrYourself is returned where agent and user are one.
	ErrYourself = errors.New("nobody does this for their own account")
	// ErrChecks is returned for a record that lacks something, see [ChecksError].
	ErrChecks = errors.New("the record lacks something")
	// ErrProveAgain is returned where the time is over in which something can be done:
	// ask for the permission anew, which takes a fresh sign-in.
	ErrProveAgain = errors.New("the time to work at the desk is over")
	// ErrApproval is returned where this was asked for already and waits for another administrator.
	ErrApproval = errors.New("another administrator has to approve this")
	// ErrNobody is returned where there is no such user.
	ErrNobody = errors.New("there is no such user")
	// ErrNotOn is returned where the user has no two-factor authentication that this could be done to.
	ErrNotOn = errors.New("two-factor authentication is off for this user")
	// ErrOtherMethod is returned where the user gets codes in another way than this is for.
	ErrOtherMethod = errors.New("the user gets codes in another way")
	// ErrQuery is returned for what nobody can be looked for by.
	ErrQuery = errors.New("nobody can be looked for by this")
)

// ChecksError names what a record lacks, or what of it is not right. It wraps ErrChecks.
type ChecksError struct {
	Field string // "reason", "checks", "ticket" or "confirmed"; "" where the service does not say
}

// Error tells that something is missing.
func (e *ChecksError) Error() string { return ErrChecks.Error() + ": " + e.Field }

// Unwrap returns ErrChecks.
func (e *ChecksError) Unwrap() error { return ErrChecks }

// AtDesk says who works at which service's desk. Nothing of it is secret.
type AtDesk struct {
	Address string // of the service
	Who     Who
	// Since is when it was allowed, Acts until when something can be done at most, and
	// Ends until when users can be looked up. The service decides: a sign-in that was
	// older when it was allowed makes both sooner.
	Since, Acts, Ends time.Time
}
