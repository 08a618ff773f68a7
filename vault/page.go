// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// A page is text of at most keystore.MaxItem bytes, or of keystore.MaxBulk where
// many accounts came at once:
//
//	kutano1 GENERATION
//	ID KEY-URI
//	ID -REMOVED KEY-URI
//	! ANYTHING
//
// GENERATION rises with each write of any page; where an account stands in two
// pages, because a move between them was interrupted, the higher one counts.
// REMOVED is the Unix time at which the account was removed. What stands behind
// "! " could not be read where it comes from, and is no account here either.
const (
	pageMagic   = "kutano1 "
	pageEntries = 16                      // the most accounts in a page
	bulkEntries = 128                     // the same for one of many that are made at once
	bulkFrom    = 256                     // new accounts at once that get such pages
	pageSpare   = 48                      // leaves a counter room to grow
	pageHead    = len(pageMagic) + 20 + 1 // the longest first line
	markerSize  = 13                      // " -REMOVED", until the year 5138
	lastGen     = 1 << 62                 // above it nothing is written: it must not wrap
	idLength    = 12
	asideMark   = "! "
)

var errPage = errors.New("not a page of accounts")

// entry is one line of a page.
type entry struct {
	id      ID
	removed int64        // Unix time; 0 for a live account
	uri     secret.Value // the key URI
	aside   bool         // the line could not be read; uri holds the whole line
	foreign bool         // of a line set aside: written behind asideMark, which uri lacks
	whose   ID           // of a line set aside: the account that it seems to be
	reason  string       // why
}

func (e entry) size() int {
	switch {
	case e.foreign:
		return len(asideMark) + e.uri.Len() + 1
	case e.aside:
		return e.uri.Len() + 1
	}
	n := len(e.id) + 1 + e.uri.Len() + 1
	if e.removed != 0 {
		n += len(strconv.FormatInt(e.removed, 10)) + 2
	}
	return n
}

// grown is the entry's size once it is removed and its counter is at its last.
func (e entry) grown(k otpauth.Key) int {
	n := e.size() + markerSize
	if k.Type == otpauth.HOTP {
		n += len(strconv.FormatUint(math.MaxUint64, 10)) - len(strconv.FormatUint(k.Counter, 10))
	}
	return n
}

func (e entry) key() (otpauth.Key, error) { return otpauth.Parse(e.uri.Reveal()) }

// room is the most that a page may have, in bytes: what the store takes.
type room int

// entry is the longest line, with its newline.
func (r room) entry() int { return int(r) - pageHead }

// page is a page as it stands in the store.
type page struct {
	gen     uint64
	entries []entry
}

func (p *page) size() int {
	n := len(pageMagic) + len(strconv.FormatUint(p.gen, 10)) + 1
	for _, e := range p.entries {
		n += e.size()
	}
	return n
}

// legal tells whether the page can be written whatever its generation.
func (p *page) legal(r room) bool {
	n := pageHead
	for _, e := range p.entries {
		n += e.size()
	}
	return n <= int(r)
}

// clear overwrites the keys of a page that was read only for a moment.
func (p *page) clear() {
	for _, e := range p.entries {
		e.uri.Clear()
	}
}

func (p *page) find(id ID) int {
	for i, e := range p.entries {
		if !e.aside && e.id == id {
			return i
		}
	}
	return -1
}

// encode writes the page. Lines that could not be read are written as they were.
func (p *page) encode() (secret.Value, error) {
	if p.gen > lastGen {
		return secret.Value{}, fmt.Errorf("write page of accounts: %w", errPage)
	}
	b := make([]byte, 0, p.size())
	b = append(b, pageMagic...)
	b = strconv.AppendUint(b, p.gen, 10)
	b = append(b, '\n')
	for _, e := range p.entries {
		b = e.appendTo(b)
	}
	if len(b) > keystore.MaxBulk {
		clear(b)
		return secret.Value{}, fmt.Errorf("write page of accounts: %w", ErrTooLarge)
	}
	return secret.New(b), nil
}

// appendTo writes the entry's line.
func (e entry) appendTo(b []byte) []byte {
	switch {
	case e.foreign:
		b = append(b, asideMark...)
	case !e.aside:
		b = append(b, e.id...)
		b = append(b, ' ')
		if e.removed != 0 {
			b = append(b, '-')
			b = strconv.AppendInt(b, e.removed, 10)
			b = append(b, ' ')
		}
	}
	b = append(b, e.uri.Bytes()...)
	return append(b, '\n')
}

// decodePage reads a page. It fails only where the page as a whole is not one
// of ours; a line that cannot be read becomes an entry that is set aside.
func decodePage(v secret.Value) (*page, error) {
	gen, rest, err := decodeHead(v.Bytes())
	if err != nil {
		return nil, err
	}
	p := &page{gen: gen}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		e := decodeEntry(line)
		if !e.aside && p.find(e.id) >= 0 {
			e.uri.Clear()
			e = asideEntry(line, "its id is another line's")
		}
		p.entries = append(p.entries, e)
	}
	return p, nil
}

// decodeHead reads a page's generation and returns its lines.
func decodeHead(b []byte) (gen uint64, lines []byte, err error) {
	head, lines, ok := bytes.Cut(b, []byte("\n"))
	number, ours := bytes.CutPrefix(head, []byte(pageMagic))
	if !ok || !ours {
		if bytes.HasPrefix(head, []byte("kutano")) {
			return 0, nil, fmt.Errorf("read page of accounts: %w", ErrNewer)
		}
		return 0, nil, errPage
	}
	gen, err = strconv.ParseUint(string(number), 10, 64)
	if err != nil || gen > lastGen {
		return 0, nil, errPage
	}
	return gen, lines, nil
}

// decodeKeys reads the keys of a page, each once, as decodePage finds them.
func decodeKeys(v secret.Value) (*loaded, error) {
	gen, rest, err := decodeHead(v.Bytes())
	if err != nil {
		return nil, err
	}
	l := &loaded{gen: gen, keys: map[ID]otpauth.Key{}, bad: map[ID]error{}}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if bytes.HasPrefix(line, []byte(asideMark)) {
			continue
		}
		e, reason := splitEntry(line)
		if reason == "" {
			k, err := e.key()
			if _, twice := l.keys[e.id]; err == nil && !twice {
				l.keys[e.id] = k
				continue
			}
			k.Secret.Clear()
			reason = "its id is another line's"
			if err != nil {
				reason = err.Error()
			}
		}
		l.bad[e.id] = fmt.Errorf("%w: %s", ErrAside, reason)
	}
	return l, nil
}

// opaque tells whether err says that a page cannot be read as a whole.
func opaque(err error) bool {
	return errors.Is(err, errPage) || errors.Is(err, ErrNewer) || errors.Is(err, keystore.ErrUnreadable)
}

// decodeEntry reads a line. One whose key cannot be read is set aside like any
// other that cannot: nothing ever takes it for the account's.
func decodeEntry(line []byte) entry {
	if rest, foreign := bytes.CutPrefix(line, []byte(asideMark)); foreign {
		return foreignEntry(rest)
	}
	e, reason := splitEntry(line)
	if reason == "" {
		k, err := e.key()
		k.Secret.Clear()
		if err != nil {
			reason = err.Error()
		}
	}
	if reason != "" {
		return asideEntry(line, reason)
	}
	e.uri = secret.New(bytes.Clone(e.uri.Bytes()))
	return e
}

// splitEntry takes a line apart and leaves its key unread. The entry shares the
// line's memory.
func splitEntry(line []byte) (e entry, reason string) {
	id, uri, ok := bytes.Cut(line, []byte(" "))
	if !ok || !validID(string(id)) {
		return entry{}, "its line does not begin with an account's id"
	}
	e.id = ID(id)
	if len(uri) > 0 && uri[0] == '-' {
		when, after, _ := bytes.Cut(uri[1:], []byte(" "))
		t, err := strconv.ParseInt(string(when), 10, 64)
		if err != nil || t <= 0 {
			return e, "the time of its removal cannot be read"
		}
		e.removed, uri = t, after
	}
	e.uri = secret.New(uri)
	return e, ""
}

func asideEntry(line []byte, reason string) entry {
	e, _ := splitEntry(line)
	return entry{aside: true, whose: e.id, uri: secret.New(bytes.Clone(line)), reason: reason}
}

// foreignEntry is a line that was set aside where it comes from.
func foreignEntry(line []byte) entry {
	return entry{aside: true, foreign: true, uri: secret.New(bytes.Clone(line)), reason: "it was set aside in a backup"}
}

func validID(s string) bool {
	if len(s) != idLength {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// pageName is the item that holds page n.
func pageName(n int) string { return "page-" + strconv.Itoa(n) }

// nameIn finds the label of a key URI that cannot be read, so that it can be
// named; it never returns anything behind the label.
func nameIn(line []byte) string {
	_, rest, ok := bytes.Cut(line, []byte("otpauth://"))
	if !ok {
		return ""
	}
	_, label, ok := bytes.Cut(rest, []byte("/"))
	if !ok {
		return ""
	}
	if label, _, ok = bytes.Cut(label, []byte("?")); !ok || len(label) > 200 {
		return ""
	}
	return printable(label)
}
