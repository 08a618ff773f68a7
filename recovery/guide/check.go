// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fault is something that is wrong with a guide.
type Fault struct {
	Step string // id of the step, "" for the whole
	What string // lower case, for who writes guides
}

// String names the step and what is wrong with it.
func (f Fault) String() string {
	if f.Step == "" {
		return f.What
	}
	return f.Step + ": " + f.What
}

// Untranslated returns the languages that lack a sentence.
type Untranslated func(english string) []string

// checker collects the faults of a guide.
type checker struct {
	guide  *Guide
	faults []Fault
}

// Check returns everything that is wrong with a guide. Each fault is one of: a name that stands for nothing, a step that nothing leads
// to, one that nothing or no end follows under some facts, an outcome that leads
// nowhere, words that we do not use, or a sentence without a translation. Nil for
// untranslated does not look at translations.
func Check(g *Guide, untranslated Untranslated) []Fault {
	c := checker{guide: g}
	c.entries()
	for _, s := range g.Steps {
		c.names(s)
		c.conditions(s)
		c.ways(s)
		c.words(s)
		c.look(s)
		c.next(s)
	}
	c.reached()
	c.ended()
	if untranslated != nil {
		for _, english := range g.Sentences() {
			for _, lang := range untranslated(english) {
				c.add("", "%q is not translated into %s", english, lang)
			}
		}
	}
	return c.faults
}

func (c *checker) add(step, format string, args ...any) {
	f := Fault{Step: step, What: fmt.Sprintf(format, args...)}
	if !slices.Contains(c.faults, f) {
		c.faults = append(c.faults, f)
	}
}

func (c *checker) entries() {
	if c.guide.Name != "setup" && c.guide.Name != "recover" {
		c.add("", "a guide is not called %q", c.guide.Name)
	}
	for _, u := range c.guide.Usual {
		if !slices.Contains(outcomes[u.Live], u.On) {
			c.add("", "the live piece %q never ends in %q", u.Live, u.On)
		}
	}
	seen := map[string]bool{}
	for _, e := range c.guide.Entries {
		if e.Name == "" || seen[e.Name] {
			c.add("", "entry %q has no name, or stands twice", e.Name)
		}
		seen[e.Name] = true
		if _, ok := c.guide.Step(e.First); !ok {
			c.add("", "entry %s begins at %q, which is no step", e.Name, e.First)
		}
		if fault := wording(e.Title, false); fault != "" {
			c.add("", "entry %s: the title %s", e.Name, fault)
		}
	}
	if len(c.guide.Entries) == 0 {
		c.add("", "there is no entry")
	}
}

// names looks up everything that a step names.
func (c *checker) names(s Step) {
	if _, known := outcomes[s.Live]; s.Live != "" && !known {
		c.add(s.ID, "there is no live piece %q", s.Live)
	}
	if s.Picture != "" && !slices.Contains(Pictures(), s.Picture) {
		c.add(s.ID, "there is no picture %q", s.Picture)
	}
	if s.Stuck != "" && !slices.Contains(Topics(), s.Stuck) {
		c.add(s.ID, "there is no recovery topic %q", s.Stuck)
	}
	for _, id := range s.Requires {
		if !isRequirement(id) {
			c.add(s.ID, "there is no requirement %q", id)
		}
	}
	for name := range s.Without {
		if !slices.ContainsFunc(s.Points, func(p string) bool { return strings.Contains(p, "{"+name+"}") }) {
			c.add(s.ID, "no point needs %q, in whose place something is said", name)
		}
	}
	for _, to := range s.targets() {
		if _, ok := c.guide.Step(to); !ok {
			c.add(s.ID, "it leads to %q, which is no step", to)
		}
	}
}

// conditions looks up the outcomes and facts that a step's ways depend on.
func (c *checker) conditions(s Step) {
	for _, l := range s.Outcomes {
		if !slices.Contains(outcomes[s.Live], l.On) {
			c.add(s.ID, "its live piece never ends in %q", l.On)
		}
	}
	for _, i := range s.conditions() {
		for _, term := range strings.Fields(string(i)) {
			if fact := Fact(strings.TrimPrefix(term, "!")); !slices.Contains(AllFacts(), fact) {
				c.add(s.ID, "there is no fact %q", fact)
			}
		}
	}
}

// requirements is how many there are: R01 to R72.
const requirements = 72

func isRequirement(id string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "R"))
	return err == nil && n >= 1 && n <= requirements && id == fmt.Sprintf("R%02d", n)
}

func (s Step) conditions() []If {
	var all []If
	for _, ch := range s.Choices {
		all = append(all, ch.If)
	}
	for _, l := range s.Outcomes {
		all = append(all, l.If)
	}
	for _, card := range s.Cards {
		all = append(all, card.Choice.If)
	}
	return all
}

// targets are all steps that a step can lead to, whatever the facts.
func (s Step) targets() []string { return s.leads(nil) }

// leads returns where a step leads under some facts, or with nil under any.
func (s Step) leads(f Facts) []string {
	var to []string
	add := func(target string, i If) {
		if f == nil || i.Holds(f) {
			to = append(to, target)
		}
	}
	for _, ch := range s.Choices {
		add(ch.To, ch.If)
	}
	for _, l := range s.Outcomes {
		add(l.To, l.If)
	}
	for _, card := range s.Cards {
		add(card.Choice.To, card.Choice.If)
	}
	return to
}

// look holds that something is said for every operating system, and nothing that is
// never read.
func (c *checker) look(s Step) {
	if s.Look == nil {
		return
	}
	used := map[Platform]bool{}
	for _, p := range Platforms() {
		key := p
		if _, ok := s.Look[p]; !ok {
			key = p.kind()
		}
		used[key] = true
		n := 0
		for _, t := range s.Look[key] {
			n += len(find().end.FindAllString(t, -1))
			if fault := wording(t, true); fault != "" {
				c.add(s.ID, "%q %s", t, fault)
			}
		}
		if n < 1 || n > maxLook {
			c.add(s.ID, "it says %d sentences on %s, not one to four", n, p)
		}
	}
	for p := range s.Look {
		if !used[p] {
			c.add(s.ID, "nobody reads what it says on %q", p)
		}
	}
}

// next holds that an end leads on to entries of the set-up guide, and that in the
// recovery guide every end does so that is no break.
func (c *checker) next(s Step) {
	if len(s.Next) > 0 && (!s.End || s.Pause) {
		c.add(s.ID, "it is no end and names what comes next")
	}
	if s.End && !s.Pause && len(s.Next) == 0 && c.guide.Name == "recover" {
		c.add(s.ID, "it is an end and names nothing that comes next")
	}
	setup, err := Load()
	if err != nil {
		c.add("", "%v", err)
		return
	}
	for _, name := range s.Next {
		if _, ok := setup.Entry(name); !ok {
			c.add(s.ID, "the set-up has no entry %q", name)
		}
	}
}

// facts returns those that a guide's ways depend on.
func (g *Guide) facts() []Fact {
	named := map[Fact]bool{}
	for _, s := range g.Steps {
		for _, i := range s.conditions() {
			for _, term := range strings.Fields(string(i)) {
				named[Fact(strings.TrimPrefix(term, "!"))] = true
			}
		}
	}
	return slices.DeleteFunc(AllFacts(), func(f Fact) bool { return !named[f] })
}

// everyFacts returns all combinations of the facts that a guide depends on.
func (g *Guide) everyFacts() []Facts {
	facts := g.facts()
	all := make([]Facts, 1<<len(facts))
	for bits := range all {
		all[bits] = Facts{}
		for i, f := range facts {
			all[bits][f] = bits>>i&1 == 1
		}
	}
	return all
}

// ways holds that whatever the facts there is a way on, and one that is obvious.
func (c *checker) ways(s Step) {
	if len(s.Cards) != 0 && (len(s.Cards) != 2 || s.Cards[0].Recommended == s.Cards[1].Recommended) {
		c.add(s.ID, "there are %d cards, not two with one recommended", len(s.Cards))
	}
	if s.Pause && !s.End {
		c.add(s.ID, "it is a pause and no end")
	}
	if s.End {
		if len(s.targets()) > 0 {
			c.add(s.ID, "it is an end and leads on")
		}
		return
	}
	for _, f := range c.guide.everyFacts() {
		c.waysUnder(s, f)
	}
}

func (c *checker) waysUnder(s Step, f Facts) {
	if len(s.leads(f)) == 0 {
		c.add(s.ID, "a dead end: nothing leads on%s", under(f))
	}
	for _, o := range outcomes[s.Live] {
		n := 0
		for _, l := range s.Outcomes {
			if l.On == o && l.If.Holds(f) {
				n++
			}
		}
		if n != 1 {
			c.add(s.ID, "the outcome %q leads to %d steps%s", o, n, under(f))
		}
	}
	choices := fitting(s.Choices, f, func(ch Choice) If { return ch.If })
	main := 0
	labels := map[string]bool{}
	for _, ch := range choices {
		if ch.Main {
			main++
		}
		if labels[ch.Label] {
			c.add(s.ID, "two choices are called %q%s", ch.Label, under(f))
		}
		labels[ch.Label] = true
	}
	if len(choices) > 0 && main != 1 {
		c.add(s.ID, "%d choices are the main one%s", main, under(f))
	}
}

// under names facts for a fault, "" where none holds.
func under(f Facts) string {
	var held []string
	for _, fact := range AllFacts() {
		if f[fact] {
			held = append(held, string(fact))
		}
	}
	if len(held) == 0 {
		return ""
	}
	return " under " + strings.Join(held, " ")
}

// reached holds that an entry leads to each step.
func (c *checker) reached() {
	var todo []string
	for _, e := range c.guide.Entries {
		todo = append(todo, e.First)
	}
	seen := map[string]bool{}
	for len(todo) > 0 {
		id := todo[0]
		todo = todo[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		s, _ := c.guide.Step(id)
		todo = append(todo, s.targets()...)
	}
	for _, s := range c.guide.Steps {
		if !seen[s.ID] {
			c.add(s.ID, "nothing leads to it")
		}
	}
}

// ended holds that an end can be reached from each step, whatever the facts.
func (c *checker) ended() {
	for _, f := range c.guide.everyFacts() {
		ends := map[string]bool{}
		for grown := true; grown; {
			grown = false
			for _, s := range c.guide.Steps {
				if ends[s.ID] || !s.End && !slices.ContainsFunc(s.leads(f), func(to string) bool { return ends[to] }) {
					continue
				}
				ends[s.ID], grown = true, true
			}
		}
		for _, s := range c.guide.Steps {
			if !ends[s.ID] {
				c.add(s.ID, "no end follows%s", under(f))
			}
		}
	}
}
