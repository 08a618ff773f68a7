// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
)

// required is what a session lacks, as the API names it.
var required = map[session.Need]string{
	session.Nothing: "none", session.Second: "second-factor", session.Enrol: "enrolment",
}

type userView struct {
	ID    string      `json:"id"`
	Email string      `json:"email"`
	Name  string      `json:"name"`
	Role  people.Role `json:"role"`
}

func viewUser(u people.User) userView {
	return userView{ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role}
}

// promptView is what is needed to ask for the second factor.
type promptView struct {
	Method    factor.Method `json:"method"`
	PhoneHint string        `json:"phone_hint,omitempty"`
	Resync    time.Time     `json:"resync_until,omitzero"`
}

type sessionView struct {
	ID        string          `json:"id"`
	AAL       int             `json:"aal"`
	Required  string          `json:"required"`
	Via       string          `json:"via"`
	Device    string          `json:"device"`
	Created   time.Time       `json:"created_at"`
	Seen      time.Time       `json:"seen_at"`
	Expires   time.Time       `json:"expires_at"`
	MayChange bool            `json:"may_change"`
	Current   bool            `json:"current"`
	App       string          `json:"app,omitempty"`
	Scopes    []session.Scope `json:"scopes,omitempty"`
	Prompt    *promptView     `json:"second_factor,omitempty"`
	User      *userView       `json:"user,omitempty"`
}

// viewSession shows a session without what belongs to its user.
func viewSession(s session.Session) sessionView {
	return sessionView{
		ID: s.ID, AAL: s.AAL(), Required: required[s.Need], Via: s.Via, Device: s.Device,
		Created: s.Created, Seen: s.Seen, Expires: s.Ends, App: s.App, Scopes: s.Scopes,
	}
}

// session shows a session to who holds it. Before the second factor it says how
// to prove that, and nothing of the user.
func (c *call) session(s session.Session, u people.User) (sessionView, error) {
	v := viewSession(s)
	v.Current = true
	if s.Need != session.Second && s.IsFresh(c.now, true) { // whether there is a second factor changes nothing: it is not asked
		user := viewUser(u)
		v.User, v.MayChange = &user, s.May(session.EnrolOnly)
		return v, nil
	}
	status, err := c.Factors.Status(c.ctx, s.UserID)
	if err != nil {
		return v, err
	}
	if s.Need == session.Second {
		v.Prompt = &promptView{Method: cmp.Or(status.Method, factor.Bypass), PhoneHint: status.PhoneHint, Resync: status.Resync}
		return v, nil
	}
	user := viewUser(u)
	v.User = &user
	v.MayChange = s.IsFresh(c.now, status.Method != "") && s.May(session.EnrolOnly)
	return v, nil
}

// inView is what a proved factor brings.
type inView struct {
	Token   string      `json:"token"`
	Session sessionView `json:"session"`
}

type flowView struct {
	ID      string    `json:"flow_id"`
	Resend  int64     `json:"resend_after"`
	Expires time.Time `json:"expires_at"`
}

// seconds are whole seconds, rounded up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

type pendingView struct {
	ID        string        `json:"id"`
	Method    factor.Method `json:"method"`
	Expires   time.Time     `json:"expires_at"`
	PhoneHint string        `json:"phone_hint,omitempty"`
	Resend    *int64        `json:"resend_after,omitempty"`
	KeyURI    string        `json:"key_uri,omitempty"`
	Secret    string        `json:"secret,omitempty"`
}

func viewPending(e factor.Enrolment) pendingView {
	v := pendingView{ID: e.ID, Method: e.Method, Expires: e.Expires, PhoneHint: e.PhoneHint, KeyURI: e.KeyURI, Secret: e.Secret}
	if e.Method == factor.SMS {
		wait := seconds(e.Resend)
		v.Resend = &wait
	}
	return v
}

type codesView struct {
	Left    int       `json:"left"`
	All     int       `json:"all"`
	Made    time.Time `json:"made_at,omitzero"`
	Saved   bool      `json:"saved"`
	Advised bool      `json:"new_advised"`
}

type statusView struct {
	Enabled   bool          `json:"enabled"`
	Method    factor.Method `json:"method,omitempty"`
	PhoneHint string        `json:"phone_hint,omitempty"`
	Since     time.Time     `json:"since,omitzero"`
	LastUsed  time.Time     `json:"last_used_at,omitzero"`
	Drift     int           `json:"drift_steps"`
	Codes     codesView     `json:"backup_codes"`
	Failures  int           `json:"failures"`
	NotBefore time.Time     `json:"not_before,omitzero"`
	Blocked   bool          `json:"blocked"`
	EnrolBy   time.Time     `json:"enrol_by,omitzero"`
	Resync    time.Time     `json:"resync_until,omitzero"`
	Pending   *pendingView  `json:"pending,omitempty"`
}

func viewStatus(s factor.Status) statusView {
	v := statusView{
		Enabled: s.Method != "", Method: s.Method, PhoneHint: s.PhoneHint, Since: s.Since, LastUsed: s.LastUsed, Drift: s.Drift,
		Codes:    codesView{Left: s.CodesLeft, All: s.CodesAll, Made: s.CodesMade, Saved: s.CodesSaved, Advised: s.NewCodesAdvised},
		Failures: s.Failures, NotBefore: s.NotBefore, Blocked: s.Blocked, EnrolBy: s.EnrolBy, Resync: s.Resync,
	}
	if s.Pending != nil {
		p := viewPending(*s.Pending)
		p.KeyURI, p.Secret = "", "" // a status holds nothing secret
		v.Pending = &p
	}
	return v
}
