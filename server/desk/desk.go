// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package desk is what helpdesk and administrators do for others: look up,
// unlock, resync, bypass code, reset — the least dangerous first, each with a
// record of how the caller was identified.
//
// It assumes that agents are lied to. So nobody acts for themselves, nobody acts
// without a second factor of their own, a record lacks nothing, the user is told
// on every channel, and an administrator's second factor is taken off by two
// administrators and a day of waiting. What was done has a number in the audit log.
package desk

import (
	"cmp"
	"context"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Action is something that the desk does.
type Action string

// The actions, the least dangerous first.
const (
	LookUp  Action = "look-up"
	SignOut Action = "sign-out" // everywhere, apps too
	Unlock  Action = "unlock"
	Resync  Action = "resync"
	Bypass  Action = "bypass-code"
	Reset   Action = "reset"
	Suspend Action = "suspend"
	Restore Action = "restore"
)

// Check is a way to identify a caller. What leads past the second factor needs two of
// different groups, of which the call back is none, see [Kinds].
type Check string

// The checks.
const (
	CalledBack   Check = "called-back"    // the number on record, not one given now
	VideoWithID  Check = "video-id"       // live video with an identity document
	Manager      Check = "manager"        // the manager, by the company's directory
	KnownChannel Check = "second-channel" // a number shown to the agent, answered on a known second channel
	InPerson     Check = "in-person"
)

// Checks are all checks with the group that each belongs to.
var Checks = map[Check]string{
	CalledBack: "phone", VideoWithID: "person", InPerson: "person", Manager: "colleague", KnownChannel: "channel",
}

// Record says why something is done and how the caller was identified.
type Record struct {
	Reason string  `json:"reason"` // why, 10 to 500 characters, no personal data
	Checks []Check `json:"checks"`
	Ticket string  `json:"ticket,omitempty"`
	// Confirmed: no pressure was felt, nothing else (e-mail address, phone) is changed in the same call.
	Confirmed bool `json:"confirmed"`
}

// Factors is what the desk does to second factors; *factor.Service does it. Status
// asks the database itself, the others in the transaction that they are given.
type Factors interface {
	Status(ctx context.Context, userID string) (factor.Status, error)
	Unlock(ctx context.Context, q store.Q, userID string) error
	InviteResync(ctx context.Context, q store.Q, userID, by string) (expires time.Time, err error)
	IssueBypass(ctx context.Context, q store.Q, userID, by string) (code string, expires time.Time, err error)
	Withdraw(ctx context.Context, q store.Q, userID string) error
	Remove(ctx context.Context, q store.Q, userID string) error
}

// Teller tells users what happened; *notice.Writer is one.
type Teller interface {
	Tell(ctx context.Context, q store.Q, u people.User, e notice.Event, f notice.Facts, now time.Time) error
}

// What holds where a Service does not say otherwise.
const (
	enrolWithin = 72 * time.Hour
	hold        = 24 * time.Hour
)

func (s *Service) enrolWithin() time.Duration { return cmp.Or(s.EnrolWithin, enrolWithin) }

func (s *Service) hold() time.Duration { return cmp.Or(s.Hold, hold) }

// Service is the desk.
type Service struct {
	DB      *store.DB
	Keys    *seal.Keys
	Clock   moment.Clock
	Notices Teller
	Factors Factors
	// EnrolWithin is how long a user has to set up again after a reset. 72 h where it is 0.
	EnrolWithin time.Duration
	// Hold is how long the reset of an administrator waits before a second one may approve. 24 h where it is 0.
	Hold time.Duration
}

// Agent is who acts: a ready session with both factors, or an app that such a session
// allowed to work at the desk, and its user.
type Agent struct {
	User    people.User
	Session session.Session
}

// Subject is what an agent sees of a user.
type Subject struct {
	User     people.User
	Status   factor.Status
	Sessions int
	// CallBack is the number on record, masked; CallBackOK tells whether it stands long enough (7 days).
	CallBack   string
	CallBackOK bool
	// May are the actions that this agent's role allows for this user; MayNot says why for the others.
	May    []Action
	MayNot map[Action]string // a refusal.Kind
	Cases  []Case            // the newest ten
}

// Case is one thing that was done or asked for.
type Case struct {
	ID        string
	UserID    string
	UserName  string
	Action    Action
	By        string // name
	ByID      string
	Reason    string
	Checks    []Check
	Ticket    string
	State     string // waiting, done, refused, expired
	Created   time.Time
	NotBefore time.Time
	Expires   time.Time
	DecidedBy string
	AuditID   int64
}

// Done is what an action brought.
type Done struct {
	AuditID int64     // the agent reads it out, and puts it into the ticket
	CaseID  string    //
	Code    string    // bypass code, shown this once
	Expires time.Time // of the bypass code; until when two codes can be typed; until when to set up again
	Waiting bool      // a second administrator has to approve
	// Repeated: the same was asked a moment ago and done then, not again. A bypass code is not shown again.
	Repeated bool
}
