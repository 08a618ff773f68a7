// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
)

// The watching goes on after a picture was looked for, however long that took.
func TestWatchingOutlastsAFileDialog(t *testing.T) {
	r := newRig(t)
	r.u.openGuide(guide.Setup)
	r.settle()
	r.u.setup.BeginAt(guide.Setup, "scan")
	r.settle()
	r.press("Watch for it: look at the screen and the clipboard each second until the code is there")
	r.tick(noon)
	r.u.adding.OpenPicture() // from the menu
	for i := range 10 {
		r.tick(noon.Add(time.Duration(i) * time.Second))
	}
	r.key(fyne.KeyEscape)
	r.tick(noon.Add(10 * time.Second))
	r.mustSee("Watching your screen and your clipboard now.")
	r.press("Open a picture") // the person goes on by another way
	if r.sees("Watching your screen") {
		t.Error("it says that it watches, and does not")
	}
}

// Who is stuck can look at the clock from there, and comes back; and sees whom the
// workspace says to ask. R58
func TestStuckLeadsToTheClock(t *testing.T) {
	r := newRig(t)
	r.u.profile.Contact = "the desk, 2nd floor"
	r.u.openGuide(guide.Setup)
	r.settle()
	r.press("Begin")
	r.u.stuck("refused")
	r.settle()
	r.mustSee("Your workspace’s contact: the desk, 2nd floor")
	for _, back := range []func(){func() { r.press("Back") }, func() { r.key(fyne.KeyEscape) }} {
		r.press("Check my clock")
		if !r.u.truth.Shown() {
			t.Fatal("it does not lead to the clock")
		}
		back()
		r.settle()
		r.mustSee("Kutano does not accept my code")
		if r.u.truth.Shown() {
			t.Fatal("the clock's page is still there")
		}
	}
	r.press("Check my clock")
	r.u.Go(placeCodes) // not back, but elsewhere
	r.u.Go(placeSetup)
	r.mustSee("Have your phone at hand")
	r.u.Go(placeRecovery)
	r.mustSee("Your workspace’s contact: the desk, 2nd floor")
}
