// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"testing"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/vault/backupcodes"
)

const ana = "ana@example.com"

// toTheCode walks from the beginning to the step that shows the code, with the
// page that has the QR code in the browser.
func (j *journey) toTheCode(b *browser) {
	j.t.Helper()
	j.press("Set up two-factor for Kutano, step by step").sees("Why two-factor sign-in?").shot("01-reasons")
	j.press("Begin").sees("Have your phone at hand").press("I have it")
	j.sees("Open Kutano’s security settings").shot("02-open").press("Open my Kutano settings")
	b.visit(j.opened()).press("Change two-factor authentication").sees("Two factor authentication")
	j.press("The window is open").sees("How do you want to get your codes?", "Recommended").shot("03-method")
	j.press("Use an app").sees("Google Authenticator, Microsoft Authenticator and Authy work, too.").press("Use this app")
	b.press("Use authentication app").press("Continue").sees("Scan the QR code")
	j.press("I see the QR code").sees("Scan the QR code").shot("04-scan")
	j.press("Scan my screen now").sees("Type the code into Kutano", "Kutano support will never ask you for this code.").shot("05-code")
}

// R10 R06 R13 R11 R12 R32 R33 R34 R36 R38 R41 R58 R61 R65 R67 R68: from nothing to
// two-factor sign-in with the app, not linked. The code is read from the app's
// window and typed into Kutano's page, and the backup codes are noted.
func TestJourneyByApp(t *testing.T) {
	j := newJourney(t)
	j.workspace("")
	b := j.browse()
	b.signIn(ana)
	j.start()
	j.toTheCode(b)
	j.stop()
	j.start() // in the middle of it, it goes on where it was
	j.press("Set up").press("Go on where you were").sees("Type the code into Kutano")

	b.press("Continue").fill("Verification code", j.code()).press("Verify").sees("The setup is complete")
	b.backupCodes()
	j.press("Kutano accepted it").sees("Two-factor sign-in is on").press("Now the backup codes")
	j.sees("Save your backup codes").shot("06-codes").press("I see the codes")
	j.sees("Where do you keep them?").shot("07-keep").press("Choose where").sees("Note where they are").shot("08-offers")
	j.press("Note where they are").fill("In the safe at home", "In the safe at home").fill("10", "10").shot("09-note")
	j.press("Note it").sees("Three good habits").press("Show my ways back in")
	b.tick("I have saved them").press("Done").sees("Authenticator app", "10 of 10")
	j.sees("Your ways back in", "2 ways back in", "10 are left. Each lets you in once.").shot("10-summary")
	j.press("Done")

	a := j.account()
	if a.Verified.IsZero() {
		t.Error("it is not noted that Kutano accepted the code")
	}
	sets := j.sets()
	if len(sets) != 1 || sets[0].Place != backupcodes.Elsewhere || sets[0].Where != "In the safe at home" || sets[0].Left != 10 || sets[0].Account != string(a.ID) {
		t.Errorf("noted: %+v", sets)
	}
	if s := upkeep.Open(j.data).Load(); s.Method != readiness.App || s.SetUp == 0 {
		t.Errorf("kept of the set-up: %+v", s)
	}
	b.press("Sign out").signIn(ana).sees("Enter your verification code")
	j.press("Codes")
	b.fill("Verification code", j.fresh()).press("Verify").sees("Hello")
}
