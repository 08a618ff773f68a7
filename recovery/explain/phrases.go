// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
)

// untouched is what is not lost where something was only read.
func untouched() string { return words.T("Nothing was changed.") }

// phrases are the errors of the check phrase.
var phrases = []rule{
	{phrase.ErrEmpty, Empty, func() (string, string, string) {
		return words.T("There is no check phrase in what you gave."), untouched(), words.T("Type the six words that the other person reads out.")
	}},
	{phrase.ErrTooLong, TooLarge, func() (string, string, string) {
		return words.T("That is too long for a check phrase."), untouched(), words.T("Type its six words and nothing else.")
	}},
	{phrase.ErrMissing, Usage, func() (string, string, string) {
		return words.T("The check phrase is not complete: it has six words."), untouched(), words.T("Ask for the missing words.")
	}},
	{phrase.ErrTooMany, Usage, func() (string, string, string) {
		return words.T("These are more than the six words of a check phrase."), untouched(), words.T("Type its six words and nothing else.")
	}},
	{phrase.ErrUnknown, NotFound, func() (string, string, string) {
		return words.T("One of the words is not on the list of words for check phrases."), untouched(), words.T("Ask for that word again, letter by letter.")
	}},
	{phrase.ErrCheck, Refused, func() (string, string, string) {
		return words.T("The six words do not fit together: one of them was misheard, or two were swapped."), untouched(),
			words.T("Ask for all six again, slowly, or ask for the digits beside them.")
	}},
	{phrase.ErrAmbiguous, Ambiguous, func() (string, string, string) {
		return words.T("These words exist in several languages, and mean something different in each."), untouched(),
			words.T("Ask which language the app shows them in, or ask for the digits beside them.")
	}},
	{phrase.ErrOlder, Refused, func() (string, string, string) {
		return words.T("The check phrase comes from an app that is too old."), untouched(), words.T("Ask the other person to install the newest version.")
	}},
	{phrase.ErrNewer, Newer, func() (string, string, string) {
		return words.T("The check phrase comes from a newer version of this app."), untouched(), words.T("Install the newest version here, then type the words again.")
	}},
	{phrase.ErrRange, Failed, sayMistake},
}

// phraseFigure puts the place of a word or how many there are into the first
// sentence; "" where there is none.
func phraseFigure(err error) string {
	if n := (*phrase.CountError)(nil); errors.As(err, &n) {
		if n.Have > phrase.Length {
			return ""
		}
		return words.N(phrase.Length-n.Have, "The check phrase is not complete: one of its six words is missing.",
			"The check phrase is not complete: {n} of its six words are missing.")
	}
	w := (*phrase.WordsError)(nil)
	if !errors.As(err, &w) {
		return ""
	}
	if place := w.Words[0].Place; len(w.Words) == 1 {
		return words.T("Word {place} is not on the list of words for check phrases.", "place", place)
	}
	return words.T("{n} words are not on the list of words for check phrases. The first is word {place}.",
		"n", len(w.Words), "place", w.Words[0].Place)
}

// phraseQuestion is what to ask the other person, by name; "" where nothing is likely.
func phraseQuestion(err error) string {
	if w := (*phrase.WordsError)(nil); errors.As(err, &w) {
		if first := w.Words[0]; len(first.Near) > 0 {
			return words.T("Ask for word {place} again. These sound like it: {list}.", "place", first.Place, "list", strings.Join(first.Near, ", "))
		}
		return ""
	}
	c := (*phrase.CheckError)(nil)
	if !errors.As(err, &c) || c.Suggest == nil {
		return ""
	}
	if s := c.Suggest; s.With == 0 {
		return words.T("Ask for word {place} again: is it “{word}”?", "place", s.Place, "word", s.Word)
	}
	return words.T("Ask for words {place} and {other} again: were they swapped?", "place", c.Suggest.Place, "other", c.Suggest.With)
}
