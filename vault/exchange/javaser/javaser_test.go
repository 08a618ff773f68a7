// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package javaser

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// stream builds what ObjectOutputStream writes.
type stream struct{ bytes.Buffer }

func newStream() *stream {
	s := &stream{}
	s.WriteString(magic)
	return s
}

func (s *stream) utf(text string) {
	s.Write(binary.BigEndian.AppendUint16(nil, uint16(len(text))))
	s.WriteString(text)
}

// class writes a description. Fields are pairs of kind and name.
func (s *stream) class(name string, flags byte, fields ...string) {
	s.WriteByte(codeClass)
	s.utf(name)
	s.WriteString("VERSION!")
	s.WriteByte(flags)
	s.Write(binary.BigEndian.AppendUint16(nil, uint16(len(fields))))
	for _, f := range fields {
		s.WriteByte(f[0])
		s.utf(f[1:])
	}
	s.WriteByte(codeEnd)
}

// hashMap writes the beginning of a map of so many entries, as Android does since API 24, or
// as before.
func (s *stream) hashMap(entries int, old bool) {
	s.WriteByte(codeObject)
	fields := []string{"FloadFactor", "Ithreshold"}
	if old {
		fields = fields[:1]
	}
	s.class("java.util.HashMap", flagSerializable|flagWriteMethod, fields...)
	s.WriteByte(codeNull)
	s.Write(make([]byte, 4*len(fields)))
	s.Write([]byte{codeBlock, 8, 0, 0, 0, 16})
	s.Write(binary.BigEndian.AppendUint32(nil, uint32(entries)))
}

func (s *stream) text(text string) {
	s.WriteByte(codeString)
	s.utf(text)
}

func (s *stream) reference(n int) {
	s.WriteByte(codeReference)
	s.Write(binary.BigEndian.AppendUint32(nil, uint32(firstHandle+n)))
}

// integer writes a java.lang.Integer, which has an ancestor.
func (s *stream) integer(n uint32) {
	s.WriteByte(codeObject)
	s.class("java.lang.Integer", flagSerializable, "Ivalue")
	s.class("java.lang.Number", flagSerializable)
	s.WriteByte(codeNull)
	s.Write(binary.BigEndian.AppendUint32(nil, n))
}

// sample is a map with all that preferences may hold.
func sample(old bool) []byte {
	s := newStream()
	s.hashMap(5, old)
	s.text("one") // handle 2
	s.text("eins")
	s.text("number")
	s.integer(7)
	s.text("nothing")
	s.WriteByte(codeNull)
	s.text("set")
	s.WriteByte(codeObject)
	s.class("java.util.HashSet", flagSerializable|flagWriteMethod)
	s.WriteByte(codeNull)
	s.Write([]byte{codeBlock, 2, 1, 2})
	s.text("in the set")
	s.WriteByte(codeEnd)
	s.text("again")
	s.reference(2)
	s.WriteByte(codeEnd)
	return s.Bytes()
}

func brief(pairs []Pair) string {
	var out []string
	for _, p := range pairs {
		out = append(out, p.Key+"="+p.Value)
	}
	return strings.Join(out, " ")
}

func TestMap(t *testing.T) {
	for _, old := range []bool{false, true} {
		if pairs, err := Map(sample(old)); brief(pairs) != "one=eins again=one" || err != nil {
			t.Errorf("%s, %v", brief(pairs), err)
		}
	}
}

func TestModified(t *testing.T) {
	for in, want := range map[string]string{
		"abc": "abc", "ë": "ë", "€": "€", "a\xc0\x80b": "a\x00b", "\xed\xa0\xb4\xed\xb4\x9e": "𝄞", "": "",
	} {
		if got := modified([]byte(in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	_ = modified([]byte("\xe2\x82")) // cut off: anything, but no panic
}

func TestLongText(t *testing.T) {
	s := newStream()
	s.hashMap(1, false)
	s.text("k")
	long := strings.Repeat("x", 70_000)
	s.WriteByte(codeLongText)
	s.Write(binary.BigEndian.AppendUint64(nil, uint64(len(long))))
	s.WriteString(long + string(rune(codeEnd)))
	if pairs, err := Map(s.Bytes()); len(pairs) != 1 || pairs[0].Value != long || err != nil {
		t.Errorf("%d pairs, %v", len(pairs), err)
	}
}

// Whatever texts a map holds come out.
func TestAnyMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []Pair
		s := newStream()
		n := rapid.IntRange(0, 20).Draw(t, "entries")
		s.hashMap(n, rapid.Bool().Draw(t, "old"))
		for i := range n {
			p := Pair{fmt.Sprint("key", i), rapid.StringMatching(`[a-zë€]{0,30}`).Draw(t, "value")}
			s.text(p.Key)
			s.text(p.Value)
			want = append(want, p)
		}
		s.WriteByte(codeEnd)
		whole := s.Bytes()
		if got, err := Map(whole); brief(got) != brief(want) || err != nil {
			t.Fatalf("%d pairs of %d, %v", len(got), n, err)
		}
		cut := rapid.IntRange(0, len(whole)-1).Draw(t, "cut")
		if got, err := Map(whole[:cut]); err == nil || len(got) > n {
			t.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
		}
	})
}

func TestHostile(t *testing.T) {
	build := func(f func(*stream)) []byte {
		s := newStream()
		f(s)
		return s.Bytes()
	}
	in := func(n int, f func(*stream)) []byte {
		return build(func(s *stream) { s.hashMap(n, false); f(s) })
	}
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, foreign.ErrDamaged},
		{"only its beginning", []byte(magic), foreign.ErrCutShort},
		{"a text alone", build(func(s *stream) { s.text("x") }), foreign.ErrDamaged},
		{"a deep graph", in(1, func(s *stream) {
			for range 10_000 {
				s.WriteByte(codeObject)
				s.class("x", flagSerializable|flagWriteMethod)
				s.WriteByte(codeNull)
			}
		}), foreign.ErrDamaged},
		{"deep descriptions", build(func(s *stream) {
			s.WriteByte(codeObject)
			for range 10_000 {
				s.class("x", flagSerializable)
			}
		}), foreign.ErrDamaged},
		{"its own ancestor", build(func(s *stream) { s.WriteByte(codeObject); s.class("x", flagSerializable); s.reference(0) }), foreign.ErrDamaged},
		{"a reference to nowhere", in(1, func(s *stream) { s.text("k"); s.reference(99) }), foreign.ErrDamaged},
		{"a reference before all", in(1, func(s *stream) { s.reference(-1) }), foreign.ErrDamaged},
		{"a giant text", in(1, func(s *stream) { s.WriteString("\x7c\xff\xff\xff\xff\xff\xff\xff\xff") }), foreign.ErrCutShort},
		{"a giant block", in(1, func(s *stream) { s.WriteString("\x7a\xff\xff\xff\xff") }), foreign.ErrCutShort},
		{"billions of entries", in(-1, func(s *stream) { s.text("k"); s.text("v") }), foreign.ErrCutShort},
		{"texts over and over", in(10_000, func(s *stream) {
			s.text(strings.Repeat("x", 60_000))
			for range 19_999 {
				s.reference(2)
			}
		}), foreign.ErrBomb},
		{"millions of texts", in(-1, func(s *stream) { s.Write(bytes.Repeat([]byte{codeString, 0, 0}, maxHandles)) }), foreign.ErrBomb},
		{"millions of pairs", in(-1, func(s *stream) {
			s.text("")
			s.text("")
			s.Write(bytes.Repeat([]byte("q\x00\x7e\x00\x02"), 2*maxPairs))
		}), foreign.ErrBomb},
		{"an array", in(1, func(s *stream) { s.WriteByte(0x75) }), foreign.ErrDamaged},
		{"an end in place of a key", in(1, func(s *stream) { s.WriteByte(codeEnd); s.text("v") }), foreign.ErrDamaged},
		{"a format of its own", build(func(s *stream) { s.WriteByte(codeObject); s.class("x", flagExternalizable); s.WriteByte(codeNull) }), foreign.ErrDamaged},
		{"an odd field", build(func(s *stream) { s.WriteByte(codeObject); s.class("x", flagSerializable, "?x") }), foreign.ErrDamaged},
		{"an object of no class", build(func(s *stream) { s.Write([]byte{codeObject, codeNull}) }), foreign.ErrDamaged},
		{"an object of a text", build(func(s *stream) { s.WriteByte(codeObject); s.text("x") }), foreign.ErrDamaged},
	} {
		if _, err := Map(tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func FuzzMap(f *testing.F) {
	f.Add(sample(false))
	f.Add(sample(true))
	f.Fuzz(func(t *testing.T, data []byte) {
		pairs, err := Map(data)
		size := 0
		for _, p := range pairs {
			size += len(p.Key) + len(p.Value)
		}
		if size > 4*len(data) && err == nil {
			t.Errorf("%d bytes from %d", size, len(data))
		}
	})
}
