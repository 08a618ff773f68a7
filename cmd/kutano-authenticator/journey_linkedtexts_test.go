// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/backupcodes"
)

// R36 R42 R43 R44 R50 R63 R71: linked, codes come by text message first; then, on a
// device whose clock is wrong, from the app, which asks the service what time it is.
// The phone is lost, a backup code from the safe lets one in, and new ones are made.
func TestJourneyLinkedByTextAndBackIn(t *testing.T) {
	j := newJourney(t)
	j.workspace(j.service.URL)
	b := j.browse()
	b.signIn(ana)
	j.start()
	j.press("Set up two-factor for Kutano, step by step").press("Begin").press("I have it")
	j.press("Connect").press("Link in my browser")
	b.allow(j.opened())
	j.press("Done").press("Use text messages").sees("Codes by text message").press("Get started").shot("50-number")
	j.fill("+49 170 1234567", mobile).press("Send the code")
	b.allow(j.opened())
	j.sees("Type the code from the text message").shot("51-text").fill("123 456", j.service.Code(t, number)).press("Verify")
	j.sees("Where will you keep the 10 codes?").press("Keep them here")
	j.fill("New passphrase", "blue harbour seven lamps").fill("The same once more", "blue harbour seven lamps").press("Set it")
	j.sees("The codes are kept").press("Done").sees("Two-factor sign-in is on").press("Continue")
	j.sees("Your backup codes are seen to already.").press("Continue").press("Show my ways back in").shot("52-ways").press("Done")

	b.visit("/practice/clock").fill("Seconds ahead", "600").press("Turn the clock")
	b.signIn(ana).fill("Verification code", j.service.Code(t, number)).press("Verify") // that session was over
	j.press("Set up").press("Change from text messages to an app").press("Begin").press("Use this app").press("Set it up now")
	b.allow(j.opened())
	j.sees("This device’s clock is off.", "Nothing has changed").shot("53-clock-off").press("Check my clock")
	j.press("Check my clock").press("Allow when I ask").sees("Your clock is 10 minutes slow").shot("54-clock").press("Correct my codes").press("Back")
	j.press("Try again").sees("Where will you keep the 10 codes?").press("Keep them here").sees("The codes are kept").press("Done").shot("55-on")
	j.sees("Two-factor sign-in is on").press("Continue")
	j.sees("Your backup codes are seen to already.").press("Continue").press("Show my ways back in").press("Done")
	if a := j.account(); a.Verified.IsZero() {
		t.Error("it is not noted that the service accepted a code")
	}

	// The phone with the codes is gone; a backup code lets one in, and the service
	// says that it is used up.
	j.press("Backup codes").sees("10 of 10")
	b.signIn(ana).press("Use a backup code")
	j.press("Show a code of Kutano · ana@example.com")
	b.fill("Backup code", j.backupCode()).press("Verify").sees("That backup code is used up now")
	j.press("I used it").sees("9").press("Done")
	j.press("Settings").press("Look now").sees("A backup code was used.").press("Have a look").shot("56-used").press("What to do")
	j.sees("Time for new backup codes?").press("Make new ones").press("Open my Kutano settings")
	b.visit(j.opened()).press("Make new backup codes").press("Make new backup codes").sees("These replace the codes from before")
	fresh := b.backupCodes()
	j.press("I see the new codes").press("Choose where").press("Keep them here")
	j.keepHere(fresh, false)
	b.tick("I have saved them").press("Done")
	j.sees("Three good habits").press("Show my ways back in").press("Done")
	if sets := j.sets(); len(sets) != 1 || sets[0].Place != backupcodes.Here || sets[0].Left != 10 {
		t.Errorf("in the safe: %+v", sets)
	}
	j.press("Settings").press("Look now").sees("10 backup codes are left of 10").shot("57-seen")
	if strings.Contains(j.text(), "New backup codes were made") {
		t.Errorf("it is news to the app that codes were made that it keeps:\n%s", j.text())
	}
}
