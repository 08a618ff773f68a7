// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"slices"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

// More that is done at the desk, without a record of a caller.
const (
	approving Action = "approve"      // another's reset
	clearing  Action = "clear-report" // "this wasn't me"
	contacts  Action = "set-contact"  // the number on record
	adding    Action = "add-user"
	giving    Action = "set-role"
	listing   Action = "list-cases" // what waits for an approval
	reading   Action = "read-audit"
)

var actions = []Action{LookUp, SignOut, Unlock, Resync, Bypass, Reset, Suspend, Restore, approving, clearing, contacts, adding, reading}

// inApps is what an agent may do from a linked app, whatever the role: what a caller
// needs. The rest is done on the service's own pages.
var inApps = []Action{LookUp, SignOut, Unlock, Resync, Bypass, Reset}

// rights are what each role may do at the desk.
var rights = map[people.Role][]Action{
	people.Auditor:  {reading},
	people.Helpdesk: {LookUp, SignOut, Unlock, Resync, Bypass},
	people.Admin:    actions,
	people.Owner:    actions,
}

// mayNot tells why a role may not do something for someone; "" where it may.
// self tells that the agent and the subject are one person.
func mayNot(agent people.Role, action Action, subject people.Role, self bool) refusal.Kind {
	switch {
	case !slices.Contains(rights[agent], action):
		return refusal.Forbidden
	case self && action != LookUp:
		return refusal.Yourself
	case subject.Administrator() && agent == people.Helpdesk:
		return refusal.Forbidden
	case subject.Administrator() && action == Bypass:
		// A code that leads past the second factor takes one person; the reset of an administrator takes two.
		return refusal.Forbidden
	case subject.Administrator() && (action == Suspend || action == Restore) && agent != people.Owner:
		// One administrator must not be able to keep all others out.
		return refusal.Forbidden
	}
	return ""
}

// mayNotGive tells why a role may not change someone's role, or add someone; ""
// where it may. from is "" for someone who is added.
func mayNotGive(agent, from, to people.Role) refusal.Kind {
	if agent == people.Owner || from == "" && agent == people.Admin && !to.Administrator() {
		return ""
	}
	return refusal.Forbidden
}

// down tells whether a change of role takes rights away.
func down(from, to people.Role) bool {
	return slices.Index(people.Roles, to) < slices.Index(people.Roles, from)
}

// Kinds returns how many groups of checks count for an action, and how many it needs:
// what only makes a user's own device work again needs one, what leads past it two, and
// of those a call back is none: whoever has taken over the number answers it. What only
// shuts out is done without a caller too, when an account is seen to be misused.
func Kinds(a Action, checks []Check) (have, need int) {
	switch a {
	case Bypass, Reset:
		need = 2
	case SignOut, Suspend:
	default:
		need = 1
	}
	seen := map[string]bool{}
	for _, c := range checks {
		if need < 2 || c != CalledBack {
			seen[Checks[c]] = true
		}
	}
	return len(seen), need
}
