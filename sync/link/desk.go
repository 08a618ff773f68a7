// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Desk is the service's helpdesk, for whoever has the role. Each call looks at what
// the service says now; nothing is kept. A call may wait for the network. Where the
// answer to a deed is lost, the same with the same record within a minute is not done
// again: it returns the Deed of the first, Repeated, and a code is not shown again.
type Desk interface {
	// Find returns at most 20 users by a part of a name or an address.
	Find(ctx context.Context, query string) ([]Subject, error)
	// Look looks a user up; the service notes that it was done.
	Look(ctx context.Context, id string) (Subject, error)
	// Unlock forgets a user's failures.
	Unlock(ctx context.Context, id string, r Record) (Deed, error)
	// Resync lets a user type, on the service's own page and within Deed.Until, two
	// codes that follow one another, by which it finds how far the device is off. No
	// code is spoken.
	Resync(ctx context.Context, id string, r Record) (Deed, error)
	// Bypass makes a code that leads to setting up again and nowhere else.
	Bypass(ctx context.Context, id string, r Record) (Deed, error)
	// Reset takes a user's second factor off; of an administrator it only asks a second
	// one, and Deed.Until says until when they can approve. Otherwise it says until when
	// the user has to set up again.
	Reset(ctx context.Context, id string, r Record) (Deed, error)
	// SignOut ends all sessions and linked apps of a user.
	SignOut(ctx context.Context, id string, r Record) (Deed, error)
}

// Role is what someone may do for others.
type Role string

// The roles.
const (
	RoleUser     Role = "user"
	RoleAuditor  Role = "auditor"
	RoleHelpdesk Role = "helpdesk"
	RoleAdmin    Role = "admin"
	RoleOwner    Role = "owner"
)

// Administrator tells whether somebody is protected by the rule of two.
func (r Role) Administrator() bool { return r == RoleAdmin || r == RoleOwner }

// DeskAct is something that is done at the desk, by the service's name for it.
type DeskAct string

// What is done at the desk, the least dangerous first.
const (
	ActLookUp  DeskAct = "look-up"
	ActSignOut DeskAct = "sign-out"
	ActUnlock  DeskAct = "unlock"
	ActResync  DeskAct = "resync"
	ActBypass  DeskAct = "bypass-code"
	ActReset   DeskAct = "reset"
)

// Check is how a caller was identified, by the service's name for it.
type Check string

// The checks. Each is of a group of its own, but for the two that see the person.
const (
	CalledBack    Check = "called-back"    // group phone: the number on record was called
	VideoID       Check = "video-id"       // group person: live video with an ID
	InPerson      Check = "in-person"      // group person
	Manager       Check = "manager"        // group colleague: by the company's directory
	SecondChannel Check = "second-channel" // group channel: a number answered on a known one
)

// Record is what is written down of something that is done at the desk.
type Record struct {
	Reason    string // 10 to 500 characters, without personal data
	Checks    []Check
	Ticket    string // up to 100 characters, may be empty
	Confirmed bool   // no pressure was felt, and nothing else is changed in the same call
}

// Subject is a user as the desk sees them. What Find returns has Who and Role alone.
type Subject struct {
	Who    Who
	Role   Role
	Status Status
	// Sessions are how many are signed in. CallBack is the number on record with all
	// but its last digits hidden, "" for none; CallBackOK that a call to it counts.
	Sessions   int
	CallBack   string
	CallBackOK bool
	// Suspended tells that the user is kept out. Reported is when the user last said
	// "this wasn't me", and nobody has looked into it since; zero for never.
	Suspended bool
	Reported  time.Time
	May       []DeskAct
	MayNot    map[DeskAct]string // why not, by the service's name for it: "forbidden", "yourself", …
	Cases     []Case             // the newest first
	// At is when this was so, by the clock that the times of Cases are by: the service's,
	// or this device's where the service does not tell. Zero is not known.
	At time.Time
}

// Case is something that was done or asked for at the desk.
type Case struct {
	ID                string
	Act               DeskAct
	By                string // name of the agent
	Mine              bool   // the agent is the one who is linked
	Reason, Ticket    string
	Checks            []Check
	State             string // "waiting", "done", "refused" or "expired"
	Made, From, Until time.Time
	Audit             int64
}

// Deed is what came of it. Clear it once its code was read out.
type Deed struct {
	Audit    int64  // id in the service's audit log, which confirms it
	Case     string // id of the case
	Waiting  bool   // a second administrator has to approve
	Repeated bool   // it was done a moment ago, and was not done again
	Bypass   secret.Value
	Until    time.Time // until when it is good: the code, the page for two codes, what waits
}

// Clear overwrites the code.
func (d Deed) Clear() { d.Bypass.Clear() }
