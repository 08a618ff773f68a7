// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/session"
)

var parser = &link.Service{BaseURL: "https://app.kutano.example"}

func TestRedirects(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:1/":                                true,
		"http://127.0.0.1:65535/any/path":                    true,
		"http://127.0.0.1:80":                                true,
		"http://[::1]:8080/back":                             true,
		"http://127.0.0.1:0/":                                false,
		"http://127.0.0.1:65536/":                            false,
		"http://127.0.0.1/":                                  false, // no port
		"http://127.0.0.1:/":                                 false,
		"http://[::1]/":                                      false,
		"https://127.0.0.1:8080/":                            false,
		"HTTP://127.0.0.1:8080/":                             false,
		"http://localhost:8080/":                             false,
		"http://127.0.0.1.evil.example:80/":                  false,
		"http://127.0.0.2:8080/":                             false,
		"http://0.0.0.0:8080/":                               false,
		"http://0x7f000001:8080/":                            false,
		"http://[::ffff:127.0.0.1]:80/":                      false,
		"http://[::1%25eth0]:8080/":                          false,
		"http://[0:0:0:0:0:0:0:1]:8080/":                     false,
		"http://user@127.0.0.1:8080/":                        false,
		"http://127.0.0.1:8080@evil.example/":                false,
		"http://127.0.0.1:8080/#x":                           false,
		"http://127.0.0.1:8080/#":                            false,
		"http://127.0.0.1:8080/?code=x":                      false,
		"http://127.0.0.1:8080\\@evil.example/":              false,
		"http://127.0.0.1:8080/a b":                          false,
		"http://127.0.0.1:8080/\r\nX: y":                     false,
		"kutano:/back":                                       false,
		"javascript:alert(1)":                                false,
		"//127.0.0.1:8080/":                                  false,
		"http://127.0.0.1:8080/" + strings.Repeat("a", 1000): false,
		"": false,
	} {
		_, err := parser.Parse(query("redirect_uri", address))
		if (err == nil) != want {
			t.Errorf("%q: %v", address, err)
		}
		var e *link.OAuthError
		if errors.As(err, &e) && e.Redirect != "" {
			t.Errorf("%q: and the browser would be sent to %q", address, e.Redirect)
		}
	}
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		change []string
		want   string // "" accepted
		told   bool   // by a redirect
	}{
		"all right":        {nil, "", false},
		"no state":         {[]string{"state", ""}, "", false},
		"status":           {[]string{"scope", "status"}, "", false},
		"unknown extra":    {[]string{"prompt", "consent"}, "", false},
		"no client":        {[]string{"client_id", ""}, "invalid_request", false},
		"unknown client":   {[]string{"client_id", "x"}, "invalid_request", false},
		"no response type": {[]string{"response_type", ""}, "invalid_request", true},
		"implicit":         {[]string{"response_type", "token"}, "unsupported_response_type", true},
		"hybrid":           {[]string{"response_type", "code token"}, "unsupported_response_type", true},
		"no challenge":     {[]string{"code_challenge", ""}, "invalid_request", true},
		"no method":        {[]string{"code_challenge_method", ""}, "invalid_request", true},
		"plain":            {[]string{"code_challenge_method", "plain"}, "invalid_request", true},
		"short challenge":  {[]string{"code_challenge", sum[1:]}, "invalid_request", true},
		"padded challenge": {[]string{"code_challenge", sum + "="}, "invalid_request", true},
		"scope":            {[]string{"scope", "admin"}, "invalid_scope", true},
		"scope of many":    {[]string{"scope", "status admin"}, "invalid_scope", true},
		"scope of spaces":  {[]string{"scope", "status  enrol"}, "invalid_scope", true},
		"endless state":    {[]string{"state", strings.Repeat("s", 513)}, "invalid_request", true},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := parser.Parse(query(c.change...))
			if c.want == "" {
				if err != nil || r.Client.ID != app || r.RedirectURI != redirect || r.Challenge != sum || len(r.Scopes) != 1 || r.Scopes[0] != session.Read {
					t.Fatalf("%+v, %v", r, err)
				}
				return
			}
			wantOAuth(t, err, c.want)
			var e *link.OAuthError
			_ = errors.As(err, &e)
			if c.told != (e.Redirect != "") {
				t.Fatalf("redirect %q", e.Redirect)
			}
			if u, _ := url.Parse(e.Redirect); c.told && (u.Query().Get("error") != c.want || u.Query().Get("iss") != parser.BaseURL || u.Host != "127.0.0.1:40123") {
				t.Fatalf("redirect %q", e.Redirect)
			}
		})
	}
	twice := query()
	twice["state"] = []string{"a", "b"}
	_, err := parser.Parse(twice)
	wantOAuth(t, err, "invalid_request")
}

func TestScopes(t *testing.T) {
	for text, want := range map[string]int{"": 1, "status": 1, "enrol": 2, "status enrol": 2, "enrol enrol status": 2} {
		r, err := parser.Parse(query("scope", text))
		if err != nil || len(r.Scopes) != want {
			t.Errorf("%q: %v, %v", text, r.Scopes, err)
		}
	}
}

func TestDeny(t *testing.T) {
	r, err := parser.Parse(query())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(parser.Deny(r))
	if err != nil || u.Host != "127.0.0.1:40123" || u.Query().Get("error") != "access_denied" || u.Query().Get("state") != "x y" || u.Query().Get("code") != "" {
		t.Fatalf("%v, %v", u, err)
	}
}

// FuzzParse: whatever is asked, a browser is only ever sent to the user's own machine.
func FuzzParse(f *testing.F) {
	f.Add(url.Values(query()).Encode())
	f.Add(url.Values(query("scope", "enrol", "redirect_uri", "http://[::1]:8080/")).Encode())
	f.Add("client_id=kutano-companion&redirect_uri=http://127.0.0.1:1@evil.example/")
	f.Add("client_id=kutano-companion&redirect_uri=http://127.0.0.1:1/&response_type=token&state=%00")
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		r, err := parser.Parse(q)
		back := parser.Deny(r)
		if err != nil {
			var e *link.OAuthError
			if !errors.As(err, &e) {
				t.Fatalf("no error of OAuth: %v", err)
			}
			if back = e.Redirect; back == "" {
				return
			}
		}
		u, err := url.Parse(back)
		if err != nil || u.Scheme != "http" || u.User != nil || u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" || u.Fragment != "" {
			t.Fatalf("a browser is sent to %q", back)
		}
		if state := r.State; state != "" && u.Query().Get("state") != state {
			t.Fatalf("state %q became %q", state, u.Query().Get("state"))
		}
	})
}
