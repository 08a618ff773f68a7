// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"slices"
	"time"
)

// Service is a two-factor service that was found at its address.
type Service interface {
	// Address is the service's own, without a slash at the end.
	Address() string
	// Host is what a person calls the service: its address without https.
	Host() string
	// CanDevice tells whether the service links by a code typed in a browser.
	CanDevice() bool
	// Browser asks the user in the system's browser (RFC 8252), and waits until it
	// comes back, ctx ends or [BrowserLife] is over, which is ErrExpired. It calls open
	// with the address to show there, once; the address may be opened again meanwhile.
	// An error of open is ErrNoBrowser. No scopes are those to see the status.
	Browser(ctx context.Context, scopes []Scope, open func(url string) error) (Permission, error)
	// Device begins to ask the user in a browser on any machine (RFC 8628).
	Device(ctx context.Context, scopes []Scope) (Device, error)
}

// Device is a code that waits to be typed in a browser.
type Device struct {
	// UserCode is what the user types, such as BCDF-GHJK. It is shown, not kept.
	UserCode string
	// Address is where the user types it, and Complete the same with the code in it, for a QR code.
	Address, Complete string
	// Expires is when the code is worth nothing any more, by this device's clock.
	Expires time.Time
	// Wait asks the service, no oftener than it wants, until the user answered, ctx
	// ends or the code is worth nothing any more, which is ErrExpired. That the service
	// cannot be reached for a while ends nothing. It is called once.
	Wait func(ctx context.Context) (Permission, error)
}

// Session uses a permission. It makes it new when that is due.
type Session interface {
	// Who tells whose account it is.
	Who(ctx context.Context) (Who, error)
	// Status tells the state of two-factor authentication.
	Status(ctx context.Context) (Status, error)
	// Enrol begins to set a method up; phone is the number as typed, for SMS. What was
	// pending before is replaced by the service, so ask the status first. The method
	// from before works until the new one is proved.
	Enrol(ctx context.Context, m Method, phone string) (Enrolment, error)
	// Enrolment shows one that this permission began; ErrOver where there is none any more.
	Enrolment(ctx context.Context, id string) (Enrolment, error)
	// Verify proves a method with a code: from then on it is the only one. A refused
	// code is a [CodeError]. Where the answer is lost or not understood, the status
	// says whether the service accepted it.
	Verify(ctx context.Context, id, code string) (Enrolled, error)
	// Resend sends the code by text message again, which replaces the one before. Too soon is a [WaitError].
	Resend(ctx context.Context, id string) (Sent, error)
	// Cancel drops an enrolment. One that is not there is no error.
	Cancel(ctx context.Context, id string) error
	// Confirm tells the service that the backup codes were saved.
	Confirm(ctx context.Context) error
}

// Linked says what is linked. Nothing of it is secret.
type Linked struct {
	Address string // of the service
	Who     Who
	Since   time.Time
	Scopes  []Scope // what the link is for
	// Seen is the last status, of SeenAt; SeenAt is zero for none yet.
	Seen   Status
	SeenAt time.Time
	// Untold is what happened elsewhere that the user has not been told yet, the most
	// urgent first.
	Untold []Event
	// Ended says that the service takes the permission no more: link again.
	Ended bool
	// EnrolUntil is until when a permission to set a method up can be of use; zero for none.
	EnrolUntil time.Time
	// Watched says that the status may be looked at without the user asking each time.
	Watched bool
}

// ClocksApart is by how much the service's clock and the one here may differ in what
// they say of the same moment.
const ClocksApart = time.Hour

// Replaced tells whether the service, as it was seen last, was set up with another key
// since a code of the account here was last accepted; proved is when that was, zero for
// never. Where the change was noticed as it happened, the order of the two is known;
// else the clocks may differ. A key that was never proved may well be the new one.
func (l Linked) Replaced(proved time.Time) bool {
	if proved.IsZero() || l.Seen.Method != TOTP {
		return false
	}
	if !slices.Contains(l.Untold, SwitchedToApp) {
		proved = proved.Add(ClocksApart)
	}
	return proved.Before(l.Seen.Since)
}

// Host is what a person calls the service.
func (l Linked) Host() string { return HostOf(l.Address) }
