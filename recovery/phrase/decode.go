// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"fmt"
	"slices"

	"github.com/kutano/authenticator/recovery/standing"
)

// Decoded is what a phrase says.
type Decoded struct {
	Phrase   Phrase
	Standing standing.Standing
	Lang     string // of the words; empty where all were digits
	Version  int    // of the format
	Newer    bool   // a newer app made it, and says more than this one knows
}

// Decode reads a phrase as a person typed it: six words or groups of three digits, or
// some of each. The first four letters of a word are enough; case, accents,
// punctuation, extra blanks and the numbers that count the words do not matter.
//
// The words are looked for in the language prefer, then in all others; prefer may be
// empty or a language without a list. Where they are right in several and differ, the
// preferred one counts, else the error is an [*AmbiguousError]. Other errors are
// [ErrEmpty], [ErrTooLong], [ErrOlder], [ErrNewer], [*CountError], [*WordsError] and
// [*CheckError], of the language that comes nearest. Nothing is ever guessed.
func Decode(text, prefer string) (Decoded, error) {
	typed, err := entries(text)
	if err != nil {
		return Decoded{}, fmt.Errorf("read check phrase: %w", err)
	}
	prefer = named(prefer)
	all := inOrder(prefer)
	if !slices.ContainsFunc(typed, func(e entry) bool { return !e.digits() }) {
		all = all[:1]
	}
	var good []Decoded
	var near *reading
	for _, l := range all {
		r := l.read(typed)
		if r.err == nil {
			good = append(good, r.decoded)
		} else if near == nil || r.far() < near.far() {
			near = r
		}
	}
	switch {
	case len(good) == 0:
		return Decoded{}, fmt.Errorf("read check phrase: %w", near.detailed())
	case good[0].Lang != "" && good[0].Lang != prefer && differ(good):
		e := &AmbiguousError{}
		for _, d := range good {
			e.Langs = append(e.Langs, d.Lang)
		}
		return Decoded{}, fmt.Errorf("read check phrase: %w", e)
	}
	return good[0], nil
}

// differ tells whether what was read is not the same in all languages.
func differ(good []Decoded) bool {
	return slices.ContainsFunc(good, func(d Decoded) bool { return d.Phrase != good[0].Phrase })
}

// inOrder are the lists, the preferred one first.
func inOrder(prefer string) []*wordList {
	all := slices.Clone(lists())
	slices.SortStableFunc(all, func(a, b *wordList) int {
		switch prefer {
		case a.lang:
			return -1
		case b.lang:
			return 1
		}
		return 0
	})
	return all
}

// reading is what was typed, read in one language.
type reading struct {
	list    *wordList
	typed   []entry
	at      []int // the index of each word, or -1
	unknown int   // how many are -1
	decoded Decoded
	err     error
}

func (l *wordList) read(typed []entry) *reading {
	r := &reading{list: l, typed: typed}
	for _, e := range typed {
		at := e.number
		if !e.digits() {
			at = l.find(e.typed)
		}
		if at < 0 {
			r.unknown++
		}
		r.at = append(r.at, at)
	}
	switch {
	case r.unknown > 0:
		r.err = &WordsError{Lang: r.lang()}
	case len(typed) != Length:
		r.err = &CountError{Have: len(typed)}
	default:
		r.decoded, r.err = r.phrase().decode()
		r.decoded.Lang = r.lang()
	}
	return r
}

// decode checks a phrase and says what it means.
func (p Phrase) decode() (Decoded, error) {
	if !p.fits() {
		return Decoded{}, ErrCheck
	}
	d, err := unpack(p.bits())
	d.Phrase = p
	return d, err
}

// phrase is that of six known words.
func (r *reading) phrase() Phrase {
	var p Phrase
	for i := range p {
		p[i] = byte(max(r.at[i], 0))
	}
	return p
}

// lang is the language of the words, or empty where all are digits.
func (r *reading) lang() string {
	if slices.ContainsFunc(r.typed, func(e entry) bool { return !e.digits() }) {
		return r.list.lang
	}
	return ""
}

// far orders failures: the less, the nearer it came to a phrase of the language.
func (r *reading) far() int {
	switch r.err { //nolint:errorlint // read returns these unwrapped
	case ErrNewer, ErrOlder:
		return 0
	case ErrCheck:
		return 1
	}
	return 2 + r.unknown
}
