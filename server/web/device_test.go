// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/web"
)

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"": "Unknown browser",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                           "Firefox on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              "Edge on Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                                      "Chrome on Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":                      "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1":    "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0":              "Opera on Windows",
		"Kutano-Authenticator/1.2 (Linux)":         "Kutano Authenticator on Linux",
		"<script>alert(1)</script>":                "Unknown browser",
		"<b>Firefox/1</b> on Windows\r\nX: canary": "Firefox on Windows",
		"curl/8.5": "curl",
	} {
		if got := web.Device(agent); got != want {
			t.Errorf("%q: %q, not %q", agent, got, want)
		}
	}
}

// within runs f as a handler inside of Wrap.
func within(o web.Options, r *http.Request, f http.HandlerFunc) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	web.Wrap(f, o).ServeHTTP(w, r)
	return w
}

func TestKeepDevice(t *testing.T) {
	var first, again signin.Browser
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := within(web.Options{TLS: true}, r, func(w http.ResponseWriter, r *http.Request) {
		web.KeepDevice(w, r)
		first = web.Browser(r)
	})
	c := w.Result().Cookies()
	if len(c) != 1 || c[0].Name != "__Host-kutano-device" || !c[0].HttpOnly || !c[0].Secure || c[0].MaxAge != 31536000 || c[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("%+v", c)
	}
	if first.Mark != c[0].Value || len(first.Mark) != 43 || first.Address != "192.0.2.1" {
		t.Fatalf("%+v", first)
	}
	r = httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(c[0])
	w = within(web.Options{TLS: true}, r, func(w http.ResponseWriter, r *http.Request) {
		web.KeepDevice(w, r)
		again = web.Browser(r)
	})
	if again.Mark != first.Mark || len(w.Result().Cookies()) != 0 {
		t.Fatalf("a browser that has a mark got another: %+v", again)
	}
}

func TestMark(t *testing.T) {
	good := seal.Token()
	for header, want := range map[string]string{good: good, "": "", "short": "", strings.Repeat("x", 44): "", strings.Repeat("é", 43): ""} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(web.DeviceHeader, header)
		within(web.Options{}, r, func(_ http.ResponseWriter, r *http.Request) {
			if got := web.Browser(r).Mark; got != want {
				t.Errorf("%q: %q", header, got)
			}
		})
	}
}
