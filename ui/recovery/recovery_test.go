// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Nobody is left without a next step: each topic ends with the workspace
// administrator, or leads on.
func TestNoDeadEnds(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range Topics() {
		if topic.ID == "" || seen[topic.ID] || topic.Answer == "" || len(topic.Lines) < 3 {
			t.Errorf("topic %+v", topic)
		}
		seen[topic.ID] = true
		if icons[topic.ID] == "" {
			t.Errorf("%s has no icon", topic.ID)
		}
		if (topic.Button == "") != (topic.Leads == Nowhere) {
			t.Errorf("%s: button %q leads to %d", topic.ID, topic.Button, topic.Leads)
		}
		if !strings.Contains(strings.Join(topic.Lines, " "), "administrator") && topic.Leads == Nowhere {
			t.Errorf("%s is a dead end", topic.ID)
		}
		if strings.Contains(strings.Join(topic.Lines, " "), "!") {
			t.Errorf("%s shouts", topic.ID)
		}
	}
	if _, ok := Find("none"); ok {
		t.Error("found a topic that is not there")
	}
}

func TestPage(t *testing.T) {
	test.NewTempApp(t)
	went := ""
	p := New(Around{
		Codes: func() { went = "codes" }, Setup: func() { went = "setup" }, Add: func() { went = "add" },
	})
	test.NewTempWindow(t, p.Object())
	for i, want := range []string{"codes", "setup", "", "setup", "add", "add"} {
		if len(p.Answers) != len(Topics()) {
			t.Fatalf("%d answers", len(p.Answers))
		}
		p.Answers[i].Tapped(nil)
		if p.Shown() != Topics()[i].ID {
			t.Errorf("answer %d shows %q", i, p.Shown())
		}
		went = ""
		if p.Action != nil {
			p.Action.Tapped(nil)
		}
		if went != want {
			t.Errorf("%s leads to %q, want %q", p.Shown(), went, want)
		}
		p.Back.Tapped(nil)
		if p.Shown() != "" {
			t.Error("Back does not lead to the question")
		}
	}
	p.Clock = func() { went = "clock" }
	for _, topic := range Topics() {
		p.Show(topic.ID)
		if (p.Check != nil) != (topic.ID == "refused") {
			t.Errorf("%s: the button to the clock is %v", topic.ID, p.Check)
		}
	}
	p.Show("refused")
	p.Check.Tapped(nil)
	if went != "clock" || !strings.Contains(Topics()[0].Lines[Topics()[0].Clock-1], "clock") {
		t.Errorf("the clock's button leads to %q", went)
	}
	p.Show("none")
	if p.Shown() != "" {
		t.Error("an unknown topic does not lead to the question")
	}
}

// On a phone the buttons stand under each other, each as wide as the page.
func TestButtonsOnAPhone(t *testing.T) {
	test.NewTempApp(t)
	p := New(Around{Codes: func() {}, Return: func() {}, Contact: func() string { return "" }})
	w := test.NewTempWindow(t, p.Object())
	p.Show("refused")
	for width, under := range map[float32]bool{320: true, 1000: false} {
		w.Resize(fyne.NewSize(width, 700))
		p.Show("refused")
		w.Resize(fyne.NewSize(width, 701)) // the height follows the width
		back, action := p.Back.Position(), p.Action.Position()
		if got := action.Y >= back.Y+p.Back.Size().Height; got != under || got == (action.X > back.X) {
			t.Errorf("%v wide: at %v and %v", width, back, action)
		}
		if under && (p.Action.Size().Width != p.Back.Size().Width || p.Action.Size().Width > width) {
			t.Errorf("%v wide: %v and %v", width, p.Back.Size(), p.Action.Size())
		}
		if bar := p.Action.MinSize().Height; p.Action.Size().Height < bar {
			t.Errorf("%v wide: %v high, needs %v", width, p.Action.Size().Height, bar)
		}
	}
}
