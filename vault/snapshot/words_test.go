// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A list that changes makes keys on paper unreadable.
func TestListNeverChanges(t *testing.T) {
	sum := sha256.Sum256([]byte(strings.Join(list(), "\n")))
	if got := hex.EncodeToString(sum[:8]); got != "226d00cfe69d69c0" {
		t.Errorf("the list is another one: %s", got)
	}
}

func TestListShape(t *testing.T) {
	if len(list()) != listSize || !slices.IsSorted(list()) {
		t.Fatalf("%d words, sorted %v", len(list()), slices.IsSorted(list()))
	}
	shape, starts := regexp.MustCompile("^[a-z]{4,8}$"), map[string]string{}
	for _, w := range list() {
		if !shape.MatchString(w) {
			t.Errorf("%q is not of four to eight letters", w)
		}
		if other, twice := starts[w[:4]]; twice {
			t.Errorf("%s and %s begin alike", w, other)
		}
		starts[w[:4]] = w
	}
}

func TestListDistance(t *testing.T) {
	for i, a := range list() {
		for _, b := range list()[:i] {
			if len(a)-len(b) < 2 && len(b)-len(a) < 2 && distance(a, b) < 2 {
				if len(a) == len(b) && swappedLetters(a, b) {
					continue // two letters swapped: two changes of one letter
				}
				t.Errorf("%s and %s differ in one letter", b, a)
			}
		}
	}
}

func swappedLetters(a, b string) bool {
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n == 2
}

func TestFind(t *testing.T) {
	for i, w := range list() {
		for n := 4; n <= len(w); n++ {
			if find(w[:n]) != i {
				t.Errorf("%s is not found", w[:n])
			}
		}
		if find(w[:3]) >= 0 || find(w+"q") >= 0 {
			t.Errorf("%s is found by too little or too much", w)
		}
	}
	for _, w := range []string{"", "aaaa", "zzzzzz", "ähnlich"} {
		if find(w) >= 0 {
			t.Errorf("%q is found", w)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "acb", 1},
		{"abc", "ab", 1},
		{"kitten", "sitting", 3},
		{"a", "aaaaaaaaaaaa", 9},
	} {
		if got := distance(tc.a, tc.b); got != tc.want || distance(tc.b, tc.a) != tc.want {
			t.Errorf("%s to %s: %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}
