// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// maxSentences is how much one reads without losing the thread.
const maxSentences = 3

// maxLook is how much is said for one operating system.
const maxLook = 4

// patterns are made when a guide is checked, not when a program starts.
type patterns struct{ jargon, end, placeholder *regexp.Regexp }

var find = sync.OnceValue(func() patterns {
	return patterns{
		// The words that we keep from people.
		jargon:      regexp.MustCompile(`(?i)\b(token|skew|seed|payload|secret|invalid|error|otp|totp|hotp|2fa|uri)s?\b`),
		end:         regexp.MustCompile(`[.?!…]+[”’)]*(\s|$)`),
		placeholder: regexp.MustCompile(`\{[^}]*\}?`),
	}
})

// words holds that a step says things plainly.
func (c *checker) words(s Step) {
	if fault := wording(s.Title, false); fault != "" {
		c.add(s.ID, "the title %s", fault)
	}
	n := 0
	for _, t := range s.Text {
		n += len(find().end.FindAllString(t, -1))
		if fault := wording(t, true); fault != "" {
			c.add(s.ID, "%q %s", t, fault)
		}
	}
	if n < 1 || n > maxSentences {
		c.add(s.ID, "its text has %d sentences, not one to three", n)
	}
	for _, t := range s.rest() {
		if fault := wording(t, false); fault != "" {
			c.add(s.ID, "%q %s", t, fault)
		}
	}
}

// wording returns what is wrong with a sentence, or "".
func wording(t string, whole bool) string {
	switch {
	case strings.TrimSpace(t) != t || t == "":
		return "is empty, or has blanks around it"
	case strings.Contains(t, "!"):
		return "has an exclamation mark"
	case find().jargon.MatchString(t):
		return fmt.Sprintf("says %q", find().jargon.FindString(t))
	case strings.ContainsAny(t, "'\""):
		return "has typewriter quotes"
	case whole && !find().end.MatchString(t):
		return "is no sentence"
	}
	for _, p := range find().placeholder.FindAllString(t, -1) {
		if !slices.Contains(Placeholders(), strings.Trim(p, "{}")) {
			return "has the unknown placeholder " + p
		}
	}
	return ""
}

// Sentences returns what a step says in English: the title first, the text
// next, then the rest.
func (s Step) Sentences() []string {
	return slices.Concat([]string{s.Title}, s.Text, s.rest(), s.Look.sentences())
}

// rest is what a step says beside its title and text, and what to look at.
func (s Step) rest() []string {
	all := slices.Clone(s.Points)
	for _, name := range slices.Sorted(maps.Keys(s.Without)) {
		all = append(all, s.Without[name])
	}
	for _, card := range s.Cards {
		all = slices.Concat(all, []string{card.Title, card.Best, card.Choice.Label}, card.Pros, card.Cons)
	}
	for _, ch := range s.Choices {
		all = append(all, ch.Label)
	}
	return all
}

// Sentences returns everything that the guide says in English, each once.
func (g *Guide) Sentences() []string {
	var all []string
	for _, e := range g.Entries {
		all = append(all, e.Title)
	}
	for _, s := range g.Steps {
		all = append(all, s.Sentences()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
