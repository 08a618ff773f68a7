// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

func deskRoutes() []route {
	const user = "/v1/admin/users/{id}"
	return []route{
		{http.MethodPost, "/v1/admin/users/find", ready, session.DeskWork, http.StatusOK, takes(findUsers)},
		{http.MethodPost, "/v1/admin/users", ready, noApp, http.StatusCreated, takes(addUser)},
		{http.MethodGet, user, ready, session.DeskWork, http.StatusOK, asks(subject)},
		{http.MethodPut, user + "/role", ready, noApp, http.StatusNoContent, takes(setRole)},
		{http.MethodDelete, user + "/report", ready, noApp, http.StatusNoContent, asks(clearReport)},
		{http.MethodPost, user + "/2fa/unlock", ready, session.DeskWork, http.StatusOK, takes(acts((*desk.Service).Unlock))},
		{http.MethodPost, user + "/2fa/resync", ready, session.DeskWork, http.StatusOK, takes(acts((*desk.Service).Resync))},
		{http.MethodPost, user + "/2fa/bypass-code", ready, session.DeskWork, http.StatusOK, takes(acts((*desk.Service).Bypass))},
		{http.MethodPost, user + "/2fa/reset", ready, session.DeskWork, http.StatusOK, takes(acts((*desk.Service).Reset))},
		{http.MethodPost, user + "/sign-out", ready, session.DeskWork, http.StatusOK, takes(acts((*desk.Service).SignOut))},
		{http.MethodPost, user + "/suspend", ready, noApp, http.StatusOK, takes(acts((*desk.Service).Suspend))},
		{http.MethodPost, user + "/restore", ready, noApp, http.StatusOK, takes(acts((*desk.Service).Restore))},
		{http.MethodGet, "/v1/admin/cases", ready, noApp, http.StatusOK, asks(cases)},
		{http.MethodPost, "/v1/admin/cases/{id}/approve", ready, noApp, http.StatusOK, asks(decide(true))},
		{http.MethodPost, "/v1/admin/cases/{id}/refuse", ready, noApp, http.StatusOK, asks(decide(false))},
		{http.MethodGet, "/v1/admin/audit", ready, noApp, http.StatusOK, asks(auditLog)},
	}
}

func (c *call) agent() desk.Agent { return desk.Agent{User: c.user, Session: c.in} }

// query reads the parameters of a query that are known, each at most once.
func (c *call) query(known ...string) (map[string]string, error) {
	values, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return nil, refusal.Field("", "the query is not understood")
	}
	got := map[string]string{}
	for _, name := range known {
		all := values[name]
		delete(values, name)
		if len(all) == 0 {
			continue
		}
		if len(all) > 1 || !utf8.ValidString(all[0]) {
			return nil, refusal.Field(name, "is there twice, or is not UTF-8")
		}
		if err := text(name, all[0]); err != nil {
			return nil, err
		}
		got[name] = all[0]
	}
	for name := range values {
		return nil, refusal.Field(shown(name), "is not known here")
	}
	return got, nil
}

// number reads a whole number of a query within bounds, or otherwise where it is not there.
func number(q map[string]string, name string, least, most, otherwise int64) (int64, error) {
	text, there := q[name]
	if !there {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, refusal.Field(name, "must be a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10))
	}
	return n, nil
}

type findBody struct {
	Query string `json:"query"`
}

type usersView struct {
	Users []userView `json:"users"`
}

// findUsers takes what is looked for in the body: it is a name or an e-mail address,
// which must not stand in logs and histories of addresses.
func findUsers(c *call, in findBody) (usersView, error) {
	all, err := c.Desk.Find(c.ctx, c.agent(), in.Query)
	return usersView{list(all, viewUser)}, err
}

type newUserBody struct {
	Email string      `json:"email"`
	Name  string      `json:"name"`
	Role  people.Role `json:"role"`
}

func roleOK(r people.Role) error {
	if !r.Valid() {
		return refusal.Field("role", "must be user, auditor, helpdesk, admin or owner")
	}
	return nil
}

func addUser(c *call, in newUserBody) (userView, error) {
	if err := roleOK(in.Role); err != nil {
		return userView{}, err
	}
	u, err := c.Desk.AddUser(c.ctx, c.agent(), in.Email, in.Name, in.Role)
	return viewUser(u), err
}

type roleBody struct {
	Role people.Role `json:"role"`
}

func setRole(c *call, in roleBody) (none, error) {
	if err := roleOK(in.Role); err != nil {
		return none{}, err
	}
	return none{}, c.Desk.SetRole(c.ctx, c.agent(), c.r.PathValue("id"), in.Role)
}

func clearReport(c *call) (none, error) {
	return none{}, c.Desk.ClearReport(c.ctx, c.agent(), c.r.PathValue("id"))
}

type subjectView struct {
	User       userView               `json:"user"`
	Reported   time.Time              `json:"reported_at,omitzero"`
	Suspended  time.Time              `json:"suspended_at,omitzero"`
	Status     statusView             `json:"two_factor"`
	Sessions   int                    `json:"sessions"`
	CallBack   string                 `json:"call_back,omitempty"`
	CallBackOK bool                   `json:"call_back_ok"`
	May        []desk.Action          `json:"may"`
	MayNot     map[desk.Action]string `json:"may_not"`
	Cases      []caseView             `json:"cases"`
}

func subject(c *call) (subjectView, error) {
	s, err := c.Desk.Subject(c.ctx, c.agent(), c.r.PathValue("id"))
	if err != nil {
		return subjectView{}, err
	}
	v := subjectView{
		User: viewUser(s.User), Reported: s.User.Reported, Suspended: s.User.Suspended, Status: viewStatus(s.Status), Sessions: s.Sessions,
		CallBack: s.CallBack, CallBackOK: s.CallBackOK, May: append([]desk.Action{}, s.May...), MayNot: s.MayNot, Cases: list(s.Cases, viewCase),
	}
	if v.MayNot == nil {
		v.MayNot = map[desk.Action]string{}
	}
	return v, nil
}

type doneView struct {
	AuditID int64     `json:"audit_id"`
	CaseID  string    `json:"case_id,omitempty"`
	Code    string    `json:"bypass_code,omitempty"`
	Expires time.Time `json:"expires_at,omitzero"`
	Waiting bool      `json:"waiting"`
	// Repeated: it was done a moment ago, and not again; then there is no code.
	Repeated bool `json:"repeated,omitempty"`
}

func viewDone(d desk.Done, err error) (doneView, error) {
	return doneView{AuditID: d.AuditID, CaseID: d.CaseID, Code: d.Code, Expires: d.Expires, Waiting: d.Waiting, Repeated: d.Repeated}, err
}

// acts makes the function of an action that needs a record and nothing else.
func acts(do func(s *desk.Service, ctx context.Context, a desk.Agent, userID string, r desk.Record) (desk.Done, error)) func(*call, desk.Record) (doneView, error) {
	return func(c *call, in desk.Record) (doneView, error) {
		return viewDone(do(c.Desk, c.ctx, c.agent(), c.r.PathValue("id"), in))
	}
}

type caseView struct {
	ID        string       `json:"id"`
	UserID    string       `json:"user_id"`
	UserName  string       `json:"user_name"`
	Action    desk.Action  `json:"action"`
	By        string       `json:"by"`
	ByID      string       `json:"by_id"`
	Reason    string       `json:"reason"`
	Checks    []desk.Check `json:"checks"`
	Ticket    string       `json:"ticket,omitempty"`
	State     string       `json:"state"`
	Created   time.Time    `json:"created_at"`
	NotBefore time.Time    `json:"not_before,omitzero"`
	Expires   time.Time    `json:"expires_at,omitzero"`
	DecidedBy string       `json:"decided_by,omitempty"`
	AuditID   int64        `json:"audit_id"`
}

func viewCase(k desk.Case) caseView {
	return caseView{
		ID: k.ID, UserID: k.UserID, UserName: k.UserName, Action: k.Action, By: k.By, ByID: k.ByID, Reason: k.Reason,
		Checks: append([]desk.Check{}, k.Checks...), Ticket: k.Ticket, State: k.State, Created: k.Created, NotBefore: k.NotBefore, Expires: k.Expires,
		DecidedBy: k.DecidedBy, AuditID: k.AuditID,
	}
}

type casesView struct {
	Cases []caseView `json:"cases"`
}

func cases(c *call) (casesView, error) {
	all, err := c.Desk.Waiting(c.ctx, c.agent())
	return casesView{list(all, viewCase)}, err
}

func decide(approve bool) func(*call) (doneView, error) {
	return func(c *call) (doneView, error) {
		return viewDone(c.Desk.Decide(c.ctx, c.agent(), c.r.PathValue("id"), approve))
	}
}

type eventView struct {
	ID      int64             `json:"id"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Subject string            `json:"subject"`
	Action  audit.Action      `json:"action"`
	Detail  map[string]string `json:"detail"`
	Seq     int64             `json:"seq,omitempty"`
}

type eventsView struct {
	Events []eventView `json:"events"`
}

// mostEvents is how many events one answer holds.
const mostEvents = 200

func auditLog(c *call) (eventsView, error) {
	q, err := c.query("subject", "before", "limit")
	if err != nil {
		return eventsView{}, err
	}
	before, err := number(q, "before", 1, 1<<53, 0)
	if err != nil {
		return eventsView{}, err
	}
	most, err := number(q, "limit", 1, mostEvents, 50)
	if err != nil {
		return eventsView{}, err
	}
	all, err := c.Desk.Audit(c.ctx, c.agent(), q["subject"], before, int(most))
	return eventsView{list(all, viewEvent)}, err
}

func viewEvent(e audit.Event) eventView {
	v := eventView{ID: e.ID, At: e.At, Actor: e.Actor, Subject: e.Subject, Action: e.Action, Detail: e.Detail, Seq: e.Seq}
	if v.Detail == nil {
		v.Detail = map[string]string{}
	}
	return v
}
