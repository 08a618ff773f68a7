// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
)

const companion = "kutano-companion"

// form posts a form, as an app does.
func (w *world) form(path string, pairs ...string) answer {
	w.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.server.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", formType)
	return w.send(r)
}

// found is the session of a user with both factors, for what the pages do in it.
func (w *world) found(token string) session.Session {
	w.t.Helper()
	s, _, err := session.Find(context.Background(), w.db, token, w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// linked is the access token of an app that u allowed scopes just now.
func (w *world) linked(u people.User, scopes ...session.Scope) string {
	w.t.Helper()
	text := make([]string, len(scopes))
	for i, s := range scopes {
		text[i] = string(s)
	}
	if slices.Contains(scopes, session.DeskWork) {
		return w.linkedByCode(u, strings.Join(text, " "))
	}
	d := w.form("/oauth/device_authorization", "client_id", companion, "scope", strings.Join(text, " "))
	w.decide(u, d.text("user_code"), true)
	w.pass(5 * time.Second)
	got := w.form("/oauth/token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", companion, "device_code", d.text("device_code"))
	if got.status != 200 {
		w.t.Fatal(got.raw)
	}
	return got.text("access_token")
}

// linkedByCode is linked for what is allowed on the app's own machine alone.
func (w *world) linkedByCode(u people.User, scope string) string {
	w.t.Helper()
	const redirect = "http://127.0.0.1:40123/"
	verifier := oauth2.GenerateVerifier()
	request, err := w.services.Links.Parse(url.Values{
		"client_id": {companion}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {scope},
		"code_challenge_method": {"S256"}, "code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	in := w.found(w.session(u, session.Nothing))
	in.Second = w.now()
	to, err := w.services.Links.Allow(context.Background(), in, request)
	if err != nil {
		w.t.Fatal(err)
	}
	back, err := url.Parse(to)
	if err != nil {
		w.t.Fatal(err)
	}
	got := w.form("/oauth/token", "grant_type", "authorization_code", "client_id", companion, "redirect_uri", redirect,
		"code", back.Query().Get("code"), "code_verifier", verifier)
	if got.status != 200 {
		w.t.Fatal(got.raw)
	}
	return got.text("access_token")
}

// decide allows or refuses on the page where the user code is typed.
func (w *world) decide(u people.User, code string, allow bool) {
	w.t.Helper()
	in := w.found(w.session(u, session.Nothing))
	in.Second = w.now()
	if err := w.services.Links.DecideDevice(context.Background(), in, code, allow); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) oauth() oauth2.Config {
	return oauth2.Config{
		ClientID: companion, RedirectURL: "http://127.0.0.1:40123/", Scopes: []string{"status"},
		Endpoint: oauth2.Endpoint{
			AuthURL: base + "/oauth/authorize", TokenURL: w.server.URL + "/oauth/token",
			DeviceAuthURL: w.server.URL + "/oauth/device_authorization",
		},
	}
}

// RFC 8252 and RFC 7636 with the client of golang.org/x/oauth2, which finds out by
// itself that the app is a public client.
func TestLinkByCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		ctx := context.WithValue(context.Background(), oauth2.HTTPClient, w.client)
		c, verifier := w.oauth(), oauth2.GenerateVerifier()
		code := func() string {
			asked, err := url.Parse(c.AuthCodeURL("st", oauth2.S256ChallengeOption(verifier)))
			if err != nil {
				t.Fatal(err)
			}
			request, err := w.services.Links.Parse(asked.Query())
			if err != nil {
				t.Fatal(err)
			}
			back, err := w.services.Links.Allow(ctx, w.found(ana.token), request)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(back)
			if err != nil || u.Query().Get("state") != "st" {
				t.Fatal(back, err)
			}
			return u.Query().Get("code")
		}
		if _, err := c.Exchange(ctx, code(), oauth2.VerifierOption(oauth2.GenerateVerifier())); err == nil {
			t.Fatal("another verifier was good")
		}
		tok, err := c.Exchange(ctx, code(), oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		if tok.TokenType != "Bearer" || tok.RefreshToken == "" || tok.Extra("scope") != "status" {
			t.Fatalf("%+v", tok)
		}
		s := w.must(200, "GET", "/v1/session", tok.AccessToken, nil)
		if s.text("app") != companion || s.body["may_change"] != false {
			t.Fatal(s.raw)
		}
		w.must(200, "GET", "/v1/me/2fa", tok.AccessToken, nil)
		a := w.refused("insufficient-scope", "POST", "/v1/me/2fa/enrolments", tok.AccessToken, m{"method": "totp"})
		if h := a.header.Get("WWW-Authenticate"); a.status != 403 || !strings.Contains(h, `error="insufficient_scope", scope="enrol"`) {
			t.Fatalf("%d %s", a.status, h)
		}
		tok.Expiry = time.Unix(1, 0) // RFC 6749, 6
		fresh, err := c.TokenSource(ctx, tok).Token()
		if err != nil || fresh.AccessToken == tok.AccessToken {
			t.Fatal(err)
		}
		w.refused("sign-in-required", "GET", "/v1/session", tok.AccessToken, nil)
		list := w.must(200, "GET", "/v1/me/links", ana.token, nil).body["links"].([]any)
		if len(list) != 1 || list[0].(m)["name"] != "Kutano Authenticator" {
			t.Fatal(list)
		}
		w.must(204, "DELETE", "/v1/me/links/"+list[0].(m)["id"].(string), ana.token, nil)
		w.refused("sign-in-required", "GET", "/v1/session", fresh.AccessToken, nil)
		w.refused("not-found", "DELETE", "/v1/me/links/"+list[0].(m)["id"].(string), ana.token, nil)
	})
}

// RFC 8628 with the client of golang.org/x/oauth2.
func TestLinkDevice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		ctx := context.WithValue(context.Background(), oauth2.HTTPClient, w.client)
		c := w.oauth()
		d, err := c.DeviceAuth(ctx)
		if err != nil {
			t.Fatal(err)
		}
		poll := func() answer {
			return w.form("/oauth/token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", companion, "device_code", d.DeviceCode)
		}
		if d.VerificationURI != base+"/oauth/device" || d.UserCode == "" || d.Interval != 5 {
			t.Fatalf("%+v", d)
		}
		if a := poll(); a.status != 400 || a.text("error") != "authorization_pending" {
			t.Fatal(a.raw)
		}
		if a := poll(); a.text("error") != "slow_down" {
			t.Fatal(a.raw)
		}
		w.pass(30 * time.Second)
		w.decide(ana.User, d.UserCode, true)
		d.Interval = 1 // the client waits by the real clock, the service goes by ours
		tok, err := c.DeviceAccessToken(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		w.must(200, "GET", "/v1/me", tok.AccessToken, nil)
		if a := w.form("/oauth/revoke", "token", tok.RefreshToken, "client_id", companion); a.status != 200 {
			t.Fatal(a.raw)
		}
		w.refused("sign-in-required", "GET", "/v1/me", tok.AccessToken, nil)
		if a := w.form("/oauth/revoke", "token", "nothing"); a.status != 200 { // RFC 7009, 2.2
			t.Fatal(a.raw)
		}
		no, err := c.DeviceAuth(ctx)
		if err != nil {
			t.Fatal(err)
		}
		w.decide(ana.User, no.UserCode, false)
		no.Interval = 1
		var refused *oauth2.RetrieveError
		if _, err := c.DeviceAccessToken(ctx, no); !errors.As(err, &refused) || refused.ErrorCode != "access_denied" {
			t.Fatal(err)
		}
	})
}

// R55 R66: an app with the scope sets the second factor up anew within ten
// minutes, and does nothing else; signing out gives its permission back.
func TestLinkedAppEnrols(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		token := w.linked(ana.User, session.Read, session.EnrolOnly)
		e := w.must(201, "POST", "/v1/me/2fa/enrolments", token, m{"method": "totp"})
		w.pass(time.Minute)
		a := app{w, strings.ReplaceAll(e.text("secret"), " ", "")}
		if a.secret == ana.app.secret {
			t.Fatal("the secret is the old one")
		}
		got := w.must(200, "POST", "/v1/me/2fa/enrolments/"+e.text("id")+"/verify", token, m{"code": a.code()})
		if got.text("token") != "" || len(got.codes()) != 10 {
			t.Fatal(got.raw)
		}
		w.refused("sign-in-required", "GET", "/v1/me", ana.token, nil)
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"DELETE", "/v1/me/2fa", m{"confirm": true}},
			{"POST", "/v1/me/2fa/backup-codes", nil},
			{"DELETE", "/v1/me/sessions", nil},
			{"POST", "/v1/second-factor/verify", m{"method": "totp", "code": a.code()}},
			{"POST", "/v1/admin/users/find", m{"query": "ana"}},
			{"POST", "/v1/me/elevation", nil},
		} {
			w.refused("insufficient-scope", c.method, c.path, token, c.body)
		}
		w.pass(10 * time.Minute)
		token = w.linked(ana.User, session.Read)
		w.must(204, "DELETE", "/v1/session", token, nil)
		w.refused("sign-in-required", "GET", "/v1/session", token, nil)
	})
}

// An agent's app helps callers: it looks up for an hour and acts for ten minutes, and
// does nothing else of the desk.
func TestLinkedAppAtTheDesk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, help := w.enrolled("ana", people.Member), w.enrolled("help", people.Helpdesk)
		path := "/v1/admin/users/" + ana.ID
		w.refused("insufficient-scope", "POST", "/v1/admin/users/find", w.linked(help.User, session.Read, session.EnrolOnly), m{"query": "ana"})
		if d := w.form("/oauth/device_authorization", "client_id", companion, "scope", "desk"); d.status != 400 || d.text("error") != "invalid_scope" {
			t.Fatal(d.raw)
		}
		token := w.linked(help.User, session.DeskWork)
		if found := w.must(200, "POST", "/v1/admin/users/find", token, m{"query": "ana"}).body["users"].([]any); len(found) != 1 {
			t.Fatal(found)
		}
		w.must(200, "GET", path, token, nil)
		w.must(200, "POST", path+"/2fa/unlock", token, record())
		if d := w.must(200, "POST", path+"/2fa/unlock", token, record()); d.body["repeated"] != true {
			t.Fatal(d.raw)
		}
		w.must(200, "POST", path+"/2fa/bypass-code", token, record())
		w.must(200, "POST", path+"/sign-out", token, record())
		w.refused("forbidden", "POST", path+"/2fa/reset", token, record())
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"POST", path + "/suspend", record()},
			{"POST", path + "/restore", record()},
			{"PUT", path + "/role", m{"role": "admin"}},
			{"DELETE", path + "/report", nil},
			{"POST", "/v1/admin/users", m{"email": "b@example.com", "name": "B", "role": "user"}},
			{"GET", "/v1/admin/cases", nil},
			{"GET", "/v1/admin/audit", nil},
			{"POST", "/v1/me/2fa/enrolments", m{"method": "totp"}},
		} {
			w.refused("insufficient-scope", c.method, c.path, token, c.body)
		}
		w.pass(session.Fresh)
		w.refused("elevation-required", "POST", path+"/2fa/resync", token, record())
		w.must(200, "GET", path, token, nil)
		w.pass(50 * time.Minute)
		w.refused("sign-in-required", "GET", path, token, nil)
	})
}

// RFC 8414.
func TestMetadata(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	got := w.must(200, "GET", "/.well-known/oauth-authorization-server", "", nil)
	if got.text("issuer") != base || got.text("token_endpoint") != base+"/oauth/token" || got.text("device_authorization_endpoint") != base+"/oauth/device_authorization" {
		t.Fatal(got.raw)
	}
}
