// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
)

// R02 R03 R04: Google and Apple lead back to the second step; the policy for forms lets them.
func TestGoogleAndApple(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk.inDark())
	b.visit("/signin").shoot("50-sign-in-providers-dark").press("Continue with Google").press("Ana Moreau (ana@harbour.example)")
	b.sees("Prove your address once").shoot("51-prove-address-dark")
	b.fill("Code from your e-mail", h.code("ana@harbour.example")).press("Sign in").sees("Hello, Ana Moreau")
	key, _ := b.setUpApp()
	b.press("Sign out").press("Continue with Google").press("Ana Moreau (ana@harbour.example)").sees("Enter your verification code")
	b.visit("/home").sees("Enter your verification code")
	h.pass(time.Minute)
	b.fill("Verification code", h.app(key)).press("Verify").sees("Hello, Ana Moreau").press("Sign out")

	apple := func() *tab { // it answers with a form, from its own site
		return b.press("Continue with Apple").press("Ana Moreau (ana@harbour.example)").press("Continue to Kutano")
	}
	apple().sees("Prove your address once").fill("Code from your e-mail", h.code("ana@harbour.example")).press("Sign in")
	h.pass(time.Minute)
	b.fill("Verification code", h.app(key)).press("Verify").press("Sign out")
	apple().sees("Enter your verification code")
	h.pass(time.Minute)
	b.fill("Verification code", h.app(key)).press("Verify").sees("Hello, Ana Moreau")

	h.pass(11 * time.Minute) // and proving again goes by Google too
	b.visit("/settings/security").press("Make new backup codes").sees("Prove that it is you again").
		press("Continue with Google").press("Ana Moreau (ana@harbour.example)")
	b.fill("Verification code", h.app(key)).press("Verify").sees("the old ones then work no longer")
}

var objection = regexp.MustCompile(`/objection\?t=[A-Za-z0-9_%-]+`)

// What else there is to see: sessions, apps, what went wrong, and "this wasn't me".
func TestTheOtherPages(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b, other := h.open(t, onDesk), h.open(t, onPhone)
	b.signIn("ana@harbour.example").setUpApp()
	other.signIn("ana@harbour.example").sees("Enter your verification code")
	for range 6 {
		other.fill("Verification code", "000000").press("Verify")
	}
	other.sees("Try again in").shoot("52-wait-phone")
	b.visit("/settings/sessions").sees("This one", "waits for its second step").shoot("53-sessions")
	b.press("Linked apps").sees("No app is linked.").shoot("54-linked-apps")
	b.press("Enter it here.").shoot("55-link-by-code")
	b.visit("/nothing").sees("There is no such page").shoot("56-not-there")
	for _, m := range h.received("ana@harbour.example") {
		if link := objection.FindString(m.Text); link != "" && strings.Contains(m.Text, "This") {
			b.visit(link).sees("Was this not you?").shoot("57-this-was-not-me").press("This wasn’t me").sees("Everyone is signed out").shoot("58-noted")
			break
		}
	}
	b.visit("/home").sees("Sign in")
}
