// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"errors"
	"strings"
	"unicode"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/snapshot"
)

// keyWords is how many words a recovery key has.
const keyWords = 16

// identityMark begins the line of an age identity, whatever its kind, and
// recoveryMark that of a recovery key.
const (
	identityMark = "AGE-SECRET-KEY-"
	recoveryMark = "AGE-SECRET-KEY-PQ-1"
)

// errIdentity is a recovery key as age writes it that is not whole.
var errIdentity = errors.New("the identity is not whole")

// marked reports whether a text holds a mark, in any case.
func marked(text, mark string) bool { return strings.Contains(strings.ToUpper(text), mark) }

// keySentence says what is wrong with a recovery key that was typed.
func keySentence(err error) string {
	var w *snapshot.WordError
	switch {
	case errors.Is(err, errIdentity):
		return words.T("This key is cut off or has a mistake. Copy or scan it once more.")
	case errors.As(err, &w) && w.Swapped > 0:
		return words.T("Words {a} and {b} are swapped.", "a", min(w.At, w.Swapped), "b", max(w.At, w.Swapped))
	case errors.As(err, &w) && w.Suggest != "" && w.Word != "":
		return words.T("Word {n}, “{word}”, is not right. Did you mean “{other}”?", "n", w.At, "word", w.Word, "other", w.Suggest)
	case errors.As(err, &w) && w.Suggest != "":
		return words.T("Word {n} is not right. Did you mean “{other}”?", "n", w.At, "other", w.Suggest)
	case errors.As(err, &w):
		return words.T("Word {n} does not fit the others. Look at it again on your sheet.", "n", w.At)
	}
	m := explain.Error(err)
	return strings.TrimSpace(m.What + " " + m.Next)
}

// mended returns the text with the mistake put right that an error names, if
// it names one.
func mended(text string, err error) (string, bool) {
	var w *snapshot.WordError
	if !errors.As(err, &w) {
		return "", false
	}
	all := typedWords(text)
	switch {
	case w.At < 1 || w.At > len(all):
		return "", false
	case w.Swapped > 0 && w.Swapped <= len(all):
		all[w.At-1], all[w.Swapped-1] = all[w.Swapped-1], all[w.At-1]
	case w.Suggest != "":
		all[w.At-1] = w.Suggest
	default:
		return "", false
	}
	return joined(all), true
}

// typedWords returns the words of a text, without the numbers before them.
func typedWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}

// howFar says how much of a key stands in the field.
func howFar(text string) string {
	if strings.TrimSpace(text) == "" {
		return words.T("Capital letters do not matter, and the first four letters of a word are enough.")
	}
	if marked(text, identityMark) {
		return words.T("This is the text of a key file.")
	}
	switch n := len(typedWords(text)); {
	case n == keyWords:
		return words.T("16 words of 16")
	case n > keyWords:
		return words.T("{n} words: that is more than 16.", "n", n)
	default:
		return words.T("{n} words of 16", "n", n)
	}
}
