// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"regexp"
	"testing"
)

// The usual servers are several people's, prove who they are, and none of them
// spreads leap seconds or is a pool, which wants to be asked first.
func TestDefaults(t *testing.T) {
	unwanted := regexp.MustCompile(`google|amazon|aws|facebook|pool\.ntp\.org|windows\.com|apple`)
	who, names := map[string]bool{}, map[string]bool{}
	for _, s := range Defaults() {
		who[s.Operator], names[s.Name()] = true, true
		if s.KeyExchange == "" || s.Smeared || s.Operator == "" || unwanted.MatchString(s.Host) {
			t.Errorf("%+v", s)
		}
		if got := operator(s.Host); got != s.Operator {
			t.Errorf("%s is of %s, as an own server of %s", s.Host, s.Operator, got)
		}
	}
	if len(names) < 5 || len(who) < 4 {
		t.Errorf("%d servers of %d operators", len(names), len(who))
	}
	who = map[string]bool{}
	for _, w := range DefaultWeb() {
		who[operator(hostOf(w))] = true
	}
	if len(who) < 3 || len(who) != len(DefaultWeb()) {
		t.Errorf("web servers of %d operators", len(who))
	}
	Defaults()[0].Host = "changed"
	if Defaults()[0].Host == "changed" {
		t.Error("the defaults can be changed")
	}
}

func TestOperator(t *testing.T) {
	for host, want := range map[string]string{
		"ntp.example.org": "example.org", "NTP.Example.ORG.": "example.org", "example.org": "example.org", "a.b.example.org:1123": "example.org",
		"router": "router", "router:123": "router", "192.0.2.1": "192.0.2.1", "192.0.2.1:123": "192.0.2.1", "[2001:db8::1]:123": "2001:db8::1",
		"2001:db8::1": "2001:db8::1", "ptbtime3.ptb.de": "PTB", "": "",
	} {
		if got := operator(host); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

func TestHostOf(t *testing.T) {
	for address, want := range map[string]string{
		"example.com": "example.com", "example.com:8443": "example.com:8443", "https://example.com": "example.com",
		"https://example.com:8443/a/b": "example.com:8443", "http://[::1]:80/": "[::1]:80",
	} {
		if got := hostOf(address); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}
