// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// Pressing everything takes some seconds, and minutes under the race detector,
// which has nothing to find there: it is one goroutine at a time. So it is a part
// of the step calm of .ci/test, which runs without.

package setup

import (
	"slices"
	"testing"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
)

// plays are the ways of a step that the walk does not press, with the reason: they
// open sheets that have tests of their own.
var plays = []string{
	"Open a picture", "Type it in", "Copy the code", "Copy the address", "Check my clock", "Cancel",
}

// explore presses everything that leads on, at each step that can be come to, and
// returns where each step leads.
func explore(t *testing.T, linked, phone bool, g *guide.Guide) map[string][]string {
	t.Helper()
	leads := map[string][]string{}
	var queue []string
	for _, e := range g.Entries {
		queue = append(queue, e.First)
	}
	r := newRig(t)
	r.linked, r.hasLink, r.service.allowed, r.phone = linked, true, true, phone
	r.eyes.show(t, uri("Kutano", "ana@example.com", keyA))
	r.eyes.clip = uri("Kutano", "ana@example.com", keyA)
	for len(queue) > 0 {
		step := queue[0]
		queue = queue[1:]
		if _, seen := leads[step]; seen || step == "" {
			continue
		}
		leads[step] = []string{}
		for _, here := range []bool{false, true} {
			for n := 0; ; n++ {
				r.anew(here, step)
				ways := r.ways()
				if n == len(ways) {
					break
				}
				if slices.Contains(plays, ways[n].Text) {
					continue
				}
				r.take(ways[n])
				if next := r.p.Step(); next != step {
					leads[step] = append(leads[step], next)
					queue = append(queue, next)
				}
			}
		}
	}
	return leads
}

// take presses a way on, with what is needed for it.
func (r *rig) take(way *kit.Button) {
	switch p := r.p.piece.(type) {
	case *phonePiece:
		p.field.SetText("+49 170 1234567")
	case *textPiece:
		p.field.SetText("123 456")
	}
	way.Tapped(nil)
	r.settle()
	r.tick()
}

// TestEveryPath presses everything at every step of every entry: no step leaves
// anybody without a way on, from each an end can be come to, and every step of the
// guide is come to. R10 to R18, R21 to R25, R31 to R37, R42 to R48, R60, R63 to R72.
func TestEveryPath(t *testing.T) {
	g, err := guide.Load()
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{}
	for _, way := range []struct{ linked, phone bool }{{false, false}, {true, false}, {false, true}} {
		leads := explore(t, way.linked, way.phone, g)
		ends := map[string]bool{"": true} // where all entries are shown
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
				t.Errorf("%+v: no end can be come to from %q, which leads to %q", way, step, leads[step])
			}
		}
	}
	for _, s := range g.Steps {
		if !reached[s.ID] {
			t.Errorf("no walk comes to %q", s.ID)
		}
	}
}
