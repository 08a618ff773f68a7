// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// R53 R54 R56 R57 R58 R59 R60: from a sealed app and a refused code to a call, stopped
// and gone on with in between, and over into the set-up.
func TestRecoverInATerminal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	x := startTerminal(t, dir, "--store", "file", "scan", qrPicture(t, "Kutano", "ana@example.com"))
	x.answers(`New passphrase: `, "correct horse", `The same again: `, "correct horse", `Add Kutano · ana@example.com\? `, "")
	x.exits(0)

	// Nobody is asked for a passphrase before it matters.
	x = startTerminal(t, dir, "--store", "file", "recover")
	x.answers(
		`What happens\?(.|\s)*1  Kutano does not accept my code(.|\s)*Enter for 1, or a number: `, "",
		`Why was the code refused\?(.|\s)*✗ Its key is locked(.|\s)*! You have not noted here where your backup codes are(.|\s)*The key is locked\.(.|\s)*`+
			`1  Unlock now(.|\s)*2  Show me how(.|\s)*3  Go on(.|\s)*`+ask, "",
		`Passphrase: `, "correct horse",
		`✓ Kutano · ana@example.com is in this app(.|\s)*✓ Its key is here and makes codes(.|\s)*One code can be mistyped(.|\s)*Nobody is asked over the network unless you choose that(.|\s)*1  Go on(.|\s)*2  I am in(.|\s)*3  Check my clock(.|\s)*`+ask, "",
		`Is the clock right\?(.|\s)*→ Open Settings(.|\s)*timedatectl(.|\s)*`+ask, "",
		`Type the next code(.|\s)*\d{3} \d{3}   Kutano · ana@example.com(.|\s)*`+ask, "2",
		`Can Kutano show you a new QR code\?(.|\s)*→ Check whether you are still signed in to Kutano(.|\s)*`+ask, "q")
	x.expect(`Stopped here. kutano recover goes on at this step`)
	x.exits(0)

	x = startTerminal(t, dir, "--store", "file", "recover")
	x.expect(`We go on with “Kutano does not accept my code”, where you stopped. To start from the beginning: kutano recover --anew`)
	x.answers(
		`Can Kutano show you a new QR code\?(.|\s)*`+ask, "2",
		`Sign in with a backup code(.|\s)*never ask you for one(.|\s)*`+ask, "3",
		`Look in the usual places(.|\s)*→ In your file manager(.|\s)*`+ask, "2",
		`Ask your workspace administrator(.|\s)*`+ask, "",
		`Call your helpdesk(.|\s)*Kutano support will never ask you for a code(.|\s)*Your check phrase, to read out(.|\s)*`+
			`1\. \w+\s+2\. \w+(.|\s)*6\. \w+(.|\s)*The same in digits: \d{3} (.|\s)*6  Show the words again(.|\s)*`+ask, "6",
		`Your check phrase, to read out(.|\s)*6\. \w+(.|\s)*`+ask, "3",
		`Type two codes into Kutano’s own page(.|\s)*Passphrase: `, "correct horse",
		`1\.  \d{3} \d{3}   Kutano(.|\s)*2\.  \d{3} \d{3}(.|\s)*`+ask, "2",
		`Call your helpdesk(.|\s)*`+ask, "2",
		`Type the code on Kutano’s page(.|\s)*“Use a code from your helpdesk”(.|\s)*`+ask, "",
		`You are in: now set it up again at once(.|\s)*1  Set up two-factor for Kutano(.|\s)*3  That is all for now(.|\s)*`+ask, "",
		`Set up two-factor for Kutano · Step 1 of(.|\s)*Why two-factor sign-in\?(.|\s)*`+ask, "q")
	x.expect(`kutano setup goes on at this step`)
	x.exits(0)
	if strings.Contains(x.screen(), testKey[:8]) {
		t.Error("the key was shown")
	}
	if _, err := os.Stat(filepath.Join(dir, "recover.json")); err == nil {
		t.Error("the way back in is still kept at its end")
	}

	// An end can be the end; a pause is gone on from.
	x = startTerminal(t, dir, "--store", "file", "recover", "--topic", "new")
	x.answers(`What is on this device\?(.|\s)*`+ask, "3", `Does the old device(.|\s)*`+ask, "", `You can get in(.|\s)*3  That is all for now(.|\s)*`+ask, "3")
	x.exits(0)
	x = startTerminal(t, dir, "--store", "file", "recover", "--topic", "nobackup")
	x.answers(`Is there another way in\?(.|\s)*3  Go on(.|\s)*`+ask, "3", `still signed in(.|\s)*`+ask, "2", `usual places(.|\s)*`+ask, "2", `Ask your workspace(.|\s)*`+ask, "2")
	x.expect(`open “Get back in” again to go on from here`)
	x.exits(0)
	x = startTerminal(t, dir, "--store", "file", "recover")
	x.answers(`We go on with “I have no backup codes”(.|\s)*Ask your workspace administrator(.|\s)*`+ask, "\x04")
	x.exits(0)
}

// R68: what was noted of the backup codes is said, and a removed account brought back,
// also where the set-up that comes next would take the place of another.
func TestRecoverKnowsWhatIsHere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	x := startTerminal(t, dir, "--store", "file", "scan", qrPicture(t, "Kutano", "ana@example.com"))
	x.answers(`New passphrase: `, "correct horse", `The same again: `, "correct horse", `Add Kutano · ana@example.com\? `, "")
	x.exits(0)
	x = startTerminal(t, dir, "--store", "file", "setup", "--entry", "review")
	x.answers(
		`Passphrase: `, "correct horse", `how things stand(.|\s)*`+ask, "", `have your backup codes\?(.|\s)*`+ask, "2",
		`1  Note where they are(.|\s)*`+ask, "", `Where are they\?.*: `, "in the safe at home", `How many are there\?.*: `, "7", `still your device\?(.|\s)*`+ask, "q")
	x.exits(0)
	x = startTerminal(t, dir, "--store", "file", "remove", "kutano")
	x.answers(`Passphrase: `, "correct horse", `Remove Kutano · ana@example.com\? `, "y")
	x.exits(0)

	x = startTerminal(t, dir, "--store", "file", "recover", "--topic", "empty")
	x.answers(
		`Where is the account\?(.|\s)*✗ The keys are locked(.|\s)*✓ Backup codes: in the safe at home, 7 left(.|\s)*1  Unlock now(.|\s)*`+ask, "",
		`Passphrase: `, "correct horse",
		`✗ The account was removed from this app not long ago(.|\s)*1  Bring it back(.|\s)*`+ask, "",
		`Kutano · ana@example.com is back(.|\s)*✓ Its key is here(.|\s)*This app has the account(.|\s)*2  Go on(.|\s)*`+ask, "",
		`Type the next code(.|\s)*\d{3} \d{3}(.|\s)*`+ask, "2",
		`new QR code\?(.|\s)*`+ask, "2",
		`Sign in with a backup code(.|\s)*Where you keep them: in the safe at home, 7 left(.|\s)*`+ask, "",
		`You are in: now set it up again(.|\s)*`+ask, "1",
		`You stopped at “Is it still your device\?”(.|\s)*Forget where you stopped(.|\s)*\[y/N\] `, "",
		`Cancelled(.|\s)*`+ask, "4")
	x.exits(0)
}
