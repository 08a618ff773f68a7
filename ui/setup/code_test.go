// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// R54: a code with less than five seconds left is held back; the next one comes
// when it starts.
func TestCodeIsHeldBack(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	r.mustSee("217 874")
	r.mustSee("valid for 20 more seconds")
	r.press("Copy the code")
	if len(r.copied) != 1 {
		t.Error("nothing was copied")
	}
	r.pass(12)
	r.mustSee("next: ")
	r.pass(3)
	r.mustSee("217 874") // 5 seconds left
	r.pass(1)
	r.mustNotSee("217 874")
	r.mustSee("Wait a moment: a fresh code comes in 4 seconds.")
	if c := r.p.piece.(*codePiece); !c.code.Button.Disabled() {
		t.Error("it can be copied all the same")
	}
	r.pass(4)
	r.mustNotSee("Wait a moment")
	r.mustSee("valid for 30 more seconds")
	if c := r.p.piece.(*codePiece); c.code.Button.Disabled() {
		t.Error("the next one cannot be copied")
	}
}

func TestCodeIsVeiled(t *testing.T) {
	r := newRig(t)
	r.around.Veiled = func() bool { return true }
	r.open()
	r.to(guide.Setup, "code")
	r.mustNotSee("217 874")
	r.mustSee("••• •••")
}

// The service accepted it: that is noted for the account and the method.
func TestAccepted(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	r.press("Kutano accepted it")
	r.at("app-on")
	if r.w.Canvas().Focused() != fyne.Focusable(r.p.Main) {
		t.Error("the accounts were shown anew, and the main button has lost the keyboard")
	}
	if at := r.vault.verified[r.vault.list[0].ID]; !at.Equal(r.clock.Now()) {
		t.Errorf("verified at %v", at)
	}
	if r.upkeep.state.Method != readiness.App {
		t.Errorf("the method is %q", r.upkeep.state.Method)
	}
}

// R56: refused again and again, with a clock that is right: the next code, a new
// QR code, and then people.
func TestRefused(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	r.press("It was refused")
	r.at("check")
	r.mustSee("Kutano · ana@example.com is in this app.")
	r.mustSee("Your clock is right.")
	r.press("Show the next code")
	r.at("code")
	r.press("It was refused")
	r.mustSee("2 codes were refused in a row.")
	r.press("Scan a new QR code")
	r.at("rescan")
	r.press("I see the QR code")
	r.eyes.show(t, uri("Kutano", "ana@example.com", keyB))
	r.press("Scan my screen now")
	r.press("Replace the key")
	r.at("code")
	for range 2 {
		r.press("It was refused")
		if r.sees("Who can help me") && !r.sees("Show the next code") {
			t.Error("there is only one way left")
		}
		if r.p.refused < 2 {
			r.press("Show the next code")
		}
	}
	r.mustSee("The codes here are right for the key that was scanned, and they are still refused.")
	r.press("Who can help me")
	r.at("unsolved") // nobody is locked out by a set-up that does not work
	r.press("Ask your workspace administrator")
	r.at("help")
}

// R53: a clock that is off is seen to from here, and noticed once it is right.
func TestRefusedForTheClock(t *testing.T) {
	r := newRig(t)
	r.verdict = verdict.Verdict{Tone: verdict.Fail, Headline: "Your clock is 47 seconds slow: codes will be refused."}
	r.to(guide.Setup, "code")
	r.press("It was refused")
	r.mustSee("Your clock is 47 seconds slow: codes will be refused.")
	r.press("Check my clock")
	if r.clocks != 1 {
		t.Fatal("the clock's page was not opened")
	}
	r.verdict = verdict.Verdict{Tone: verdict.Right, Headline: "Your codes are corrected by 47 seconds."}
	r.tick()
	r.mustSee("Your codes are corrected by 47 seconds.")
	r.press("Show the next code")
	r.at("code")
}

// An account that was removed meanwhile can come back from here.
func TestRefusedWithoutAnAccount(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	id := r.vault.list[0].ID
	_ = r.vault.Remove(t.Context(), id)
	r.reload()
	r.mustSee("The account is not in this app any more.")
	r.press("It was refused")
	r.mustSee("The account was removed from this app not long ago.")
	r.vault.fail = errors.New("the drive is full")
	r.press("Bring it back")
	r.at("check")
	r.vault.fail = nil
	r.press("Bring it back")
	r.at("code")
	r.mustSee("Kutano · ana@example.com")
	if len(r.vault.list) != 1 {
		t.Error("it did not come back")
	}
}

func TestClockStep(t *testing.T) {
	r := newRig(t)
	r.verdict = verdict.Verdict{Tone: verdict.Unknown, Headline: "Nobody has checked this clock yet."}
	r.to(guide.Review, "review-clock")
	r.mustSee("Nobody has checked this clock yet.")
	r.press("Check my clock")
	r.verdict = verdict.Verdict{Tone: verdict.Right, Headline: "Your clock is right."}
	r.tick()
	r.mustSee("Your clock is right.")
	r.press("Continue")
	r.at("review-remind")
	r.mustSee("The next look is due in 6 months.")
}
