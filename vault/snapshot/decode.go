// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/kutano/authenticator/vault/secret"
)

// Decode reads the text of a backup. An entry that cannot be used is set aside
// with the reason and hides no other; URIs are not parsed.
//
// It returns [ErrNotBackup] for what is no text of ours, [ErrNewer] for one of a
// later version, and [ErrTooLarge] for more than 64 MiB, 20,000 accounts or
// 20,000 lines set aside. The document does not share the text's memory.
func Decode(text secret.Value) (Document, error) {
	b := text.Bytes()
	if len(b) > maxText {
		return Document{}, fmt.Errorf("read backup: %w: %d bytes", ErrTooLarge, len(b))
	}
	if !json.Valid(b) {
		return Document{}, fmt.Errorf("read backup: %w: its text is not JSON", ErrNotBackup)
	}
	parts, err := divide(b)
	if err != nil {
		return Document{}, fmt.Errorf("read backup: %w", err)
	}
	d := Document{Made: parts.made}
	r := reader{seen: map[string]bool{}}
	for raw := range elements(parts.accounts) {
		if len(d.Accounts)+len(r.aside) == MaxAccounts {
			return Document{}, r.tooMany(d, "accounts")
		}
		if e, ok := r.entry(raw); ok {
			d.Accounts = append(d.Accounts, e)
		}
	}
	d.Aside = r.aside
	for raw := range elements(parts.aside) {
		if len(d.Aside) == 2*MaxAccounts {
			return Document{}, r.tooMany(d, "lines set aside")
		}
		d.Aside = append(d.Aside, readAside(raw))
	}
	return d, nil
}

// parts are the members of the document that this version knows.
type parts struct {
	made            time.Time
	accounts, aside []byte
}

// divide checks the outermost object. Members of unknown names are passed over.
func divide(b []byte) (p parts, err error) {
	found := map[string][]byte{}
	for name, value := range members(b) {
		if _, twice := found[name]; twice {
			return p, fmt.Errorf("%w: it says the same twice", ErrNotBackup)
		}
		if len(found) == 100 {
			return p, fmt.Errorf("%w: it has too many parts", ErrNotBackup)
		}
		found[name] = value
	}
	var number, made int64
	switch {
	case string(found["format"]) != `"`+format+`"`:
		return p, fmt.Errorf("%w: it does not say that it is one", ErrNotBackup)
	case json.Unmarshal(found["version"], &number) != nil || number < 1:
		return p, fmt.Errorf("%w: it has no version", ErrNotBackup)
	case number > version:
		return p, fmt.Errorf("%w: its version is %d, not %d", ErrNewer, number, version)
	case json.Unmarshal(found["made"], &made) != nil || made < 0 || made > lastSecond:
		return p, fmt.Errorf("%w: it does not say when it was made", ErrNotBackup)
	case !array(found["accounts"]) || found["aside"] != nil && !array(found["aside"]):
		return p, fmt.Errorf("%w: it has no list of accounts", ErrNotBackup)
	}
	return parts{made: unixTime(made), accounts: found["accounts"], aside: found["aside"]}, nil
}

func array(b []byte) bool { return len(b) > 0 && b[0] == '[' }

// reader reads the entries of one document.
type reader struct {
	seen  map[string]bool // the ids so far
	aside []Aside
}

func (r *reader) tooMany(d Document, what string) error {
	d.Clear()
	Document{Aside: r.aside}.Clear()
	return fmt.Errorf("read backup: %w: it has more than %d %s", ErrTooLarge, MaxAccounts, what)
}

// record is an entry in the text.
type record struct {
	ID        string   `json:"id"`
	URI       quoted   `json:"uri"`
	URI64     quoted64 `json:"uri64"`
	Tags      tags     `json:"tags"`
	Note      string   `json:"note"`
	Icon      string   `json:"icon"`
	Favourite bool     `json:"favourite"`
	Used      stamp    `json:"used"`
	Verified  stamp    `json:"verified"`
	Removed   stamp    `json:"removed"`
}

// entry reads an entry, or sets it aside.
func (r *reader) entry(raw []byte) (Entry, bool) {
	var rec record
	reason := rec.read(raw)
	uri := secret.Value(rec.URI)
	if uri.Len() == 0 {
		uri = secret.Value(rec.URI64)
	}
	switch {
	case reason != "":
	case uri.Len() > maxURI:
		reason = "its key URI is longer than any can be"
	case rec.ID != "" && !validID(rec.ID):
		reason = "its id is not one"
	case rec.ID != "" && r.seen[rec.ID]:
		reason = "its id is another account's"
	}
	if reason != "" {
		line := secret.New(bytes.Clone(raw))
		r.aside = append(r.aside, Aside{Name: label(uri), Reason: reason, Line: line})
		uri.Clear()
		return Entry{}, false
	}
	r.seen[rec.ID] = true
	return Entry{
		ID: rec.ID, URI: uri, Tags: rec.Tags, Note: rec.Note, Icon: rec.Icon, Favourite: rec.Favourite,
		Used: time.Time(rec.Used), Verified: time.Time(rec.Verified), Removed: time.Time(rec.Removed),
	}, true
}

// read returns why the entry cannot be read. The reason never quotes it.
func (rec *record) read(raw []byte) (reason string) {
	switch {
	case len(raw) > maxEntry:
		return "it is too long"
	case raw[0] != '{' || json.Unmarshal(raw, rec) != nil:
		return "it does not have the form of an entry"
	case secret.Value(rec.URI).Len() > 0 && secret.Value(rec.URI64).Len() > 0:
		return "it has two keys"
	}
	return ""
}

// readAside reads a line that was set aside before. One that cannot be read
// itself is set aside as it is.
func readAside(raw []byte) Aside {
	var rec struct {
		Name   string   `json:"name"`
		Reason string   `json:"reason"`
		Line   quoted   `json:"line"`
		Line64 quoted64 `json:"line64"`
	}
	if raw[0] != '{' || json.Unmarshal(raw, &rec) != nil {
		return Aside{Reason: "it does not have the form of a line set aside", Line: secret.New(bytes.Clone(raw))}
	}
	line := secret.Value(rec.Line)
	if line.Len() == 0 {
		line = secret.Value(rec.Line64)
	}
	return Aside{Name: rec.Name, Reason: rec.Reason, Line: line}
}

// label returns what a key URI calls its account, without what follows: the key.
func label(uri secret.Value) string {
	rest, ok := bytes.CutPrefix(uri.Bytes(), []byte("otpauth://"))
	_, rest, slash := bytes.Cut(rest, []byte("/"))
	name, _, query := bytes.Cut(rest, []byte("?"))
	if !ok || !slash || !query || len(name) > 500 {
		return ""
	}
	s, err := url.PathUnescape(string(name))
	if err != nil {
		s = string(name)
	}
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "")))
}

var errForm = errors.New("another form was expected")

// quoted is a JSON string that goes straight into a secret.
type quoted secret.Value

// UnmarshalJSON reads a string.
func (q *quoted) UnmarshalJSON(b []byte) error {
	text, ok := unquote(b)
	if !ok {
		return errForm
	}
	secret.Value(*q).Clear()
	*q = quoted(secret.New(text))
	return nil
}

// quoted64 is a secret in base64.
type quoted64 secret.Value

// UnmarshalJSON reads a string of base64.
func (q *quoted64) UnmarshalJSON(b []byte) error {
	text, ok := unquote(b)
	if !ok {
		return errForm
	}
	n, err := base64.StdEncoding.Strict().Decode(text, text)
	if err != nil {
		clear(text)
		return errForm
	}
	clear(text[n:])
	secret.Value(*q).Clear()
	*q = quoted64(secret.New(text[:n]))
	return nil
}

// tags are few, so that a small text cannot take much memory.
type tags []string

// UnmarshalJSON reads a list of strings.
func (t *tags) UnmarshalJSON(b []byte) error {
	*t = nil
	if !array(b) {
		return errForm
	}
	for raw := range elements(b) {
		tag, ok := unquote(raw)
		if !ok || len(*t) == maxTags {
			return errForm
		}
		*t = append(*t, string(tag))
	}
	return nil
}

// stamp is a Unix time in seconds, zero for never.
type stamp time.Time

// UnmarshalJSON reads a number of seconds.
func (s *stamp) UnmarshalJSON(b []byte) error {
	var sec int64
	if err := json.Unmarshal(b, &sec); err != nil || sec < 0 || sec > lastSecond {
		return errForm
	}
	*s = stamp(unixTime(sec))
	return nil
}

func unixTime(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}

// validID tells twelve of a–z and 2–7.
func validID(id string) bool {
	return len(id) == 12 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
