// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds. NoJSON is the zero value.
const (
	NoJSON Kind = iota
	Object
	Array
	Text
	Numeric
	Word // true, false or null
)

// Shape is an outline of a JSON text: names and kinds three levels deep, of an
// array only the first element. It is also there for a text that is cut short
// or goes wrong later, as far as that went.
type Shape struct {
	Kind   Kind
	Fields map[string]Shape // of an object
	First  *Shape           // of an array that is not empty
	// Scalar is a text without its quotes, a number or a word as it stands in
	// the file, of at most 64 bytes; "" for longer ones.
	Scalar string
}

// At returns what stands under these names; of an array, in its first element.
// What is not there has the kind NoJSON.
func (s Shape) At(names ...string) Shape {
	for _, name := range names {
		if s.Kind == Array && s.First != nil {
			s = *s.First
		}
		s = s.Fields[name]
	}
	return s
}

// Has tells whether each of the names is there.
func (s Shape) Has(names ...string) bool {
	if s.Kind == Array && s.First != nil {
		s = *s.First
	}
	for _, name := range names {
		if _, ok := s.Fields[name]; !ok {
			return false
		}
	}
	return true
}

// bom may stand before a JSON text, though it should not (RFC 8259 section 8.1).
var bom = []byte("\xEF\xBB\xBF")

// Bare returns a text without the byte order mark before it.
func Bare(data []byte) []byte { return bytes.TrimPrefix(data, bom) }

const (
	outlineDepth  = 3
	outlineFields = 256 // of one object; the rest is passed over
	outlineScalar = 64
)

// skim outlines a text. It is no check that the text is well formed.
func skim(data []byte) Shape {
	k := skimmer{rest: Bare(data)}
	k.blanks()
	if len(k.rest) == 0 || k.rest[0] != '{' && k.rest[0] != '[' {
		return Shape{}
	}
	s, _ := k.value(outlineDepth)
	return s
}

type skimmer struct{ rest []byte }

func (k *skimmer) blanks() {
	i := 0
	for i < len(k.rest) && (k.rest[i] == ' ' || k.rest[i] == '\n' || k.rest[i] == '\t' || k.rest[i] == '\r') {
		i++
	}
	k.rest = k.rest[i:]
}

// next passes over c, where that is what comes next.
func (k *skimmer) next(c byte) bool {
	k.blanks()
	if len(k.rest) == 0 || k.rest[0] != c {
		return false
	}
	k.rest = k.rest[1:]
	return true
}

// value outlines a value; ok tells whether it goes on after it.
func (k *skimmer) value(depth int) (s Shape, ok bool) {
	k.blanks()
	if len(k.rest) == 0 {
		return Shape{}, false
	}
	switch c := k.rest[0]; {
	case (c == '{' || c == '[') && depth == 0:
		return Shape{Kind: kindOf(c)}, k.pass()
	case c == '{':
		return k.object(depth)
	case c == '[':
		return k.array(depth)
	case c == '"':
		text, ok := k.text()
		return Shape{Kind: Text, Scalar: short(text)}, ok
	default:
		return k.scalar()
	}
}

func kindOf(c byte) Kind {
	if c == '{' {
		return Object
	}
	return Array
}

func short(text []byte) string {
	if len(text) > outlineScalar {
		return ""
	}
	return string(text)
}

func (k *skimmer) object(depth int) (Shape, bool) {
	s := Shape{Kind: Object, Fields: map[string]Shape{}}
	k.rest = k.rest[1:]
	if k.next('}') {
		return s, true
	}
	for {
		k.blanks()
		if len(k.rest) == 0 || k.rest[0] != '"' {
			return s, false
		}
		raw, ok := k.text()
		if !ok || !k.next(':') {
			return s, false
		}
		v, ok := k.value(depth - 1)
		if name := unquote(raw); len(s.Fields) < outlineFields {
			if _, twice := s.Fields[name]; !twice {
				s.Fields[name] = v
			}
		}
		switch {
		case !ok:
			return s, false
		case k.next('}'):
			return s, true
		case !k.next(','):
			return s, false
		}
	}
}

func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	var name string
	if json.Unmarshal(append(append([]byte{'"'}, raw...), '"'), &name) != nil {
		return string(raw)
	}
	return name
}

func (k *skimmer) array(depth int) (Shape, bool) {
	s := Shape{Kind: Array}
	rest := k.rest
	k.rest = k.rest[1:]
	if k.next(']') {
		return s, true
	}
	first, ok := k.value(depth - 1)
	s.First = &first
	if !ok {
		return s, false
	}
	k.rest = rest
	return s, k.pass()
}

// text passes over a string and returns it without its quotes, escapes as they are.
func (k *skimmer) text() ([]byte, bool) {
	for i := 1; i < len(k.rest); i++ {
		switch k.rest[i] {
		case '\\':
			i++
		case '"':
			text := k.rest[1:i]
			k.rest = k.rest[i+1:]
			return text, true
		}
	}
	k.rest = nil
	return nil, false
}

func (k *skimmer) scalar() (Shape, bool) {
	i := 0
	for i < len(k.rest) && strings.IndexByte(" \t\r\n,:]}", k.rest[i]) < 0 {
		i++
	}
	if i == 0 {
		return Shape{}, false
	}
	text := k.rest[:i]
	k.rest = k.rest[i:]
	s := Shape{Kind: Numeric, Scalar: short(text)}
	if c := text[0]; c != '-' && (c < '0' || c > '9') {
		s.Kind = Word
	}
	return s, true
}

// pass passes over an object or an array, of any depth.
func (k *skimmer) pass() bool {
	depth := 0
	for i := 0; i < len(k.rest); i++ {
		switch k.rest[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				k.rest = k.rest[i+1:]
				return true
			}
		case '"':
			end := skimmer{k.rest[i:]}
			if _, ok := end.text(); !ok {
				k.rest = nil
				return false
			}
			i = len(k.rest) - len(end.rest) - 1
		}
	}
	k.rest = nil
	return false
}
