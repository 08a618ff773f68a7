// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

// bypass is a code for one sign-in that waits to be read out.
type bypass struct {
	User    string    `json:"u"`
	Code    string    `json:"c"`
	Expires time.Time `json:"e"`
	Audit   int64     `json:"a"`
}

// checkInput is a check as the form shows it.
type checkInput struct {
	Check desk.Check
	Group string
	// Off says why it cannot be ticked, "" it can.
	Off string
}

// checkOrder is the order on the form: the easiest first.
var checkOrder = []desk.Check{desk.CalledBack, desk.VideoWithID, desk.Manager, desk.KnownChannel, desk.InPerson}

func isNobody(err error) bool { return errors.Is(err, people.ErrNobody) }

// askAction shows the form of an action with the identity checks.
func (v *visit) askAction() error {
	a := desk.Action(v.r.PathValue("action"))
	if _, err := v.fresh(); err != nil {
		return err // before a form is filled in, not after
	}
	s, err := v.Desk.Subject(v.ctx(), v.agent(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, one := range steps(s) {
		if one.Action != a {
			continue
		}
		if !one.May {
			return v.back(refusal.New(cmp.Or(whyNot(s, a), refusal.Forbidden)), userPath(s.User.ID), "")
		}
		_, need := desk.Kinds(a, nil)
		return v.page("desk/act", map[string]any{"Action": a, "Subject": s, "Checks": checkInputs(s), "Kinds": need})
	}
	return refusal.New(refusal.NotFound)
}

func checkInputs(s desk.Subject) []checkInput {
	var all []checkInput
	for _, c := range checkOrder {
		in := checkInput{Check: c, Group: desk.Checks[c]}
		if c == desk.CalledBack && !s.CallBackOK {
			in.Off = "There is no number on record, or it was changed in the last seven days."
		}
		all = append(all, in)
	}
	return all
}

// record reads the form of an action.
func (v *visit) record() desk.Record {
	r := desk.Record{
		Reason: strings.TrimSpace(v.form("reason")), Ticket: strings.TrimSpace(v.form("ticket")), Confirmed: v.form("confirmed") != "",
	}
	for _, c := range checkOrder {
		if v.form("check-"+string(c)) != "" {
			r.Checks = append(r.Checks, c)
		}
	}
	return r
}

// missing says all that a record lacks; the desk refuses with the first.
func missing(a desk.Action, r desk.Record) []string {
	var all []string
	switch have, need := desk.Kinds(a, r.Checks); {
	case have < need && need == 1:
		all = append(all, "An identity check is needed.")
	case have < need:
		all = append(all, "Two identity checks of different kinds are needed, beside a call back; "+plural(have, "kind is", "kinds are")+" ticked.")
	}
	if n := utf8.RuneCountInString(r.Reason); n < 10 || n > 500 {
		all = append(all, "The reason needs 10 to 500 characters.")
	}
	if !r.Confirmed {
		all = append(all, "Confirm that there was no pressure, and that nothing else is changed in this call.")
	}
	return all
}

// act does what an agent asked for.
func (v *visit) act() error {
	id, a, r := v.r.PathValue("id"), desk.Action(v.r.PathValue("action")), v.record()
	form := userPath(id, "do", string(a))
	var done desk.Done
	var err error
	switch a {
	case desk.Unlock:
		done, err = v.Desk.Unlock(v.ctx(), v.agent(), id, r)
	case desk.Resync:
		done, err = v.Desk.Resync(v.ctx(), v.agent(), id, r)
	case desk.Bypass:
		done, err = v.Desk.Bypass(v.ctx(), v.agent(), id, r)
	case desk.Reset:
		done, err = v.Desk.Reset(v.ctx(), v.agent(), id, r)
	case desk.SignOut:
		done, err = v.Desk.SignOut(v.ctx(), v.agent(), id, r)
	case desk.Suspend:
		done, err = v.Desk.Suspend(v.ctx(), v.agent(), id, r)
	case desk.Restore:
		done, err = v.Desk.Restore(v.ctx(), v.agent(), id, r)
	default:
		return refusal.New(refusal.NotFound)
	}
	if err != nil {
		return v.incomplete(err, form, a, r)
	}
	return v.acted(id, a, done)
}

// incomplete leads back to the form, with what was filled in and what is missing.
func (v *visit) incomplete(err error, form string, a desk.Action, r desk.Record) error {
	keep := []string{"reason", "ticket", "confirmed"}
	for _, c := range checkOrder {
		keep = append(keep, "check-"+string(c))
	}
	if refusal.Is(err, refusal.ChecksMissing) {
		v.lacks = missing(a, r)
	}
	return v.back(err, form, "", keep...)
}

// acted tells the agent what was done, and the number to read out.
func (v *visit) acted(id string, a desk.Action, done desk.Done) error {
	number := " Number in the audit log: " + strconv.FormatInt(done.AuditID, 10) + "."
	switch {
	case a == desk.Bypass && done.Repeated:
		return v.repeated(id, number)
	case a == desk.Bypass:
		v.leave(bypassNote, bypass{User: id, Code: done.Code, Expires: done.Expires, Audit: done.AuditID}, 15*time.Minute)
		v.see(userPath(id, "code"))
		return nil
	case done.Waiting:
		return v.done("The reset waits for a second administrator."+number, userPath(id))
	case a == desk.SignOut:
		return v.done("All sessions and linked apps of this user are ended."+number, userPath(id))
	case a == desk.Suspend:
		return v.done("The account is suspended: all sessions and linked apps are ended, and nobody can sign in to it."+number, userPath(id))
	case a == desk.Restore:
		return v.done("The user can sign in again."+number, userPath(id))
	case a == desk.Unlock:
		return v.done("The account is unlocked."+number, userPath(id))
	case a == desk.Resync:
		return v.done("The user can type two codes in a row when signing in, within "+span(done.Expires.Sub(v.now))+
			": “My helpdesk asked me to type two codes”. Do not have them read out to you."+number, userPath(id))
	}
	return v.done("Two-factor authentication was reset. All sessions are ended, and the user was told by mail."+number, userPath(id))
}

// repeated answers a request for a code that was sent twice: the code was made once.
// If its page was not shown yet, as after a double click, it is now.
func (v *visit) repeated(id, number string) error {
	var b bypass
	if v.read(bypassNote, &b) && b.User == id {
		v.see(userPath(id, "code"))
		return nil
	}
	return v.done("The code was made a moment ago and was shown once; it is not shown again."+number+
		" If it was lost, wait a minute and make a new one: it replaces the old.", userPath(id))
}
