// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
)

// words reads the recovery key that is on the screen, as its owner does.
func (r *rig) words() []string {
	r.t.Helper()
	var all []string
	for _, o := range test.LaidOutObjects(r.w.Canvas().Overlays().Top()) {
		if g, ok := o.(*safety.Word); ok {
			all = append(all, g.Text)
		}
	}
	if len(all) != 16 {
		r.t.Fatalf("%d words on the screen", len(all))
	}
	return all
}

// picked is a file that the user chose.
func picked(file []byte) safety.Picked {
	return safety.Picked{Name: "latest.age", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }}
}

// makeKey goes from the banner to a tested recovery key.
func (r *rig) makeKey() []string {
	r.t.Helper()
	places := [2]int{2, 15}
	r.u.safety.Places = func(int) [2]int { return places }
	r.u.showTrouble(noon)
	n := r.u.shell.Banner().Notice()
	if n == nil || n.Action != "Make it" || n.Tone != kit.Calm {
		r.t.Fatalf("banner %+v", n)
	}
	n.Do()
	r.press("Show me the words")
	all := r.words()
	for _, o := range r.objects() {
		if c, ok := o.(*kit.Check); ok && c.Text == "I wrote the words down" {
			c.SetChecked(true)
		}
	}
	r.press("Continue")
	r.entry("Word 3").SetText(all[2])
	r.entry("Word 16").SetText(all[15])
	r.press("Finish")
	r.mustSee("first snapshot written and tested")
	r.press("Done")
	return all
}

// From the banner to a snapshot that brings the accounts back, on a vault that
// knows nothing.
func TestRecoveryKeyAndBack(t *testing.T) {
	r := newRig(t, kutanoURI)
	all := r.makeKey()
	r.tick(noon)
	if n := r.u.shell.Banner().Notice(); n != nil {
		t.Errorf("the banner stays: %+v", n)
	}
	r.u.Go(placeSettings)
	r.settle()
	r.mustSee("Safety copies", "Recovery key since", "Last snapshot: ")
	file, err := r.vault.Snapshots().Read("latest")
	if err != nil {
		t.Fatal(err)
	}

	other := newRig(t)
	other.mustSee("Restore from a snapshot")
	other.press("Restore from a snapshot")
	other.mustSee("Bring accounts back", "Open a file…")
	other.u.safety.ChooseFile = func(chosen func(safety.Picked, bool), _ func(error)) { chosen(picked(file), true) }
	other.press("Open a file…")
	other.entry("The 16 words, or the line that begins with AGE-SECRET-KEY").SetText(strings.ToUpper(strings.Join(all, "\n")))
	other.press("Open")
	other.mustSee("1 account in this backup", "Kutano · ana@example.com")
	other.press("Bring back 1 account")
	other.press("Go to my codes")
	other.mustSee(grouped(codeOf(t, kutanoURI, noon)))
}

// A passphrase that is forgotten, from the lock to the codes.
func TestForgottenPassphraseIsSetAnew(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Reset = ResetPassphrase(r.dir, "", r.clock)
	r.u.offerRecovery()
	all := r.makeKey()
	r.lock()
	r.press("Forgotten?")
	r.key(fyne.KeyEscape)
	if !r.u.Locked() || kit.TopSheet(r.w.Canvas()) != nil {
		t.Fatal("Esc did not lead back to the lock")
	}
	r.press("Forgotten?")
	r.entry("The 16 words, or the line that begins with AGE-SECRET-KEY").SetText(strings.Join(all, " "))
	r.press("Continue")
	r.mustSee("Choose a new passphrase")
	for _, o := range test.LaidOutObjects(r.w.Canvas().Overlays().Top()) {
		if e, ok := o.(*kit.Entry); ok {
			e.SetText("four quite other words")
		}
	}
	r.press("Set the new passphrase")
	r.mustSee("The new passphrase is set")
	r.press("Continue")
	if !r.u.Locked() {
		t.Fatal("unlocked without the new passphrase")
	}
	r.u.gate.first.SetText("four quite other words")
	r.u.gate.submit()
	r.settle()
	r.mustSee(grouped(codeOf(t, kutanoURI, noon)))
}

// Locking in the middle of it takes the key off the screen, and out of memory.
func TestLockWhileKeyIsShown(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.safety.MakeKey()
	r.press("Show me the words")
	r.words()
	r.lock()
	for _, o := range r.objects() {
		if w, ok := o.(*safety.Word); ok && w.Text != "" {
			t.Fatal("a word of the key is behind the lock")
		}
	}
	if r.u.safety.Showing() != nil {
		t.Error("the sheet is still there")
	}
	if _, _, ok := r.vault.Recovery(); ok {
		t.Error("the key is kept although it was not proved")
	}
}

// A calm banner goes, and comes back, as a step comes and goes, and not with the
// next tick: the page would move while somebody is about to press something on it.
func TestTheBannerMovesNoStep(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.tick(noon)
	says := func(when string, want bool) {
		t.Helper()
		r.settle()
		if got := r.u.shell.Banner().Notice() != nil; got != want {
			t.Errorf("%s: a banner is %v, want %v", when, got, want)
		}
	}
	says("at the codes", true)
	r.u.openGuide(guide.Setup)
	says("at a step", false)
	r.u.setup.Key("Escape")
	says("at all entries", true)
	r.u.openGuide(guide.Review)
	says("at another step", false)
	r.u.Go(placeCodes)
	says("back at the codes", true)
}
