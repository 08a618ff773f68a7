// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package guide is Kutano's published guide as data: steps with one
// instruction each, which the app, the command line and paper show alike.
//
// There are two. [Load] reads assets/guides/setup.toml, which sets two-factor
// sign-in up and keeps it so; [Recover] reads assets/guides/recover.toml, for who
// cannot get in. A [Run] walks one: it starts at an entry ("setup", "refused", …),
// shows a [Step] in the language in use with the workspace's own names and notes
// filled in and with what to look at on this operating system, offers the choices
// that fit the [Facts], and remembers the way, so that Back works and a restart
// goes on at the same step. Where a step has a live piece (scan, code, checks …)
// whoever shows the step does it and tells the run its [Outcome]. An end of the
// recovery guide names the entries of the set-up that come next, see [Run.Next].
//
// [Check] refuses guides with dead ends, steps that nothing reaches, and words
// that we do not use. The package knows no screen, no network and no secret:
// a run's state holds names of steps and accounts' ids alone.
package guide

import (
	"fmt"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/kutano/authenticator/assets"
)

// Guide is a whole guide: its entries and steps, in English as they stand in
// the file.
type Guide struct {
	// Name is what it is called in programs: "setup" or "recover". A run is kept in
	// the file of that name.
	Name    string  `toml:"name"`
	Entries []Entry `toml:"entry"`
	// Usual are the ways that a live piece leads from every step that has it and
	// says nothing else. Steps have them among their Outcomes.
	Usual []Usual `toml:"usual"`
	Steps []Step  `toml:"step"`

	byID map[string]int
}

// Usual is where an outcome of a live piece leads, wherever that stands.
type Usual struct {
	Live Live    `toml:"live"`
	On   Outcome `toml:"on"`
	To   string  `toml:"to"`
}

// Entry is a way into the guide.
type Entry struct {
	Name  string `toml:"name"`  // for programs: "setup", "switch-to-app", …
	Title string `toml:"title"` // what a person chooses
	First string `toml:"first"` // id of its first step
}

// Step is one screen: a question or an instruction.
type Step struct {
	ID    string `toml:"id"`
	Title string `toml:"title"`
	// Text is one to three sentences, in one or more paragraphs.
	Text []string `toml:"text"`
	// Points are shown as a list below the text.
	Points []string `toml:"points"`
	// Without is what is said in the place of a point whose placeholder is not known,
	// by the placeholder's name.
	Without map[string]string `toml:"without"`
	// Look says for each operating system what to look at there; Here is what a run
	// says of it, for its own.
	Look     Look     `toml:"look"`
	Here     []string `toml:"-"`
	Picture  Picture  `toml:"picture"`
	Live     Live     `toml:"live"`
	Cards    []Card   `toml:"card"`   // two methods side by side, or none
	Choices  []Choice `toml:"choice"` // of a run's step: those that fit the facts
	Outcomes []Leads  `toml:"outcome"`
	Stuck    string   `toml:"stuck"` // the topic of the recovery guide for "I'm stuck", one of Topics
	End      bool     `toml:"end"`   // nothing follows
	// Pause is an end that is only a break: the run is kept, and goes on at the
	// step before it.
	Pause bool `toml:"pause"`
	// Next are the entries of the set-up guide that an end leads on to, the obvious
	// one first.
	Next     []string `toml:"next"`
	Requires []string `toml:"requires"` // which requirements it meets, such as "R10"
	Notes    []string `toml:"-"`        // what the workspace adds; plain text, filled in by a run
}

// Card is one of two methods shown side by side.
type Card struct {
	Title       string   `toml:"title"`
	Best        string   `toml:"best"` // whom it is best for
	Pros        []string `toml:"pros"`
	Cons        []string `toml:"cons"`
	Recommended bool     `toml:"recommended"`
	Choice      Choice   `toml:"choice"` // its button
}

// Choice is a button that leads to another step.
type Choice struct {
	Label string `toml:"label"`
	To    string `toml:"to"`
	Main  bool   `toml:"main"` // the one obvious next step
	If    If     `toml:"if"`   // when it is offered; "" always
}

// Leads says where an outcome of the live piece leads.
type Leads struct {
	On Outcome `toml:"on"`
	To string  `toml:"to"`
	If If      `toml:"if"`
}

// Load returns the set-up guide that is built in, parsed once. It must not be changed.
var Load = sync.OnceValues(func() (*Guide, error) { return Parse(assets.Guide("setup")) })

// Recover returns the recovery guide that is built in, parsed once. It must not be
// changed.
var Recover = sync.OnceValues(func() (*Guide, error) { return Parse(assets.Guide("recover")) })

// MaxBytes is the most that Parse reads.
const MaxBytes = 1 << 20

// Parse reads a guide. It refuses fields that it does not know; what the guide
// says is [Check]'s to judge.
func Parse(data []byte) (*Guide, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("read guide: more than %d bytes", MaxBytes)
	}
	g := &Guide{}
	meta, err := toml.Decode(string(data), g)
	if err != nil {
		return nil, fmt.Errorf("read guide: %w", err)
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return nil, fmt.Errorf("read guide: unknown field %s", left[0])
	}
	g.byID = make(map[string]int, len(g.Steps))
	for i, s := range g.Steps {
		if _, twice := g.byID[s.ID]; twice || s.ID == "" {
			return nil, fmt.Errorf("read guide: step %q stands twice or has no id", s.ID)
		}
		g.byID[s.ID] = i
		g.Steps[i].Outcomes = g.withUsual(s)
	}
	return g, nil
}

// withUsual returns the outcomes of a step with the usual ones that it says nothing of.
func (g *Guide) withUsual(s Step) []Leads {
	all := s.Outcomes
	for _, u := range g.Usual {
		if u.Live == s.Live && !slices.ContainsFunc(s.Outcomes, func(l Leads) bool { return l.On == u.On }) {
			all = append(all, Leads{On: u.On, To: u.To})
		}
	}
	return all
}

// Step returns a step as it stands in the file, or false.
func (g *Guide) Step(id string) (Step, bool) {
	i, ok := g.byID[id]
	if !ok {
		return Step{}, false
	}
	return g.Steps[i], true
}

// Entry returns an entry by its name, or false.
func (g *Guide) Entry(name string) (Entry, bool) {
	for _, e := range g.Entries {
		if e.Name == name {
			return e, true
		}
	}
	return Entry{}, false
}
