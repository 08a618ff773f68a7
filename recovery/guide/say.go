// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"slices"
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// Fill is what a workspace's profile, and what is known here, put into the guide. All
// texts are plain and are shown as they are.
type Fill struct {
	Workspace string // its name
	Contact   string // whom to ask: a person, an address, a telephone number
	Settings  string // address of the page with the security settings
	Help      string // address of the published guide
	// Notes are the workspace's own words for a step, by the step's id.
	Notes map[string][]string
	// Codes is where the backup codes are, as the user noted it, and how many are
	// left: "in the safe at home, 7 left". R68
	Codes string
}

// names are the placeholders that sentences of the guide can have.
func (f Fill) names() []any {
	return []any{"workspace", f.Workspace, "contact", f.Contact, "settings", f.Settings, "codes", f.Codes}
}

// empty tells whether a sentence needs something that is not known.
func (f Fill) empty(sentence string) bool { return f.lacks(sentence) != "" }

// lacks is the name of what a sentence needs and that is not known; "" for nothing.
func (f Fill) lacks(sentence string) string {
	pairs := f.names()
	for i := 0; i < len(pairs); i += 2 {
		if name := pairs[i].(string); pairs[i+1] == "" && strings.Contains(sentence, "{"+name+"}") {
			return name
		}
	}
	return ""
}

// Placeholders returns the names that sentences of the guide can have in braces.
// A sentence whose name has no value is left out, see also [Step].Without.
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
type speaker struct {
	fill Fill
	on   Platform
}

func (r *Run) say() speaker { return speaker{r.fill, r.on} }

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

// points are those of a step, with what it says in the place of one that needs what is
// not known.
func (s speaker) points(x Step) []string {
	all := slices.Clone(x.Points)
	for i, p := range all {
		if other, ok := x.Without[s.fill.lacks(p)]; ok {
			all[i] = other
		}
	}
	return s.sentences(all)
}

func (s speaker) entry(e Entry) Entry {
	e.Title = s.sentence(e.Title)
	return e
}

func (s speaker) step(x Step) Step {
	x.Title, x.Text, x.Points = s.sentence(x.Title), s.sentences(x.Text), s.points(x)
	x.Here = s.sentences(x.Look.On(s.on))
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
		all[i] = speaker{fill: f}.entry(all[i])
	}
	return all
}

// Say returns sentences of the guide in the language in use, without those that need
// what is not known.
func (f Fill) Say(english []string) []string { return speaker{fill: f}.sentences(english) }

// Title returns what a step is called in the language in use, false for a step that
// the guide does not have.
func (g *Guide) Title(step string, f Fill) (string, bool) {
	s, ok := g.Step(step)
	return speaker{fill: f}.sentence(s.Title), ok
}
