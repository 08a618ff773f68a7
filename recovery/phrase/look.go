// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

// Looked is what is known of one word while a phrase is typed.
type Looked struct {
	Known bool
	Word  string // the whole word, or three digits
	Lang  string // the list it is on; empty for digits
	Index int    // its place there, from 0
	// Near are at most five words of the preferred language, the likeliest first,
	// where the word is not known: what it is the beginning of, or looks or sounds like.
	Near []string
}

// Look looks up one word or one group of three digits, first in the language prefer,
// or English where that has no list, then in all others.
func Look(word, prefer string) Looked {
	if len(word) > maxText {
		return Looked{}
	}
	all := pieces(word)
	if len(all) != 1 {
		return Looked{}
	}
	typed := take(nil, all[0])
	switch {
	case len(typed) != 1:
		return Looked{}
	case typed[0].number >= 0:
		return Looked{Known: true, Word: typed[0].typed, Index: typed[0].number}
	case typed[0].digits():
		return Looked{}
	}
	lists := inOrder(named(prefer))
	for _, l := range lists {
		if at := l.find(typed[0].typed); at >= 0 {
			return Looked{Known: true, Word: l.words[at], Lang: l.lang, Index: at}
		}
	}
	return Looked{Near: lists[0].near(typed[0].typed)}
}
