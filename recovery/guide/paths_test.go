// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import "testing"

// ways returns everything that can be done at a step.
func ways(s Step) []func(*Run) error {
	var all []func(*Run) error
	for _, l := range s.Outcomes {
		all = append(all, func(r *Run) error { return r.Outcome(l.On) })
	}
	for _, c := range s.Choices {
		all = append(all, func(r *Run) error { return r.Choose(c) })
	}
	for _, card := range s.Cards {
		all = append(all, func(r *Run) error { return r.Choose(card.Choice) })
	}
	return all
}

// walker goes every path of a guide under some facts, with a real run: a path is
// cut where a step would be come to for the second time.
type walker struct {
	t     *testing.T
	facts Facts
	run   *Run
	on    map[string]bool // the steps of the path
	met   map[string]bool // the requirements met on any path that ended
	path  []Step
}

func (w *walker) walk() (ended bool) {
	s := w.run.Step()
	w.path = append(w.path, s)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	if s.End {
		for _, on := range w.path {
			for _, id := range on.Requires {
				w.met[id] = true
			}
		}
		if !s.Pause && len(w.run.Next()) == 0 && w.run.guide.Name == "recover" {
			w.t.Errorf("%s leads no further", s.ID)
		}
		return true
	}
	w.on[s.ID] = true
	defer delete(w.on, s.ID)
	all := ways(s)
	if len(all) == 0 {
		w.t.Errorf("under %v: stuck at %s", w.facts, s.ID)
	}
	for _, way := range all {
		if err := way(w.run); err != nil {
			w.t.Fatalf("%s: %v", s.ID, err)
		}
		if to := w.run.state.Step; !w.on[to] && w.walk() {
			ended = true
		}
		if !w.run.CanBack() || !w.run.Back() || w.run.state.Step != s.ID {
			w.t.Fatalf("there is no way back to %s", s.ID)
		}
	}
	return ended
}

// Every path of every entry of both guides, under every combination of facts, comes
// to an end, and from each of its steps there is a way back. On those paths each
// requirement on getting back in is met. // R49 to R60, R64 to R72
func TestEveryPath(t *testing.T) {
	met := map[string]bool{}
	for _, g := range guides(t) {
		for _, e := range g.Entries {
			for _, f := range g.everyFacts() {
				r, err := g.Begin(e.Name, f)
				if err != nil {
					t.Fatal(err)
				}
				w := &walker{t: t, facts: f, run: r, on: map[string]bool{}, met: met}
				if !w.walk() {
					t.Errorf("%s under %v never ends", e.Name, f)
				}
			}
		}
	}
	for _, id := range backIn() {
		if !met[id] {
			t.Errorf("no path meets %s", id)
		}
	}
}
