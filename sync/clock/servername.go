// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"net/netip"
	"strconv"
	"strings"
)

// IsServer tells whether a name can be a time server's: an address, or a host name
// in small letters (RFC 1123, section 2.1), each with a port or without.
func IsServer(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	if a, err := netip.ParseAddrPort(name); err == nil {
		return a.Port() != 0
	}
	host, port, has := strings.Cut(name, ":")
	if has {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || port[0] == '+' {
			return false
		}
	}
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return false
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !label(l) {
			return false
		}
	}
	// What ends in a number is an address, and then a wrong one.
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != ""
}

// label tells whether it can be a part of a host name.
func label(l string) bool {
	if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	return strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
