// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package issuer_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/kutano/authenticator/server/issuer"
)

var start = time.UnixMilli(1_800_000_000_000)

const back = "http://127.0.0.1:1/signin/google/callback"

// open starts an issuer below a path, as practice does.
func open(t *testing.T, change func(*issuer.Config)) (i *issuer.Issuer, server *httptest.Server, base string) {
	t.Helper()
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	base = server.URL + "/practice/google"
	c := issuer.Config{
		Name: "Google", URL: base, ClientID: "kutano", ClientSecret: "practice", Redirects: []string{back}, Clock: func() time.Time { return start },
		Users: []issuer.User{{Subject: "1", Email: "ana@example.org", Name: "Ana <b>"}},
	}
	if change != nil {
		change(&c)
	}
	i, err := issuer.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return i, server, base
}

func config(base string) oauth2.Config {
	return oauth2.Config{
		ClientID: "kutano", ClientSecret: "practice", RedirectURL: back, Scopes: []string{"openid", "email"},
		Endpoint: oauth2.Endpoint{AuthURL: base + "/authorize", TokenURL: base + "/token", AuthStyle: oauth2.AuthStyleInParams},
	}
}

// A client that is not ours gets through the whole flow.
func TestFlow(t *testing.T) {
	for _, mode := range []string{"query", "form_post"} {
		_, server, base := open(t, func(c *issuer.Config) { c.TextVerified = mode == "form_post" })
		ctx := oidc.ClientContext(t.Context(), server.Client())
		provider, err := oidc.NewProvider(ctx, base)
		if err != nil {
			t.Fatal(err)
		}
		c, verifier := config(base), oauth2.GenerateVerifier()
		c.Endpoint.AuthURL = provider.Endpoint().AuthURL
		address := c.AuthCodeURL("state+&\"<", oidc.Nonce("nonce"), oauth2.S256ChallengeOption(verifier),
			oauth2.SetAuthURLParam("response_mode", mode), oauth2.SetAuthURLParam("max_age", "0"))
		got, err := issuer.Visit(t.Context(), server.Client(), address, "1")
		if err != nil || got.Get("state") != "state+&\"<" || got.Get("iss") != base {
			t.Fatalf("%v, %v", got, err)
		}
		tokens, err := c.Exchange(ctx, got.Get("code"), oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := tokens.Extra("id_token").(string)
		token, err := provider.Verifier(&oidc.Config{ClientID: "kutano", Now: func() time.Time { return start }}).Verify(ctx, raw)
		if err != nil || token.Subject != "1" || token.Nonce != "nonce" {
			t.Fatalf("%+v, %v", token, err)
		}
		var said map[string]any
		if err := token.Claims(&said); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"query": true, "form_post": "true"}[mode]
		if said["email"] != "ana@example.org" || said["email_verified"] != want || said["auth_time"] != float64(start.Unix()) {
			t.Fatalf("claims: %v", said)
		}
		if _, err := c.Exchange(ctx, got.Get("code"), oauth2.VerifierOption(verifier)); err == nil {
			t.Fatal("a code is good twice")
		}
	}
}

func TestCodesThatAreNotTraded(t *testing.T) {
	now := start
	_, server, base := open(t, func(c *issuer.Config) { c.Clock = func() time.Time { return now } })
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, server.Client())
	for name, change := range map[string]func(c *oauth2.Config, verifier *string){
		"another verifier": func(_ *oauth2.Config, v *string) { *v = oauth2.GenerateVerifier() },
		"another redirect": func(c *oauth2.Config, _ *string) { c.RedirectURL += "/x" },
		"another secret":   func(c *oauth2.Config, _ *string) { c.ClientSecret = "x" },
		"another client":   func(c *oauth2.Config, _ *string) { c.ClientID = "x" },
		"late":             func(*oauth2.Config, *string) { now = now.Add(time.Minute) },
	} {
		c, verifier := config(base), oauth2.GenerateVerifier()
		got, err := issuer.Visit(t.Context(), server.Client(), c.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier)), "1")
		if err != nil {
			t.Fatal(err)
		}
		change(&c, &verifier)
		if _, err := c.Exchange(ctx, got.Get("code"), oauth2.VerifierOption(verifier)); err == nil {
			t.Errorf("%s: a code was traded", name)
		}
	}
}

func TestRequestsThatAreNotAnswered(t *testing.T) {
	_, server, base := open(t, nil)
	c := config(base)
	for name, change := range map[string]func(url.Values){
		"redirect":  func(v url.Values) { v.Set("redirect_uri", "https://evil.example/") },
		"client":    func(v url.Values) { v.Set("client_id", "x") },
		"no PKCE":   func(v url.Values) { v.Del("code_challenge") },
		"plain":     func(v url.Values) { v.Set("code_challenge_method", "plain") },
		"no openid": func(v url.Values) { v.Set("scope", "email") },
		"implicit":  func(v url.Values) { v.Set("response_type", "id_token") },
	} {
		u, err := url.Parse(c.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
		if err != nil {
			t.Fatal(err)
		}
		v := u.Query()
		change(v)
		u.RawQuery = v.Encode()
		r, err := server.Client().Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if _, err := issuer.Visit(t.Context(), server.Client(), u.String(), "1"); r.StatusCode != http.StatusBadRequest || err == nil {
			t.Errorf("%s: %d, %v", name, r.StatusCode, err)
		}
	}
	got, err := issuer.Visit(t.Context(), server.Client(), c.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())), "")
	if err != nil || got.Get("error") != "access_denied" || got.Has("code") || got.Get("state") != "s" {
		t.Errorf("a user who cancels: %v, %v", got, err)
	}
}

// The page says what it is, and names that users chose stay text.
func TestPage(t *testing.T) {
	_, server, base := open(t, nil)
	c := config(base)
	r, err := server.Client().Get(c.AuthCodeURL("<s>", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"This is not Google.", "Ana &lt;b&gt;", `value="&lt;s&gt;"`, `action="/practice/google/authorize"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://127.0.0.1:1;") {
		t.Errorf("policy %q", csp)
	}
}

func TestLoopbackOnly(t *testing.T) {
	for _, address := range []string{"https://127.0.0.1", "http://accounts.example.org", "http://192.0.2.1:80", "127.0.0.1", "http://127.0.0.1.example.org"} {
		if _, err := issuer.New(issuer.Config{URL: address}); err == nil {
			t.Errorf("an issuer at %s", address)
		}
	}
	i, _, base := open(t, nil)
	for name, tt := range map[string]struct {
		from, host string
		want       int
	}{
		"here":            {"127.0.0.1:4000", "127.0.0.1:80", http.StatusOK},
		"here, by name":   {"[::1]:4000", "localhost:80", http.StatusOK},
		"from elsewhere":  {"192.0.2.1:4000", "127.0.0.1:80", http.StatusForbidden},
		"by another name": {"127.0.0.1:4000", "evil.example:80", http.StatusForbidden},
	} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "http://"+tt.host+u.Path+"/.well-known/openid-configuration", nil)
		r.RemoteAddr = tt.from
		w := httptest.NewRecorder()
		i.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: %d", name, w.Code)
		}
		if w.Code == http.StatusOK && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}
