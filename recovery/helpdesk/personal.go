// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// personal tells whether a text has an address in it, a run of digits as long as a code
// or a telephone number, or what looks like a bypass code or a backup code.
func personal(text string) bool {
	return strings.ContainsAny(text, "@＠") || longNumber(text) || coded(text)
}

// longNumber tells whether a text has a run of digits as long as a code in it, also
// where something other than a letter stands between them.
func longNumber(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsNumber(r):
			if digits++; digits > mostDigits {
				return true
			}
		case unicode.IsLetter(r):
			digits = 0
		}
	}
	return false
}

// What codes are made of at the service, which takes either case, and leaves blanks and
// hyphens out. Of a backup code's letters it reads I, L and O as digits.
const (
	bypassLetters = "BCDFGHJKLMNPQRSTVWXZ"
	backupLetters = "ABCDEFGHIJKLMNOPQRSTVWXYZ0123456789"
	bypassSize    = 8
	backupSize    = 10
)

// coded tells whether a text has whole words in it that look like a bypass code or a
// backup code. Part of a word does not count: a word such as Unterrichtsschluss has
// eight consonants in a row.
func coded(text string) bool {
	row := []piece{}
	word, dash := "", false
	end := func() {
		if word != "" {
			row = append(row, newPiece(word, dash))
		}
		word, dash = "", false
	}
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			word += string(r)
		case unicode.IsSpace(r):
			end()
		case unicode.Is(unicode.Pd, r), word != "" && (unicode.IsLetter(next) || unicode.IsNumber(next)): // joins two words
			end()
			dash = true
		default: // not within a code
			end()
			if bypass(row) || backup(row) {
				return true
			}
			row = row[:0]
		}
	}
	end()
	return bypass(row) || backup(row)
}

// piece is a word, or a part of one with hyphens in it.
type piece struct {
	size                  int
	dash                  bool // a hyphen stands before it
	bypass, backup        bool // it is made of what such a code is made of
	digits, letters, caps bool // it has digits, has letters, and has none in lower case
}

func newPiece(word string, dash bool) piece {
	of := func(letters string) bool { return strings.Trim(strings.ToUpper(word), letters) == "" }
	return piece{
		size: len(word), dash: dash, bypass: of(bypassLetters), backup: of(backupLetters),
		digits:  strings.ContainsFunc(word, unicode.IsDigit),
		letters: strings.ContainsFunc(word, unicode.IsLetter), caps: strings.ToUpper(word) == word,
	}
}

// bypass tells whether some words that follow one another make eight consonants.
func bypass(row []piece) bool {
	for i := range row {
		size := 0
		for _, p := range row[i:] {
			if size += p.size; !p.bypass || size > bypassSize {
				break
			}
			if size == bypassSize {
				return true
			}
		}
	}
	return false
}

// backup tells whether a backup code is among some words: whole, in two halves, or
// letter by letter. Two plain words of five letters are none, nor is a word beside a
// number: about 10min, or the number of a ticket.
func backup(row []piece) bool {
	single, digits, letters := 0, false, false
	for i, p := range row {
		if !p.backup || p.size != 1 {
			single, digits, letters = 0, false, false
		} else {
			single, digits, letters = single+1, digits || p.digits, letters || p.letters
		}
		switch {
		case single >= backupSize && digits && letters,
			p.backup && p.size == backupSize && p.digits && p.letters,
			i > 0 && halves(row[i-1], p):
			return true
		}
	}
	return false
}

// halves tells whether two words are the halves of a backup code.
func halves(a, b piece) bool {
	half := func(p piece) bool { return p.backup && p.size == backupSize/2 }
	mixed := func(p piece) bool { return p.digits && p.letters }
	caps := a.caps && b.caps
	switch {
	case !half(a) || !half(b):
		return false
	case b.dash:
		return mixed(a) || mixed(b) || caps && !a.digits && !b.digits
	}
	return (mixed(a) || mixed(b)) && (caps || a.digits && b.digits)
}
