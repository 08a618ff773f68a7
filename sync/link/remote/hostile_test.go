// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// pretend answers every request with the same.
func pretend(t *testing.T, status int, kind, body string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s
}

func client() *Client { return &Client{Clock: clock.Wall{}} }

// described is a service's description of itself, with changes.
func described(base string, pairs ...string) string {
	text := strings.ReplaceAll(sampleMetadata, sampleBase, base)
	return strings.NewReplacer(pairs...).Replace(text)
}

func TestDiscoverRefuses(t *testing.T) {
	elsewhere := pretend(t, http.StatusOK, jsonType, "{}")
	for name, tc := range map[string]struct {
		status int
		kind   string
		body   func(base string) string
		want   error
	}{
		"a page":                {200, "text/html", func(string) string { return "<html>" }, link.ErrNotService},
		"a page that is not":    {404, "text/html", func(string) string { return "" }, link.ErrNotService},
		"no service":            {404, jsonType, func(string) string { return "{}" }, link.ErrNotService},
		"redirected":            {302, "text/html", func(string) string { return "" }, link.ErrNotService},
		"away":                  {503, "text/html", func(string) string { return "" }, link.ErrUnreachable},
		"away, and says so":     {503, "application/problem+json", func(string) string { return "{}" }, link.ErrUnreachable},
		"not JSON":              {200, jsonType, func(string) string { return "{" }, link.ErrNotService},
		"too long":              {200, jsonType, func(string) string { return strings.Repeat(" ", mostBody+1) }, link.ErrStrange},
		"another's name":        {200, jsonType, func(b string) string { return described(b, `"issuer":"http`, `"issuer":"https`) }, link.ErrNotService},
		"permissions elsewhere": {200, jsonType, func(b string) string { return described(b, b+"/oauth/token", elsewhere.URL+"/oauth/token") }, link.ErrNotService},
		"pages elsewhere":       {200, jsonType, func(b string) string { return described(b, b+"/oauth/authorize", "https://evil.example/") }, link.ErrNotService},
		"a user in an address": {200, jsonType, func(b string) string {
			return described(b, b+"/oauth/revoke", "http://x@"+strings.TrimPrefix(b, "http://"))
		}, link.ErrNotService},
		"no PKCE":          {200, jsonType, func(b string) string { return described(b, "S256", "plain") }, link.ErrNotService},
		"does not say who": {200, jsonType, func(b string) string { return described(b, "supported\":true", "supported\":false") }, link.ErrNotService},
		"right":            {200, jsonType, func(b string) string { return described(b) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var s *httptest.Server
			s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("User-Agent") != userAgent || len(r.Cookies()) > 0 || r.URL.Path != wellKnown {
					t.Errorf("asked %s with %v", r.URL, r.Header)
				}
				w.Header().Set("Content-Type", tc.kind)
				w.Header().Set("Location", elsewhere.URL)
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body(s.URL)))
			}))
			defer s.Close()
			if got, err := client().Discover(t.Context(), s.URL); !errors.Is(err, tc.want) || (got == nil) != (err != nil) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

// R19: a proxy of the system's is not asked about this machine, and no other server than the one that was named.
func TestUnreachable(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	gone := pretend(t, 200, jsonType, "{}")
	address := gone.URL
	if _, err := client().Discover(t.Context(), address); !errors.Is(err, link.ErrNotService) {
		t.Errorf("by the proxy: %v", err)
	}
	gone.Close()
	if _, err := client().Discover(t.Context(), address); !errors.Is(err, link.ErrUnreachable) {
		t.Errorf("nobody there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client().Discover(ctx, address); !errors.Is(err, context.Canceled) || errors.Is(err, link.ErrUnreachable) {
		t.Errorf("given up: %v", err)
	}
	for _, bad := range []string{"", "ftp://x", "http://app.kutano.example", "https://ana@x", "https://x?y", "https:///", "x y", "http://localhost:1"} {
		if _, err := client().Discover(t.Context(), bad); !errors.Is(err, link.ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = fmt.Fprint(w, described("https://"+r.Host))
	}))
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	if _, err := client().Discover(t.Context(), s.URL); !errors.Is(err, link.ErrTLS) {
		t.Errorf("an unknown certificate: %v", err)
	}
	c := client()
	c.Roots = x509.NewCertPool()
	c.Roots.AddCert(s.Certificate())
	if _, err := c.Discover(t.Context(), s.URL); err != nil {
		t.Errorf("a known one: %v", err)
	}
	plain := pretend(t, 200, jsonType, "{}")
	if _, err := client().Discover(t.Context(), strings.Replace(plain.URL, "http", "https", 1)); !errors.Is(err, link.ErrTLS) {
		t.Errorf("no TLS at all: %v", err)
	}
}

// What comes to the loopback address and does not know the state, or comes from
// another service, is not an answer; the page tells it, and the wait goes on.
func TestRedirectIsGuarded(t *testing.T) {
	base := "https://app.kutano.example"
	r := &redirect{state: "right", issuer: base, address: "http://127.0.0.1:1234" + callbackPath, came: make(chan result, 1)}
	ask := func(method, address string) int {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(method, address, http.NoBody))
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Error("the page may be kept, or run something")
		}
		return w.Code
	}
	good := url.Values{"code": {"abc"}, "state": {"right"}, "iss": {base}}
	for name, tc := range map[string]struct {
		method, address string
		want            int
	}{
		"another path":    {"GET", "http://127.0.0.1:1234/x?" + good.Encode(), 404},
		"another name":    {"GET", "http://evil.example:1234" + callbackPath + "?" + good.Encode(), 404},
		"a form":          {"POST", r.address + "?" + good.Encode(), 404},
		"no state":        {"GET", r.address + "?code=abc&iss=" + url.QueryEscape(base), 400},
		"a wrong state":   {"GET", r.address + "?code=abc&state=wrong&iss=" + url.QueryEscape(base), 400},
		"another service": {"GET", r.address + "?code=abc&state=right&iss=https://evil.example", 400},
		"nobody named":    {"GET", r.address + "?code=abc&state=right", 400},
		"twice":           {"GET", r.address + "?" + good.Encode() + "&code=def", 400},
	} {
		if got := ask(tc.method, tc.address); got != tc.want || len(r.came) > 0 {
			t.Errorf("%s: %d, and %d answers", name, got, len(r.came))
		}
	}
	if got := ask("GET", r.address+"?"+good.Encode()); got != 200 || (<-r.came).code != "abc" {
		t.Errorf("the answer: %d", got)
	}
	ask("GET", r.address+"?"+good.Encode()) // loaded again: nobody waits for it
	ask("GET", r.address+"?"+good.Encode())
}

// A refusal by the service, in each form that it has.
func TestRefused(t *testing.T) {
	for _, tc := range []struct {
		status int
		kind   string
		want   error
	}{
		{422, "code-wrong", link.ErrCode},
		{422, "code-used", link.ErrCodeUsed},
		{422, "code-expired", link.ErrCode},
		{429, "too-many-tries", link.ErrTooMany},
		{403, "blocked", link.ErrBlocked},
		{410, "enrolment-expired", link.ErrOver},
		{403, "enrolment-closed", link.ErrClosed},
		{422, "phone-invalid", link.ErrPhone},
		{401, "sign-in-required", link.ErrEnded},
		{403, "elevation-required", link.ErrStale},
		{403, "insufficient-scope", link.ErrScope},
		{503, "unavailable", link.ErrUnreachable},
		{500, "internal", link.ErrUnreachable},
		{418, "something-newer", link.ErrStrange},
		{500, "something-newer", link.ErrUnreachable},
		{429, "something-newer", link.ErrTooMany},
	} {
		a := answer{status: tc.status, problem: true, body: []byte(`{"type":"https://x/problems/` + tc.kind + `","title":"t","status":1}`)}
		if err := a.refused(); !errors.Is(err, tc.want) {
			t.Errorf("%d %s: %v, want %v", tc.status, tc.kind, err, tc.want)
		}
	}
	late := answer{status: 422, problem: true, offset: -90 * time.Second, body: []byte(`{"type":"x/code-wrong","tries_left":2}`)}
	var code *link.CodeError
	if err := late.refused(); !errors.As(err, &code) || code.Off != 90*time.Second || code.Left != 2 || !errors.Is(err, link.ErrClockOff) {
		t.Errorf("a clock that is off: %v", err)
	}
}

// The device's clock against a Date header, which has whole seconds.
func TestOffset(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct{ sent, came, want time.Duration }{
		"right":  {-100 * time.Millisecond, 100 * time.Millisecond, 0},
		"within": {900 * time.Millisecond, 950 * time.Millisecond, 0},
		"behind": {-47 * time.Second, -46 * time.Second, 46 * time.Second},
		"ahead":  {48 * time.Second, 49 * time.Second, -47 * time.Second},
	} {
		if got := offsetOf(at, at.Add(tc.sent), at.Add(tc.came)); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// noSecrets keep nothing.
type noSecrets struct{}

func (noSecrets) Keepsake(context.Context, string) (secret.Value, error)  { return secret.Value{}, nil }
func (noSecrets) SetKeepsake(context.Context, string, secret.Value) error { return nil }
