// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
)

func arrive(t *testing.T, s *State, entry, step string) {
	t.Helper()
	g, err := guide.Load()
	if err != nil {
		t.Fatal(err)
	}
	x, ok := g.Step(step)
	if !ok {
		t.Fatalf("the guide has no step %q", step)
	}
	if note := Arrival(entry, x, now); note != nil {
		note(s)
	}
}

// What is known by the id of a step is there, and each changes something.
func TestArrivals(t *testing.T) {
	for step := range arrivals {
		s := State{NumberChanged: 7}
		arrive(t, &s, guide.Setup, step)
		if s.NumberChanged == 7 && s.SetUp == 0 {
			t.Errorf("nothing is noted at %q", step)
		}
	}
	for step, want := range map[string]readiness.Method{
		"app-on": readiness.App, "other-on": readiness.App, "enrolled": readiness.App,
		"sms-on": readiness.SMS, "texted": readiness.SMS, "off-done": readiness.Off, "method": readiness.Unknown,
	} {
		s := State{}
		if arrive(t, &s, guide.Setup, step); s.Method != want {
			t.Errorf("at %q the method is %q", step, s.Method)
		}
	}
}

// R70: what the walk was about is done once it has come to the ways back in.
func TestWalkEnds(t *testing.T) {
	for entry, want := range map[string][2]bool{
		guide.Setup: {true, true}, guide.NewPhone: {true, true}, guide.Review: {false, true}, guide.NewCodes: {}, guide.ChangedNumber: {},
	} {
		s := State{}
		if arrive(t, &s, entry, "summary"); (s.SetUp != 0) != want[0] || (s.Reviewed != 0) != want[1] {
			t.Errorf("%s: %+v", entry, s)
		}
	}
}

// R71: who puts the codes off is reminded, also where nothing is pressed at the
// question when.
func TestCodesPutOff(t *testing.T) {
	s := State{}
	arrive(t, &s, guide.NewCodes, LaterStep)
	due := func(after time.Duration) bool {
		return slices.Contains(kinds(Due(Facts{Now: now.Add(after), State: s, Kutano: true})), Unsaved)
	}
	if due(Grace-time.Second) || !due(Grace) {
		t.Errorf("the day after: %t, %t", due(Grace-time.Second), due(Grace))
	}
	s.RemindOfCodes(true, now)
	arrive(t, &s, guide.NewCodes, LaterStep) // seen again
	if due(Later-time.Second) || !due(Later) {
		t.Errorf("after a week: %t, %t", due(Later-time.Second), due(Later))
	}
	s.RemindOfCodes(false, now)
	if !due(Grace) {
		t.Error("the day after once more: never")
	}
}
