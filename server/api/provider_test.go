// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/signin"
)

// provider adds a Google or an Apple where anyone can be "at-home" with an address.
func (w *world) provider(name, email string) (server *httptest.Server) {
	w.t.Helper()
	var i *issuer.Issuer
	server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { i.ServeHTTP(rw, r) }))
	w.t.Cleanup(server.Close)
	i, err := issuer.New(issuer.Config{
		Name: name, URL: server.URL, ClientID: "kutano", ClientSecret: "practice", Clock: w.now, TextVerified: name == "apple",
		Redirects: []string{base + "/signin/" + name + "/callback"}, Users: []issuer.User{{Subject: "at-home", Email: email}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.services.SignIn.Providers = append(w.services.SignIn.Providers, signin.Provider{
		Name: name, Issuer: server.URL, ClientID: "kutano", ClientSecret: "practice", HTTP: server.Client(),
	})
	return server
}

// abroad goes to a provider and returns what a front end posts afterwards.
func (w *world) abroad(name string, server *httptest.Server, who string) m {
	w.t.Helper()
	begun := w.must(200, "GET", "/v1/signin/"+name+"/start", "", nil)
	back, err := issuer.Visit(context.Background(), server.Client(), begun.text("authorize_url"), who)
	if err != nil {
		w.t.Fatal(err)
	}
	body := m{"state": back.Get("state"), "code": back.Get("code"), "mark": begun.text("mark")}
	if iss := back.Get("iss"); iss != "" {
		body["iss"] = iss
	}
	return body
}

// R02 R03 R04: Google and Apple are first factors like a code by e-mail: whoever
// has a second factor is asked for it, and has no usable session before.
func TestSignInByProvider(t *testing.T) {
	for _, name := range []string{"google", "apple"} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				ana := w.enrolled("ana", people.Member)
				server := w.provider(name, ana.Email)
				callback := "/v1/signin/" + name + "/callback"
				// An identity that nobody has is whose the address's mail says it is.
				flow := w.must(202, "POST", callback, "", w.abroad(name, server, "at-home"))
				in := w.must(200, "POST", "/v1/signin/email/"+flow.text("flow_id")+"/verify", "", m{"code": w.codeTo(ana.Email)})
				if s := in.body["session"].(m); s["required"] != "second-factor" || s["via"] != name {
					t.Fatal(in.raw)
				}
				body := w.abroad(name, server, "at-home")
				w.refused("flow-ended", "POST", callback, "", m{"state": body["state"], "code": body["code"], "mark": "another"})
				in = w.must(200, "POST", callback, "", w.abroad(name, server, "at-home"))
				if s := in.body["session"].(m); s["required"] != "second-factor" || s["via"] != name || s["aal"] != 1.0 {
					t.Fatal(in.raw)
				}
				w.refused("second-factor-required", "GET", "/v1/me", in.text("token"), nil)
				ana.token = in.text("token")
				ana.second(w)
				w.must(200, "GET", "/v1/me", ana.token, nil)
				body = w.abroad(name, server, "at-home")
				w.must(200, "POST", callback, "", body)
				w.refused("flow-ended", "POST", callback, "", body)
				server.Close()
				if a := w.ask("POST", callback, "", body); a.status < 400 {
					t.Fatal(a.raw)
				}
			})
		})
	}
}

// Where the provider is away the answer says so, and that it may pass.
func TestProviderAway(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	w.provider("google", "ana@example.com").Close()
	if a := w.refused("provider-unavailable", "GET", "/v1/signin/google/start", "", nil); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Fatalf("%d %v", a.status, a.header)
	}
}
