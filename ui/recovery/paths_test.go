// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// Pressing everything takes some seconds, and minutes under the race detector,
// which has nothing to find there: it is one goroutine at a time. So it is a part
// of the step calm of .ci/test, which runs without.

package recovery

import (
	"slices"
	"testing"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/keystore"
)

// plays are the ways of a step that the walk does not press, with the reason: they
// lead to another place, or open sheets, and have tests of their own.
var plays = []string{
	"Check my clock", "Check or correct it", "Scan a QR code", "Show my codes", "Copy the code", "Open the lock now", "Bring it back", "That is all for now",
}

// states are how things can stand when somebody comes to a step.
var states = map[string]func(*rig){
	"nothing": func(*rig) {},
	"here":    func(r *rig) { r.add("ana@example.com", keyA) },
	"right":   func(r *rig) { r.add("ana@example.com", keyA); r.clockIs(0) },
	"several": func(r *rig) { r.add("ana@example.com", keyA); r.add("work@example.com", keyB) },
	"removed": func(r *rig) { r.add("ana@example.com", keyA); r.remove() },
	"locked":  func(r *rig) { r.add("ana@example.com", keyA); r.says.StoreErr = keystore.ErrLocked },
	"gone":    func(r *rig) { r.add("ana@example.com", keyA); r.says.StoreErr = keystore.ErrNotFound },
	"texts": func(r *rig) {
		r.says.Upkeep.Method = readiness.SMS
		r.says.Linked = &link.Linked{SeenAt: noon, Seen: link.Status{Enabled: true, Method: link.SMS}}
	},
	"off": func(r *rig) { r.says.Linked = &link.Linked{SeenAt: noon} },
	"shut": func(r *rig) {
		r.add("ana@example.com", keyA)
		r.says.Linked = &link.Linked{SeenAt: noon, Seen: link.Status{Enabled: true, Method: link.TOTP, Blocked: true}}
	},
}

// ways are the buttons of the step that lead on.
func (r *rig) ways() []*kit.Button {
	var all []*kit.Button
	if r.p.Main != nil {
		all = append(all, r.p.Main)
	}
	return append(all, r.p.Others...)
}

// explore presses everything that leads on, at each step that can be come to, and
// returns where each step leads; "" is out, into the set-up or to the front.
func explore(t *testing.T, set func(*rig)) map[string][]string {
	t.Helper()
	r := newRig(t)
	set(r)
	r.p.Refresh()
	r.settle()
	leads := map[string][]string{}
	type stop struct{ entry, step string }
	var queue []stop
	for _, e := range r.p.guide.Entries {
		queue = append(queue, stop{e.Name, e.First})
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s, _ := r.p.guide.Step(at.step)
		if _, seen := leads[at.step]; seen || at.step == "" {
			continue
		}
		leads[at.step] = []string{}
		for n := 0; ; n++ {
			state := guide.State{Entry: at.entry, Step: at.step}
			if s.Pause {
				state.Step = callStep
			}
			run, err := r.p.guide.Restore(state, r.p.now.facts())
			if err == nil && s.Pause {
				err = run.Choose(guide.Choice{To: at.step})
			}
			if err != nil {
				t.Fatal(err)
			}
			r.p.walk(run)
			r.settle()
			r.at(at.step)
			ways := r.ways()
			if n == len(ways) {
				break
			}
			if slices.Contains(plays, ways[n].Text) {
				continue
			}
			ways[n].Tapped(nil)
			r.settle()
			if r.p.Step() == at.step {
				t.Errorf("at %q, %q does nothing", at.step, ways[n].Text)
			}
			leads[at.step] = append(leads[at.step], r.p.Step())
			queue = append(queue, stop{at.entry, r.p.Step()})
		}
	}
	return leads
}

// TestEveryPath presses everything at every step of every topic, however things
// stand: no button is dead, from each step an end can be come to, and every step of
// the guide is come to. R49 to R60, R64 to R72.
func TestEveryPath(t *testing.T) {
	reached := map[string]bool{}
	for name, set := range states {
		leads := explore(t, set)
		ends := map[string]bool{"": true}
		for range leads {
			for step, to := range leads {
				if slices.ContainsFunc(to, func(s string) bool { return ends[s] }) {
					ends[step] = true
				}
			}
		}
		for step := range leads {
			reached[step] = true
			if !ends[step] {
				t.Errorf("%s: no end can be come to from %q, which leads to %q", name, step, leads[step])
			}
		}
	}
	g, _ := guide.Recover()
	for _, s := range g.Steps {
		if !reached[s.ID] {
			t.Errorf("no walk comes to %q", s.ID)
		}
	}
}
