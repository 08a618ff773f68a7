// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/secret"
)

// maxKeyText is the most that is read as a key, in bytes: a key file takes 2,300.
const maxKeyText = 64 << 10

// WordError says which word of a recovery key is wrong. Its text names the place
// and no word. The key is never mended unseen: whoever has the sheet decides.
type WordError struct {
	// At is the place of the word, from 1.
	At int
	// Word is the word as typed. Suggest is the right one where the other
	// fifteen tell it, else the nearest on the list, or empty. Both are as
	// secret as the key, and both are empty for two words swapped.
	Word, Suggest string
	// Swapped is the place with which it was swapped, or 0.
	Swapped int
}

// Error names the place and no word.
func (e *WordError) Error() string {
	if e.Swapped != 0 {
		return fmt.Sprintf("words %d and %d of the recovery key are swapped", e.At, e.Swapped)
	}
	return fmt.Sprintf("word %d of the recovery key is wrong", e.At)
}

// GoString is Error, so that %#v shows no word either.
func (e *WordError) GoString() string { return e.Error() }

// ParseKey reads a recovery key: sixteen words in any case, with any blanks,
// numbers and punctuation between them, four letters each being enough; or an
// identity AGE-SECRET-KEY-PQ-1…; or the text of a key file.
//
// It returns a [*WordError] for one wrong word, two swapped ones, or the first
// that is not on the list; [ErrKeyChecksum] where something is wrong and cannot
// be found; [ErrNotKey] for anything else.
func ParseKey(text string) (Key, error) {
	if len(text) > maxKeyText {
		return Key{}, fmt.Errorf("read recovery key: %w: it is too long", ErrNotKey)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if strings.Contains(strings.ToUpper(strings.Join(lines, "\n")), identityPrefix+"1") {
		return parseIdentity(lines)
	}
	typed := strings.FieldsFunc(strings.ToLower(strings.Join(lines, "\n")), func(r rune) bool { return !unicode.IsLetter(r) })
	places := make([]int, len(typed))
	known := 0
	for i, w := range typed {
		if places[i] = find(w); places[i] >= 0 {
			known++
		}
	}
	switch {
	case len(typed) != keyWords:
		return Key{}, fmt.Errorf("read recovery key: %w: it has %d words, not %d", ErrNotKey, len(typed), keyWords)
	case known < keyWords*2/3:
		return Key{}, fmt.Errorf("read recovery key: %w: most of the words are not on the list", ErrNotKey)
	case known < keyWords:
		return Key{}, fmt.Errorf("read recovery key: %w", unknown(typed, places))
	}
	var c codeword
	for i, p := range places {
		c[i] = uint16(p)
	}
	if seed, ok := c.seed(); ok {
		return seedKey(seed), nil
	}
	return Key{}, fmt.Errorf("read recovery key: %w", locate(c, typed))
}

// parseIdentity reads the one identity of a text, also where it is broken into lines.
func parseIdentity(lines []string) (Key, error) {
	tries := append(slices.Clone(lines), strings.Join(strings.Fields(strings.Join(lines, " ")), ""))
	for _, s := range tries {
		if id, err := age.ParseHybridIdentity(strings.ToUpper(s)); err == nil {
			return Key{identity: secret.FromString(id.String())}, nil
		}
	}
	return Key{}, fmt.Errorf("read recovery key: %w", ErrKeyChecksum)
}

// unknown describes the first word that is not on the list. If it is the only
// one, the others tell what it should be.
func unknown(typed []string, places []int) error {
	at := slices.Index(places, -1)
	e := &WordError{At: at + 1, Word: typed[at], Suggest: nearest(typed[at])}
	if slices.Contains(places[at+1:], -1) {
		return e
	}
	var c codeword
	for i, p := range places {
		c[i] = uint16(max(p, 0))
	}
	if right, ok := fill(c, at); ok {
		e.Suggest = list()[right]
	}
	return e
}

// fill returns the word that must stand at an index for the others to be right.
func fill(c codeword, at int) (uint16, bool) {
	if _, ok := c.seed(); ok {
		return c[at], true // the one put in its place happens to be right
	}
	if c.correct() != at {
		return 0, false
	}
	_, ok := c.seed()
	return c[at], ok
}

// locate finds one wrong word or two swapped ones, if the check bits agree.
func locate(c codeword, typed []string) error {
	mended := c
	if at := mended.correct(); at >= 0 {
		if _, ok := mended.seed(); ok {
			return &WordError{At: at + 1, Word: typed[at], Suggest: list()[mended[at]]}
		}
	}
	var found *WordError
	for i := range c {
		for j := i + 1; j < len(c); j++ {
			swapped := c
			swapped[i], swapped[j] = c[j], c[i]
			if _, ok := swapped.seed(); !ok {
				continue
			}
			if found != nil {
				return ErrKeyChecksum // two ways to mend it: neither is sure
			}
			found = &WordError{At: i + 1, Swapped: j + 1}
		}
	}
	if found == nil {
		return ErrKeyChecksum
	}
	return found
}
