// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/kutano/authenticator/assets"
)

const (
	english  = "en"
	shortest = 4   // how many letters tell a word
	size     = 256 // words in a list
)

// wordList is one language's list, in the order of its index.
type wordList struct {
	lang  string
	words []string
	keys  []string // how each word sounds
	by    map[string]int
}

// lists are all of them, English first.
var lists = sync.OnceValue(func() []*wordList {
	langs := assets.PhraseLanguages()
	slices.SortFunc(langs, func(a, b string) int {
		if (a == english) != (b == english) {
			return map[bool]int{true: -1, false: 1}[a == english]
		}
		return strings.Compare(a, b)
	})
	all := make([]*wordList, len(langs))
	for i, lang := range langs {
		all[i] = newList(lang)
	}
	return all
})

func newList(lang string) *wordList {
	l := &wordList{lang: lang, by: make(map[string]int, size)}
	for word := range bytes.FieldsSeq(assets.PhraseWords(lang)) {
		l.by[string(word[:shortest])] = len(l.words)
		l.words = append(l.words, string(word))
		l.keys = append(l.keys, sound(lang, string(word)))
	}
	return l
}

// list returns the list of a language that is there.
func list(lang string) *wordList {
	for _, l := range lists() {
		if l.lang == lang {
			return l
		}
	}
	return lists()[0]
}

// Languages returns the codes of the languages with a list, English first.
func Languages() []string {
	var langs []string
	for _, l := range lists() {
		langs = append(langs, l.lang)
	}
	return langs
}

// Language returns the language with a list that a name such as "pt-BR" or "de_AT"
// means, or English.
func Language(name string) string {
	if lang := named(name); lang != "" {
		return lang
	}
	return english
}

// named is Language, but empty for what has no list.
func named(name string) string {
	name = strings.ReplaceAll(name, "-", "_")
	base, _, _ := strings.Cut(name, "_")
	found := ""
	for _, l := range lists() {
		have, _, _ := strings.Cut(l.lang, "_")
		switch {
		case strings.EqualFold(l.lang, name):
			return l.lang
		case strings.EqualFold(have, base):
			found = l.lang
		}
	}
	return found
}

// find returns the index of a word: its first four letters or more of it, and one
// letter may be wrong after these, as in a plural. It is -1 where there is none.
func (l *wordList) find(typed string) int {
	if len(typed) < shortest || len(typed) > longest {
		return -1
	}
	at, ok := l.by[typed[:shortest]]
	if ok && (strings.HasPrefix(l.words[at], typed) || distance(typed, l.words[at]) <= 1) {
		return at
	}
	return -1
}
