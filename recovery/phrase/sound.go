// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"cmp"
	"slices"
	"strings"
)

const (
	longest = 24 // letters of a word that is looked at
	offered = 5  // how many words are offered in place of one
)

// hearing is how a language's letters are heard on a bad line. What is left is the
// consonants, those alike as one: there are no vowels in it, no doubled letters and
// no difference between p and b, or s and z.
type hearing struct {
	rules   *strings.Replacer
	initial string // consonants that count only at the beginning
	mute    string // a letter that is not heard at the beginning
	silent  string // letters that are not heard at the end
	// reach is how far apart two words are at most that are taken for each other:
	// letters that differ, and twice the consonants that sound different. A word of a
	// list has about nine others in reach.
	reach int
}

// plain are the letters that sound alike in every language; each list of rules
// begins with what is its own. A vowel at the beginning is heard as such.
const plain = " z S s S v F f F b P p P d T t T g K k K q K c K j X m M n N l L r R"

var hearings = map[string]hearing{
	"en": {
		rules:   rules("tch X sch SK sh X ch X ph F gh - ck K qu K kn N th T dg X ce S ci S cy S ge X gi X gy X x KS" + plain),
		initial: "hwy", reach: 8,
	},
	"de":    {rules: rules("tsch X sch X chs KS ch K ph F pf F th T ck K qu KF tz S dt T x KS w W j J" + plain), initial: "hy", reach: 7},
	"fr":    {rules: rules("ch X ph F gn N gue K gui K ge X gi X gy X ce S ci S cy S qu K th T x KS w F m N" + plain), mute: "h", silent: "sxtdpz", reach: 7},
	"es":    {rules: rules("ch X ll Y gue K gui K ge J gi J ce S ci S qu K x KS v P j J y Y w K" + plain), mute: "h", reach: 7},
	"pt_BR": {rules: rules("lh L nh N ch X gue K gui K ge X gi X ce S ci S qu K x X m N w K" + plain), mute: "h", reach: 7},
	"sw":    {rules: rules("ch X sh X th S dh S gh K ny N r L w W y Y" + plain), reach: 7},
}

// rules reads pairs of letters and what they sound like; a dash is not heard.
func rules(pairs string) *strings.Replacer {
	fields := strings.Fields(pairs)
	for i, f := range fields {
		if f == "-" {
			fields[i] = ""
		}
	}
	return strings.NewReplacer(fields...)
}

// sound returns what is heard of a word of lower-case letters: capital letters for
// consonants, A for a vowel at the beginning.
func sound(lang, word string) string {
	h := hearings[lang]
	word = strings.TrimPrefix(word, h.mute)
	if word == "" {
		return ""
	}
	var heard []rune
	switch first := word[:1]; {
	case strings.Contains("aeiou", first):
		heard = append(heard, 'A')
	case strings.Contains(h.initial, first):
		heard = append(heard, rune(first[0]-'a'+'A'))
	}
	for _, r := range h.rules.Replace(strings.TrimRight(word, h.silent)) {
		if 'A' <= r && r <= 'Z' && (len(heard) == 0 || heard[len(heard)-1] != r) {
			heard = append(heard, r)
		}
	}
	return string(heard)
}

// near returns the words of the list that a typed one may be, the likeliest first:
// what it is the beginning of, else what it looks or sounds like.
func (l *wordList) near(typed string) []string {
	if typed == "" || len(typed) > longest {
		return nil
	}
	if len(typed) < shortest {
		var begun []string
		for _, w := range l.words {
			if strings.HasPrefix(w, typed) {
				begun = append(begun, w)
			}
		}
		return begun[:min(len(begun), offered)]
	}
	type candidate struct {
		word  string
		apart int
	}
	var all []candidate
	for at, w := range l.words {
		if d := l.apart(typed, at); d <= hearings[l.lang].reach {
			all = append(all, candidate{w, d})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.apart, b.apart) })
	var words []string
	for _, c := range all[:min(len(all), offered)] {
		words = append(words, c.word)
	}
	return words
}

// apart says how far a typed word is from one of the list, as it is written and as
// it sounds. Four letters are held against the word's first four, too.
func (l *wordList) apart(typed string, at int) int {
	heard, word := sound(l.lang, typed), l.words[at]
	d := distance(typed, word) + 2*distance(heard, l.keys[at])
	if len(typed) == shortest {
		head := word[:shortest]
		d = min(d, 1+distance(typed, head)+2*distance(heard, sound(l.lang, head)))
	}
	return d
}

// alike tells whether two groups of three digits may be taken for each other: one
// digit differs, or two neighbours changed places.
func alike(a, b byte) bool { return distance(digits(a), digits(b)) == 1 }

// distance counts the letters to insert, drop, change or swap with the next to make
// b of a (the optimal string alignment distance).
func distance(a, b string) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
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
