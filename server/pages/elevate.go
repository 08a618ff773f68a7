// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

func (p *site) elevationRoutes() {
	p.handle("GET /elevate", ready, (*visit).elevate)
	p.handle("POST /elevate/email", ready, (*visit).elevateByMail)
	p.handle("GET /elevate/code", ready, (*visit).elevationCode)
	p.handle("POST /elevate/code", ready, (*visit).checkElevation)
	p.handle("POST /elevate/code/again", ready, (*visit).elevateByMail)
	p.handle("GET /elevate/second", ready, (*visit).elevateSecond)
	p.handle("POST /elevate/second", ready, (*visit).checkElevateSecond)
	p.handle("POST /elevate/sms", ready, (*visit).elevateText)
	p.handle("GET /elevate/with/{provider}", ready, (*visit).elevateByProvider)
}

// elevate is where everyone goes who wants to change something and was not
// proved lately to be who they are. It leads through what is missing, and back.
func (v *visit) elevate() error {
	if to := local(v.r.URL.Query().Get("return_to"), ""); to != "" {
		v.leave(wayNote, to, time.Hour)
	}
	next, err := v.lacking()
	if err != nil {
		return err
	}
	switch next {
	case lacksNothing:
		v.see(v.way())
		return nil
	case lacksSecond:
		v.see("/elevate/second")
		return nil
	}
	return v.page("elevate", map[string]any{"Providers": v.providers(), "To": v.way()})
}

func (v *visit) way() string {
	to := "/settings/security"
	v.read(wayNote, &to)
	return local(to, "/settings/security")
}

type lack int

const (
	lacksNothing lack = iota
	lacksFirst
	lacksSecond
)

func (v *visit) lacking() (lack, error) {
	st, err := v.status()
	switch {
	case err != nil:
		return 0, err
	case v.session.IsFresh(v.now, st.Method != ""):
		return lacksNothing, nil
	case v.now.Sub(v.session.First) >= session.Fresh:
		return lacksFirst, nil
	}
	return lacksSecond, nil
}

func (v *visit) elevateByMail() error {
	f, err := v.SignIn.Elevate(v.ctx(), v.session, v.browser())
	if err != nil {
		to := "/elevate"
		if refusal.Is(err, refusal.TooManySent) && v.read(flowNote, &mailFlow{}) {
			to = "/elevate/code"
		}
		return v.back(err, to, "")
	}
	v.keepFlow(f, mailFlow{Address: v.user.Email})
	v.see("/elevate/code")
	return nil
}

func (v *visit) elevationCode() error {
	var f mailFlow
	if !v.read(flowNote, &f) {
		v.see("/elevate")
		return nil
	}
	return v.page("elevatecode", f)
}

func (v *visit) checkElevation() error {
	var f mailFlow
	if !v.read(flowNote, &f) {
		return v.back(refusal.New(refusal.FlowEnded), "/elevate", "")
	}
	in, err := v.SignIn.VerifyElevation(v.ctx(), v.session, f.ID, v.form("code"))
	if refusal.Is(err, refusal.FlowEnded) {
		v.drop(flowNote)
		return v.back(err, "/elevate", "")
	}
	if err != nil {
		return v.back(err, "/elevate/code", "code")
	}
	v.drop(flowNote)
	v.adopt(in.Session, in.Token)
	next, err := v.lacking()
	if err != nil {
		return err
	}
	if next == lacksSecond {
		if err := v.firstText(); err != nil {
			return err
		}
	}
	v.see("/elevate")
	return nil
}

func (v *visit) elevateByProvider() error {
	if v.fromElsewhere() {
		v.see("/elevate")
		return nil
	}
	return v.leaveFor("/elevate", &v.session)
}

func (v *visit) elevateSecond() error {
	next, err := v.lacking()
	if err != nil {
		return err
	}
	if next != lacksSecond {
		v.see("/elevate")
		return nil
	}
	p, err := v.promptFor("/elevate/second", "/elevate/sms", v.r.URL.Query().Get("use"))
	if err != nil {
		return err
	}
	if p.Use == factor.Bypass { // it leads to a set-up only, and only from the sign-in
		p.Use = p.Method
	}
	return v.page("second", p)
}

func (v *visit) checkElevateSecond() error { return v.prove("/elevate/second", v.way()) }

func (v *visit) elevateText() error {
	if err := v.sendText(); err != nil {
		return err
	}
	v.see("/elevate/second")
	return nil
}
