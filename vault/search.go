// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Search returns the accounts in which every word of the query is found, in
// issuer, name, tags or note, whatever the case and accents. An empty query
// finds all. The order stays.
func Search(as []Account, query string) []Account {
	words := strings.Fields(fold(query))
	if len(words) == 0 {
		return as
	}
	hits := make([]int, 0, len(as))
	for i := range as {
		if as[i].matches(words) {
			hits = append(hits, i)
		}
	}
	if len(hits) == len(as) {
		return as
	}
	found := make([]Account, len(hits))
	for i, hit := range hits {
		found[i] = as[hit]
	}
	return found
}

// matches is called for each account at each keystroke: it allocates nothing.
func (a *Account) matches(words []string) bool {
	for _, w := range words {
		if !a.contains(w) {
			return false
		}
	}
	return true
}

func (a *Account) contains(word string) bool {
	if a.folded != "" {
		return strings.Contains(a.folded, word)
	}
	if containsFold(a.Issuer, word) || containsFold(a.Name, word) || containsFold(a.Note, word) {
		return true
	}
	for _, t := range a.Tags {
		if containsFold(t, word) {
			return true
		}
	}
	return false
}

// containsFold looks for a lower-case word in ASCII text of any case.
func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		j := 0
		for j < len(word) && lower(s[i+j]) == word[j] {
			j++
		}
		if j == len(word) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// foldWide returns what is compared for an account whose texts go beyond
// ASCII, and "" for the others, which are compared as they are.
func foldWide(a Account) string {
	wide := !isASCII(a.Issuer) || !isASCII(a.Name) || !isASCII(a.Note)
	for _, t := range a.Tags {
		wide = wide || !isASCII(t)
	}
	if !wide {
		return ""
	}
	return fold(a.Issuer + "\n" + a.Name + "\n" + a.Note + "\n" + strings.Join(a.Tags, "\n"))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fold lower-cases a text and takes its accents off.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// nameKey is one string for all spellings that named takes for the same.
func nameKey(issuer, name string) string {
	return simpleFold(issuer) + "\x00" + simpleFold(name)
}

// simpleFold maps every rune to the least of its case variants, as
// strings.EqualFold compares.
func simpleFold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}
