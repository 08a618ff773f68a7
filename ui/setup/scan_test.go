// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/vault/scan"
)

// R36 R41: from the QR code on the screen to the code that is typed.
func TestScan(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	r.eyes.show(t, uri("Kutano", "ana@example.com", keyA))
	r.press("Scan my screen now")
	r.tick()
	r.at("code")
	r.mustSee("Kutano · ana@example.com")
	r.mustSee("217 874")
	r.mustSee("Kutano support will never ask you for this code.")
	if a := r.vault.list[0]; r.p.run.Account() != string(a.ID) {
		t.Errorf("the run is about %q, not %q", r.p.run.Account(), a.ID)
	}
	// The same code again: it is here, and nothing is added.
	r.p.Back()
	r.press("Scan my screen now")
	r.at("code")
	if len(r.vault.list) != 1 {
		t.Errorf("%d accounts after the same code twice", len(r.vault.list))
	}
	if r.toast.Text() != "This account is here already. There is nothing to add." {
		t.Errorf("it says %q", r.toast.Text())
	}
	r.p.Back()
	r.press("It is here already")
	r.at("code")
}

// Only Kutano's code is taken where others are on the screen, too.
func TestScanAmongOthers(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	r.eyes.show(t, uri("GitHub", "ana-example", keyB), uri("Kutano", "ana@example.com", keyA))
	r.press("Scan my screen now")
	r.at("code")
	if len(r.vault.list) != 1 || r.vault.list[0].Issuer != "Kutano" {
		t.Errorf("kept: %+v", r.vault.list)
	}
}

// A code of another service, or of another user, is asked about. R55
func TestScanAsks(t *testing.T) {
	for name, tc := range map[string]struct {
		here, found [2]string
		linked      bool
		asks, take  string // "" is not asked
	}{
		"another service":      {found: [2]string{"GitHub", "ana-example"}, asks: "Is this Kutano’s code?", take: "It is my Kutano account"},
		"no service":           {found: [2]string{"", "ana@example.com"}, asks: "Is this Kutano’s code?", take: "It is my Kutano account"},
		"another user":         {here: [2]string{"Kutano", "ana@example.com"}, found: [2]string{"Kutano", "ben@example.com"}, asks: "Is this the right user?", take: "Use ben@example.com"},
		"another user link":    {linked: true, found: [2]string{"Kutano", "ben@example.com"}, asks: "Is this the right user?", take: "Use ben@example.com"},
		"another key":          {here: [2]string{"Kutano", "ana@example.com"}, found: [2]string{"Kutano", "ana@example.com"}, asks: "Replace the key of this account?", take: "Replace the key"},
		"the user in capitals": {linked: true, found: [2]string{"KUTANO", "Ana@Example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.linked = tc.linked
			if tc.here[1] != "" {
				r.add(tc.here[0], tc.here[1], keyB)
			}
			before := len(r.vault.list)
			r.to(guide.Setup, "scan")
			r.eyes.show(t, uri(tc.found[0], tc.found[1], keyA))
			r.press("Scan my screen now")
			if tc.asks == "" {
				r.at("code")
				return
			}
			r.at("scan")
			r.mustSee(tc.asks)
			if len(r.vault.list) != before {
				t.Fatal("it was kept before it was asked about")
			}
			r.press(tc.take)
			r.at("code")
			r.mustSee(tc.found[1])
		})
	}
}

// Whoever says no to the question stays at the step, and nothing is kept.
func TestScanRefused(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	r.eyes.show(t, uri("GitHub", "ana-example", keyB))
	r.press("Scan my screen now")
	r.flow.Close()
	r.settle()
	r.at("scan")
	if len(r.vault.list) != 0 {
		t.Error("it was kept")
	}
	// What is added from elsewhere in the app, after the step was left, is not the
	// assistant's.
	r.p.Back()
	r.flow.Seen(add.Texts{Texts: []string{uri("GitHub", "ana-example", keyB)}})
	r.settle()
	r.mustSee("Add this account")
}

const watchFor = "Watch for it: look at the screen and the clipboard each second until the code is there"

func TestWatch(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	r.pass(3)
	if r.eyes.looks != 0 {
		t.Fatal("it watches without having been asked to")
	}
	r.press(watchFor)
	r.mustSee("Watching your screen and your clipboard now.")
	r.pass(2)
	looks := r.eyes.looks
	if looks == 0 {
		t.Fatal("it does not look")
	}
	r.mustSee("Watching your screen")
	r.eyes.show(t, "https://example.com/not-a-key", uri("Kutano", "ana@example.com", keyA))
	r.pass(1)
	r.at("code")
	r.mustSee("217 874")
	looks = r.eyes.looks
	r.pass(3)
	if r.eyes.looks != looks {
		t.Error("it goes on watching after it found the code")
	}
}

func TestWatchTheClipboard(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	r.press(watchFor)
	r.eyes.clip = "some other text"
	r.pass(1)
	r.at("scan")
	r.eyes.clip = uri("GitHub", "ana", keyB) // another service: asked about, once
	r.pass(1)
	r.mustSee("Is this Kutano’s code?")
	r.pass(2)
	r.flow.Close()
	r.pass(2)
	r.mustNotSee("Is this Kutano’s code?")
	r.mustNotSee("Watching your screen")
	r.eyes.clip = uri("Kutano", "ana@example.com", keyA)
	r.press(watchFor)
	r.pass(1)
	r.at("code")
}

// The keyboard stays on the tick that begins and ends the watching.
func TestWatchKeepsTheKeyboard(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "scan")
	for _, on := range []bool{true, false, true} {
		w := r.p.piece.(*scanPiece).watch
		w.check.Tapped(nil)
		if w.on != on || r.w.Canvas().Focused() != fyne.Focusable(w.check) {
			t.Errorf("watching %t, want %t; the keyboard is on %T", w.on, on, r.w.Canvas().Focused())
		}
	}
	r.p.Refresh() // the tick is another one now
	if f := r.w.Canvas().Focused(); f != nil {
		t.Errorf("the keyboard is on a %T that has gone", f)
	}
}

// The watching ends at once when the step is left, the app is locked, another place
// is shown, or nobody sees the window.
func TestWatchEnds(t *testing.T) {
	for name, away := range map[string]func(*rig){
		"the step is left": func(r *rig) { r.p.Back() },
		"the tick goes":    func(r *rig) { r.press(watchFor) },
		"another place":    func(r *rig) { r.p.Leave() },
		"locked":           func(r *rig) { r.p.Lock() },
		"minimised":        func(r *rig) { r.away = true },
		"not seen for a while": func(r *rig) {
			r.clock.now = r.clock.now.Add(10 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.to(guide.Setup, "scan")
			r.press(watchFor)
			r.pass(1)
			away(r)
			before := r.eyes.looks
			r.eyes.show(t, uri("Kutano", "ana@example.com", keyA))
			r.pass(3)
			if r.eyes.looks != before || len(r.vault.list) != 0 {
				t.Errorf("it looked %d times more", r.eyes.looks-before)
			}
			if name == "minimised" || name == "not seen for a while" {
				r.mustSee("The watching has ended, because this window was out of sight.")
			}
		})
	}
}

// While a file is chosen, or another sheet is open, the watching waits, however long
// that takes.
func TestWatchWaits(t *testing.T) {
	r := newRig(t)
	choosing := false
	r.around.Choosing = func() bool { return choosing }
	r.open()
	r.to(guide.Setup, "scan")
	r.press(watchFor)
	r.pass(1)
	choosing = true
	before := r.eyes.looks
	r.eyes.show(t, uri("Kutano", "ana@example.com", keyA))
	r.pass(10)
	if r.eyes.looks != before {
		t.Error("it looks while a file is chosen")
	}
	r.at("scan")
	r.mustSee("Watching your screen")
	choosing = false
	r.pass(1)
	r.at("code")
}

// Where the screen cannot be looked at, the clipboard is watched alone, and that
// is said.
func TestWatchBlind(t *testing.T) {
	r := newRig(t)
	r.eyes.err = scan.ErrNoScreen
	r.to(guide.Setup, "scan")
	r.press(watchFor)
	r.pass(1)
	r.mustSee("Watching your clipboard now.")
	r.eyes.clip = uri("Kutano", "ana@example.com", keyA)
	r.pass(1)
	r.at("code")

	r = newRig(t)
	r.around.NoScreen = func() bool { return true }
	r.open()
	r.to(guide.Setup, "scan")
	r.press("Watch for it: look at the clipboard each second until the code is there")
	r.pass(2)
	if r.eyes.looks != 0 {
		t.Error("it looked at the screen where the desktop would ask each time")
	}
}
