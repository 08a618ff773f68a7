// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"strings"
	"unicode"
)

// Plain is what can be shown, in one line, of a text that somebody wrote at a service: a
// name, or a reason. Lines and blanks become one blank each. What joins letters or keeps
// them apart without being seen (U+200C and U+200D, as Persian names and emoji have it) is
// left out. What could move or hide letters, or is no letter at all, becomes U+FFFD.
func Plain(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\u200c', r == '\u200d':
			return -1
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return unicode.ReplacementChar
		}
		return r
	}, text)), " ")
}
