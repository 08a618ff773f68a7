// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/web"
)

func secondRoutes() []route {
	return []route{
		{http.MethodPost, "/v1/second-factor/verify", pending, noApp, http.StatusOK, takes(verifySecond)},
		{http.MethodPost, "/v1/second-factor/sms/send", pending, noApp, http.StatusAccepted, asks(sendCode)},
		{http.MethodPost, "/v1/second-factor/resync", pending, noApp, http.StatusOK, takes(resync)},
		{http.MethodPost, "/v1/me/elevation", ready, noApp, http.StatusAccepted, asks(elevate)},
		{http.MethodPost, "/v1/me/elevation/{flow}/verify", ready, noApp, http.StatusOK, takes(verifyElevation)},
	}
}

type secondBody struct {
	Method factor.Method `json:"method"`
	Code   string        `json:"code"`
}

type acceptedView struct {
	inView
	Method factor.Method `json:"method"`
	Drift  int           `json:"drift_steps"`
	Left   *int          `json:"backup_codes_left,omitempty"`
}

func verifySecond(c *call, in secondBody) (acceptedView, error) {
	switch in.Method {
	case factor.TOTP, factor.SMS, factor.Backup, factor.Bypass:
	default:
		return acceptedView{}, refusal.Field("method", "must be totp, sms, backup or bypass")
	}
	got, err := c.Factors.Verify(c.ctx, c.in, in.Method, in.Code)
	web.CountVerification(string(in.Method), err)
	if err != nil {
		return acceptedView{}, err
	}
	s, err := c.session(got.Session, c.user)
	v := acceptedView{inView: inView{Token: got.Token, Session: s}, Method: got.Method, Drift: got.Drift}
	if got.Method == factor.Backup {
		v.Left = &got.CodesLeft
	}
	return v, err
}

type resyncBody struct {
	First  string `json:"first"`
	Second string `json:"second"`
}

type resyncView struct {
	Drift int `json:"drift_steps"`
}

// resync corrects for a device's clock, where the helpdesk let the user; it signs nobody in.
func resync(c *call, in resyncBody) (resyncView, error) {
	steps, err := c.Factors.Resync(c.ctx, c.in, in.First, in.Second)
	web.CountVerification("resync", err)
	return resyncView{steps}, err
}

type sentView struct {
	PhoneHint string    `json:"phone_hint"`
	Resend    int64     `json:"resend_after"`
	Expires   time.Time `json:"expires_at"`
}

func viewSent(s factor.Sent, err error) (sentView, error) {
	return sentView{PhoneHint: s.PhoneHint, Resend: seconds(s.Resend), Expires: s.Expires}, err
}

func sendCode(c *call) (sentView, error) { return viewSent(c.Factors.SendCode(c.ctx, c.in)) }

func elevate(c *call) (flowView, error) {
	return viewFlow(c.SignIn.Elevate(c.ctx, c.in, web.Browser(c.r)))
}

func verifyElevation(c *call, in codeBody) (inView, error) {
	return c.proved(c.SignIn.VerifyElevation(c.ctx, c.in, c.r.PathValue("flow"), in.Code))
}
