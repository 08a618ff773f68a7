// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"errors"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func (p *site) settingsRoutes() {
	p.handle("GET /settings", ready, (*visit).settings)
	p.handle("GET /settings/security", enrolling, (*visit).security)
	p.handle("GET /settings/sessions", ready, (*visit).sessions)
	p.handle("POST /settings/sessions/{id}/end", ready, (*visit).endSession)
	p.handle("POST /settings/sessions/others/end", ready, (*visit).endOthers)
	p.handle("GET /settings/apps", ready, (*visit).apps)
	p.handle("POST /settings/apps/{id}/end", ready, (*visit).endApp)
}

func (v *visit) home() error {
	st, err := v.status()
	if err != nil {
		return err
	}
	return v.page("home", st)
}

func (v *visit) help() error { return v.page("help", nil) }

func (v *visit) settings() error { return v.page("settings", nil) }

// security shows the status of two-factor authentication. // R11 R42
func (v *visit) security() error {
	st, err := v.status()
	if err != nil {
		return err
	}
	return v.page("security", st)
}

func (v *visit) sessions() error {
	all, err := session.List(v.ctx(), v.DB, v.user.ID, v.now)
	if err != nil {
		return err
	}
	return v.page("sessions", all)
}

func (v *visit) endSession() error {
	err := v.DB.Tx(v.ctx(), func(q store.Q) error {
		return session.SignOut(v.ctx(), q, v.session, v.r.PathValue("id"), v.now)
	})
	if errors.Is(err, session.ErrEnded) {
		return v.done("That session was over already.", "/settings/sessions")
	}
	if err != nil {
		return err
	}
	return v.done("The session has ended.", "/settings/sessions")
}

func (v *visit) endOthers() error {
	var n int64
	err := v.DB.Tx(v.ctx(), func(q store.Q) (err error) {
		n, err = session.SignOutOthers(v.ctx(), q, v.session, v.now)
		return err
	})
	if err != nil {
		return err
	}
	return v.done(plural(int(n), "other session has", "other sessions have")+" ended.", "/settings/sessions")
}

func (v *visit) apps() error {
	all, err := v.Links.List(v.ctx(), v.user.ID)
	if err != nil {
		return err
	}
	return v.page("apps", all)
}

func (v *visit) endApp() error {
	err := v.Links.End(v.ctx(), v.user.ID, v.r.PathValue("id"))
	if errors.Is(err, session.ErrEnded) {
		return v.done("That app was no longer linked.", "/settings/apps")
	}
	if err != nil {
		return v.back(err, "/settings/apps", "")
	}
	return v.done("The app is no longer linked.", "/settings/apps")
}

// fresh returns the status of the second factor if it may be changed now, a refusal otherwise.
func (v *visit) fresh() (factor.Status, error) {
	st, err := v.status()
	if err != nil {
		return st, err
	}
	if !v.session.IsFresh(v.now, st.Method != "") {
		return st, refusal.New(refusal.NeedsElevation)
	}
	return st, nil
}
