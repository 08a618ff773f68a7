// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package phrase says how things stand in six words that a person can read out on
// the phone, and reads them back: the check phrase.
//
// A [Phrase] is 40 bits of a [standing.Standing], five words of eight bits each, and
// a check word over them, by which every single wrong word and every two that
// changed places are noticed. The same standing always makes the same phrase, so an
// agent hears it change after a repair. It holds nothing of a person, an account, a
// device or a key; docs/formats.md has its bits.
//
// Each language has a list of 256 words of its own. They are told apart by their
// first four letters, by three letters at least, and by how they sound. The lists
// never change: a phrase of an older app must be read by a newer one.
//
// [Decode] never mends a phrase unseen. It names the place of what cannot be right,
// offers what sounds like it, and leaves it to the person who hears the other.
package phrase

import (
	"fmt"
	"strings"

	"github.com/kutano/authenticator/recovery/standing"
)

// Length is how many words a phrase has, the check word included.
const Length = 6

// Phrase is a check phrase: the places of its words in a list, from 0 to 255, the
// check word last. It can be compared.
type Phrase [Length]byte

// Encode returns the phrase of a standing, in this version of the format. It fails
// with [ErrRange] where a field has a value that the format cannot say.
func Encode(s standing.Standing) (Phrase, error) {
	bits, err := pack(s)
	if err != nil {
		return Phrase{}, fmt.Errorf("make check phrase: %w", err)
	}
	return seal(bits), nil
}

// Words returns the phrase's words in a language, the check word last. For a
// language without a list they are English.
func (p Phrase) Words(lang string) []string {
	l := list(Language(lang))
	words := make([]string, Length)
	for i, at := range p {
		words[i] = l.words[at]
	}
	return words
}

// Digits returns the same in digits, for those who share no language: three for each
// word, 000 to 255.
func (p Phrase) Digits() []string {
	groups := make([]string, Length)
	for i, at := range p {
		groups[i] = digits(at)
	}
	return groups
}

// Text returns the words with blanks between them, to copy.
func (p Phrase) Text(lang string) string { return strings.Join(p.Words(lang), " ") }

// Line is one word as a window shows it and a person reads it out.
type Line struct {
	Place  int    // from 1
	Word   string // in the language asked for
	Digits string // the same in three digits
}

// Lines returns the phrase as it is shown: numbered words, each with its digits.
func (p Phrase) Lines(lang string) []Line {
	words, groups := p.Words(lang), p.Digits()
	lines := make([]Line, Length)
	for i := range lines {
		lines[i] = Line{Place: i + 1, Word: words[i], Digits: groups[i]}
	}
	return lines
}

// digits writes a place in the list in three digits.
func digits(at byte) string { return fmt.Sprintf("%03d", at) }
