// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// mostAddress is the longest address of a service that is taken.
const mostAddress = 200

// ParseAddress reads the address of a service as a person types or copies it, and
// returns it as services write theirs: scheme and host, and a path where there is
// one, without a slash at the end. Without a scheme https is meant, or http on this
// machine. What is no address of a service is ErrAddress.
func ParseAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > mostAddress || odd(text) {
		return "", ErrAddress
	}
	if !strings.Contains(text, "://") {
		scheme := "https://"
		if host, _, _ := net.SplitHostPort(text); onThisMachine(host) || onThisMachine(text) {
			scheme = "http://"
		}
		text = scheme + text
	}
	u, err := url.Parse(text)
	if err != nil || !plainURL(u) || !secureURL(u) || u.RawQuery != "" {
		return "", fmt.Errorf("%w: %.80q", ErrAddress, text)
	}
	u.Host = strings.ToLower(u.Host)
	u.Path, u.RawPath, u.Fragment = strings.TrimRight(u.Path, "/"), "", ""
	return u.String(), nil
}

// plainURL tells whether an address has a host and nothing that hides another.
func plainURL(u *url.URL) bool {
	return u.Hostname() != "" && u.User == nil && u.Opaque == "" && u.Fragment == "" && !strings.Contains(u.Hostname(), "%")
}

// odd tells whether an address has what no address is written with. A name in
// another script is written as xn--… there.
func odd(address string) bool {
	return strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' })
}

// secureURL tells whether what is sent there cannot be read on the way.
func secureURL(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && onThisMachine(u.Hostname())
}

// onThisMachine takes the literal addresses only: a name, even localhost, can be
// made to lead elsewhere (RFC 8252, 8.3).
func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// Within tells whether an address that a service names is its own: same scheme and
// host. Nothing of the user's goes to any other.
func Within(base, address string) bool {
	b, err := url.Parse(base)
	if err != nil {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && len(address) <= mostEndpoint && !odd(address) && plainURL(u) && u.Scheme == b.Scheme && u.Host == b.Host
}

// mostEndpoint is the longest address of one endpoint that is taken.
const mostEndpoint = 400

// HostOf is what a person calls a service at an address.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
