// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
)

// R11 R12 R13 R32 R34 R35 R38 R39 R40 R42 R54
func TestTheAppPath(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk)
	b.visit("/signin").shoot("01-sign-in").fill("E-mail address", "ana@harbour.example").press("Send me a code").shoot("02-code-by-mail")
	b.fill("Code from your e-mail", h.code("ana@harbour.example")).press("Sign in").sees("Hello, Ana Moreau").shoot("03-home")
	b.press("User Settings").shoot("04-user-settings").press("Security").sees("Off", "Why enable 2FA").shoot("05-security-off")
	b.press("Change two-factor authentication").sees("Two factor authentication", "The first step is to choose").shoot("06-choose")
	b.press("Use authentication app").shoot("11-app-introduction").press("Continue").shoot("12-app-scan")
	key := b.scan()
	b.press("Continue").shoot("13-app-code")
	b.fill("Verification code", wrong(h.app(key))).press("Verify").sees("This code is not right.")
	b.fill("Verification code", h.app(key)).press("Verify").sees("The setup is complete", "I have saved them").shoot("14-complete")
	b.backupCodes()
	b.tick("I have saved them").press("Done").sees("On", "Authenticator app", "10 of 10").shoot("15-security-app")
	b.press("Sign out").sees("You are signed out.")

	b.signIn("ana@harbour.example").sees("Enter your verification code").shoot("20-second-step-app")
	b.visit("/settings").sees("Enter your verification code") // R05: no way around it
	b.fill("Verification code", h.app(key)).press("Verify").sees("This code was used already").shoot("21-code-used")
	h.pass(31 * time.Second)
	b.fill("Verification code", h.app(key)).press("Verify").sees("User Settings", "Profile")
}

// R24 R25 R26 R27 R28 R29 R30 R50 R52, without JavaScript, on a phone.
func TestTheSMSPathWithoutScript(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onPhone.noScript())
	b.signIn("ana@harbour.example").visit("/settings/security").press("Change two-factor authentication").shoot("06-choose-phone")
	b.press("Use text message").shoot("07-sms-introduction-phone").press("Get started").shoot("08-sms-number-phone")
	b.fill("Mobile phone number", mobile).press("Verify phone number").sees("possible in 60 seconds").shoot("09-sms-code-phone")
	first := h.code(number)
	b.press("Send a new code").sees("A code was sent a short while ago", "Try again in 60 seconds")
	h.pass(time.Minute)
	b.press("Send a new code").sees("We sent a new code")
	if h.code(number) != first {
		b.fill("Verification code", first).press("Verify").sees("Nothing was changed.")
	}
	b.fill("Verification code", h.code(number)).press("Verify").sees("The setup is complete", "Text message (SMS)").shoot("10-complete-phone")
	b.backupCodes()
	b.sees("To print, use your browser’s menu.")
	b.tick("I have saved them").press("Done").sees("On", "•89").shoot("16-security-sms-phone")
	b.press("Sign out").signIn("ana@harbour.example").sees("We sent a code by text message", "•89").shoot("22-second-step-sms-phone")
	b.fill("Verification code", h.code(number)).press("Verify").sees("Hello, Ana Moreau")
}

// R43 R44 R45 R46 R47
func TestSwitchingBothWaysAndDisabling(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk.inDark())
	b.signIn("ana@harbour.example").setUpSMS()
	b.visit("/settings/security/two-factor").sees("What you have now works until the new method is proved").shoot("17-switch-dark")
	b.setUpApp()
	b.sees("Authenticator app")
	h.pass(time.Minute)
	b.setUpSMS()
	b.sees("Text message (SMS)").shoot("18-security-sms-dark")
	b.press("Change two-factor authentication").press("Disable two-factor authentication").
		sees("Warning: Disabling 2FA makes your account less secure. Only disable it if absolutely necessary.").shoot("19-disable-dark")
	b.press("Cancel").sees("On")
	b.press("Change two-factor authentication").press("Disable two-factor authentication")
	b.tick("Yes, disable two-factor authentication for my account").press("Disable two-factor authentication").sees("Two-factor authentication is off", "Off")
}

// R57 R58 R61 R62 R63 R71
func TestALostPhone(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onPhone)
	_, codes := b.signIn("ana@harbour.example").setUpApp()
	b.press("Sign out").signIn("ana@harbour.example").press("Use a backup code").shoot("23-backup-code-phone")
	b.fill("Backup code", strings.ToLower(strings.Replace(codes[3], "-", "", 1))).press("Verify").
		sees("That backup code is used up now; you have 9 codes left", "make new ones").shoot("24-backup-code-used-phone")
	b.visit("/settings/security").press("Make new backup codes").sees("9 of 10").press("Make new backup codes").sees("These replace the codes from before")
	for _, c := range b.backupCodes() {
		if c == codes[0] {
			t.Error("an old code is among the new ones")
		}
	}
	b.tick("I have saved them").press("Done").press("Sign out")
	b.signIn("ana@harbour.example").press("Use a backup code").fill("Backup code", codes[0]).press("Verify").sees("This code is not right.")
	b.press("I can’t get in").sees("Contact your workspace administrator: Ada Okoye in IT, extension 12").shoot("25-help-phone")
}
