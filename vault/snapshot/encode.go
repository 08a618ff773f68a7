// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"encoding/base64"
	"math/bits"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/secret"
)

// MaxAccounts is how many accounts a backup holds, removed ones too, and how many
// lines that could not be read beside them.
const MaxAccounts = 20000

// The text of a backup and its limits, which a writer need not fear: a document
// of twenty thousand accounts takes eight megabytes.
const (
	format     = "kutano-backup"
	version    = 1
	minText    = 4096     // bytes; a shorter one is padded
	maxText    = 64 << 20 // bytes
	maxURI     = 4096     // bytes, as the key URI's own limit
	maxEntry   = 1 << 20  // bytes of JSON
	maxTags    = 1000
	lastSecond = 253402300799 // of the year 9999
)

// Encode writes the document as the text that stands inside the age file: JSON
// of version 1, an account a line, then newlines up to a size that tells little.
func Encode(d Document) secret.Value {
	w := writer{b: make([]byte, 0, minText)}
	w.raw(`{"format":"` + format + `","version":` + strconv.Itoa(version) + `,"made":`)
	w.raw(strconv.FormatInt(seconds(d.Made), 10))
	w.raw(`,"accounts":[`)
	for i, e := range d.Accounts {
		w.separate(i)
		w.entry(e)
	}
	w.raw("]")
	if len(d.Aside) > 0 {
		w.raw(`,"aside":[`)
		for i, a := range d.Aside {
			w.separate(i)
			w.aside(a)
		}
		w.raw("]")
	}
	w.raw("}\n")
	w.pad()
	return secret.New(w.b)
}

// padded returns the Padmé length for n bytes: at most about an eighth longer,
// and one of few, so that a size tells only its order. See Nikitin et al.,
// "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs".
func padded(n int) int {
	if n <= minText {
		return minText
	}
	exponent := bits.Len(uint(n)) - 1
	mask := 1<<(exponent-bits.Len(uint(exponent))) - 1
	return (n + mask) &^ mask
}

// writer builds JSON in memory that it clears when it outgrows it.
type writer struct{ b []byte }

func (w *writer) grow(n int) {
	if len(w.b)+n <= cap(w.b) {
		return
	}
	old := w.b
	w.b = append(make([]byte, 0, max(2*cap(old), len(old)+n)), old...)
	clear(old)
}

func (w *writer) raw(s string) {
	w.grow(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) separate(i int) {
	if i > 0 {
		w.raw(",")
	}
	w.raw("\n")
}

func (w *writer) pad() {
	n := padded(len(w.b)) - len(w.b)
	w.grow(n)
	w.b = append(w.b, bytes.Repeat([]byte("\n"), n)...)
}

func (w *writer) entry(e Entry) {
	w.raw("{")
	w.text("id", []byte(e.ID))
	w.secret("uri", e.URI)
	if len(e.Tags) > 0 {
		w.name("tags")
		w.raw("[")
		for i, tag := range e.Tags {
			if i > 0 {
				w.raw(",")
			}
			w.quote([]byte(tag))
		}
		w.raw("]")
	}
	w.text("note", []byte(e.Note))
	w.text("icon", []byte(e.Icon))
	if e.Favourite {
		w.name("favourite")
		w.raw("true")
	}
	w.time("used", e.Used)
	w.time("verified", e.Verified)
	w.time("removed", e.Removed)
	w.raw("}")
}

func (w *writer) aside(a Aside) {
	w.raw("{")
	w.text("name", []byte(a.Name))
	w.text("reason", []byte(a.Reason))
	w.secret("line", a.Line)
	w.raw("}")
}

// name begins a member.
func (w *writer) name(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.raw(",")
	}
	w.raw(`"` + name + `":`)
}

// text writes a member unless it is empty.
func (w *writer) text(name string, s []byte) {
	if len(s) > 0 {
		w.name(name)
		w.quote(s)
	}
}

// secret writes a member of any bytes: what JSON cannot say goes in base64.
func (w *writer) secret(name string, v secret.Value) {
	b := v.Bytes()
	if utf8.Valid(b) {
		w.text(name, b)
		return
	}
	w.name(name + "64")
	n := base64.StdEncoding.EncodedLen(len(b)) + 2
	w.grow(n)
	w.b = append(w.b, '"')
	w.b = base64.StdEncoding.AppendEncode(w.b, b)
	w.b = append(w.b, '"')
}

func (w *writer) time(name string, t time.Time) {
	if sec := seconds(t); sec != 0 {
		w.name(name)
		w.raw(strconv.FormatInt(sec, 10))
	}
}

// quote writes a JSON string. Bytes that are no UTF-8 become U+FFFD.
func (w *writer) quote(s []byte) {
	if !utf8.Valid(s) {
		s = bytes.ToValidUTF8(s, []byte("\uFFFD"))
	}
	w.grow(len(s) + 2)
	w.b = append(w.b, '"')
	for len(s) > 0 {
		i := slices.IndexFunc(s, func(c byte) bool { return c < ' ' || c == '"' || c == '\\' || c == 0x7F })
		if i < 0 {
			i = len(s)
		}
		w.grow(i + 7) // what is quoted, an escape, the last quote
		w.b = append(w.b, s[:i]...)
		if i == len(s) {
			break
		}
		const hex = "0123456789abcdef"
		w.b = append(w.b, '\\', 'u', '0', '0', hex[s[i]>>4], hex[s[i]&15])
		s = s[i+1:]
	}
	w.grow(1)
	w.b = append(w.b, '"')
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return min(max(t.Unix(), 0), lastSecond)
}
