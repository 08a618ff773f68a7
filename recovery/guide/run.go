// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"errors"
	"slices"
)

// What a run can be refused.
var (
	// ErrNoEntry says that the guide has no entry of that name.
	ErrNoEntry = errors.New("the guide has no such entry")
	// ErrNotOffered says that the step at hand does not offer this choice or outcome.
	ErrNotOffered = errors.New("the step does not lead there")
)

// Run is one walk through the guide. It is not safe for concurrent use.
type Run struct {
	guide *Guide
	facts Facts
	fill  Fill
	on    Platform
	state State
	lost  bool // see Restarted
}

// maxHistory bounds how far Back goes.
const maxHistory = 200

// Begin starts at an entry. It fails with ErrNoEntry.
func (g *Guide) Begin(entry string, f Facts) (*Run, error) {
	e, ok := g.Entry(entry)
	if !ok {
		return nil, ErrNoEntry
	}
	return &Run{guide: g, facts: f, on: here(), state: State{Entry: e.Name, Step: e.First}}, nil
}

// Entry returns the entry that the run began at.
func (r *Run) Entry() Entry {
	e, _ := r.guide.Entry(r.state.Entry)
	return r.say().entry(e)
}

// SetFacts replaces the facts; the step at hand stays.
func (r *Run) SetFacts(f Facts) { r.facts = f }

// SetFill replaces what is filled in for the workspace.
func (r *Run) SetFill(f Fill) { r.fill = f }

// SetPlatform has the run say what to look at on another operating system than the
// one that the program runs on.
func (r *Run) SetPlatform(p Platform) { r.on = p }

// Step returns the step at hand in the language in use, with what the workspace
// adds, and with those choices and outcomes that fit the facts.
func (r *Run) Step() Step {
	s, _ := r.guide.Step(r.state.Step)
	s = r.say().step(s)
	s.Choices = r.Choices()
	s.Outcomes = fitting(s.Outcomes, r.facts, func(l Leads) If { return l.If })
	return s
}

// Choices returns the choices of the step at hand that fit the facts, without
// those of its cards.
func (r *Run) Choices() []Choice {
	s, _ := r.guide.Step(r.state.Step)
	offered := fitting(s.Choices, r.facts, func(c Choice) If { return c.If })
	for i := range offered {
		offered[i].Label = r.say().sentence(offered[i].Label)
	}
	return offered
}

// fitting returns what fits the facts, in order.
func fitting[T any](all []T, f Facts, condition func(T) If) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return !condition(x).Holds(f) })
}

// Choose follows a choice of the step at hand or of one of its cards. It fails
// with ErrNotOffered.
func (r *Run) Choose(c Choice) error {
	s, _ := r.guide.Step(r.state.Step)
	offered := slices.Clone(s.Choices)
	for _, card := range s.Cards {
		offered = append(offered, card.Choice)
	}
	for _, o := range fitting(offered, r.facts, func(c Choice) If { return c.If }) {
		if o.To == c.To {
			return r.follow(o.To)
		}
	}
	return ErrNotOffered
}

// Outcome goes on after the live piece of the step at hand. It fails with
// ErrNotOffered.
func (r *Run) Outcome(o Outcome) error {
	s, _ := r.guide.Step(r.state.Step)
	for _, l := range fitting(s.Outcomes, r.facts, func(l Leads) If { return l.If }) {
		if l.On == o {
			return r.follow(l.To)
		}
	}
	return ErrNotOffered
}

func (r *Run) follow(to string) error {
	if _, ok := r.guide.Step(to); !ok {
		return ErrNotOffered
	}
	if len(r.state.History) == maxHistory {
		r.state.History = slices.Delete(r.state.History, 0, 1)
	}
	r.state.History = append(r.state.History, r.state.Step)
	r.state.Step = to
	return nil
}

// CanBack tells whether there is a step to go back to.
func (r *Run) CanBack() bool { return len(r.state.History) > 0 }

// Back returns to the step before, and tells whether there was one. What a live
// piece did stays done.
func (r *Run) Back() bool {
	if !r.CanBack() {
		return false
	}
	last := len(r.state.History) - 1
	r.state.Step = r.state.History[last]
	r.state.History = r.state.History[:last]
	return true
}

// Ended tells whether nothing follows the step at hand.
func (r *Run) Ended() bool {
	s, _ := r.guide.Step(r.state.Step)
	return s.End
}

// Next returns the entries of the set-up guide that the step at hand leads on to, in
// the language in use, the obvious one first; none where it is no such end.
func (r *Run) Next() []Entry {
	s, _ := r.guide.Step(r.state.Step)
	setup, err := Load()
	if err != nil {
		return nil
	}
	var all []Entry
	for _, name := range s.Next {
		if e, ok := setup.Entry(name); ok {
			all = append(all, r.say().entry(e))
		}
	}
	return all
}

// Progress tells how far the run is: the number of the step at hand, from 1, and
// of how many, as far as can be told: the rest is counted along the main
// choices and the first outcomes.
func (r *Run) Progress() (at, of int) {
	at = len(r.state.History) + 1
	return at, at + r.guide.ahead(r.state.Step, r.facts)
}

// ahead counts the steps from one to an end along the main way.
func (g *Guide) ahead(id string, f Facts) int {
	seen := map[string]bool{}
	for n := 0; ; n++ {
		s, ok := g.Step(id)
		if !ok || s.End || seen[id] {
			return n
		}
		seen[id] = true
		if id = s.mainWay(f); id == "" {
			return n
		}
	}
}

// mainWay returns where a step leads when all goes well: its first outcome, else
// its main choice, else the recommended card, else the first of what is there.
func (s Step) mainWay(f Facts) string {
	if leads := fitting(s.Outcomes, f, func(l Leads) If { return l.If }); len(leads) > 0 {
		return leads[0].To
	}
	choices := fitting(s.Choices, f, func(c Choice) If { return c.If })
	if i := slices.IndexFunc(choices, func(c Choice) bool { return c.Main }); i >= 0 {
		return choices[i].To
	}
	for _, c := range s.Cards {
		if c.Recommended {
			return c.Choice.To
		}
	}
	if len(choices) > 0 {
		return choices[0].To
	}
	return ""
}
