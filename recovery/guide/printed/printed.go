// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package printed writes a guide for reading and printing, as Markdown and as a
// page of HTML that stands alone: no script, nothing that is fetched. Both are in
// the language in use, with what the workspace says filled in.
//
// On paper nothing is connected and nobody knows what is on the device, so the
// steps are those that one does by hand; each is numbered, says what to look at on
// each operating system, and where it goes on. [LayOut] is what both are made of,
// for whoever sets them in another way.
package printed

import (
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
)

// facts are those of the steps that one does by hand.
func facts() guide.Facts { return guide.Facts{guide.KeyHere: true, guide.Several: true} }

// Sheet is a guide laid out.
type Sheet struct {
	Title string
	Head  []string // the lines below the title
	Parts []Part

	fill    guide.Fill
	numbers map[string]int // of steps, from 1
}

// Part is an entry with its steps that no earlier part has.
type Part struct {
	Entry guide.Entry
	First int // the number of its first step
	Steps []Step
}

// Step is a step with its number on paper.
type Step struct {
	guide.Step
	Number int
	Looks  []string // what to look at, with the operating system before it
	Ways   []Way    // where it goes on
	Next   []string // the titles of what comes next in the set-up guide
}

// Way is where a step goes on.
type Way struct {
	Label string
	To    int // the number of the step
}

// LayOut puts the steps of some entries in order; none are all entries. It fails
// with guide.ErrNoEntry.
func LayOut(g *guide.Guide, entries []string, fill guide.Fill) (*Sheet, error) {
	s := &Sheet{Title: title(g), fill: fill, numbers: map[string]int{}}
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
		p := Part{Entry: r.Entry()}
		s.follow(g, r, &p, ownWay)
		s.Parts = append(s.Parts, p)
	}
	for i := range s.Parts { // what only a finding leads to, below what asks for it
		for _, x := range slices.Clone(s.Parts[i].Steps) {
			s.onward(g, guide.State{Entry: s.Parts[i].Entry.Name, Step: x.ID}, next(x.Step), &s.Parts[i], next)
		}
	}
	s.number()
	s.Head = s.head()
	return s, nil
}

// number numbers the steps in the order of reading, and finds their ways on.
func (s *Sheet) number() {
	n := 0
	for i := range s.Parts {
		for j := range s.Parts[i].Steps {
			n++
			x := &s.Parts[i].Steps[j]
			x.Number, s.numbers[x.ID] = n, n
		}
	}
	for i := range s.Parts {
		s.Parts[i].First = s.numbers[s.Parts[i].Entry.First]
		for j := range s.Parts[i].Steps {
			s.find(&s.Parts[i].Steps[j])
		}
	}
}

// follow takes in the step at hand and all that ways says it leads to, the main way
// first.
func (s *Sheet) follow(g *guide.Guide, r *guide.Run, p *Part, ways func(guide.Step) []string) {
	x := r.Step()
	if s.numbers[x.ID] != 0 {
		return
	}
	s.numbers[x.ID] = len(s.numbers) + 1
	set := Step{Step: x}
	for _, e := range r.Next() {
		set.Next = append(set.Next, e.Title)
	}
	for _, on := range x.Look.Keys() {
		for _, t := range s.fill.Say(x.Look[on]) {
			set.Looks = append(set.Looks, words.T("{system}: {what}", "system", on.Says(), "what", t))
		}
	}
	p.Steps = append(p.Steps, set)
	s.onward(g, r.State(), ways(x), p, ways)
}

// onward follows to some steps.
func (s *Sheet) onward(g *guide.Guide, from guide.State, to []string, p *Part, ways func(guide.Step) []string) {
	for _, id := range to {
		from.Step = id
		on, err := g.Restore(from, facts())
		if err != nil {
			continue // the checker holds that it is there
		}
		on.SetFill(s.fill)
		s.follow(g, on, p, ways)
	}
}

// ownWay returns where a step leads without what the checks could find: on paper they
// find nothing, and what they would lead to is another entry's.
func ownWay(x guide.Step) []string {
	if x.Live == guide.Checks {
		x.Outcomes = slices.DeleteFunc(slices.Clone(x.Outcomes), func(l guide.Leads) bool { return l.On != guide.Nothing })
	}
	return next(x)
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
func (s *Sheet) find(x *Step) {
	for _, l := range x.Outcomes {
		x.add(x.Live.Label(l.On), s.numbers[l.To])
	}
	for _, c := range mainFirst(x.Choices) {
		x.add(c.Label, s.numbers[c.To])
	}
	for _, c := range x.Cards {
		x.add(c.Choice.Label, s.numbers[c.Choice.To])
	}
	goesOn := func(w Way) bool { return w.To == x.Number+1 }
	if len(x.Cards) == 0 && !slices.ContainsFunc(x.Ways, func(w Way) bool { return !goesOn(w) }) {
		x.Ways = nil
	}
}

func (x *Step) add(label string, to int) {
	if label != "" {
		x.Ways = append(x.Ways, Way{label, to})
	}
}
