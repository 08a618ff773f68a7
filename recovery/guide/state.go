// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import "slices"

// StateVersion is the version of setup.json and recover.json that this program writes.
const StateVersion = 1

// State is what is kept of a run: no secret and no code. It is what stands in the
// file setup.json or recover.json, see docs/formats.md.
type State struct {
	Entry   string   `json:"entry"`
	Step    string   `json:"step"`
	History []string `json:"history,omitempty"` // steps before, oldest first
	// Account is the id in the vault of the account that the run is about, "" for
	// none yet.
	Account string `json:"account,omitempty"`
	// Pending is an enrolment that the service has begun and that is not proved.
	Pending *Pending `json:"pending,omitempty"`

	decided bool // SetPending was called, so that it is this run that knows
}

// Pending is an enrolment under way at the linked service, without its secret.
type Pending struct {
	ID      string `json:"id"`                // the service's name for it
	Method  string `json:"method"`            // "app" or "sms"
	Account string `json:"account,omitempty"` // the account in the vault that holds its key
	Expires int64  `json:"expires"`           // Unix seconds by the service's clock
}

// State returns what to keep. It shares nothing with the run.
func (r *Run) State() State {
	s := r.state
	s.History = slices.Clone(s.History)
	if s.Pending != nil {
		pending := *s.Pending
		s.Pending = &pending
	}
	return s
}

// Account returns the vault's id of the account that the run is about, "" for
// none.
func (r *Run) Account() string { return r.state.Account }

// SetAccount notes which account the run is about.
func (r *Run) SetAccount(id string) { r.state.Account = id }

// Pending returns the enrolment under way, or nil.
func (r *Run) Pending() *Pending { return r.State().Pending }

// SetPending notes an enrolment under way, or with nil that there is none.
func (r *Run) SetPending(p *Pending) {
	r.state.Pending, r.state.decided = p, true
	r.state = r.State()
}

// Restarted tells that the state named a step that this guide no longer has, so
// that the run is at the beginning of its entry again.
func (r *Run) Restarted() bool { return r.lost }

// Restore goes on with a run that was kept. Where the step is no longer in the
// guide it begins the entry anew and Restarted tells so; an entry that is gone
// fails with ErrNoEntry. From a pause it goes on at the step before.
func (g *Guide) Restore(s State, f Facts) (*Run, error) {
	r, err := g.Begin(s.Entry, f)
	if err != nil {
		return nil, err
	}
	r.state.Account, r.state.Pending, r.state.decided = s.Account, s.Pending, s.decided
	if _, ok := g.Step(s.Step); !ok {
		r.lost = true
		return r, nil
	}
	r.state.Step = s.Step
	for _, id := range s.History {
		if _, ok := g.Step(id); ok {
			r.state.History = append(r.state.History, id)
		}
	}
	r.state.History = r.state.History[max(0, len(r.state.History)-maxHistory):]
	r.state = r.State()
	if x, _ := g.Step(s.Step); x.Pause {
		r.Back()
	}
	return r, nil
}
