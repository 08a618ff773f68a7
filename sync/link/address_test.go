// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"errors"
	"net/url"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		" app.kutano.example ":           "https://app.kutano.example",
		"https://App.Kutano.example/":    "https://app.kutano.example",
		"app.kutano.example:8443/team/":  "https://app.kutano.example:8443/team",
		"127.0.0.1:8080":                 "http://127.0.0.1:8080",
		"http://[::1]:8080/":             "http://[::1]:8080",
		"https://127.0.0.1":              "https://127.0.0.1",
		"[::1]:8080":                     "http://[::1]:8080",
		"https://xn--kutno-uqa.example/": "https://xn--kutno-uqa.example",
	} {
		if got, err := ParseAddress(text); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"app.kutano.example", "https://app.kutano.example/", "http://127.0.0.1:8080", "[::1]:8080", "http://evil.example", "https://a@b", "https://x/%2f", "\xaf\xd6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		base, err := ParseAddress(text)
		if errors.Is(err, ErrAddress) {
			return
		}
		u, uerr := url.Parse(base)
		if err != nil || uerr != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && !onThisMachine(u.Hostname()) {
			t.Errorf("%q became %q, %v", text, base, err)
		}
		if again, err := ParseAddress(base); err != nil || again != base {
			t.Errorf("%q became %q, and that %q, %v", text, base, again, err)
		}
		if !Within(base, base+"/x") || Within(base, "https://evil.example/x") {
			t.Errorf("what is of %q", base)
		}
	})
}
