// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"cmp"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// dayAndTime is how a moment is written.
const dayAndTime = "2006-01-02 15:04"

// Stands say how the two-factor authentication of a user stands at the service, a
// sentence each, with times in a zone.
func Stands(s link.Subject, in *time.Location) []string {
	st := s.Status
	lines := []string{link.SayMethod(st)}
	if st.Enabled {
		lines = append(lines, link.SaySince(st, in), link.SayCodes(st.Codes))
	}
	switch {
	case st.Blocked:
		lines = append(lines, words.T("No codes are accepted any more, after too many wrong ones."))
	case !st.NotBefore.IsZero():
		lines = append(lines, words.N(st.Failures, "There was 1 wrong code. The next one counts from {time} on.",
			"There were {n} wrong codes in a row. The next one counts from {time} on.", "time", st.NotBefore.In(in).Format(time.TimeOnly)))
	}
	if !st.EnrolBy.IsZero() {
		lines = append(lines, words.T("It has to be set up again by {date}.", "date", st.EnrolBy.In(in).Format(dayAndTime)))
	}
	return append(lines, words.N(s.Sessions, "Signed in at one place.", "Signed in at {n} places."))
}

// Warnings say what an agent should know of a user before anything else; usually
// there are none.
func Warnings(s link.Subject, in *time.Location) []string {
	var all []string
	if s.Suspended {
		all = append(all, words.T("The user is suspended."))
	}
	if !s.Reported.IsZero() {
		all = append(all, words.T("Careful: on {date} the user said “this wasn’t me”, and nobody has looked into it.", "date", s.Reported.In(in).Format(dayAndTime)))
	}
	return all
}

// Number says which number is on record, and where a call to it proves nothing.
func Number(s link.Subject) string {
	switch {
	case s.CallBackOK:
		return words.T("Number on record: {number}.", "number", s.CallBack)
	case s.CallBack == "":
		return words.T("There is no number on record: calling back proves nothing.")
	}
	return words.T("Number on record: {number}. It was changed within the last seven days: a call to it proves nothing.", "number", s.CallBack)
}

// CaseLine says what was done at the desk before.
func CaseLine(c link.Case, in *time.Location) string {
	return words.T("{date}: {act}, by {agent}, {state}. Audit number {n}.", "date", c.Made.In(in).Format(dayAndTime),
		"act", cmp.Or(ActName(c.Act), string(c.Act)), "agent", cmp.Or(c.By, "—"), "state", stateName(c.State), "n", c.Audit)
}

// RoleName names a role.
func RoleName(r link.Role) string {
	switch r {
	case link.RoleUser:
		return words.T("user")
	case link.RoleAuditor:
		return words.T("auditor")
	case link.RoleHelpdesk:
		return words.T("helpdesk")
	case link.RoleAdmin:
		return words.T("administrator")
	case link.RoleOwner:
		return words.T("owner")
	}
	return string(r)
}

func stateName(state string) string {
	switch state {
	case "waiting":
		return words.T("waits for a second administrator")
	case "done":
		return words.T("carried out")
	case "refused":
		return words.T("turned down")
	case "expired":
		return words.T("lapsed")
	}
	return state
}
