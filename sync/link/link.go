// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package link says what there is to know of a two-factor service that the user
// linked: whose account it is, how its two-factor authentication stands, what a
// permission allows, what happened elsewhere ([Compare]), and what can go wrong. It
// asks nobody: that is the business of package remote, which sets these types' values
// and is what screens are given behind the interfaces [Service] and [Session].
//
// Nothing may be asked before the user wanted it: linking is asking. Permissions are
// secrets; they are kept by the vault, apart from the accounts.
package link

import (
	"slices"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// ClientID names this app to services (RFC 6749, 2.2). It is no secret.
const ClientID = "kutano-companion"

// Patience limits.
const (
	// Timeout is how long one request may take.
	Timeout = 15 * time.Second
	// BrowserLife is how long [Service.Browser] waits for the browser to come back.
	BrowserLife = 10 * time.Minute
)

// Scope is what a permission is for.
type Scope string

// The scopes. Who may enrol may see the status too.
const (
	ReadStatus Scope = "status" // see the status of two-factor authentication
	Enrol      Scope = "enrol"  // set a method up, for ten minutes after the user signed in
	DeskWork   Scope = "desk"   // help callers, as a [Desk]; for who has the role
)

// Known tells whether it is one of them.
func (s Scope) Known() bool { return s == ReadStatus || s == Enrol || s == DeskWork }

// Method is a second factor.
type Method string

// The methods.
const (
	TOTP Method = "totp" // an authenticator app
	SMS  Method = "sms"  // text messages
)

// Known tells whether it is one of them.
func (m Method) Known() bool { return m == TOTP || m == SMS }

// Permission is what a user allowed this app. It is secret.
type Permission struct {
	Address string    // of the service, as in [Service]
	Scopes  []Scope   // what was allowed
	Made    time.Time // when it was allowed

	Refresh secret.Value // makes it new; worth nothing once used
	Access  secret.Value // for questions, until Until
	Until   time.Time
}

// May tells whether the permission is for something.
func (p Permission) May(s Scope) bool { return slices.Contains(p.Scopes, s) }

// Clear overwrites the permission.
func (p Permission) Clear() {
	p.Refresh.Clear()
	p.Access.Clear()
}

// Who is the user whose account is linked.
type Who struct {
	ID    string // of the service; not secret
	Email string
	Name  string
}

// Status is the state of two-factor authentication at a service. Nothing of it is secret.
type Status struct {
	Enabled   bool
	Method    Method    // "" while not enabled
	PhoneHint string    // the number with all but its last digits hidden
	Since     time.Time // when the method was set up; zero while not enabled
	LastUsed  time.Time // zero for never
	Drift     int       // steps of 30 s that the device was off when last used: below 0 slow, above 0 fast
	Codes     Codes
	Failures  int       // in a row, all second factors together
	NotBefore time.Time // no code is looked at before; zero for no wait
	Blocked   bool      // only a backup code or an administrator helps
	EnrolBy   time.Time // after a reset: a method must be set up again before; zero otherwise
	Pending   *Pending  // what is being set up, by this app or elsewhere; without its key
}

// Codes are the backup codes as the service counts them.
type Codes struct {
	Left, All int
	Made      time.Time // zero for none
	Saved     bool      // the user said that they were saved
	Advised   bool      // one was used, or few are left: make new ones
}

// Pending is a method that is being set up.
type Pending struct {
	ID        string
	Method    Method
	Expires   time.Time     // by the service's clock
	PhoneHint string        // SMS
	Resend    time.Duration // SMS: how long until the code can be sent again
}

// Enrolment is a pending method with its key. Clear it when done.
type Enrolment struct {
	Pending
	// KeyURI is the otpauth address of the key; empty for SMS.
	KeyURI secret.Value
}

// Sent tells of a code that was sent by text message.
type Sent struct {
	PhoneHint string
	Resend    time.Duration // until it can be sent again
	Expires   time.Time     // by the service's clock
}

// Enrolled is what a proved enrolment brings. Clear the codes when done.
type Enrolled struct {
	Method Method
	// Codes are the new backup codes, shown this once; those from before are worth nothing.
	Codes []secret.Value
}

// Clear overwrites the codes.
func (e Enrolled) Clear() {
	for _, c := range e.Codes {
		c.Clear()
	}
}
