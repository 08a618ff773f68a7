// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

func (p *site) deskRoutes() {
	p.handle("GET /desk", ready, (*visit).desk)
	p.handle("POST /desk/find", ready, (*visit).find)
	p.handle("GET /desk/waiting", ready, (*visit).waiting)
	p.handle("POST /desk/cases/{id}/{decision}", ready, (*visit).decide)
	p.handle("GET /desk/audit", ready, (*visit).audit)
	p.handle("GET /desk/people/new", ready, (*visit).askUser)
	p.handle("POST /desk/people/new", ready, (*visit).addUser)
	p.handle("GET /desk/users/{id}", ready, (*visit).subject)
	p.handle("GET /desk/users/{id}/code", ready, (*visit).showBypass)
	p.handle("POST /desk/users/{id}/role", ready, (*visit).setRole)
	p.handle("POST /desk/users/{id}/contact", ready, (*visit).setContact)
	p.handle("POST /desk/users/{id}/clear", ready, (*visit).clearReport)
	p.handle("GET /desk/users/{id}/do/{action}", ready, (*visit).askAction)
	p.handle("POST /desk/users/{id}/do/{action}", ready, (*visit).act)
}

func (v *visit) agent() desk.Agent { return desk.Agent{User: v.user, Session: v.session} }

// desk is the first page of the desk, with who was looked for last.
func (v *visit) desk() error {
	if v.user.Role == people.Member {
		return refusal.New(refusal.Forbidden)
	}
	if v.user.Role == people.Auditor {
		v.see("/desk/audit")
		return nil
	}
	var query string
	looked := v.read(findNote, &query)
	var found []people.User
	if looked {
		var err error
		if found, err = v.Desk.Find(v.ctx(), v.agent(), query); refusal.Is(err, refusal.Invalid) {
			v.drop(findNote)
			return v.back(err, "/desk", "q")
		}
		if err != nil {
			return err
		}
	}
	return v.page("desk/find", map[string]any{"Query": query, "Looked": looked, "Found": found, "Admin": v.user.Role.Administrator()})
}

// find keeps what is looked for out of addresses, and so out of logs and histories: it is a name or an e-mail address.
func (v *visit) find() error {
	v.leave(findNote, cut(v.form("q"), 254), time.Hour)
	v.see("/desk")
	return nil
}

func userPath(id string, more ...string) string {
	path := "/desk/users/" + url.PathEscape(id)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

func (v *visit) subject() error {
	s, err := v.Desk.Subject(v.ctx(), v.agent(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.page("desk/user", map[string]any{
		"Subject": s, "Steps": steps(s), "Roles": people.Roles,
		"Admin": v.user.Role.Administrator(), "Owner": v.user.Role == people.Owner,
	})
}

// deskStep is an action as the page of a user shows it: what it is for, and why not.
type deskStep struct {
	Action desk.Action
	May    bool
	Why    sentence
}

// steps are the actions in the order of danger.
func steps(s desk.Subject) []deskStep {
	var all []deskStep
	for _, a := range []desk.Action{desk.SignOut, desk.Unlock, desk.Resync, desk.Bypass, desk.Reset, desk.Suspend, desk.Restore} {
		if a == desk.Suspend && !s.User.Suspended.IsZero() || a == desk.Restore && s.User.Suspended.IsZero() {
			continue // the other one is there
		}
		one := deskStep{Action: a}
		for _, may := range s.May {
			one.May = one.May || may == a
		}
		if kind := whyNot(s, a); kind != "" {
			one.May, one.Why = false, says(kind)
		}
		all = append(all, one)
	}
	return all
}

// whyNot is why an action cannot be done: by the role, or because there is nothing to do it to.
func whyNot(s desk.Subject, a desk.Action) refusal.Kind {
	switch {
	case s.MayNot[a] != "":
		return refusal.Kind(s.MayNot[a])
	case s.Status.Method == "" && (a == desk.Resync || a == desk.Reset && s.User.EnrolBy.IsZero()):
		return refusal.NotEnrolled
	case s.Status.Method == factor.SMS && a == desk.Resync:
		return refusal.MethodMismatch
	}
	return ""
}

func (v *visit) waiting() error {
	all, err := v.Desk.Waiting(v.ctx(), v.agent())
	if err != nil {
		return err
	}
	return v.page("desk/waiting", all)
}

func (v *visit) decide() error {
	approve := v.r.PathValue("decision") == "approve"
	done, err := v.Desk.Decide(v.ctx(), v.agent(), v.r.PathValue("id"), approve)
	if err != nil {
		return v.back(err, "/desk/waiting", "")
	}
	if !approve {
		return v.done("The reset was refused. Nothing was changed.", "/desk/waiting")
	}
	return v.done("The reset was approved and is done. Number in the audit log: "+strconv.FormatInt(done.AuditID, 10)+".", "/desk/waiting")
}

// auditPage is how many events one page shows.
const auditPage = 50

func (v *visit) audit() error {
	q := v.r.URL.Query()
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	if q.Get("before") != "" && (err != nil || before < 0) {
		return refusal.Field("before", "this is no number of an event")
	}
	subject := cut(q.Get("subject"), 64)
	all, err := v.Desk.Audit(v.ctx(), v.agent(), subject, before, auditPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(all) > auditPage {
		all = all[:auditPage]
		values := url.Values{"before": {strconv.FormatInt(all[auditPage-1].ID, 10)}}
		if subject != "" {
			values.Set("subject", subject)
		}
		next = "/desk/audit?" + values.Encode()
	}
	names, err := v.names(all)
	if err != nil {
		return err
	}
	return v.page("desk/audit", map[string]any{"Events": all, "Names": names, "Next": next, "Subject": subject, "First": before == 0})
}

// names are the names of the people in events.
func (v *visit) names(all []audit.Event) (map[string]string, error) {
	names := map[string]string{}
	for _, e := range all {
		for _, id := range []string{e.Actor, e.Subject} {
			if _, known := names[id]; known || id == "" {
				continue
			}
			u, err := people.ByID(v.ctx(), v.DB, id)
			if err != nil && !isNobody(err) {
				return nil, err
			}
			names[id] = u.Name
		}
	}
	return names, nil
}

func (v *visit) askUser() error {
	if !v.user.Role.Administrator() {
		return refusal.New(refusal.Forbidden)
	}
	if _, err := v.fresh(); err != nil {
		return err
	}
	roles := people.Roles
	if v.user.Role != people.Owner { // another administrator only an owner adds
		roles = slices.DeleteFunc(slices.Clone(roles), people.Role.Administrator)
	}
	return v.page("desk/newuser", roles)
}

func (v *visit) addUser() error {
	u, err := v.Desk.AddUser(v.ctx(), v.agent(), v.form("email"), v.form("name"), people.Role(v.form("role")))
	if err != nil {
		return v.back(err, "/desk/people/new", "email", "email", "name", "role")
	}
	return v.done("The account is there. Sign-in is by e-mail, Google or Apple.", userPath(u.ID))
}

func (v *visit) setRole() error {
	id := v.r.PathValue("id")
	if err := v.Desk.SetRole(v.ctx(), v.agent(), id, people.Role(v.form("role"))); err != nil {
		return v.back(err, userPath(id), "role")
	}
	return v.done("The role is changed.", userPath(id))
}

func (v *visit) setContact() error {
	id := v.r.PathValue("id")
	if err := v.Desk.SetContact(v.ctx(), v.agent(), id, v.form("contact")); err != nil {
		return v.back(err, userPath(id), "contact", "contact")
	}
	return v.done("The number on record is changed. It must not be called back for seven days, and the user was told.", userPath(id))
}

func (v *visit) clearReport() error {
	id := v.r.PathValue("id")
	if err := v.Desk.ClearReport(v.ctx(), v.agent(), id); err != nil {
		return v.back(err, userPath(id), "")
	}
	return v.done("It is noted that you looked at the report.", userPath(id))
}

// showBypass shows a code for one sign-in, once.
func (v *visit) showBypass() error {
	var b bypass
	id := v.r.PathValue("id")
	if !v.read(bypassNote, &b) || b.User != id {
		return v.done("That code is shown once. If it was lost, make a new one: it replaces the old.", userPath(id))
	}
	v.drop(bypassNote)
	return v.page("desk/code", b)
}
