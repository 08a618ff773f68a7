// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	_ "embed" // the list of words
	"slices"
	"strings"
	"sync"
)

// The list never changes: keys on paper depend on it.
//
//go:embed words.txt
var wordsText string

// list returns the 2048 words in their order.
var list = sync.OnceValue(func() []string { return strings.Fields(wordsText) })

// shortest is how many letters of a word are enough to tell it.
const shortest = 4

// find returns the place of a word in the list, -1 if it is not on it. A word is
// given by its first four letters or more.
func find(word string) int {
	at, exact := slices.BinarySearch(list(), word)
	if exact || at < listSize && len(word) >= shortest && strings.HasPrefix(list()[at], word) {
		return at
	}
	return -1
}

// nearest returns the word of the list that takes the fewest changes of a letter
// (also two swapped) to get to, or "" if that is more than two.
func nearest(word string) string {
	best, least := "", 3
	for _, w := range list() {
		if d := distance(word, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance counts the letters to insert, drop, change or swap with the next to
// make b of a, up to a limit of 9.
func distance(a, b string) int {
	if len(a)-len(b) > 8 || len(b)-len(a) > 8 {
		return 9
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	before, above, row := rows[2], rows[0], rows[1]
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
