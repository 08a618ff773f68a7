// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"slices"
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// Fill is what a workspace's profile puts into the guide. All texts are plain
// and are shown as they are.
type Fill struct {
	Workspace string // its name
	Contact   string // whom to ask: a person, an address, a telephone number
	Settings  string // address of the page with the security settings
	Help      string // address of the published guide
	// Notes are the workspace's own words for a step, by the step's id.
	Notes map[string][]string
}

// names are the placeholders that sentences of the guide can have.
func (f Fill) names() []any {
	return []any{"workspace", f.Workspace, "contact", f.Contact, "settings", f.Settings}
}

// empty tells whether a sentence needs something that the profile does not say.
func (f Fill) empty(sentence string) bool {
	pairs := f.names()
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" && strings.Contains(sentence, "{"+pairs[i].(string)+"}") {
			return true
		}
	}
	return false
}

// Placeholders returns the names that sentences of the guide can have in braces.
// A sentence whose name has no value is left out.
func Placeholders() []string {
	var names []string
	for i, p := range (Fill{}).names() {
		if i%2 == 0 {
			names = append(names, p.(string))
		}
	}
	return names
}

// speaker says a step in the language in use.
type speaker struct{ fill Fill }

func (r *Run) say() speaker { return speaker{r.fill} }

func (s speaker) sentence(english string) string {
	if english == "" {
		return ""
	}
	return words.Sentence(english, s.fill.names()...)
}

// sentences leaves out those that need what the workspace does not say.
func (s speaker) sentences(english []string) []string {
	said := slices.DeleteFunc(slices.Clone(english), s.fill.empty)
	for i := range said {
		said[i] = s.sentence(said[i])
	}
	return said
}

func (s speaker) entry(e Entry) Entry {
	e.Title = s.sentence(e.Title)
	return e
}

func (s speaker) step(x Step) Step {
	x.Title, x.Text, x.Points = s.sentence(x.Title), s.sentences(x.Text), s.sentences(x.Points)
	x.Cards = slices.Clone(x.Cards)
	for i, c := range x.Cards {
		c.Title, c.Best, c.Pros, c.Cons = s.sentence(c.Title), s.sentence(c.Best), s.sentences(c.Pros), s.sentences(c.Cons)
		c.Choice.Label = s.sentence(c.Choice.Label)
		x.Cards[i] = c
	}
	x.Choices = slices.Clone(x.Choices)
	for i := range x.Choices {
		x.Choices[i].Label = s.sentence(x.Choices[i].Label)
	}
	x.Notes = slices.Clone(s.fill.Notes[x.ID])
	return x
}

// Titles returns the entries in the language in use, for a person to choose from.
func (g *Guide) Titles(f Fill) []Entry {
	all := slices.Clone(g.Entries)
	for i := range all {
		all[i] = speaker{f}.entry(all[i])
	}
	return all
}

// Title returns what a step is called in the language in use, false for a step that
// the guide does not have.
func (g *Guide) Title(step string, f Fill) (string, bool) {
	s, ok := g.Step(step)
	return speaker{f}.sentence(s.Title), ok
}
