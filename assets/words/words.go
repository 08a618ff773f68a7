// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package words says what a person reads in the person's language.
//
// English is the sentence in the source itself, so the command line starts
// without reading anything. Every other language is one flat JSON file beside
// this one, {"English sentence": "its translation"}, which is parsed only when
// the language is chosen with [Use]. A test keeps the files and the source in
// step; "go run ./assets/words/collect" prints every sentence for translators.
//
// The package imports nothing of the product and no user interface.
package words

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// English is the language of the source, always there.
const English = "en"

// table is one language in use.
type table struct {
	lang      string
	sentences map[string]string
}

// current is nil while the language is English.
var current atomic.Pointer[table]

// T returns the sentence in the current language. Pairs are a name and its
// value in turn and take the place of {name}:
//
//	words.T("Copied {name}", "name", account.Title())
//
// The sentence must be a string literal, so that it can be collected. A value
// is never read as a sentence: braces in it stay as they are.
func T(english string, pairs ...any) string {
	return fill(translated(english), pairs)
}

// Sentence is T for a sentence that stands in data that is built in and that the
// collector reads, too: the guides' TOML files. It is for nothing else; what a
// person or a file from elsewhere says is never a sentence of ours.
func Sentence(english string, pairs ...any) string {
	return fill(translated(english), pairs)
}

// N returns the sentence for a number of things: one when n is 1 (or is
// counted like 1 in the language), else many. {n} stands for the number.
//
//	words.N(n, "1 account", "{n} accounts")
func N(n int, one, many string, pairs ...any) string {
	sentence := translated(many)
	switch {
	case n == 1:
		sentence = translated(one)
	case n == 0 && zeroIsSingular(Current()):
		// "1" may be written out in the singular, so it serves for zero only
		// where the translator used {n}.
		if s := translated(one); strings.Contains(s, "{n}") {
			sentence = s
		}
	}
	return fill(sentence, append([]any{"n", n}, pairs...))
}

// zeroIsSingular reports whether a language counts zero like one.
func zeroIsSingular(lang string) bool {
	return lang == "fr" || strings.HasPrefix(lang, "pt")
}

func translated(english string) string {
	t := current.Load()
	if t == nil {
		return english
	}
	if s := t.sentences[english]; s != "" {
		return s
	}
	return english
}

// fill replaces each {name} in one pass. A name without a value stays visible,
// which is better than a sentence with a hole.
func fill(sentence string, pairs []any) string {
	if len(pairs) == 0 || !strings.Contains(sentence, "{") {
		return sentence
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(sentence, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(sentence[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(sentence[:open])
		whole := sentence[open : open+end+1]
		b.WriteString(value(whole, pairs))
		sentence = sentence[open+end+1:]
	}
	b.WriteString(sentence)
	return b.String()
}

func value(placeholder string, pairs []any) string {
	name := placeholder[1 : len(placeholder)-1]
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return fmt.Sprint(pairs[i+1])
		}
	}
	return placeholder
}
