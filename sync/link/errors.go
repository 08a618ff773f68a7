// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"errors"
	"time"
)

// What can go wrong, for a caller to act on. Every error of the package that comes
// from a service wraps one of them; none holds a secret.
var (
	// ErrAddress is returned for what is no address of a service: https, or http on this machine.
	ErrAddress = errors.New("not an address of a service")
	// ErrUnreachable is returned where the service did not answer, or not in time, or says that it cannot now. Nothing was decided.
	ErrUnreachable = errors.New("the service cannot be reached")
	// ErrTLS is returned where the service could not prove who it is.
	ErrTLS = errors.New("the service could not prove who it is")
	// ErrNotService is returned where something answers that is no two-factor service.
	ErrNotService = errors.New("no two-factor service answers there")
	// ErrStrange is returned for an answer that is not understood: the service is newer, or damaged.
	ErrStrange = errors.New("the service's answer is not understood")
	// ErrNotLinked is returned where there is no permission to use.
	ErrNotLinked = errors.New("no service is linked")
	// ErrEnded is returned where the service takes the permission no more: link again.
	ErrEnded = errors.New("the permission has ended")
	// ErrScope is returned for what was not allowed: ask for it.
	ErrScope = errors.New("this was not allowed")
	// ErrStale is returned where the time is over in which a permission can set a method up: ask anew.
	ErrStale = errors.New("the permission to set a method up is over")
	// ErrDenied is returned where the user said no.
	ErrDenied = errors.New("the user did not allow it")
	// ErrExpired is returned where the user did not answer in time.
	ErrExpired = errors.New("nobody answered in time")
	// ErrNoBrowser is returned where no browser could be opened.
	ErrNoBrowser = errors.New("no browser could be opened")
	// ErrOtherUser is returned where another user than the linked one allowed it.
	ErrOtherUser = errors.New("another user allowed it")
	// ErrTooMany is returned where there is a time to wait, see [WaitError].
	ErrTooMany = errors.New("too many tries")
	// ErrBlocked is returned where only a backup code or an administrator helps.
	ErrBlocked = errors.New("the account is blocked")
	// ErrCode is returned for a code that was refused, see [CodeError].
	ErrCode = errors.New("the code was refused")
	// ErrCodeUsed is returned for a code that was right and was used before.
	ErrCodeUsed = errors.New("the code was used before")
	// ErrClockOff is returned with ErrCode where this device's clock is too far off for any code to be right, as the service sees it.
	ErrClockOff = errors.New("this device's clock is off")
	// ErrOver is returned for an enrolment that is not there any more: begin again. Nothing was changed.
	ErrOver = errors.New("the enrolment is over")
	// ErrClosed is returned where the time to set a method up again after a reset is over: an administrator helps.
	ErrClosed = errors.New("the time to set up again is over")
	// ErrPhone is returned for what is no number that can get text messages.
	ErrPhone = errors.New("not a mobile number")
	// ErrNewer is returned for a file or a permission that a newer version wrote.
	ErrNewer = errors.New("made by a newer version")
	// ErrUnreadable is returned for a file or a permission that cannot be read.
	ErrUnreadable = errors.New("the link cannot be read")
	// ErrBusy is returned where another program uses the link right now.
	ErrBusy = errors.New("another program uses the link")
)

// WaitError says how long to wait. It wraps ErrTooMany.
type WaitError struct{ Wait time.Duration }

// Error tells that there is a time to wait.
func (e *WaitError) Error() string { return ErrTooMany.Error() }

// Unwrap returns ErrTooMany.
func (e *WaitError) Unwrap() error { return ErrTooMany }

// CodeError says why a code was refused. It wraps ErrCode, and ErrCodeUsed or
// ErrClockOff where one of them is the reason.
type CodeError struct {
	// Left is how many tries are left, -1 where the service does not say.
	Left int
	// Off is how far this device's clock is ahead of the service's, to the second; below 0 it is behind.
	Off  time.Duration
	Used bool // it was right, but used before
	Late bool // a code that was sent came too late, or a newer one was sent
}

// Error tells that the code was refused.
func (e *CodeError) Error() string { return ErrCode.Error() }

// Unwrap returns what the error is.
func (e *CodeError) Unwrap() []error {
	all := []error{ErrCode}
	if e.Used {
		all = append(all, ErrCodeUsed)
	}
	if !e.Used && e.Off.Abs() >= offBy {
		all = append(all, ErrClockOff)
	}
	return all
}

// offBy is how far a clock must be off to be named as the reason: services take
// the neighbouring step of 30 seconds (RFC 6238, 5.2).
const offBy = 30 * time.Second
