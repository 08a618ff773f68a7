// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

func enrolRoutes() []route {
	const id = "/v1/me/2fa/enrolments/{id}"
	return []route{
		{http.MethodGet, "/v1/me/2fa", enrolling, session.Read, http.StatusOK, asks(status)},
		{http.MethodDelete, "/v1/me/2fa", ready, noApp, http.StatusNoContent, takes(disable)},
		{http.MethodPost, "/v1/me/2fa/enrolments", enrolling, session.EnrolOnly, http.StatusCreated, takes(enrol)},
		{http.MethodGet, id, enrolling, session.EnrolOnly, http.StatusOK, asks(showEnrolment)},
		{http.MethodDelete, id, enrolling, session.EnrolOnly, http.StatusNoContent, asks(cancelEnrolment)},
		{http.MethodPost, id + "/resend", enrolling, session.EnrolOnly, http.StatusAccepted, asks(resendEnrolment)},
		{http.MethodPost, id + "/verify", enrolling, session.EnrolOnly, http.StatusOK, takes(verifyEnrolment)},
		{http.MethodPost, "/v1/me/2fa/backup-codes", ready, noApp, http.StatusCreated, asks(newCodes)},
		{http.MethodPost, "/v1/me/2fa/backup-codes/confirm", ready, session.EnrolOnly, http.StatusNoContent, asks(codesSaved)},
	}
}

func status(c *call) (statusView, error) {
	s, err := c.Factors.Status(c.ctx, c.in.UserID)
	return viewStatus(s), err
}

type confirmBody struct {
	Confirm bool `json:"confirm"`
}

func disable(c *call, in confirmBody) (none, error) {
	if !in.Confirm {
		return none{}, refusal.New(refusal.NeedsConfirm)
	}
	return none{}, c.Factors.Disable(c.ctx, c.in)
}

type enrolBody struct {
	Method factor.Method `json:"method"`
	Phone  string        `json:"phone,omitempty"`
}

func enrol(c *call, in enrolBody) (pendingView, error) {
	switch {
	case in.Method != factor.TOTP && in.Method != factor.SMS:
		return pendingView{}, refusal.Field("method", "must be totp or sms")
	case in.Method == factor.TOTP && in.Phone != "":
		return pendingView{}, refusal.Field("phone", "is for the method sms")
	case in.Method == factor.SMS && in.Phone == "":
		return pendingView{}, refusal.Field("phone", "is missing")
	}
	e, err := c.Factors.Enrol(c.ctx, c.in, in.Method, in.Phone)
	return viewPending(e), err
}

func showEnrolment(c *call) (pendingView, error) {
	e, err := c.Factors.Pending(c.ctx, c.in, c.r.PathValue("id"))
	return viewPending(e), err
}

func cancelEnrolment(c *call) (none, error) {
	return none{}, c.Factors.Cancel(c.ctx, c.in, c.r.PathValue("id"))
}

func resendEnrolment(c *call) (sentView, error) {
	return viewSent(c.Factors.Resend(c.ctx, c.in, c.r.PathValue("id")))
}

type enrolledView struct {
	Token   string        `json:"token,omitempty"` // a linked app keeps the one it has
	Session sessionView   `json:"session"`
	Method  factor.Method `json:"method"`
	Codes   []string      `json:"backup_codes"`
}

func verifyEnrolment(c *call, in codeBody) (enrolledView, error) {
	got, err := c.Factors.VerifyEnrolment(c.ctx, c.in, c.r.PathValue("id"), in.Code)
	web.CountVerification("enrolment", err)
	if err != nil {
		return enrolledView{}, err
	}
	s, err := c.session(got.Session, c.user)
	return enrolledView{Token: got.Token, Session: s, Method: got.Method, Codes: got.Codes}, err
}

type newCodesView struct {
	Codes []string `json:"backup_codes"`
}

func newCodes(c *call) (newCodesView, error) {
	codes, err := c.Factors.NewCodes(c.ctx, c.in)
	return newCodesView{Codes: codes}, err
}

func codesSaved(c *call) (none, error) { return none{}, c.Factors.CodesSaved(c.ctx, c.in) }
