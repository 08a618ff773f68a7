// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package audit keeps what happened, in a log that only grows.
//
// An event is written in the transaction that it tells of. A moment later Close
// closes the chain over it: each row gets its place, a hash over itself and the
// row before, and a keyed hash over both, so that a row that was changed, removed
// or put in between is noticed by Verify. Closing apart from writing keeps all
// sign-ins from standing in one line.
//
// What it does not notice: a row that is changed, removed or put in before it is
// closed; anything that someone does who has the key; and a tail that is cut off, or
// opened again and changed, together with the head row, unless a Closer runs that saw
// the head before, or a Head that was noted elsewhere is given to Verify. A service
// writes each head into its own log for that.
//
// No secret, code, phone number or e-mail address goes into the log.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/store"
)

// Action names what happened. The names are stable: other programs read them.
type Action string

// The actions.
const (
	SignedIn         Action = "signin.first"        // the first factor was right
	SignInRefused    Action = "signin.refused"      // it was not
	DeviceNew        Action = "signin.device_new"   // from a browser that was not seen before
	SecondAccepted   Action = "second.accepted"     // detail: method, drift
	SecondRefused    Action = "second.refused"      // detail: method, reason, failures
	SecondBlocked    Action = "second.blocked"      // too many failures in a row
	CodeSent         Action = "second.sms_sent"     //
	BackupUsed       Action = "backup.used"         // detail: left
	BackupMade       Action = "backup.made"         // a new set
	BackupSaved      Action = "backup.saved"        // "I have saved them"
	MethodAdded      Action = "method.added"        // detail: method
	MethodChanged    Action = "method.changed"      // detail: from, to
	MethodRemoved    Action = "method.removed"      // by the user
	SessionEnded     Action = "session.ended"       //
	SessionsEnded    Action = "session.all_ended"   // detail: count
	Elevated         Action = "session.elevated"    // a first factor was proved again
	AppLinked        Action = "link.made"           // detail: client, scope
	AppUnlinked      Action = "link.ended"          //
	Objected         Action = "user.objected"       // "this wasn't me"; detail: event
	DeskLookedUp     Action = "desk.looked_up"      //
	DeskUnlocked     Action = "desk.unlocked"       //
	DeskResync       Action = "desk.resync_opened"  // the user may type two codes in a row
	Resynced         Action = "second.resynced"     // the user did; detail: drift
	DeskBypass       Action = "desk.bypass_issued"  //nolint:gosec // the name of an action
	BypassUsed       Action = "bypass.used"         //
	DeskSearched     Action = "desk.searched"       // users were looked for
	DeskSignedOut    Action = "desk.signed_out"     // detail: sessions
	DeskSuspended    Action = "desk.suspended"      // detail: sessions
	DeskRestored     Action = "desk.restored"       //
	DeskRefused      Action = "desk.refused"        // detail: action, reason; not more than so many an hour
	DeskResetAsked   Action = "desk.reset_asked"    // waits for a second administrator
	DeskReset        Action = "desk.reset"          //
	DeskResetRefused Action = "desk.reset_refused"  //
	DeskCleared      Action = "desk.report_cleared" // an administrator looked at an objection
	UserAdded        Action = "user.added"          //
	RoleChanged      Action = "user.role_changed"   // detail: from, to
	ContactSet       Action = "user.contact_set"    // the number on record was changed
	BreakGlass       Action = "admin.break_glass"   // from the machine itself
	KeysRotated      Action = "keys.rotated"        //

	// IdentityLinked: an identity of a provider is this user's from now on. Detail: provider.
	IdentityLinked Action = "signin.identity_linked"
	// IdentityUnlinked: it no longer is. Detail: provider, or count where the desk or an objection took them.
	IdentityUnlinked Action = "signin.identity_unlinked"
)

// Event is one thing that happened.
type Event struct {
	ID      int64 // given by the database; the number that an agent reads out
	At      time.Time
	Actor   string // id of who did it, "" the service itself
	Subject string // id of whose account it is about, "" none
	Action  Action
	Detail  map[string]string // never anything secret or personal
	Seq     int64             // place in the chain, 0 while it is open
}

// Write adds an event, in the transaction q that it tells of, and returns its id.
func Write(ctx context.Context, q store.Q, e Event) (int64, error) {
	detail, err := json.Marshal(e.Detail) // sorted by key
	if err != nil {
		return 0, fmt.Errorf("write to the audit log: %w", err)
	}
	if e.Detail == nil {
		detail = []byte("{}")
	}
	var id int64
	err = q.Row(ctx, "INSERT INTO audit (at, actor, subject, action, detail) VALUES (?, ?, ?, ?, ?) RETURNING id",
		[]any{store.Millis(e.At), e.Actor, e.Subject, string(e.Action), string(detail)}, &id)
	if err != nil {
		return 0, fmt.Errorf("write to the audit log: %w", err)
	}
	return id, nil
}
