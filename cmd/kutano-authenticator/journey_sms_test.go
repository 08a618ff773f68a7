// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import "testing"

const mobile, number = "+49 151 23456789", "+4915123456789"

// setUpSMS goes through Kutano's pages, from the dialog to the backup codes.
func (b *browser) setUpSMS() []string {
	b.j.t.Helper()
	b.press("Use text message").press("Get started").fill("Mobile phone number", mobile).press("Verify phone number")
	b.fill("Verification code", b.j.service.Code(b.j.t, number)).press("Verify").sees("The setup is complete")
	codes := b.backupCodes()
	b.tick("I have saved them").press("Done")
	return codes
}

// R14 R15 R16 R24 R25 R31 R43 R44 R45 R46 R47 R48 R69: text messages first, then the
// app, back to text messages, and off; by hand, each in Kutano's own pages.
func TestJourneyFromMethodToMethod(t *testing.T) {
	j := newJourney(t)
	j.workspace("")
	b := j.browse()
	b.signIn(ana)
	j.start()
	j.press("Set up two-factor for Kutano, step by step").press("Begin").press("I have it").press("Open my Kutano settings")
	b.visit(j.opened()).press("Change two-factor authentication")
	j.press("The window is open").press("Use text messages").sees("Codes by text message").press("Get started")
	j.sees("Choose text messages in Kutano").press("I pressed it").sees("Type your mobile number into Kutano").press("I pressed it")
	j.sees("Type the code from the text message").shot("11-sms")
	b.setUpSMS()
	j.press("Kutano accepted it").press("Now the backup codes").press("I see the codes").press("Later")
	j.sees("Shall we remind you of the backup codes?").shot("12-later").press("Go on without").press("Show my ways back in")
	j.sees("you have 1 way back in", "Not saved, as far as this app knows.").shot("13-summary-sms").press("Done")

	// To the app.
	j.press("Set up").press("Change from text messages to an app").sees("From text messages to an app").press("Begin")
	j.press("Open my Kutano settings")
	b.visit(j.opened()).press("Change two-factor authentication").press("Use authentication app").press("Continue")
	j.press("The window is open").press("Use this app").press("I see the QR code").press("Scan my screen now")
	j.sees("Type the code into Kutano")
	b.press("Continue").fill("Verification code", j.code()).press("Verify").sees("The setup is complete")
	b.tick("I have saved them").press("Done").sees("Authenticator app")
	j.press("Kutano accepted it").press("Now the backup codes").press("I see the codes").press("Later").press("Go on without")
	j.press("Show my ways back in").press("Done")
	j.account()

	// Back to text messages: the old account is retired, after a question.
	j.press("Set up").press("Change from an app to text messages").sees("From an app to text messages").press("Begin")
	j.press("Open my Kutano settings")
	b.visit(j.opened()).press("Change two-factor authentication")
	j.press("The window is open").press("I pressed it").press("I pressed it")
	b.setUpSMS()
	j.press("Kutano accepted it").press("Now the backup codes").sees("Remove the old account here?").shot("14-retire")
	j.press("Remove it").sees("Save your backup codes").press("I see the codes").press("Later").press("Go on without")
	j.press("Show my ways back in").press("Done")
	if n := j.accounts(); n != 0 {
		t.Errorf("%d accounts are left", n)
	}

	// Off, with the warning, and only after it was meant.
	j.press("Set up").press("Switch two-factor sign-in off").sees("Switch two-factor sign-in off?", "less secure").shot("15-off")
	j.press("Switch it off").press("Open my Kutano settings")
	b.visit(j.opened()).press("Change two-factor authentication").press("Disable two-factor authentication")
	b.tick("Yes, disable two-factor authentication for my account").press("Disable two-factor authentication").sees("Off")
	j.press("The window is open").press("I confirmed it").sees("Two-factor sign-in is off").shot("16-off-done").press("Done")
}
