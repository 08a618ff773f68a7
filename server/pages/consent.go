// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

func (p *site) consentRoutes() {
	p.handle("GET /oauth/authorize", ready, (*visit).askConsent)
	p.handle("POST /oauth/authorize", ready, (*visit).consent)
	p.handle("GET /oauth/device", ready, (*visit).askDevice)
	p.handle("POST /oauth/device", ready, (*visit).findDevice)
	p.handle("GET /oauth/device/confirm", ready, (*visit).confirmDevice)
	p.handle("POST /oauth/device/confirm", ready, (*visit).decideDevice)
	p.handle("GET /oauth/device/done", ready, (*visit).deviceDone)
}

// askConsent asks whether an app may be linked (RFC 6749, 4.1.1).
func (v *visit) askConsent() error {
	req, err := v.Links.Parse(v.r.URL.Query())
	if err != nil {
		return v.badRequest(err)
	}
	v.w.Header().Set("Content-Security-Policy", policy("'self' "+formTarget(req.RedirectURI)))
	atDesk := slices.Contains(req.Scopes, session.DeskWork)
	return v.page("consent", map[string]any{
		"Request": req, "Query": v.r.URL.RawQuery, "Desk": atDesk, "Barred": atDesk && !v.user.Role.Helps(),
	})
}

// formTarget is the source that lets the form's answer lead back to the app:
// Chromium applies form-action to redirections. A CSP cannot name an IPv6
// address, so for [::1] it has to be the scheme.
func formTarget(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme != "http" || strings.HasPrefix(u.Host, "[") {
		return "http:"
	}
	return "http://" + u.Host
}

func (v *visit) consent() error {
	query, err := url.ParseQuery(v.form("query"))
	if err != nil {
		return refusal.Field("query", "the request of the app is not readable")
	}
	req, err := v.Links.Parse(query)
	if err != nil {
		return v.badRequest(err)
	}
	if v.form("decision") != "allow" {
		http.Redirect(v.w, v.r, v.Links.Deny(req), http.StatusSeeOther)
		return nil
	}
	to, err := v.Links.Allow(v.ctx(), v.session, req)
	if refusal.Is(err, refusal.NeedsElevation) {
		v.see(with("/elevate", "/oauth/authorize?"+query.Encode()))
		return nil
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// badRequest tells the app where it may be told, the user otherwise (RFC 6749, 4.1.2.1).
func (v *visit) badRequest(err error) error {
	var bad *link.OAuthError
	if !errors.As(err, &bad) {
		return err
	}
	if bad.Redirect != "" && v.r.Method == http.MethodGet {
		http.Redirect(v.w, v.r, bad.Redirect, http.StatusSeeOther)
		return nil
	}
	v.show(http.StatusBadRequest, "trouble", trouble{sentence: badApp, Status: http.StatusBadRequest})
	return nil
}

// askDevice asks for the code that an app shows (RFC 8628, 3.3).
func (v *visit) askDevice() error {
	return v.page("device", cut(v.r.URL.Query().Get("user_code"), 20))
}

func (v *visit) findDevice() error {
	code := cut(strings.TrimSpace(v.form("user_code")), 20)
	if _, err := v.Links.DeviceRequest(v.ctx(), v.session, code); err != nil {
		return v.back(err, "/oauth/device", "user_code", "user_code")
	}
	v.see("/oauth/device/confirm?" + url.Values{"user_code": {code}}.Encode())
	return nil
}

func (v *visit) confirmDevice() error {
	code := cut(v.r.URL.Query().Get("user_code"), 20)
	req, err := v.Links.DeviceRequest(v.ctx(), v.session, code)
	if err != nil {
		return v.back(err, "/oauth/device", "user_code")
	}
	return v.page("deviceconfirm", map[string]any{"Request": req, "Code": code})
}

func (v *visit) decideDevice() error {
	allow, code := v.form("decision") == "allow", v.form("user_code")
	err := v.Links.DecideDevice(v.ctx(), v.session, code, allow)
	if refusal.Is(err, refusal.NeedsElevation) {
		v.see(with("/elevate", "/oauth/device/confirm?"+url.Values{"user_code": {cut(code, 20)}}.Encode()))
		return nil
	}
	if err != nil {
		return v.back(err, "/oauth/device", "user_code")
	}
	if !allow {
		return v.done("The app was not linked. Nothing was changed.", "/settings/apps")
	}
	v.see("/oauth/device/done")
	return nil
}

func (v *visit) deviceDone() error { return v.page("devicedone", nil) }

// askObjection asks whoever follows a "this wasn't me" link. Programs that look
// into mails follow links too, so that GET changes nothing.
func (v *visit) askObjection() error {
	token := v.r.URL.Query().Get("t")
	e, err := v.Desk.Objectable(v.ctx(), token)
	if err != nil {
		return err
	}
	return v.page("object", map[string]any{"Token": token, "Event": e})
}

func (v *visit) object() error {
	if _, err := v.Desk.Object(v.ctx(), v.form("t")); err != nil {
		return err
	}
	v.see("/objection/done")
	return nil
}

func (v *visit) objected() error { return v.page("objected", nil) }
