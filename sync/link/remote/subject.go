// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"regexp"
	"slices"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// Bounds of what the desk says.
const (
	mostFound  = 100
	mostCases  = 100
	mostReason = 4 * 500 // bytes of 500 characters
)

var (
	acts       = []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync, link.ActBypass, link.ActReset}
	checks     = []link.Check{link.CalledBack, link.VideoID, link.InPerson, link.Manager, link.SecondChannel}
	roles      = []link.Role{link.RoleUser, link.RoleAuditor, link.RoleHelpdesk, link.RoleAdmin, link.RoleOwner}
	states     = []string{"waiting", "done", "refused", "expired"}
	bypassForm = regexp.MustCompile(`^[A-Z0-9]{6,16}$`)
)

type userJSON struct {
	whoJSON
	Role link.Role `json:"role"`
}

// subject is a user of whom nothing more is known. A role that is not known is no
// user's: it might be one that is protected.
func (v userJSON) subject() (link.Subject, error) {
	who, err := v.who()
	if err != nil {
		return link.Subject{}, err
	}
	if !slices.Contains(roles, v.Role) {
		return link.Subject{}, strange("role")
	}
	return link.Subject{Who: who, Role: v.Role}, nil
}

func decodeFound(body []byte) ([]link.Subject, error) {
	var v struct {
		Users *[]userJSON `json:"users"`
	}
	if err := decodeInto(body, &v); err != nil {
		return nil, err
	}
	if v.Users == nil || len(*v.Users) > mostFound {
		return nil, strange("users")
	}
	var all []link.Subject
	for _, u := range *v.Users {
		s, err := u.subject()
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

type subjectJSON struct {
	User       userJSON                `json:"user"`
	Reported   time.Time               `json:"reported_at"`
	Suspended  time.Time               `json:"suspended_at"`
	Status     *statusJSON             `json:"two_factor"`
	Sessions   int                     `json:"sessions"`
	CallBack   string                  `json:"call_back"`
	CallBackOK bool                    `json:"call_back_ok"`
	May        []link.DeskAct          `json:"may"`
	MayNot     map[link.DeskAct]string `json:"may_not"`
	Cases      []caseJSON              `json:"cases"`
}

// decodeSubject reads what the desk sees of a user; me is the agent's id.
func decodeSubject(body []byte, me string) (link.Subject, error) {
	var v subjectJSON
	if err := decodeInto(body, &v); err != nil {
		return link.Subject{}, err
	}
	s, err := v.User.subject()
	if err != nil {
		return link.Subject{}, err
	}
	if member := v.odd(); member != "" {
		return link.Subject{}, strange(member)
	}
	if s.Status, err = v.Status.status(); err != nil {
		return link.Subject{}, err
	}
	s.Sessions, s.CallBack, s.CallBackOK = v.Sessions, v.CallBack, v.CallBackOK && v.CallBack != ""
	s.Suspended, s.Reported = !v.Suspended.IsZero(), v.Reported
	s.MayNot = map[link.DeskAct]string{}
	for _, a := range acts { // what else the desk does is not done from here
		why, barred := v.MayNot[a]
		switch {
		case barred && !idForm.MatchString(why):
			return link.Subject{}, strange("may_not")
		case barred:
			s.MayNot[a] = why
		case slices.Contains(v.May, a):
			s.May = append(s.May, a)
		}
	}
	for _, one := range v.Cases {
		c, err := one.deskCase(me)
		if err != nil {
			return link.Subject{}, err
		}
		s.Cases = append(s.Cases, c)
	}
	return s, nil
}

// odd is a member that cannot be right; "" where all can.
func (v subjectJSON) odd() string {
	switch {
	case v.Status == nil:
		return "two_factor"
	case v.Sessions < 0 || v.Sessions > mostCount:
		return "sessions"
	case !shown(v.CallBack, mostText):
		return "call_back"
	case !sane(v.Reported), !sane(v.Suspended):
		return "reported_at"
	case len(v.Cases) > mostCases:
		return "cases"
	}
	return ""
}

type caseJSON struct {
	ID      string       `json:"id"`
	Action  link.DeskAct `json:"action"`
	By      string       `json:"by"`
	ByID    string       `json:"by_id"`
	Reason  string       `json:"reason"`
	Ticket  string       `json:"ticket"`
	Checks  []link.Check `json:"checks"`
	State   string       `json:"state"`
	Made    time.Time    `json:"created_at"`
	From    time.Time    `json:"not_before"`
	Until   time.Time    `json:"expires_at"`
	AuditID int64        `json:"audit_id"`
}

// deskCase keeps of the checks what is known: a newer one is no reason not to see the rest.
func (v caseJSON) deskCase(me string) (link.Case, error) {
	by, ticket, reason := link.Plain(v.By), link.Plain(v.Ticket), link.Plain(v.Reason)
	switch {
	case !idForm.MatchString(v.ID), !idForm.MatchString(string(v.Action)), v.ByID != "" && !idForm.MatchString(v.ByID):
		return link.Case{}, strange("id")
	case !shown(by, mostName), !shown(ticket, mostReason), !shown(reason, mostReason):
		return link.Case{}, strange("reason")
	case !slices.Contains(states, v.State):
		return link.Case{}, strange("state")
	case !sane(v.Made), !sane(v.From), !sane(v.Until):
		return link.Case{}, strange("created_at")
	case v.AuditID < 0:
		return link.Case{}, strange("audit_id")
	}
	known := slices.DeleteFunc(slices.Clone(v.Checks), func(c link.Check) bool { return !slices.Contains(checks, c) })
	return link.Case{
		ID: v.ID, Act: v.Action, By: by, Mine: me != "" && v.ByID == me, Reason: reason, Ticket: ticket, Checks: known,
		State: v.State, Made: v.Made, From: v.From, Until: v.Until, Audit: v.AuditID,
	}, nil
}

type deedJSON struct {
	AuditID  int64     `json:"audit_id"`
	CaseID   string    `json:"case_id"`
	Bypass   string    `json:"bypass_code"`
	Until    time.Time `json:"expires_at"`
	Waiting  bool      `json:"waiting"`
	Repeated bool      `json:"repeated"`
}

// decodeDeed reads what came of an act. A code belongs to a bypass that was done now,
// and to nothing else.
func decodeDeed(body []byte, a link.DeskAct) (link.Deed, error) {
	var v deedJSON
	if err := decodeInto(body, &v); err != nil {
		return link.Deed{}, err
	}
	switch {
	case v.AuditID < 1:
		return link.Deed{}, strange("audit_id")
	case v.CaseID != "" && !idForm.MatchString(v.CaseID):
		return link.Deed{}, strange("case_id")
	case (a == link.ActBypass && !v.Repeated) != (v.Bypass != ""), v.Bypass != "" && !bypassForm.MatchString(v.Bypass):
		return link.Deed{}, strange("bypass_code")
	case !sane(v.Until), (a == link.ActBypass && !v.Repeated || a == link.ActResync) && v.Until.IsZero():
		return link.Deed{}, strange("expires_at")
	case v.Waiting && a != link.ActReset:
		return link.Deed{}, strange("waiting")
	}
	return link.Deed{
		Audit: v.AuditID, Case: v.CaseID, Waiting: v.Waiting, Repeated: v.Repeated, Bypass: secret.FromString(v.Bypass), Until: v.Until,
	}, nil
}
