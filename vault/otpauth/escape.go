// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// decode undoes percent-encoding. A '+' stays, see [plus]. Where nothing is
// encoded the result shares its memory with s. It may be any bytes: checkText comes after.
func decode(field, s string) (string, error) {
	first := strings.IndexByte(s, '%')
	if first < 0 {
		return s, nil
	}
	var out strings.Builder
	out.Grow(len(s))
	for i := first; i >= 0; i = strings.IndexByte(s, '%') {
		if i+2 >= len(s) || unhex(s[i+1]) > 15 || unhex(s[i+2]) > 15 {
			return "", refuse(field, ErrEncoding, "a percent sign without two hexadecimal digits")
		}
		out.WriteString(s[:i])
		out.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
		s = s[i+3:]
	}
	out.WriteString(s)
	return out.String(), nil
}

// decodeCopy is decode with a result that does not keep s in memory, which is
// part of a URI with a secret in it.
func decodeCopy(field, s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 {
		return strings.Clone(s), nil
	}
	return decode(field, s)
}

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

const upperHex = "0123456789ABCDEF"

// appendEscaped writes s so that it can stand in a label or in a parameter
// alike: all but RFC 3986's unreserved characters and '@' are percent-encoded.
func appendEscaped(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}

// escapedLen returns the length of what appendEscaped writes.
func escapedLen(s string) int {
	n := len(s)
	for i := 0; i < len(s); i++ {
		if !plain(s[i]) {
			n += 2
		}
	}
	return n
}

func plain(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~' || c == '@'
}

// checkText refuses text that is not UTF-8 and characters that have no place in
// a name: control characters, line separators, and those that turn the reading
// direction, with which one name can be made to look like another.
func checkText(field, s string) error {
	var all byte
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return refuse(field, ErrControl, "")
		}
		all |= s[i]
	}
	if all < utf8.RuneSelf {
		return nil
	}
	if !utf8.ValidString(s) {
		return refuse(field, ErrEncoding, "not UTF-8")
	}
	for _, r := range s {
		if hostile(r) {
			return refuse(field, ErrControl, "")
		}
	}
	return nil
}

func hostile(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		'\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

// plus decides what the '+' signs of a parameter mean, given its text before
// decoding. Form encoding writes a blank as '+', other writers leave a '+' as
// it is. It is a blank unless that makes no sense: where blanks are written
// otherwise in the same value, at either end, or doubled. So "Air+Canada" is
// Air Canada, and "C++" and "Canal+" are what they say.
func plus(raw string) string {
	if strings.IndexByte(raw, '+') < 0 {
		return raw
	}
	literal := raw[0] == '+' || raw[len(raw)-1] == '+' || strings.Contains(raw, "++") ||
		strings.IndexByte(raw, ' ') >= 0 || strings.Contains(raw, "%20")
	if literal {
		return raw
	}
	return strings.ReplaceAll(raw, "+", " ")
}

// equalFold compares an ASCII name in any case. Unlike strings.EqualFold it
// takes no other letter for an ASCII one.
func equalFold(s, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
