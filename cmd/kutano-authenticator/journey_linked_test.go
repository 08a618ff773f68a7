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

// R35 R39 R40 R42 R43 R44 R48: linked, the app sets itself up: the key goes straight
// into the keyring and the backup codes into the safe. Then text messages, and what
// somebody changes elsewhere is noticed.
func TestJourneyLinked(t *testing.T) {
	j := newJourney(t)
	j.workspace(j.service.URL)
	b := j.browse()
	b.signIn(ana)
	j.start()
	j.press("Set up two-factor for Kutano, step by step").press("Begin").press("I have it")
	j.sees("Connect this app with your workspace?").shot("40-link").press("Connect").press("Link in my browser")
	b.allow(j.opened())
	j.press("Done").sees("How do you want to get your codes?")
	j.press("Use an app").press("Use this app").sees("This app sets itself up").shot("41-enrol").press("Set it up now")
	b.allow(j.opened())
	j.sees("Where will you keep the 10 codes?", "codes that are kept here are lost with it").shot("42-codes").press("Keep them here")
	j.fill("New passphrase", "blue harbour seven lamps").fill("The same once more", "blue harbour seven lamps").press("Set it")
	j.sees("The codes are kept").press("Done").sees("Two-factor sign-in is on").shot("43-on").press("Continue")
	j.sees("Your backup codes are seen to already.").press("Continue").press("Show my ways back in").press("Done")

	a := j.account()
	if a.Verified.IsZero() {
		t.Error("it is not noted that the service accepted a code")
	}
	if sets := j.sets(); len(sets) != 1 || sets[0].Place != backupcodes.Here || sets[0].First != 10 {
		t.Errorf("in the safe: %+v", sets)
	}
	if s := upkeep.Open(j.data).Load(); s.Method != readiness.App {
		t.Errorf("kept of the set-up: %+v", s)
	}
	j.press("Codes")
	b.signIn(ana).fill("Verification code", j.fresh()).press("Verify").visit("/settings/security").sees("Authenticator app", "10 of 10")

	// To text messages: the app asks for the number and the code, nobody types
	// anything into Kutano's pages; the old account is retired, after a question.
	j.press("Set up").press("Change from an app to text messages").press("Begin").press("Get started")
	j.fill("+49 170 1234567", mobile).press("Send the code")
	b.allow(j.opened())
	j.sees("Type the code from the text message")
	j.fill("123 456", j.service.Code(t, number)).press("Verify")
	j.sees("Where will you keep the 10 codes?", "whose codes no longer work").press("Note where they are").sees("Write these codes down").shot("45-write-down")
	j.press("I have them").fill("In the safe at home", "In the safe at home").press("Note it")
	j.sees("Two-factor sign-in is on").press("Continue").sees("Remove the old account here?").press("Remove it")
	j.sees("Your backup codes are seen to already.").press("Continue").press("Show my ways back in").press("Done")
	if n := j.accounts(); n != 0 {
		t.Errorf("%d accounts are left", n)
	}
	if sets := j.sets(); len(sets) != 1 || sets[0].Place != backupcodes.Elsewhere || sets[0].First != 10 {
		t.Errorf("noted: %+v", sets)
	}

	// Somebody turns it off elsewhere: the app says so once, and leads on.
	b.signIn(ana).fill("Verification code", j.service.Code(t, number)).press("Verify").visit("/settings/security").press("Change two-factor authentication")
	b.press("Disable two-factor authentication").tick("Yes, disable two-factor authentication for my account").press("Disable two-factor authentication").sees("Off")
	j.press("Settings").press("Look now").sees("Two-factor authentication was turned off elsewhere.").shot("46-told")
	j.press("Have a look").sees("Your Kutano account has changed").press("What to do").sees("Two-factor sign-in is off", "throw them away")
}

// allow answers what the app asks for in the browser.
func (b *browser) allow(address string) *browser {
	b.j.t.Helper()
	return b.visit(address).press("Allow")
}
