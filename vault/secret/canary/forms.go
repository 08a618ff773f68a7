// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// encoded adds what encoders make of bytes.
func (m *Marks) encoded(name, prefix string, b []byte) {
	wide := utf16(string(b))
	m.add(name, prefix+"UTF-16", 16, wide)
	digits := hex.EncodeToString(b)
	spaced := fmt.Sprintf("% x", b)
	escaped := `\x` + strings.ReplaceAll(spaced, " ", `\x`)
	percent := "%" + strings.ReplaceAll(spaced, " ", "%")
	for form, text := range map[string]string{"hexadecimal": digits, "hexadecimal, spaced": spaced, "escaped": escaped, "percent-encoded": percent} {
		m.add(name, prefix+form, 16, []byte(text))
		m.add(name, prefix+form, 16, []byte(strings.ToUpper(text)))
	}
	m.add(name, prefix+"percent-encoded", 24, []byte("%"+strings.ReplaceAll(strings.ToUpper(spaced), " ", "%")))
	for at := range 3 {
		m.add(name, prefix+"base64", 12, inside(base64.RawStdEncoding.EncodeToString, b, at, 3, 4))
		m.add(name, prefix+"base64", 12, inside(base64.RawURLEncoding.EncodeToString, b, at, 3, 4))
	}
	for at := range 5 {
		text := inside(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString, b, at, 5, 8)
		m.add(name, prefix+"base32", 12, text)
		m.add(name, prefix+"base32, lower case", 12, bytes.ToLower(text))
	}
}

// inside encodes bytes that stand at an offset of a longer text, without the
// characters at the edges that depend on what is beside them.
func inside(encode func([]byte) string, b []byte, at, group, chars int) []byte {
	text := encode(append(make([]byte, at), b...))
	text = text[(at*chars+group-1)/group:]
	whole := (at + len(b)) % group
	if whole != 0 {
		text = text[:len(text)-1] // it holds bits of what comes next
	}
	return []byte(text)
}

// numbers adds what a trace of Go's shows of memory: eight bytes as a number, in
// a register or an argument, and an array as a list of its first five bytes.
func (m *Marks) numbers(name string, b []byte) {
	for i := range len(b) - 7 {
		m.piece(name, "a number", fmt.Appendf(nil, "%016x", binary.LittleEndian.Uint64(b[i:])))
	}
	for i := range len(b) - 4 {
		w := fmt.Appendf(nil, "%#x, %#x, %#x, %#x, %#x", b[i], b[i+1], b[i+2], b[i+3], b[i+4])
		m.piece(name, "a list of numbers", w)
		w = fmt.Appendf(nil, "%d %d %d %d %d %d", b[i], b[i+1], b[i+2], b[i+3], b[i+4], b[(i+5)%len(b)])
		m.piece(name, "a list of numbers", w)
	}
}

func utf16(s string) []byte {
	wide := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		wide = append(wide, s[i], 0)
	}
	return wide
}

func reversed(b []byte) []byte {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return b
}

func grouped(s string, n int, sep string) string {
	var parts []string
	for ; len(s) > n; s = s[n:] {
		parts = append(parts, s[:n])
	}
	return strings.Join(append(parts, s), sep)
}

// fromBech32 returns the bytes that the characters of BIP 173 stand for.
func fromBech32(data string) []byte {
	const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	var out []byte
	acc, n := 0, 0
	for _, r := range strings.ToLower(data) {
		acc, n = acc<<5|max(strings.IndexRune(letters, r), 0), n+5
		if n >= 8 {
			n -= 8
			out = append(out, byte(acc>>n))
			acc &= 1<<n - 1
		}
	}
	return out
}
