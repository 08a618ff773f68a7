// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"net/url"
	"strings"
	"testing"
)

func TestNothingLeadsToAnotherSite(t *testing.T) {
	for _, to := range []string{
		"", "settings", "https://evil.example", "//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, `/\/evil.example`,
		"/%0d%0aLocation:x\r\n", "/\tsettings", "/ /evil.example", "\t//evil.example", "javascript:alert(1)", "http:/evil.example", "/%2f/../\\x",
		"/" + strings.Repeat("a", 3000), "/\x00", "//", "/%zz",
	} {
		if got := local(to, "/home"); got != "/home" {
			t.Errorf("local(%q) = %q", to, got)
		}
	}
	for _, to := range []string{"/", "/settings", "/settings/security?x=1", "/oauth/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2F&state=a%5Cb"} {
		if got := local(to, "/home"); got != to {
			t.Errorf("local(%q) = %q", to, got)
		}
	}
}

func FuzzLocal(f *testing.F) {
	for _, s := range []string{"/settings", "//x", `/\x`, "/a?b=//c", "/%2f%2fx", "/\t/x"} {
		f.Add(s)
	}
	base, err := url.Parse("https://kutano.example/signin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		to := local(s, "/home")
		got, err := base.Parse(to)
		if err != nil || got.Host != base.Host || got.Scheme != base.Scheme {
			t.Fatalf("local(%q) = %q leads to %v, %v", s, to, got, err)
		}
		if strings.ContainsAny(to, "\r\n\t\\ ") || strings.HasPrefix(to, "//") {
			t.Fatalf("local(%q) = %q", s, to)
		}
	})
}
