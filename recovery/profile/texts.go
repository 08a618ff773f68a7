// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	small      = "abcdefghijklmnopqrstuvwxyz0123456789-"
	maxStepID  = 40
	maxLabel   = 63 // of a host's name, RFC 1035, section 2.3.4
	maxMachine = 253
)

// stepID tells whether this can be the id of a step of the guide.
func stepID(s string) bool {
	return s != "" && len(s) <= maxStepID && strings.Trim(s, small) == ""
}

// hostName tells whether a name in small letters can be a host's (RFC 1123,
// section 2.1).
func hostName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > maxLabel || strings.Trim(label, small) != "" || strings.Trim(label, "-") != label {
			return false
		}
	}
	return len(s) <= maxMachine
}

// maxMarks is how many marks may stand on one letter; more only paint over what
// stands around them.
const maxMarks = 2

// plain tells whether a text is of at least so many and at most so many
// characters that can all be seen: letters, signs and blanks. Control
// characters, line ends and what turns the direction of writing are none
// (unicode.IsPrint leaves out the categories Cc, Cf, Zl, Zp and all blanks but
// U+0020).
func plain(s string, least, most int) bool {
	if n := utf8.RuneCountInString(s); n < least || n > most || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		return false
	}
	marks := 0
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return false
		}
	}
	return true
}

// address tells whether an address is one that may be opened: https, or http on
// this computer; a host in plain ASCII, so that no letter looks like another; no
// name or password in it.
func address(s string) bool {
	if len(s) > maxAddress || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Opaque != "" || u.Fragment != "" || !port(u.Port()) {
		return false
	}
	known, loopback := host(u.Hostname())
	return known && (u.Scheme == "https" || u.Scheme == "http" && loopback)
}

func port(s string) bool {
	n, err := strconv.Atoi(s)
	return s == "" || err == nil && n >= 1 && n <= 65535
}

// host tells whether a name or an address can be a host's, and whether it is this
// computer.
func host(s string) (ok, loopback bool) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Zone() == "", ip.IsLoopback()
	}
	s = strings.ToLower(s)
	return hostName(s), s == "localhost"
}
