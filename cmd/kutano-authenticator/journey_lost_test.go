// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/backupcodes"
)

// R57 R61 R63 R65 R68 R71: the phone is lost, and a backup code from the safe on
// this computer lets its owner in; then new ones are made, and the old ones go.
func TestJourneyWithALostPhone(t *testing.T) {
	j := newJourney(t)
	j.workspace("")
	b := j.browse()
	codes := b.signIn(ana).visit("/settings/security").press("Change two-factor authentication").setUpSMS()
	j.start()
	j.press("Backup codes").sees("Where do you keep yours?").shot("20-safe-empty").press("Keep them here")
	j.keepHere(codes, true)
	j.sees("10 of 10").shot("21-safe")

	b.press("Sign out").signIn(ana).press("Use a backup code")
	j.press("Show a code of Kutano").shot("22-code")
	b.fill("Backup code", j.backupCode()).press("Verify").sees("That backup code is used up now")
	j.press("I used it").sees("9").press("Done")
	j.sees("You used a backup code.").shot("23-advised").press("Show me how").sees("Time for new backup codes?").press("Make new ones")
	j.press("Open my Kutano settings")
	b.visit(j.opened()).press("Make new backup codes").press("Make new backup codes").sees("These replace the codes from before")
	fresh := b.backupCodes()
	j.press("I see the new codes").press("Choose where").press("Keep them here")
	j.keepHere(fresh, false)
	b.tick("I have saved them").press("Done")
	j.sees("Three good habits").press("Show my ways back in").shot("24-ways").press("Done")

	sets := j.sets()
	if len(sets) != 1 || sets[0].Place != backupcodes.Here || sets[0].Left != 10 {
		t.Errorf("in the safe: %+v", sets)
	}
}

// keepHere enters codes into the safe, which gets its passphrase now.
func (j *journey) keepHere(codes []string, first bool) {
	j.t.Helper()
	j.fill("One code a line", strings.Join(codes, " ")).press("Continue").sees("10 codes: is that right?").press("Continue")
	if first {
		j.fill("New passphrase", "blue harbour seven lamps").fill("The same once more", "blue harbour seven lamps").press("Set it")
	}
	j.sees("The codes are kept").press("Done")
}

// backupCode is the one that the app shows.
func (j *journey) backupCode() string {
	j.t.Helper()
	return j.find("a backup code", func(s seen) bool { return backupForm.MatchString(s.Text) && len(s.Text) == 11 }).Text
}
