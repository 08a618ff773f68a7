// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"slices"
	"strings"
	"testing"
)

// R53: what to look at is said for the operating system at hand, and nothing of
// another one.
func TestLookHere(t *testing.T) {
	r, err := guides(t)[1].Restore(State{Entry: Refused, Step: "refused-clock"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for goos, want := range map[string]string{
		"linux": "timedatectl", "freebsd": "timedatectl", "windows": "Sync now", "darwin": "Set time and date automatically",
		"android": "Automatic date and time", "ios": "Set Automatically",
	} {
		r.SetPlatform(PlatformOf(goos))
		if got := strings.Join(r.Step().Here, " "); !strings.Contains(got, want) || strings.Count(got, "Open Settings")+strings.Count(got, "Open System Settings") != 1 {
			t.Errorf("%s: %q", goos, got)
		}
	}
}

func TestLookOn(t *testing.T) {
	l := Look{computer: {"A."}, MacOS: {"B."}, phone: {"C."}}
	for p, want := range map[Platform]string{Linux: "A.", Windows: "A.", MacOS: "B.", Android: "C.", IOS: "C."} {
		if got := l.On(p); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q", p, got)
		}
	}
	if got := l.Keys(); !slices.Equal(got, []Platform{computer, MacOS, phone}) {
		t.Errorf("%v", got)
	}
	for _, p := range append(Platforms(), computer, phone) {
		if p.Says() == "" || p.Says() == string(p) {
			t.Errorf("%s has no name", p)
		}
	}
}

// The topics are the recovery guide's entries, in their order, and each step of the
// set-up leads to one of them.
func TestTopics(t *testing.T) {
	var names []string
	for _, e := range guides(t)[1].Entries {
		names = append(names, e.Name)
	}
	if !slices.Equal(names, Topics()) || FirstTopics >= len(names) {
		t.Errorf("%q are not %q", names, Topics())
	}
}

// A workspace's note is at one step, whichever guide that is in.
func TestStepsHaveDifferentNames(t *testing.T) {
	all := guides(t)
	for _, s := range all[1].Steps {
		if _, twice := all[0].Step(s.ID); twice {
			t.Errorf("both guides have a step %s", s.ID)
		}
	}
}

// An end of the recovery guide leads on into the set-up.
func TestNext(t *testing.T) {
	r, err := guides(t)[1].Restore(State{Entry: Lost, Step: "in-lost"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range r.Next() {
		names = append(names, e.Name)
		if _, err := load(t).Begin(e.Name, nil); err != nil || e.Title == "" {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	if !slices.Equal(names, []string{Setup, ChangedNumber, Review}) {
		t.Errorf("%q", names)
	}
}

// R68: where the backup codes are is said where it is known, and left out where not.
func TestWhereTheCodesAre(t *testing.T) {
	r, err := guides(t)[1].Restore(State{Entry: Lost, Step: "gone-backup"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Step().Points; len(got) != 1 {
		t.Errorf("%q", got)
	}
	r.SetFill(Fill{Codes: "in the safe at home, 7 left"})
	if got := r.Step().Points; len(got) != 2 || got[0] != "Where you keep them: in the safe at home, 7 left" {
		t.Errorf("%q", got)
	}
}
