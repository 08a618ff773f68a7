// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

func signInRoutes() []route {
	return []route{
		{http.MethodPost, "/v1/signin/email", open, noApp, http.StatusAccepted, takes(signInByEmail)},
		{http.MethodPost, "/v1/signin/email/{flow}/resend", open, noApp, http.StatusAccepted, asks(resendEmail)},
		{http.MethodPost, "/v1/signin/email/{flow}/verify", open, noApp, http.StatusOK, takes(verifyEmail)},
		{http.MethodGet, "/v1/signin/{provider}/start", open, noApp, http.StatusOK, asks(startProvider)},
		{http.MethodPost, "/v1/signin/{provider}/callback", open, noApp, http.StatusOK, takes(endProvider)},
		{http.MethodGet, "/v1/session", pending, anyApp, http.StatusOK, asks(showSession)},
		{http.MethodDelete, "/v1/session", pending, anyApp, http.StatusNoContent, asks(signOut)},
	}
}

type codeBody struct {
	Code string `json:"code"`
}

type emailBody struct {
	Email string `json:"email"`
}

func viewFlow(f signin.Flow, err error) (flowView, error) {
	return flowView{ID: f.ID, Resend: seconds(f.Resend), Expires: f.Expires}, err
}

func signInByEmail(c *call, in emailBody) (flowView, error) {
	return viewFlow(c.SignIn.Email(c.ctx, in.Email, web.Browser(c.r)))
}

func resendEmail(c *call) (flowView, error) {
	return viewFlow(c.SignIn.Resend(c.ctx, c.r.PathValue("flow"), web.Browser(c.r)))
}

func verifyEmail(c *call, in codeBody) (inView, error) {
	proved, err := c.SignIn.VerifyEmail(c.ctx, c.r.PathValue("flow"), in.Code, web.Browser(c.r))
	web.CountSignIn("email", err)
	return c.proved(proved, err)
}

// proved shows what a first factor brought.
func (c *call) proved(in signin.In, err error) (inView, error) {
	if err != nil {
		return inView{}, err
	}
	s, err := c.session(in.Session, in.User)
	return inView{Token: in.Token, Session: s}, err
}

type startView struct {
	URL  string `json:"authorize_url"`
	Mark string `json:"mark"`
}

func startProvider(c *call) (startView, error) {
	url, mark, err := c.SignIn.Begin(c.ctx, c.r.PathValue("provider"), "", nil, web.Browser(c.r))
	return startView{URL: url, Mark: mark}, err
}

type callbackBody struct {
	State  string `json:"state"`
	Code   string `json:"code"`
	Issuer string `json:"iss,omitempty"` // RFC 9207
	Mark   string `json:"mark"`
}

// endProvider brings a session, or for an identity that nobody has yet a flow
// whose code by e-mail says whose it is.
func endProvider(c *call, in callbackBody) (any, error) {
	provider := c.r.PathValue("provider")
	back := signin.Back{State: in.State, Code: in.Code, Issuer: in.Issuer}
	proved, err := c.SignIn.Return(c.ctx, provider, back, in.Mark, web.Browser(c.r))
	web.CountSignIn(provider, err)
	if refusal.Is(err, refusal.IdentityUnlinked) && proved.Flow.ID != "" {
		flow, err := viewFlow(proved.Flow, nil)
		return unlike{http.StatusAccepted, flow}, err
	}
	return c.proved(proved, err)
}

func showSession(c *call) (sessionView, error) { return c.session(c.in, c.user) }

// signOut ends what the token stands for: the session, or the link of an app.
func signOut(c *call) (none, error) {
	if c.in.App != "" {
		return none{}, c.Links.End(c.ctx, c.in.UserID, c.in.ID)
	}
	return none{}, c.DB.Tx(c.ctx, func(q store.Q) error { return session.SignOut(c.ctx, q, c.in, c.in.ID, c.now) })
}
