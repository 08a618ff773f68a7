// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service_test

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// request is one that every kind of handler answers: pages, API, errors of each sort.
type request struct{ method, path, body string }

func requests() []request {
	all := []request{
		{http.MethodPost, "/v1/signin/email", `{"email":"ana@example.org"}`},
		{http.MethodPost, "/v1/signin/email", strings.Repeat("x", 70<<10)},
		{http.MethodPost, "/v1/signin/email", "{"},
		{http.MethodPost, "/oauth/token", "grant_type=password"},
		{http.MethodPost, "/signin/email", "email=ana@example.org"},
		{http.MethodPost, "/signin/email", strings.Repeat("x", 70<<10)},
		{http.MethodDelete, "/v1/time", ""},
		{http.MethodDelete, "/signin", ""},
	}
	for _, path := range []string{
		"/", "/signin", "/help", "/settings", "/nothing", "/a//b", "/static/", "/static/../signin", "/objection?t=x",
		"/v1/time", "/v1/session", "/v1/nothing", "/v1/", "/v1/openapi.json", "/v1/openapi.yaml", "/problems/code-wrong",
		"/oauth/authorize", "/.well-known/oauth-authorization-server", "/.git/config", "/healthz", "/readyz", "/metrics",
		"/debug/pprof/", "/practice/inbox", "/practice/inbox.json",
	} {
		all = append(all, request{http.MethodGet, path, ""}, request{http.MethodTrace, path, ""}, request{http.MethodOptions, path, ""})
	}
	return all
}

func (r request) ask(h http.Handler) *http.Response {
	q := httptest.NewRequest(r.method, r.path, strings.NewReader(r.body))
	q.Header.Set("Origin", "https://evil.example")
	q.Header.Set("X-Forwarded-Host", "evil.example")
	q.Host = "evil.example"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	return w.Result()
}

func everywhere(t *testing.T, each func(t *testing.T, r request, a *http.Response)) {
	t.Helper()
	c := config(t, dbtest.SQLite(t))
	c.BaseURL = "https://app.kutano.example"
	s := open(t, c)
	for _, prepared := range []bool{false, true} {
		if prepared {
			if err := s.Prepare(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range requests() {
			a := r.ask(s.Handler())
			each(t, r, a)
			_ = a.Body.Close() // a recording
		}
	}
}

// ASVS 3.2.1, 3.4.1–3.4.6, 4.1.1, 14.3.2: what protects a browser stands on every answer,
// of pages and API, good and bad.
func TestEveryAnswerIsProtected(t *testing.T) {
	everywhere(t, func(t *testing.T, r request, a *http.Response) {
		h := a.Header
		wrong := func(what string) { t.Errorf("%s %s (%d): %s: %v", r.method, r.path, a.StatusCode, what, h) }
		if h.Get("Strict-Transport-Security") != "max-age=31536000; includeSubDomains" {
			wrong("HSTS")
		}
		policy := h.Get("Content-Security-Policy")
		// Without a word on object-src, default-src holds for it (CSP 3, 6.1.8).
		for _, d := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy+";", d+";") || strings.Contains(policy, "object-src") && !strings.Contains(policy, "object-src 'none'") {
				wrong("the policy lacks " + d)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" {
			wrong("sniffing")
		}
		if p := h.Get("Referrer-Policy"); p != "same-origin" && p != "no-referrer" {
			wrong("referrer")
		}
		if h.Get("Cache-Control") != "no-store" {
			wrong("caching")
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			wrong("CORS is open")
		}
		kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
		if body, _ := io.ReadAll(a.Body); len(body) > 0 {
			if text := strings.HasPrefix(kind, "text/"); err != nil || text && !strings.EqualFold(params["charset"], "utf-8") {
				wrong("no type, or no charset")
			}
			if !strings.HasPrefix(kind, "text/") && !strings.Contains(policy, "sandbox") {
				wrong("shown in a browser it could be taken for a page")
			}
		}
	})
}

// ASVS 3.4.2, 4.1.3, 13.4.1–13.4.5, 15.2.3: nothing is served that is not for users: no folders, no metrics, nothing
// for debugging or practice; TRACE is refused; and the host that a client writes is nowhere believed.
func TestNothingElseIsServed(t *testing.T) {
	everywhere(t, func(t *testing.T, r request, a *http.Response) {
		if r.method == http.MethodTrace && a.StatusCode < http.StatusMultipleChoices {
			t.Errorf("TRACE %s: %d", r.path, a.StatusCode)
		}
		for _, path := range []string{"/static/", "/.git/config", "/metrics", "/debug/pprof/", "/practice/inbox", "/practice/inbox.json"} {
			if r.path == path && a.StatusCode < http.StatusBadRequest {
				t.Errorf("%s %s: %d", r.method, r.path, a.StatusCode)
			}
		}
		for name, values := range a.Header {
			if strings.Contains(strings.Join(values, " "), "evil.example") {
				t.Errorf("%s %s: %s believes the client: %v", r.method, r.path, name, values)
			}
		}
	})
}

// ASVS 3.5.2: the API takes no cookie, so that no page elsewhere can act by it.
func TestAPITakesNoCookie(t *testing.T) {
	c := config(t, dbtest.SQLite(t))
	s := open(t, c)
	if err := s.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	token := signedIn(t, s)
	with := func(name, value string) int {
		q := httptest.NewRequest(http.MethodGet, "/v1/session", nil)
		q.Header.Set(name, value)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, q)
		return w.Code
	}
	if got := with("Authorization", "Bearer "+token); got != http.StatusOK {
		t.Fatalf("the header is not taken: %d", got)
	}
	if got := with("Cookie", "kutano="+token); got != http.StatusUnauthorized {
		t.Fatalf("the cookie: %d", got)
	}
}

func signedIn(t *testing.T, s *service.Service) (token string) {
	t.Helper()
	err := s.DB.Tx(t.Context(), func(q store.Q) error {
		u, err := people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, start)
		if err != nil {
			return err
		}
		_, token, err = session.Start(t.Context(), q, u.ID, "email", "curl", session.Nothing, start)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}
