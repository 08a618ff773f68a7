// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestStepsAreShortAndLeadOn(t *testing.T) {
	for name, steps := range map[string][]Step{"app": App(), "text": TextMessage()} {
		for i, s := range steps {
			if s.Title == "" || len(s.Lines) > 3 {
				t.Errorf("%s %d: %q has %d sentences, want a title and at most 3", name, i, s.Title, len(s.Lines))
			}
			if (s.Button == "") != (s.Does == Chooses) {
				t.Errorf("%s %d: the main button says %q", name, i, s.Button)
			}
			for _, l := range append(s.Lines, s.Title, s.Button) {
				if strings.Contains(l, "!") {
					t.Errorf("%s %d: %q", name, i, l)
				}
			}
		}
		if last := steps[len(steps)-1]; last.Does != Shows {
			t.Errorf("%s ends with %q", name, last.Title)
		}
	}
}

// The order of Kutano's published guide.
func TestTheGuidesOrder(t *testing.T) {
	var all strings.Builder
	for _, s := range App() {
		all.WriteString(strings.Join(append([]string{s.Title}, s.Lines...), " ") + " ")
	}
	text, at := all.String(), 0
	for _, word := range []string{"User Settings", "Security", "edit icon", "Use authentication app", "Continue", "QR code", "Continue", "Verify", "backup codes"} {
		i := strings.Index(text[at:], word)
		if i < 0 {
			t.Fatalf("%q does not come in its place", word)
		}
		at += i
	}
}

type calls struct{ scan, codes, stuck int }

func newPage(t *testing.T) (*Page, *calls) {
	test.NewTempApp(t)
	c := &calls{}
	p := New(Around{
		Scan: func() { c.scan++ }, Codes: func() { c.codes++ }, Stuck: func() { c.stuck++ },
		Picture: func() {}, Type: func() {},
	})
	w := test.NewTempWindow(t, p.Object())
	w.Resize(fyne.NewSize(360, 640))
	return p, c
}

func TestPageLeadsToTheCodes(t *testing.T) {
	p, c := newPage(t)
	if p.Back.Visible() {
		t.Error("there is a way back before the first step")
	}
	p.Main.Tapped(nil)
	p.Use[0].Tapped(nil)
	p.Main.Tapped(nil)
	p.Main.Tapped(nil)
	if c.scan != 1 || p.Step().Does != Scans {
		t.Fatalf("scanned %d times at %q", c.scan, p.Step().Title)
	}
	p.Added()
	if p.Step().Does == Scans {
		t.Error("it stays at the scan after the account was added")
	}
	p.Added() // from another place: nothing happens
	p.Back.Tapped(nil)
	if p.Step().Does != Scans {
		t.Error("Back does not go back")
	}
	p.Added()
	for range 3 {
		p.Main.Tapped(nil)
	}
	if c.codes != 1 || p.at != 0 {
		t.Errorf("shown codes %d times, at step %d afterwards", c.codes, p.at)
	}
}

func TestTextMessagesHaveTheirOwnSteps(t *testing.T) {
	p, _ := newPage(t)
	p.Main.Tapped(nil)
	p.Use[1].Tapped(nil)
	if !strings.Contains(p.Step().Lines[0], "Use text message") {
		t.Errorf("after choosing text messages: %q", p.Step().Lines)
	}
	p.Back.Tapped(nil)
	p.Use[0].Tapped(nil)
	if !strings.Contains(p.Step().Lines[0], "Use authentication app") {
		t.Errorf("after changing one's mind: %q", p.Step().Lines)
	}
}

func TestMethodsSideBySide(t *testing.T) {
	for i, m := range Methods() {
		if m.Recommended != (i == 0) || m.BestFor == "" || len(m.Pros) == 0 || len(m.Cons) == 0 || m.Button == "" {
			t.Errorf("method %d: %+v", i, m)
		}
	}
}
