// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	maxText   = 4 << 10 // bytes that are read
	maxWords  = 4 * Length
	groupSize = 3 // digits for a word
)

// entry is one word or one group of digits as it was typed.
type entry struct {
	typed  string
	number int // 0 to 255, or -1 for a word or a group that is no place in a list
}

// digits tells whether it was typed in digits.
func (e entry) digits() bool { return e.typed[0] <= '9' }

// entries takes a typed text apart. Case, accents, punctuation and the numbers that
// count the words are left out.
func entries(text string) ([]entry, error) {
	if len(text) > maxText {
		return nil, ErrTooLong
	}
	var all []entry
	for _, p := range regroup(pieces(text)) {
		all = take(all, p)
		if len(all) > maxWords {
			return nil, &CountError{Have: len(all)}
		}
	}
	if len(all) == 0 {
		return nil, ErrEmpty
	}
	return all, nil
}

// take adds a piece to the entries. Digits are groups of three; one or two of them
// count the words if they are the next number, and are a mistake if not.
func take(all []entry, piece string) []entry {
	if piece[0] > '9' {
		return append(all, entry{piece, -1})
	}
	if n, err := strconv.Atoi(piece); err == nil && len(piece) < groupSize && n == len(all)+1 {
		return all
	}
	if len(piece)%groupSize != 0 {
		return append(all, entry{piece, -1})
	}
	for ; piece != "" && len(all) <= maxWords; piece = piece[groupSize:] {
		group := piece[:groupSize]
		n, err := strconv.Atoi(group)
		if err != nil || n >= size {
			n = -1
		}
		all = append(all, entry{group, n})
	}
	return all
}

// regroup joins the digits of a phrase that was typed digit by digit or by pairs.
func regroup(all []string) []string {
	for _, p := range all {
		if p[0] > '9' || len(p) >= groupSize {
			return all
		}
	}
	if joined := strings.Join(all, ""); len(joined) == Length*groupSize {
		return []string{joined}
	}
	return all
}

// pieces are the runs of letters and of digits in a text, in small letters.
func pieces(text string) []string {
	var all []string
	var run strings.Builder
	letters := false
	end := func() {
		if run.Len() > 0 {
			all = append(all, run.String())
			run.Reset()
		}
	}
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)
		digit := '0' <= r && r <= '9'
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			continue // an accent, or a mark that cannot be seen
		case !digit && !unicode.IsLetter(r):
			end()
			continue
		case letters == digit:
			end()
		}
		letters = !digit
		run.WriteRune(r)
	}
	end()
	return all
}
