// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// fromApple is the one form that another site sends; a mark in a cookie guards what it leads to.
const fromApple = "POST /signin/{provider}/callback"

func (p *site) signInRoutes() {
	p.handle("GET /signin", anyone, (*visit).signIn)
	p.handle("POST /signin/email", anyone, (*visit).sendMail)
	p.handle("GET /signin/code", anyone, (*visit).mailCode)
	p.handle("POST /signin/code", anyone, (*visit).checkMailCode)
	p.handle("POST /signin/code/again", anyone, (*visit).mailAgain)
	p.handle("GET /signin/{provider}", anyone, (*visit).toProvider)
	p.handle("GET /signin/{provider}/callback", anyone, (*visit).fromProvider)
	p.handle(fromApple, anyone, (*visit).postedByProvider)
}

// mailFlow is a sign-in by e-mail, as the browser that began it keeps it.
type mailFlow struct {
	ID      string    `json:"i"`
	Address string    `json:"a"`
	Resend  time.Time `json:"r"`
	To      string    `json:"t,omitempty"` // where to go afterwards
	// By is the provider whose identity is not linked yet: the code proves the address once.
	By string `json:"b,omitempty"`
}

// keepFlow keeps a flow a while longer than its code is good, so that it can be sent again.
func (v *visit) keepFlow(f signin.Flow, m mailFlow) {
	m.ID, m.Resend = f.ID, v.now.Add(f.Resend)
	v.leave(flowNote, m, f.Expires.Sub(v.now)+time.Hour)
}

func (v *visit) start() error {
	if v.session.ID == "" {
		v.see("/signin")
		return nil
	}
	v.see("/home")
	return nil
}

func (v *visit) signIn() error {
	if v.session.ID != "" {
		v.see(local(v.r.URL.Query().Get("return_to"), "/home"))
		return nil
	}
	return v.page("signin", map[string]any{"To": local(v.r.URL.Query().Get("return_to"), ""), "Providers": v.providers()})
}

// provider is a way to sign in beside the e-mail.
type provider struct{ Name, Label string }

func (v *visit) providers() []provider {
	var all []provider
	for _, one := range v.SignIn.Providers {
		all = append(all, provider{Name: one.Name, Label: via(one.Name)})
	}
	return all
}

// sendMail begins a sign-in by e-mail. An address that nobody has is answered alike. // R05
func (v *visit) sendMail() error {
	to := local(v.form("return_to"), "")
	f, err := v.SignIn.Email(v.ctx(), v.form("email"), v.browser())
	if err != nil {
		return v.back(err, with("/signin", to), "email", "email")
	}
	v.keepFlow(f, mailFlow{Address: cut(v.form("email"), 254), To: to})
	v.see("/signin/code")
	return nil
}

func (v *visit) mailCode() error {
	var f mailFlow
	if v.session.ID != "" || !v.read(flowNote, &f) {
		v.see("/signin")
		return nil
	}
	return v.page("signincode", f)
}

func (v *visit) checkMailCode() error {
	var f mailFlow
	if !v.read(flowNote, &f) {
		return v.back(refusal.New(refusal.FlowEnded), "/signin", "")
	}
	in, err := v.SignIn.VerifyEmail(v.ctx(), f.ID, v.form("code"), v.browser())
	web.CountSignIn("email", err)
	if refusal.Is(err, refusal.FlowEnded) {
		v.drop(flowNote)
		return v.back(err, with("/signin", f.To), "")
	}
	if err != nil {
		return v.back(err, "/signin/code", "code")
	}
	v.drop(flowNote)
	return v.landed(in, f.To)
}

func (v *visit) mailAgain() error {
	var f mailFlow
	if !v.read(flowNote, &f) {
		return v.back(refusal.New(refusal.FlowEnded), "/signin", "")
	}
	again, err := v.SignIn.Resend(v.ctx(), f.ID, v.browser())
	if err != nil {
		return v.back(err, "/signin/code", "")
	}
	v.keepFlow(again, f)
	return v.done("We sent a new code. The one before works no longer.", "/signin/code")
}

// landed goes on after the first factor was proved.
func (v *visit) landed(in signin.In, to string) error {
	if err := v.endBefore(in.Session); err != nil {
		return err
	}
	v.adopt(in.Session, in.Token)
	v.user = in.User
	switch in.Session.Need {
	case session.Second:
		v.leave(wayNote, local(to, "/home"), session.Pending)
		if err := v.firstText(); err != nil {
			return err
		}
		v.see("/second")
	case session.Enrol:
		v.see("/enrol")
	default:
		v.see(local(to, "/home"))
	}
	return nil
}

// endBefore ends the session that the browser had before it signed in anew: nobody
// is left signed in by a cookie that is gone (OWASP ASVS 5, 7.2.4).
func (v *visit) endBefore(now session.Session) error {
	if v.session.ID == "" || v.session.ID == now.ID {
		return nil
	}
	return v.endThis()
}

// endThis ends the session of the browser, if it is live still.
func (v *visit) endThis() error {
	err := v.DB.Tx(v.ctx(), func(q store.Q) error { return session.SignOut(v.ctx(), q, v.session, v.session.ID, v.now) })
	if errors.Is(err, session.ErrEnded) {
		return nil
	}
	return err
}

// firstText sends the code by SMS to who receives codes so, without being asked to.
func (v *visit) firstText() error {
	st, err := v.status()
	if err != nil || st.Method != factor.SMS {
		return err
	}
	return v.sendText()
}

// toProvider is a link and no form: Chromium applies form-action to redirections too.
func (v *visit) toProvider() error {
	to := local(v.r.URL.Query().Get("return_to"), "/home")
	if v.fromElsewhere() {
		v.see(with("/signin", to))
		return nil
	}
	return v.leaveFor(to, nil)
}

// fromElsewhere tells that a link on another site led here. Then our own page comes
// first, so that nobody is signed in without an act of theirs (OWASP ASVS 5, 7.6.2).
func (v *visit) fromElsewhere() bool {
	site := v.r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

func (v *visit) leaveFor(to string, elevate *session.Session) error {
	name := v.r.PathValue("provider")
	address, mark, err := v.SignIn.Begin(v.ctx(), name, to, elevate, v.browser())
	if err != nil {
		return v.back(err, "/signin", "")
	}
	v.setCookie(v.w, v.cookies.mark, mark, 15*time.Minute)
	http.Redirect(v.w, v.r, address, http.StatusSeeOther)
	return nil
}

// postedByProvider turns Apple's form_post into a GET, which brings our cookies along.
func (v *visit) postedByProvider() error {
	q := url.Values{}
	for _, name := range []string{"state", "code", "iss"} {
		if x := v.form(name); x != "" {
			q.Set(name, cut(x, 2048))
		}
	}
	v.see("/signin/" + url.PathEscape(v.r.PathValue("provider")) + "/callback?" + q.Encode())
	return nil
}

// fromProvider ends a sign-in, or a proof, at Google or Apple. // R02 R03 R04
func (v *visit) fromProvider() error {
	q, name := v.r.URL.Query(), v.r.PathValue("provider")
	mark := cookie(v.r, v.cookies.mark)
	v.setCookie(v.w, v.cookies.mark, "", -1)
	in, err := v.SignIn.Return(v.ctx(), name, signin.Back{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss")}, mark, v.browser())
	web.CountSignIn(name, err)
	if refusal.Is(err, refusal.IdentityUnlinked) && in.Flow.ID != "" {
		v.keepFlow(in.Flow, mailFlow{By: name, To: in.ReturnTo})
		v.see("/signin/code")
		return nil
	}
	if err != nil {
		to := "/signin"
		if v.session.ID != "" {
			to = "/elevate"
		}
		return v.back(err, to, "")
	}
	return v.landed(in, in.ReturnTo)
}

func (v *visit) signOut() error {
	if err := v.endThis(); err != nil {
		return err
	}
	// Not the cookies: the mark of the device stays.
	v.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	v.setCookie(v.w, v.cookies.session, "", -1)
	for _, n := range []note{flowNote, sentNote, codesNote, bypassNote, findNote, wayNote} {
		v.drop(n)
	}
	v.session = session.Session{}
	return v.done("You are signed out.", "/signin")
}
