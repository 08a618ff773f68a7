// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sort"
	"strings"
)

// Marks are the secrets that are searched for, by name.
type Marks struct {
	patterns []pattern
	byStart  map[uint64][]int // by the first eight bytes
	likely   [1 << 16]bool    // hashes of the first four
	phrases  bool
}

// pattern is a piece of a form of a secret, at least eight bytes.
type pattern struct {
	mark, form string
	text       []byte
}

// Hit says that a secret was found.
type Hit struct {
	Mark string // its name
	Form string // in what form
	At   int    // offset of the first place
	N    int    // how many pieces of it
}

const least = 8 // bytes: enough not to turn up by chance

// Word returns n random letters.
func Word(n int) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(random(n)))[:n]
}

// NewKey returns a random key of 20 bytes in base32.
func NewKey() string { return base32.StdEncoding.EncodeToString(random(20)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// Text marks a secret that is random text.
func (m *Marks) Text(name, text string) { m.all(name, "", []byte(text)) }

// Bytes marks a secret that is random bytes.
func (m *Marks) Bytes(name string, b []byte) { m.all(name, "bytes, ", b) }

// Key marks a key in base32: its text and what that stands for.
func (m *Marks) Key(name, key string) {
	m.Text(name, key)
	for _, sep := range []string{" ", "-"} {
		m.add(name, "in groups", 10, []byte(grouped(key, 4, sep)))
		m.add(name, "in groups, lower case", 10, []byte(strings.ToLower(grouped(key, 4, sep))))
	}
	if b, err := base32.StdEncoding.DecodeString(key); err == nil {
		m.Bytes(name, b)
	}
}

// Identity marks an age identity and the bytes in it.
func (m *Marks) Identity(name, identity string) {
	data := identity[strings.LastIndex(identity, "1")+1:]
	m.Text(name, data)
	if len(data) > 6 {
		m.Bytes(name, fromBech32(data[:len(data)-6]))
	}
}

// Code marks a number that is searched for as it is and in groups only, for it
// is short. It has at least eight digits.
func (m *Marks) Code(name, digits string) {
	m.add(name, "as it is", len(digits), []byte(digits))
	for _, n := range []int{3, 4, 5} {
		g := grouped(digits, n, " ")
		m.add(name, "in groups", len(g), []byte(g))
	}
	wide := utf16(digits)
	m.add(name, "UTF-16", len(wide), wide)
}

// Phrase marks words out of a list that is no secret: only where four follow
// one another it is this secret, in this order or the other.
func (m *Marks) Phrase(name string, words []string) {
	m.phrases = true
	back := make([]string, len(words))
	for i, w := range words {
		back[len(words)-1-i] = w
	}
	m.windows(name, "words", words)
	m.windows(name, "words, reversed", back)
	for i := 0; i+4 <= len(words); i++ {
		m.encoded(name, "words, ", []byte(strings.Join(words[i:i+4], " ")))
	}
}

// windows adds each four words that follow one another, in the spelling of [plain].
func (m *Marks) windows(name, form string, words []string) {
	for i := 0; i+4 <= len(words); i++ {
		w := strings.ToLower(strings.Join(words[i:i+4], " "))
		m.add(name, form, len(w), []byte(w))
	}
}

// plain leaves of a text its letters, small, with a space for all between them:
// so words are found however they are numbered, listed and set out.
func plain(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		switch {
		case c >= 'a' && c <= 'z':
			out = append(out, c)
		case c >= 'A' && c <= 'Z':
			out = append(out, c+'a'-'A')
		case len(out) == 0 || out[len(out)-1] != ' ':
			out = append(out, ' ')
		}
	}
	return out
}

// all adds every form of random bytes.
func (m *Marks) all(name, prefix string, b []byte) {
	m.add(name, prefix+"as it is", least, b)
	m.add(name, prefix+"reversed", least, reversed(b))
	if prefix == "" {
		m.add(name, "capitals", least, bytes.ToUpper(b))
		m.add(name, "lower case", least, bytes.ToLower(b))
	} else {
		m.numbers(name, b)
	}
	m.encoded(name, prefix, b)
}

// add adds a form, cut into pieces of size bytes: a part of a secret is one.
func (m *Marks) add(name, form string, size int, text []byte) {
	for ; len(text) >= max(size, least); text = text[size:] {
		m.piece(name, form, text[:size])
	}
}

func (m *Marks) piece(name, form string, text []byte) {
	start := binary.LittleEndian.Uint64(text)
	for _, i := range m.byStart[start] {
		if bytes.Equal(m.patterns[i].text, text) {
			return // another form is the same
		}
	}
	if m.byStart == nil {
		m.byStart = map[uint64][]int{}
	}
	m.byStart[start] = append(m.byStart[start], len(m.patterns))
	m.likely[hash(uint32(start))] = true
	m.patterns = append(m.patterns, pattern{name, form, bytes.Clone(text)})
}

func hash(start uint32) uint16 { return uint16(start * 2654435761 >> 16) }

// Find searches for every secret. Of each form it returns one hit.
func (m *Marks) Find(b []byte) []Hit {
	found := map[[2]string]*Hit{}
	note := func(p, at int) {
		id := [2]string{m.patterns[p].mark, m.patterns[p].form}
		if h := found[id]; h != nil {
			h.N++
			return
		}
		found[id] = &Hit{Mark: id[0], Form: id[1], At: at, N: 1}
	}
	m.scan(b, note)
	if m.phrases {
		m.scan(plain(b), func(p, at int) {
			if strings.HasPrefix(m.patterns[p].form, "words") {
				note(p, at)
			}
		})
	}
	hits := make([]Hit, 0, len(found))
	for _, h := range found {
		hits = append(hits, *h)
	}
	sort.Slice(hits, func(i, j int) bool {
		a, b := hits[i], hits[j]
		return a.Mark < b.Mark || a.Mark == b.Mark && a.Form < b.Form
	})
	return hits
}

// scan calls hit for every pattern at every place. What it reads is nobody
// else's, and the race detector would make it ten times slower.
//
//go:norace
func (m *Marks) scan(b []byte, hit func(p, at int)) {
	for i := 0; i+least <= len(b); i++ {
		start := binary.LittleEndian.Uint64(b[i:])
		if !m.likely[hash(uint32(start))] {
			continue
		}
		for _, p := range m.byStart[start] {
			if bytes.HasPrefix(b[i:], m.patterns[p].text) {
				hit(p, i)
			}
		}
	}
}
