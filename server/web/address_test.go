// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/web"
)

var trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		name, peer      string
		xff, forwarded  []string
		want            string
		withoutAnyTrust string
	}{
		{"straight", "203.0.113.7:4711", nil, nil, "203.0.113.7", "203.0.113.7"},
		{"IPv6 with a zone", "[fe80::1%eth0]:4711", nil, nil, "fe80::1", "fe80::1"},
		{"nobody to trust", "203.0.113.7:4711", []string{"198.51.100.1"}, nil, "203.0.113.7", "203.0.113.7"},
		{"behind a proxy", "10.0.0.1:80", []string{"198.51.100.1"}, nil, "198.51.100.1", "10.0.0.1"},
		{"what the client wrote itself", "10.0.0.1:80", []string{"192.0.2.9, 198.51.100.1"}, nil, "198.51.100.1", "10.0.0.1"},
		{"several lines", "10.0.0.1:80", []string{"192.0.2.9", "198.51.100.1, 10.0.0.2"}, nil, "198.51.100.1", "10.0.0.1"},
		{"with a port", "10.0.0.1:80", []string{"198.51.100.1:99"}, nil, "198.51.100.1", "10.0.0.1"},
		{"only proxies", "10.0.0.1:80", []string{"10.0.0.9"}, nil, "10.0.0.1", "10.0.0.1"},
		{"nonsense last", "10.0.0.1:80", []string{"198.51.100.1, nonsense"}, nil, "10.0.0.1", "10.0.0.1"},
		{"IPv4 as IPv6", "[::ffff:10.0.0.1]:80", []string{"::ffff:198.51.100.1"}, nil, "198.51.100.1", "10.0.0.1"},
		{"Forwarded", "10.0.0.1:80", nil, []string{`for=192.0.2.9, for="[2001:db8::1]:4711";proto=https;by=10.0.0.1`}, "2001:db8::1", "10.0.0.1"},
		{"Forwarded, hidden", "10.0.0.1:80", nil, []string{`for=_hidden`}, "10.0.0.1", "10.0.0.1"},
		{"Forwarded without for", "10.0.0.1:80", nil, []string{`for=192.0.2.9, proto=https`}, "10.0.0.1", "10.0.0.1"},
		{"both agree", "10.0.0.1:80", []string{"198.51.100.1"}, []string{"For=198.51.100.1"}, "198.51.100.1", "10.0.0.1"},
		{"both differ", "10.0.0.1:80", []string{"192.0.2.9"}, []string{"for=198.51.100.1"}, "10.0.0.1", "10.0.0.1"},
		{"nonsense", "@", nil, nil, "invalid IP", "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"], r.Header["Forwarded"] = c.peer, c.xff, c.forwarded
		if got := web.Address(r, trusted).String(); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
		if got := web.Address(r, nil).String(); got != c.withoutAnyTrust {
			t.Errorf("%s, no proxy: %s, not %s", c.name, got, c.withoutAnyTrust)
		}
	}
}

// Whatever a client writes into the headers before its proxy adds its address:
// it is counted under its own address or under the proxy's, never under another.
func TestNobodyChoosesAnAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := rapid.SampledFrom([]string{"192.0.2.9", "10.9.9.9", "", "unknown", `"`, `for="192.0.2.9"`, "for=192.0.2.9", ";", "::1"})
		own := func(name string) string {
			s := ""
			for _, e := range rapid.SliceOfN(entry, 0, 4).Draw(t, name) {
				s += e + ","
			}
			return s
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = "10.0.0.1:80"
		if rapid.Bool().Draw(t, "the proxy writes Forwarded") {
			r.Header.Set("Forwarded", own("before")+"for=198.51.100.1")
			if x := own("other"); x != "" {
				r.Header.Set("X-Forwarded-For", x)
			}
		} else {
			r.Header.Set("X-Forwarded-For", own("before")+"198.51.100.1")
			if x := own("other"); x != "" {
				r.Header.Set("Forwarded", x)
			}
		}
		if got := web.Address(r, trusted).String(); got != "198.51.100.1" && got != "10.0.0.1" {
			t.Fatalf("counted as %s", got)
		}
	})
}

func FuzzAddress(f *testing.F) {
	f.Add("198.51.100.1, 10.0.0.1", `for="[2001:db8::1]:4711";by=x`)
	f.Add(`",;=`, "for=for=;for")
	f.Fuzz(func(t *testing.T, x, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = "10.0.0.1:80"
		r.Header.Set("X-Forwarded-For", x)
		r.Header.Set("Forwarded", forwarded)
		if a := web.Address(r, trusted); !a.IsValid() {
			t.Fatal("no address, though the peer's is known")
		}
	})
}
