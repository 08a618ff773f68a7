// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package printed writes the guide for reading and printing, as Markdown and as a
// page of HTML that stands alone: no script, nothing that is fetched. Both are in
// the language in use, with what the workspace says filled in.
//
// On paper nothing is connected and nobody knows what is on the device, so the
// steps are those that one does by hand; each is numbered, and says where it
// goes on.
package printed

import (
	"slices"

	"github.com/kutano/authenticator/recovery/guide"
)

// facts are those of the steps that one does by hand.
func facts() guide.Facts { return guide.Facts{guide.KeyHere: true} }

// sheet is the guide laid out.
type sheet struct {
	fill    guide.Fill
	parts   []part
	numbers map[string]int // of steps, from 1
}

// part is an entry with its steps that no earlier part has.
type part struct {
	entry guide.Entry
	first int // the number of its first step
	steps []step
}

type step struct {
	guide.Step
	number int
	ways   []way
}

// way is where a step goes on.
type way struct {
	label string
	to    int // the number of the step
}

// layOut puts the steps of some entries in order; none are all entries. It fails
// with guide.ErrNoEntry.
func layOut(g *guide.Guide, entries []string, fill guide.Fill) (*sheet, error) {
	s := &sheet{fill: fill, numbers: map[string]int{}}
	if len(entries) == 0 {
		for _, e := range g.Entries {
			entries = append(entries, e.Name)
		}
	}
	for _, name := range entries {
		r, err := g.Begin(name, facts())
		if err != nil {
			return nil, err
		}
		r.SetFill(fill)
		p := part{entry: r.Entry()}
		s.follow(g, r, &p)
		p.first = s.numbers[p.entry.First]
		s.parts = append(s.parts, p)
	}
	for i := range s.parts {
		for j := range s.parts[i].steps {
			s.find(&s.parts[i].steps[j])
		}
	}
	return s, nil
}

// follow takes in the step at hand and all that follow it, the main way first.
func (s *sheet) follow(g *guide.Guide, r *guide.Run, p *part) {
	x := r.Step()
	if s.numbers[x.ID] != 0 {
		return
	}
	s.numbers[x.ID] = len(s.numbers) + 1
	p.steps = append(p.steps, step{Step: x, number: s.numbers[x.ID]})
	for _, to := range next(x) {
		state := r.State()
		state.Step = to
		on, err := g.Restore(state, facts())
		if err != nil {
			continue // the checker holds that it is there
		}
		on.SetFill(s.fill)
		s.follow(g, on, p)
	}
}

// next returns where a step leads, in the order of reading.
func next(x guide.Step) []string {
	var to []string
	for _, l := range x.Outcomes {
		to = append(to, l.To)
	}
	for _, c := range mainFirst(x.Choices) {
		to = append(to, c.To)
	}
	for _, c := range x.Cards {
		to = append(to, c.Choice.To)
	}
	return to
}

func mainFirst(cs []guide.Choice) []guide.Choice {
	cs = slices.Clone(cs)
	slices.SortStableFunc(cs, func(a, b guide.Choice) int {
		switch {
		case a.Main && !b.Main:
			return -1
		case b.Main && !a.Main:
			return 1
		}
		return 0
	})
	return cs
}

// find numbers the ways on. One way that leads to what stands below is not said.
func (s *sheet) find(x *step) {
	for _, l := range x.Outcomes {
		x.add(x.Live.Label(l.On), s.numbers[l.To])
	}
	for _, c := range mainFirst(x.Choices) {
		x.add(c.Label, s.numbers[c.To])
	}
	for _, c := range x.Cards {
		x.add(c.Choice.Label, s.numbers[c.Choice.To])
	}
	goesOn := func(w way) bool { return w.to == x.number+1 }
	if len(x.Cards) == 0 && !slices.ContainsFunc(x.ways, func(w way) bool { return !goesOn(w) }) {
		x.ways = nil
	}
}

func (x *step) add(label string, to int) {
	x.ways = append(x.ways, way{label, to})
}
