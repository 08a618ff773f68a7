// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package desktest is a service's helpdesk in memory, for tests of what stands on it:
// it does what the service's own does, and fails where a test wants it to.
package desktest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// Code is the bypass code that it makes. It leads nowhere.
const Code = "BCDFGHJK"

// Desk is the helpdesk. It is for one goroutine.
type Desk struct {
	Users []link.Subject
	Agent string // id of the user who acts
	Now   time.Time
	// Fail is asked before and after each call ("find", "look", or the name of the act)
	// whether it fails there; nil for never. What fails before changed nothing.
	Fail func(call string, after bool) error
	// Minute tells that the same with the same record is not done again within a minute,
	// as at the service. Without it everything that is sent is done, and counted.
	Minute bool
	// Done counts what was done, and Calls what was asked, by the names of the calls.
	Done, Calls map[string]int

	audit int64
}

// New returns a desk with some users of a workspace, at which Hana is the agent.
func New() *Desk {
	at := time.Date(2026, 3, 2, 10, 31, 0, 0, time.UTC)
	d := &Desk{Agent: "hana", Now: at, Done: map[string]int{}, Calls: map[string]int{}, audit: 1741}
	for _, u := range []struct {
		id   string
		role link.Role
		old  bool // the number on record stands long enough
	}{{"ana", link.RoleUser, true}, {"ben", link.RoleUser, false}, {"hana", link.RoleHelpdesk, true}, {"amir", link.RoleAdmin, true}, {"ada", link.RoleAdmin, true}, {"olga", link.RoleOwner, true}} {
		d.Users = append(d.Users, link.Subject{
			Who:  link.Who{ID: u.id, Email: u.id + "@example.com", Name: strings.ToUpper(u.id[:1]) + u.id[1:]},
			Role: u.role, Status: link.Status{Enabled: true, Method: link.TOTP, Since: at.AddDate(-1, 0, 0), Codes: link.Codes{Left: 3, All: 10}},
			Sessions: 1, CallBack: "•••• 1234", CallBackOK: u.old,
		})
	}
	return d
}

func (d *Desk) fails(call string, after bool) error {
	if !after {
		d.Calls[call]++
	}
	if d.Fail == nil {
		return nil
	}
	return d.Fail(call, after)
}

// Find finds users by a part of the name or the address.
func (d *Desk) Find(_ context.Context, query string) ([]link.Subject, error) {
	if err := d.fails("find", false); err != nil {
		return nil, err
	}
	var all []link.Subject
	for _, u := range d.Users {
		if q := strings.ToLower(query); strings.Contains(u.Who.Email, q) || strings.Contains(strings.ToLower(u.Who.Name), q) {
			all = append(all, link.Subject{Who: u.Who, Role: u.Role})
		}
	}
	return all, d.fails("find", true)
}

// Look looks a user up.
func (d *Desk) Look(ctx context.Context, id string) (link.Subject, error) {
	if err := ctx.Err(); err != nil {
		return link.Subject{}, fmt.Errorf("%w: %w", link.ErrUnreachable, err)
	}
	if err := d.fails("look", false); err != nil {
		return link.Subject{}, err
	}
	u, err := d.user(id)
	if err != nil {
		return link.Subject{}, err
	}
	s := *u
	s.Cases, s.At = slices.Clone(s.Cases), d.Now
	for i, c := range s.Cases {
		s.Cases[i].Mine = c.By == d.Agent
	}
	s.May, s.MayNot = nil, map[link.DeskAct]string{}
	for _, act := range []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync, link.ActBypass, link.ActReset} {
		if why := d.mayNot(act, s); why != "" {
			s.MayNot[act] = why
		} else {
			s.May = append(s.May, act)
		}
	}
	return s, d.fails("look", true)
}

func (d *Desk) user(id string) (*link.Subject, error) {
	for i := range d.Users {
		if d.Users[i].Who.ID == id {
			return &d.Users[i], nil
		}
	}
	return nil, link.ErrNobody
}

// mayNot is the service's own rule.
func (d *Desk) mayNot(act link.DeskAct, s link.Subject) string {
	agent, err := d.user(d.Agent)
	switch {
	case err != nil, act == link.ActReset && !agent.Role.Administrator():
		return "forbidden"
	case d.Agent == s.Who.ID && act != link.ActLookUp:
		return "not-for-oneself"
	case s.Role.Administrator() && (!agent.Role.Administrator() || act == link.ActBypass):
		return "forbidden"
	}
	return ""
}

// repeated finds what was done within the minute, where that counts.
func (d *Desk) repeated(act link.DeskAct, u *link.Subject, r link.Record) (link.Deed, bool) {
	for _, c := range u.Cases {
		if d.Minute && c.Act == act && c.Reason == r.Reason && c.Ticket == r.Ticket && d.Now.Sub(c.Made) < time.Minute {
			return link.Deed{Audit: c.Audit, Case: c.ID, Waiting: c.State == "waiting", Repeated: true}, true
		}
	}
	return link.Deed{}, false
}

// act does something for a user.
func (d *Desk) act(act link.DeskAct, id string, r link.Record) (link.Deed, error) {
	if err := d.fails(string(act), false); err != nil {
		return link.Deed{}, err
	}
	u, err := d.user(id)
	if err != nil {
		return link.Deed{}, err
	}
	switch why := d.mayNot(act, *u); {
	case why == "not-for-oneself":
		return link.Deed{}, link.ErrYourself
	case why != "":
		return link.Deed{}, link.ErrForbidden
	case !r.Confirmed || len([]rune(r.Reason)) < 10:
		return link.Deed{}, &link.ChecksError{}
	}
	if deed, repeated := d.repeated(act, u, r); repeated {
		return deed, nil
	}
	d.audit++
	d.Done[string(act)]++
	c := link.Case{
		ID: fmt.Sprintf("case-%d", d.audit), Act: act, By: d.Agent, Reason: r.Reason, Ticket: r.Ticket,
		Checks: slices.Sorted(slices.Values(r.Checks)), State: "done", Made: d.Now, Audit: d.audit,
	}
	deed := link.Deed{Audit: d.audit, Case: c.ID}
	switch {
	case act == link.ActReset && u.Role.Administrator():
		c.State, deed.Waiting = "waiting", true
	case act == link.ActBypass:
		deed.Bypass, deed.Until = secret.FromString(Code), d.Now.Add(15*time.Minute)
	case act == link.ActUnlock:
		u.Status.Blocked, u.Status.Failures = false, 0
	case act == link.ActReset:
		u.Status, u.Sessions = link.Status{EnrolBy: d.Now.Add(72 * time.Hour)}, 0
	}
	u.Cases = slices.Insert(u.Cases, 0, c)
	if err := d.fails(string(act), true); err != nil {
		deed.Clear()
		return link.Deed{}, err
	}
	return deed, nil
}

// Unlock forgets a user's failures.
func (d *Desk) Unlock(_ context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(link.ActUnlock, id, r)
}

// Resync lets a user type two codes.
func (d *Desk) Resync(_ context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(link.ActResync, id, r)
}

// Bypass makes a code.
func (d *Desk) Bypass(_ context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(link.ActBypass, id, r)
}

// Reset takes a user's second factor off, or asks for it.
func (d *Desk) Reset(_ context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(link.ActReset, id, r)
}

// SignOut ends a user's sessions.
func (d *Desk) SignOut(_ context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(link.ActSignOut, id, r)
}
