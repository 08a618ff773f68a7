// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/assets/words"
)

func begin(t testing.TB, entry string, f Facts) *Run {
	t.Helper()
	r, err := load(t).Begin(entry, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWalk(t *testing.T) {
	r := begin(t, Setup, Facts{})
	if r.CanBack() || r.Back() {
		t.Error("there is something before the first step")
	}
	if at, of := r.Progress(); at != 1 || of != 13 {
		t.Errorf("step %d of %d", at, of)
	}
	s := r.Step()
	if s.ID != "reasons" || len(s.Choices) != 1 || s.Choices[0].Label != "Begin" {
		t.Fatalf("%+v", s)
	}
	if err := r.Outcome(Added); !errors.Is(err, ErrNotOffered) {
		t.Errorf("an outcome of no live piece: %v", err)
	}
	if err := r.Choose(Choice{To: "summary"}); !errors.Is(err, ErrNotOffered) {
		t.Errorf("a choice that is not there: %v", err)
	}
	for r.Step().ID != "method" {
		if err := r.Choose(r.Step().Choices[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Choose(r.Step().Cards[1].Choice); err != nil || r.Step().ID != "sms" {
		t.Errorf("the card leads to %s: %v", r.Step().ID, err)
	}
	if !r.Back() || r.Step().ID != "method" {
		t.Errorf("back at %s", r.Step().ID)
	}
	if at, of := r.Progress(); at != 4 || of != 13 {
		t.Errorf("step %d of %d", at, of)
	}
}

// Facts decide what is offered, also when they change on the way.
func TestFacts(t *testing.T) {
	r := begin(t, SwitchToSMS, Facts{})
	to := func() string { return r.Choices()[0].To }
	if to() != "sms-open" {
		t.Errorf("unlinked: %s", to())
	}
	r.SetFacts(Facts{Linked: true})
	if to() != "sms" || len(r.Step().Choices) != 2 {
		t.Errorf("linked: %s", to())
	}
	if err := r.Choose(Choice{To: "sms-open"}); !errors.Is(err, ErrNotOffered) {
		t.Errorf("what does not fit the facts: %v", err)
	}
	for cond, holds := range map[If]bool{"": true, "linked": true, "!linked": false, "linked !key_here": true, "linked key_here": false, "!service !codes_known": true} {
		if cond.Holds(Facts{Linked: true}) != holds {
			t.Errorf("%q", cond)
		}
	}
}

func TestNoSuchEntry(t *testing.T) {
	if _, err := load(t).Begin("dance", nil); !errors.Is(err, ErrNoEntry) {
		t.Errorf("got %v", err)
	}
	if _, err := load(t).Restore(State{Entry: "dance"}, nil); !errors.Is(err, ErrNoEntry) {
		t.Errorf("got %v", err)
	}
}

// What the workspace says is filled in; what needs more than it says is left out.
func TestFill(t *testing.T) {
	r := begin(t, Setup, Facts{})
	r.state.Step = "help"
	if s := r.Step(); len(s.Points) != 1 || strings.Contains(strings.Join(s.Points, ""), "{") {
		t.Errorf("without a contact: %q", s.Points)
	}
	r.SetFill(Fill{Contact: "the {workspace} desk, desk@example.com", Notes: map[string][]string{"help": {"Ring twice."}}})
	s := r.Step()
	if s.Points[0] != "Your workspace’s contact: the {workspace} desk, desk@example.com" || !slices.Equal(s.Notes, []string{"Ring twice."}) {
		t.Errorf("%q %q", s.Points, s.Notes)
	}
	if raw, _ := load(t).Step("help"); strings.Contains(raw.Points[0], "desk") {
		t.Error("the guide itself was changed")
	}
}

func TestSpeaksTheLanguage(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	if !words.Use("de") {
		t.Fatal("no German")
	}
	r := begin(t, Setup, Facts{})
	r.state.Step = "scan"
	if got := r.Step().Title; got == "Scan the QR code" {
		t.Errorf("the title is %q", got)
	}
	if got := load(t).Titles(Fill{})[0].Title; got != r.Entry().Title || got == "" {
		t.Errorf("%q", got)
	}
}

// A run goes on at the same step after its state was written and read.
func TestStateGoesOn(t *testing.T) {
	all := guides(t)
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.SampledFrom(all).Draw(t, "guide")
		f := rapid.SampledFrom(g.everyFacts()).Draw(t, "facts")
		r, err := g.Begin(rapid.SampledFrom(g.Entries).Draw(t, "entry").Name, f)
		if err != nil {
			t.Fatal(err)
		}
		r.SetAccount("abcdefghij23")
		r.SetPending(&Pending{ID: "e1", Method: "app", Account: "abcdefghij23", Expires: 1_700_000_000})
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			if r.Ended() || rapid.IntRange(0, 5).Draw(t, "back") == 0 {
				r.Back()
				continue
			}
			if err := rapid.SampledFrom(ways(r.Step())).Draw(t, "way")(r); err != nil {
				t.Fatal(err)
			}
		}
		data, err := json.Marshal(r.State())
		if err != nil {
			t.Fatal(err)
		}
		var s State
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		again, err := g.Restore(s, f)
		if err != nil || again.Restarted() {
			t.Fatalf("%v", err)
		}
		if got, want := fmt.Sprintf("%+v", again.Step()), fmt.Sprintf("%+v", r.Step()); got != want {
			if r.Step().Pause {
				return
			}
			t.Fatalf("at\n%s, want\n%s", got, want)
		}
		if again.Account() != r.Account() || *again.Pending() != *r.Pending() || !slices.Equal(again.state.History, r.state.History) {
			t.Fatalf("%+v is not %+v", again.state, r.state)
		}
	})
}

// A step that is gone begins the entry anew and says so; what is pending stays.
func TestStateOfAnotherGuide(t *testing.T) {
	r, err := load(t).Restore(State{Entry: Disable, Step: "gone", History: []string{"off", "lost-step"}, Account: "a", Pending: &Pending{ID: "x"}}, nil)
	if err != nil || !r.Restarted() || r.Step().ID != "off" || r.CanBack() || r.Account() != "a" || r.Pending().ID != "x" {
		t.Errorf("%v %+v", err, r.state)
	}
	r, err = load(t).Restore(State{Entry: Disable, Step: "off-press", History: []string{"off", "gone", "off-open"}}, nil)
	if err != nil || r.Restarted() || !slices.Equal(r.state.History, []string{"off", "off-open"}) {
		t.Errorf("%v %+v", err, r.state)
	}
}

// From a pause one goes on where one was.
func TestPause(t *testing.T) {
	r := begin(t, NewPhone, nil)
	for _, to := range []string{"lost", "help", "pause"} {
		if err := r.Choose(Choice{To: to}); err != nil {
			t.Fatal(err)
		}
	}
	if !r.Ended() || !r.Step().Pause {
		t.Errorf("%+v", r.Step())
	}
	again, err := load(t).Restore(r.State(), nil)
	if err != nil || again.Step().ID != "help" {
		t.Errorf("%v %s", err, again.Step().ID)
	}
}

// The golden file is what this version writes.
func TestStateGolden(t *testing.T) {
	r := begin(t, Setup, Facts{})
	for r.Step().ID != "method" {
		if err := r.Choose(r.Choices()[0]); err != nil {
			t.Fatal(err)
		}
	}
	r.SetAccount("abcdefghij23")
	r.SetPending(&Pending{ID: "enrolment-1", Method: "app", Account: "abcdefghij23", Expires: 1_764_081_130})
	dir := t.TempDir()
	save(t, r, dir)
	got, err := os.ReadFile(filepath.Join(dir, "setup.json"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "setup-v1.json"))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v\n%s", err, got)
	}
}

// recover.json is of the same form.
func TestRecoverStateGolden(t *testing.T) {
	g := guides(t)[1]
	r, err := g.Begin(KeysLocked, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Outcome(Locked); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"locked-open", "locked-restart"} {
		if err := r.Choose(Choice{To: to}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	save(t, r, dir)
	save(t, begin(t, Setup, nil), dir)
	got, err := os.ReadFile(filepath.Join(dir, "recover.json"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "recover-v1.json"))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v\n%s", err, got)
	}
	// Each guide has its own: after the restart one goes on here.
	if again, ok, err := g.Saved(dir, nil); err != nil || !ok || again.Step().ID != "locked-restart" || !again.CanBack() {
		t.Errorf("%v %v", ok, err)
	}
	if err := g.Forget(dir); err != nil || saved(t, dir).Entry().Name != Setup {
		t.Errorf("the set-up was forgotten, too: %v", err)
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte(`{"entry":"setup","step":"scan","history":["reasons","x"],"pending":{"id":"a"}}`))
	f.Add([]byte(`{"entry":"new-phone","step":"pause"}`))
	f.Add([]byte(`{"entry":"locked","step":"in-unlocked","history":["locked-which","call-later"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s State
		if json.Unmarshal(data, &s) != nil {
			return
		}
		for _, g := range guides(t) {
			r, err := g.Restore(s, Facts{})
			if err != nil {
				continue
			}
			if r.Step().ID == "" {
				t.Fatalf("nowhere: %+v", s)
			}
			_ = r.Next()
			for r.Back() {
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	load(b)
	data := readGuide(b)
	for b.Loop() {
		if _, err := Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func readGuide(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../assets/guides/setup.toml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}
