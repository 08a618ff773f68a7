// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/kutano/authenticator/server/signin"
)

// Address is the address of the client of a request: the last one in
// X-Forwarded-For or Forwarded (RFC 7239) that is no trusted proxy's, where a
// trusted proxy handed the request on; the peer's otherwise. What stands further
// left in those headers the client may have written itself.
//
// Where both headers are there and differ, one of them is the client's own
// invention, and it is not known which: then it is the proxy's address. The
// invalid Addr if the peer's is not understood.
func Address(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := plain(r.RemoteAddr)
	if !inside(trusted, peer) {
		return peer
	}
	x, hasX := client(xForwarded(r.Header), trusted)
	f, hasF := client(forwarded(r.Header), trusted)
	switch {
	case hasX && hasF && x != f, !hasX && !hasF:
		return peer
	case hasX && x.IsValid():
		return x
	case hasF && f.IsValid():
		return f
	}
	return peer
}

// client is the last of addresses that is no trusted proxy's.
func client(all []string, trusted []netip.Prefix) (netip.Addr, bool) {
	for _, s := range slices.Backward(all) {
		a := plain(s)
		if !inside(trusted, a) {
			return a, true // invalid where it is hidden or not understood
		}
	}
	return netip.Addr{}, false
}

func inside(trusted []netip.Prefix, a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(a) })
}

// plain reads an address with or without a port, without zone, IPv4 as IPv4.
func plain(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func xForwarded(h http.Header) []string {
	return split(h.Values("X-Forwarded-For"))
}

// forwarded are the "for" parameters; an element without one counts as unknown.
func forwarded(h http.Header) []string {
	var all []string
	for _, element := range split(h.Values("Forwarded")) {
		who := ""
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if strings.EqualFold(name, "for") {
				who = strings.Trim(value, `"`)
			}
		}
		all = append(all, who)
	}
	return all
}

// split parts lists at commas; several headers of a name are one list (RFC 9110, 5.3).
func split(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return strings.Split(strings.Join(lines, ","), ",")
}

// Browser is what is known of who asks: for the list of sessions, limits and
// the notice of a new device. The request must have come through Wrap.
func Browser(r *http.Request) signin.Browser {
	b := signin.Browser{Device: Device(r.UserAgent()), Mark: mark(r)}
	if a := aboutOf(r.Context()).address; a.IsValid() {
		b.Address = a.String()
	}
	return b
}
