// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/audit"
)

// Score is how a call was answered.
type Score struct {
	Scenario string `json:"scenario"`
	Title    string `json:"title"`
	Ending   Ending `json:"ending"`
	Points   int    `json:"score"` // out of 100
	Seconds  int    `json:"seconds"`
	Rules    []Rule `json:"rules"`
	// Better is one sentence of what to do better; "" where nothing was to be.
	Better string `json:"better,omitempty"`
}

// Rule is one of the rules of a helpdesk, and whether it was kept.
type Rule struct {
	Name   string `json:"rule"` // stable
	Says   string `json:"says"`
	Kept   bool   `json:"kept"`
	Points int    `json:"points"` // for keeping it
	better string
}

// Summary are all calls of a practice.
type Summary struct {
	Points int     `json:"score"` // the mean of the scenarios, each as it was answered last
	Calls  []Score `json:"calls"`
}

// Sum makes the summary of calls, given in their order.
func Sum(calls []Score) Summary {
	s := Summary{Calls: append([]Score{}, calls...)}
	last := map[string]int{}
	for _, c := range calls {
		last[c.Scenario] = c.Points
	}
	for _, points := range last {
		s.Points += points
	}
	if n := len(last); n > 0 {
		s.Points = (s.Points + n/2) / n
	}
	return s
}

// Bounds of a score: what else was right counts little in a call that ended wrongly, in
// which something was done for somebody who was not identified, or a code was asked for.
const (
	mostWrongEnd  = 40
	mostUnproved  = 40
	mostCodeAsked = 50
	inTime        = 10 * time.Minute
)

// judge scores a call from what was pressed and from the audit log.
func (p *Practice) judge(ctx context.Context, c *call) (Score, error) {
	acts, err := p.acts(ctx, c)
	if err != nil {
		return Score{}, err
	}
	return c.score(acts), nil
}

func (c *call) score(acts []audit.Event) Score {
	s := Score{Scenario: c.scenario.Name, Title: c.scenario.Title, Ending: c.ending, Seconds: int(c.took / time.Second)}
	ended, proved := c.endedRight(acts), c.proved(acts)
	asked := !c.did(AskCode) && !c.did(AskScreen)
	s.Rules = []Rule{
		{
			"no-code-asked", "No code was asked for, and no look at one", asked, 20,
			"Never ask for a code or for a shared screen: the caller types codes on Kutano’s own page.",
		},
		{
			"called-back", "The number on record was called before a code for one sign-in or a reset", c.calledBack(acts), 10,
			"Before a code for one sign-in or a reset, hang up and call the number on record, never a number that the caller gives.",
		},
		{
			"two-proofs", "Everything done at the desk was backed by checks that were really made, of different kinds where two are needed", proved, 15,
			"Tick only the checks that you made in this call, for who called, and make two of different kinds beside the call back before a code for one sign-in or a reset.",
		},
		{
			"least-first", "The least dangerous thing was tried first", c.leastFirst(acts), 15,
			"Try the smallest thing first: clock, next code, backup code, and only then the desk.",
		},
		{
			"urgency-refused", "Pressure changed nothing, and nothing else was changed in the same call", !c.did(Hurry) && !c.did(ChangeAddress), 15,
			"Let nobody rush you past a check, and change no address in the same call.",
		},
		{
			"nothing-needless", "Nothing needless was done", c.nothingNeedless(acts), 5,
			"Do nothing at the desk that the call does not need.",
		},
		{"ended-well", "It ended as it should", ended, 15, c.wrongEnd()},
		{"in-time", "It took ten minutes at most", c.took <= inTime, 5, "First look at what the caller’s app says: it saves you most of the questions."},
	}
	for _, r := range s.Rules {
		if r.Kept {
			s.Points += r.Points
		}
	}
	if !ended {
		s.Points = min(s.Points, mostWrongEnd)
	}
	if !proved {
		s.Points = min(s.Points, mostUnproved)
	}
	if !asked {
		s.Points = min(s.Points, mostCodeAsked)
	}
	s.Better = better(s.Rules)
	return s
}

// better is the advice of the rule that counts most of those that were broken.
func better(rules []Rule) string {
	worst := Rule{}
	for _, r := range rules {
		if !r.Kept && r.Points > worst.Points {
			worst = r
		}
	}
	return worst.better
}

func (c *call) did(m Move) bool {
	return slices.ContainsFunc(c.moves, func(p pressed) bool { return p.Move == m })
}

// before are the moves that were made before something at the desk.
func (c *call) before(e audit.Event) []pressed {
	return slices.DeleteFunc(slices.Clone(c.moves), func(p pressed) bool { return p.after >= e.ID })
}

// endedRight: an impostor was put to a proof and got nothing, or whoever called is in.
func (c *call) endedRight(acts []audit.Event) bool {
	got := c.did(ChangeAddress) || slices.ContainsFunc(acts, func(e audit.Event) bool { return needed(e.Action) > 0 })
	if c.scenario.impostor && (got || !c.tested()) {
		return false
	}
	return c.scenario.right(c.ending)
}

// tested tells whether the caller was put to any proof: who hangs up at once does so on
// the honest, too.
func (c *call) tested() bool {
	return slices.ContainsFunc(c.moves, func(p pressed) bool { _, proof := proofs[p.Move]; return proof || p.Move == CallGiven })
}

func (c *call) wrongEnd() string {
	if c.scenario.impostor {
		return "Put every caller to the checks. Who does not pass them gets nothing: refuse, and report the call."
	}
	return "Stay until the caller is in: ask what they see, and what their app says."
}

// dangerous tells whether something leads past the second factor, or widens its window.
func dangerous(a audit.Action) bool {
	return a == audit.DeskBypass || a == audit.DeskReset || a == audit.DeskResetAsked || a == audit.DeskResync
}

// needed is how many kinds of proof something at the desk takes.
func needed(a audit.Action) int {
	switch a {
	case audit.DeskBypass, audit.DeskReset, audit.DeskResetAsked:
		return 2
	case audit.DeskUnlocked, audit.DeskResync:
		return 1
	}
	return 0
}

// calledBack: what leads past the second factor was done after a call to the number on
// record, and no other was called. All who call here can be called back, so there is no
// reason to leave it out.
func (c *call) calledBack(acts []audit.Event) bool {
	if c.did(CallGiven) {
		return false
	}
	for _, e := range acts {
		called := slices.ContainsFunc(c.before(e), func(p pressed) bool { return p.Move == CallBack })
		if needed(e.Action) > 1 && !called {
			return false
		}
	}
	return true
}

// proved: each act is for who called, rests on proofs that were made before it, and
// names no others.
func (c *call) proved(acts []audit.Event) bool {
	for _, e := range acts {
		made, groups := map[string]bool{}, map[string]bool{}
		for _, p := range c.before(e) {
			if !p.proof {
				continue
			}
			made[proofs[p.Move].check] = true
			if p.Move != CallBack || needed(e.Action) < 2 { // see desk.Kinds
				groups[proofs[p.Move].group] = true
			}
		}
		if len(groups) < needed(e.Action) || e.Subject != c.caller.user.ID {
			return false
		}
		for check := range strings.SplitSeq(e.Detail["checks"], ",") {
			if check != "" && !made[check] {
				return false
			}
		}
	}
	return true
}

// leastFirst: nothing dangerous but what the scenario may need, and that after the rest.
func (c *call) leastFirst(acts []audit.Event) bool {
	for _, e := range acts {
		first, may := c.scenario.last[e.Action]
		if dangerous(e.Action) && !may {
			return false
		}
		for _, m := range first {
			if !slices.ContainsFunc(c.before(e), func(p pressed) bool { return p.Move == m }) {
				return false
			}
		}
	}
	return true
}

// nothingNeedless: nothing harmless but needless at the desk, and nothing twice.
func (c *call) nothingNeedless(acts []audit.Event) bool {
	seen := map[audit.Action]bool{}
	for _, e := range acts {
		_, may := c.scenario.last[e.Action]
		harmless := !dangerous(e.Action) && !may && (e.Action != audit.DeskSignedOut || !c.scenario.impostor)
		if harmless || seen[e.Action] {
			return false
		}
		seen[e.Action] = true
	}
	return true
}
