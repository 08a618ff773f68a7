// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"regexp"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
)

// atDesk is someone of the desk, signed in with both factors.
func (h *house) atDesk(t *testing.T, email, name string, role people.Role) *tab {
	t.Helper()
	h.person(email, name, role)
	b := h.open(t, onDesk)
	b.signIn(email).setUpApp()
	return b
}

func (b *tab) findUser(name string) *tab {
	b.t.Helper()
	return b.press("Administration").fill("Name or e-mail address", name).press("Find").press(name)
}

// R57 R59 R60: a code from the helpdesk leads to a new set-up, and nowhere else.
func TestTheHelpdesksCode(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	ana := h.open(t, onPhone)
	old, _ := ana.signIn("ana@harbour.example").setUpApp()
	ana.press("Sign out")

	henk := h.atDesk(t, "henk@harbour.example", "Henk de Vries", people.Helpdesk)
	henk.press("Administration").shoot("30-desk")
	henk.fill("Name or e-mail address", "ana").press("Find").shoot("31-desk-found").press("Ana Moreau").
		sees("What you can do, the gentlest first", "Your role does not allow this.").shoot("32-desk-user")
	henk.press("Give a code for one sign-in").fill("Why", "Phone is at the repair shop.").press("Give a code for one sign-in")
	henk.sees("Two identity checks of different kinds are needed", "Confirm that there was no pressure").shoot("33-desk-missing")
	henk.tick("The manager, found in the company’s directory, vouched").tick("Saw face and identity document in a live video call")
	henk.tick("There was no pressure, and neither e-mail address nor phone number is changed in the same call")
	henk.press("Give a code for one sign-in").sees("Read it aloud like this", "Number in the audit log").shoot("34-desk-code")
	code := regexp.MustCompile(`\b[BCDFGHJKLMNPQRSTVWXZ]{8}\b`).FindString(henk.text())
	henk.visit(henk.path()).sees("That code is shown once")

	ana.signIn("ana@harbour.example").press("Use a code from your helpdesk").shoot("35-helpdesk-code-phone")
	ana.fill("Code from your helpdesk", code).press("Verify").sees("Set up two-factor authentication again").shoot("36-set-up-again-phone")
	ana.visit("/settings/sessions").sees("Set up two-factor authentication again") // nowhere else
	fresh, _ := ana.setUpApp()
	ana.press("Home").sees("Two-factor authentication is on").press("Sign out")
	h.pass(time.Minute)
	ana.signIn("ana@harbour.example").fill("Verification code", h.app(old)).press("Verify").sees("Nothing was changed.")
	h.pass(time.Minute)
	ana.fill("Verification code", h.app(fresh)).press("Verify").sees("Hello, Ana Moreau")
}

// R58 R59 R60: an administrator's reset, and the set-up that has to follow; without JavaScript.
func TestAnAdministratorsReset(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	ana := h.open(t, onPhone.noScript())
	ana.signIn("ana@harbour.example").setUpSMS()

	ada := h.atDesk(t, "ada@harbour.example", "Ada Okoye", people.Admin)
	ada.findUser("Ana Moreau").press("Reset two-factor authentication").sees("A code for one sign-in is gentler").shoot("37-desk-reset")
	ada.tick("The person stands before me").tick("The manager, found in the company’s directory, vouched").fill("Why", "Phone stolen, no backup codes.")
	ada.tick("There was no pressure, and neither e-mail address nor phone number is changed in the same call")
	ada.press("Reset two-factor authentication").sees("Two-factor authentication was reset").shoot("38-desk-reset-done")
	ada.press("Audit log").sees("desk.reset").shoot("39-audit-log")

	ana.visit("/settings").sees("Your session has ended")
	ana.signIn("ana@harbour.example").sees("Set up two-factor authentication again", "You have until")
	ana.visit("/home").sees("Set up two-factor authentication again")
	ana.setUpApp()
	ana.sees("Authenticator app").press("Home").sees("Two-factor authentication is on")
}

// R53: two codes in a row are typed on the service's own page, and none is spoken.
func TestTwoCodesForASlowPhone(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	ana := h.open(t, onPhone.noScript())
	key, _ := ana.signIn("ana@harbour.example").setUpApp()
	ana.press("Sign out")
	h.pass(time.Hour)
	henk := h.atDesk(t, "henk@harbour.example", "Henk de Vries", people.Helpdesk)

	const slow = 4 * time.Minute // behind the service
	ana.signIn("ana@harbour.example").seesNot("My helpdesk asked me to type two codes")
	ana.fill("Verification code", h.appAt(key, -slow)).press("Verify").sees("This code is not right.")
	ana.visit("/second/two-codes").sees("your helpdesk has not allowed this")

	henk.findUser("Ana Moreau").press("Allow two codes in a row").sees("Do not let anybody read you a code.").shoot("43-desk-two-codes")
	henk.tick("The manager, found in the company’s directory, vouched").fill("Why", "The clock of an old phone cannot be set.")
	henk.tick("There was no pressure, and neither e-mail address nor phone number is changed in the same call")
	henk.press("Allow two codes in a row").sees("The user can type two codes in a row when signing in, within 15 minutes", "Number in the audit log", "can be typed for another 15 minutes")

	ana.visit("/second").press("My helpdesk asked me to type two codes").sees("Kutano support will never ask you for a code.").shoot("44-two-codes-phone")
	ana.fill("The code shown now", h.appAt(key, -slow)).fill("The code after it", h.appAt(key, -slow)).press("Continue").sees("This code is not right.")
	first := h.appAt(key, -slow)
	h.pass(30 * time.Second)
	ana.fill("The code shown now", first).fill("The code after it", h.appAt(key, -slow)).press("Continue")
	ana.sees("about 4 minutes slow", "type the next code that your app shows, after those two", "Enter your verification code").seesNot("My helpdesk asked me")
	ana.visit("/home").sees("Enter your verification code") // two codes sign nobody in
	h.pass(30 * time.Second)
	ana.fill("Verification code", h.appAt(key, -slow)).press("Verify").sees("Hello, Ana Moreau")
}
