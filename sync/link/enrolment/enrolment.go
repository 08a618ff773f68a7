// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package enrolment sets a method up at a linked service so that nothing is ever
// lost that the service accepted.
//
// What is pending is noted and its key kept in the vault before the first code is
// sent. So after a crash, a restart or a lost answer [Machine.Resume] asks the
// service what came of it, and finishes that. There is never a second enrolment
// while one is noted: [Machine.Begin] then is [ErrPending]. An account of the same
// name gets the new key only after the service accepted it; the old key is then
// among the removed accounts.
package enrolment

import (
	"context"
	"errors"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// What a caller can act on, besides the errors of package link.
var (
	// ErrPending is returned where one is under way: resume or cancel it first.
	ErrPending = errors.New("an enrolment is under way")
	// ErrNone is returned where none is under way.
	ErrNone = errors.New("no enrolment is under way")
)

// State is how an enrolment stands.
type State string

// The states. All but Waiting are ends: nothing is noted any more.
const (
	// None says that nothing is under way.
	None State = "none"
	// Waiting waits for a code: Prove, or Verify with one that came by text message.
	Waiting State = "waiting"
	// Done was accepted, and the backup codes are there.
	Done State = "done"
	// DoneCodesLost was accepted, but the backup codes are not at hand: the answer
	// was lost. The user makes new ones in the service's settings.
	DoneCodesLost State = "done-codes-lost"
	// Over ended without being accepted: cancelled, expired, or too many wrong codes.
	// The key that was kept for it is gone; what was in use before works still.
	Over State = "over"
	// Elsewhere ended because another was begun or finished elsewhere.
	Elsewhere State = "elsewhere"
)

// Home keeps the link; *remote.Home is one.
type Home interface {
	// Linked tells what is linked, without asking anybody.
	Linked() (l link.Linked, ok bool, err error)
	// Session is the one to see the status.
	Session(ctx context.Context) (link.Session, error)
	// Enrolling is the one to set a method up; link.ErrScope where that was not allowed.
	Enrolling(ctx context.Context) (link.Session, error)
	// GiveBack gives the permission to set up back.
	GiveBack(ctx context.Context) error
	// See keeps the status as the last seen one, after something was done here.
	See(ctx context.Context) error
	// ServiceTime is the time of the linked service.
	ServiceTime(ctx context.Context) (time.Time, error)
	// EnrolmentNote is the note of what is pending; empty for none. SetEnrolmentNote keeps it.
	EnrolmentNote() ([]byte, error)
	SetEnrolmentNote(ctx context.Context, note []byte) error
}

// Accounts keep keys; an [InVault] keeps them in a vault.
type Accounts interface {
	// Keep keeps the key of a method that is not proved yet. Beside an account of
	// the same name it gets another, and old is that account. A key that is there
	// already is not kept twice.
	Keep(ctx context.Context, k otpauth.Key) (id, old vault.ID, err error)
	// Code is the code of an account at a time.
	Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error)
	// Accept makes the key that was kept the one that counts under that name, in the
	// place of old, and returns whose it is then. It may be called again.
	Accept(ctx context.Context, id, old vault.ID, name string) (vault.ID, error)
	// Drop takes the key of a method away that was not accepted; for good, or so that it can come back.
	Drop(ctx context.Context, id vault.ID, forGood bool) error
}

// Machine sets methods up. Its methods are called one at a time; those with a
// context wait for the network.
type Machine struct {
	Home     Home
	Accounts Accounts
	Clock    clock.Clock // that codes are made with
}

// Standing is how an enrolment stands.
type Standing struct {
	State State
	Note  Note
	// Account is the one that counts now, where State is Done or DoneCodesLost and
	// the method is an app; Retired had its key replaced.
	Account, Retired vault.ID
	// Codes are the new backup codes where State is Done, shown this once: clear
	// them when they are kept. Those from before are worth nothing.
	Codes []secret.Value
	// Resend is how long until a code by text message can be sent again, while Waiting.
	Resend time.Duration
}
