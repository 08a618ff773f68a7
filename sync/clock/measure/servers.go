// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/kutano/authenticator/sync/clock/timeserver"
)

// Defaults returns the time servers that are asked unless the user has others.
// All are public, prove who they are, and tell leap seconds as they are.
func Defaults() []timeserver.Server {
	return []timeserver.Server{
		{Host: "time.cloudflare.com", Operator: "Cloudflare", KeyExchange: "time.cloudflare.com"},
		{Host: "ntp.netnod.se", Operator: "Netnod", KeyExchange: "nts.netnod.se"},
		{Host: "ptbtime1.ptb.de", Operator: "PTB", KeyExchange: "ptbtime1.ptb.de"},
		{Host: "ntppool1.time.nl", Operator: "TimeNL", KeyExchange: "ntppool1.time.nl"},
		{Host: "a.st1.ntp.br", Operator: "NTP.br", KeyExchange: "a.st1.ntp.br"},
		{Host: "time1.mbix.ca", Operator: "MBIX", KeyExchange: "time1.mbix.ca"},
	}
}

// DefaultWeb returns the web servers that are asked where the time servers do
// not decide it. All are large, answer what is asked themselves rather than from a
// cache, and do not send elsewhere.
func DefaultWeb() []string {
	return []string{
		"https://www.cloudflare.com/cdn-cgi/trace",
		"https://github.com/",
		"https://www.kernel.org/",
		"https://www.apple.com/",
		"https://login.microsoftonline.com/common/.well-known/openid-configuration",
	}
}

// own are the servers of the names that a user gave. One that is among the usual
// ones keeps what is known of it.
func own(names []string) []timeserver.Server {
	var all []timeserver.Server
	usual := Defaults()
	for _, name := range names {
		s := timeserver.Server{Host: strings.TrimSpace(name)}
		if s.Host == "" || slices.ContainsFunc(all, func(o timeserver.Server) bool { return o.Name() == s.Name() }) {
			continue
		}
		s.Operator = operator(s.Host)
		if i := slices.IndexFunc(usual, func(u timeserver.Server) bool { return u.Name() == s.Name() }); i >= 0 {
			s = usual[i]
		}
		all = append(all, s)
	}
	return all
}

// hostOf returns the host, and the port if there is one, of a web address.
func hostOf(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	host, _, _ := strings.Cut(address, "/")
	return host
}

// operator tells who runs a host, as far as its name does: the last two labels,
// or the whole name where there are no more. Hosts under such a name as "ac.uk"
// count as one operator's, which errs to the safe side.
func operator(host string) string {
	host = strings.ToLower(host)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	name := domain(host)
	for _, s := range Defaults() {
		if domain(s.Host) == name {
			return s.Operator
		}
	}
	return name
}

func domain(host string) string {
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}
