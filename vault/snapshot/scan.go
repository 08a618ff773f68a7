// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
	"unicode/utf8"
)

// What is here walks JSON that json.Valid has accepted, in place: a decoder
// would leave copies of every key behind.

const blanks = " \t\r\n"

// cut takes the first value off the front.
func cut(b []byte) (value, rest []byte) {
	b = bytes.TrimLeft(b, blanks)
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i = stringEnd(b, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if depth > 0 {
				continue
			}
			for i+1 < len(b) && strings.IndexByte(",:]}"+blanks, b[i+1]) < 0 {
				i++
			}
		}
		if depth <= 0 {
			return b[:i+1], b[i+1:]
		}
	}
	return b, nil
}

// stringEnd returns where the string that begins at i has its last quote.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return min(i, len(b)-1)
}

// elements are the values of an array, none if it is not one.
func elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest := inside(array, '[')
		for len(rest) > 0 {
			var value []byte
			value, rest = cut(rest)
			rest = next(rest)
			if !yield(value) {
				return
			}
		}
	}
}

// members are the names and values of an object, none if it is not one.
func members(object []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		rest := inside(object, '{')
		for len(rest) > 0 {
			var name, value []byte
			name, rest = cut(rest)
			value, rest = cut(next(rest))
			rest = next(rest)
			text, _ := unquote(name)
			if !yield(string(text), value) {
				return
			}
		}
	}
}

// inside returns what stands between the brackets.
func inside(b []byte, bracket byte) []byte {
	b = bytes.Trim(b, blanks)
	if len(b) < 2 || b[0] != bracket {
		return nil
	}
	return bytes.Trim(b[1:len(b)-1], blanks)
}

// next drops the comma or colon at the front.
func next(b []byte) []byte {
	b = bytes.TrimLeft(b, blanks)
	if len(b) > 0 {
		b = b[1:]
	}
	return bytes.TrimLeft(b, blanks)
}

// unquote returns a copy of a string's content, false if it is no string.
func unquote(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[0] != '"' {
		return nil, false
	}
	if in := b[1 : len(b)-1]; bytes.IndexByte(in, '\\') < 0 && utf8.Valid(in) {
		return bytes.Clone(in), true
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, false
	}
	return []byte(s), true
}
