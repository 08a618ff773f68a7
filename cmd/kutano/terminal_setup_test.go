// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/scan"
)

// ask is what stands below each step.
const ask = `q to stop here: `

// qrPicture draws a sample's QR code.
func qrPicture(t *testing.T, issuer, name string) string {
	t.Helper()
	img, err := scan.Draw("otpauth://totp/"+issuer+":"+name+"?issuer="+issuer+"&secret="+testKey, 400)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "qr.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// answers goes through steps: each title, then what is typed.
func (x *terminal) answers(pairs ...string) {
	x.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		x.expect(pairs[i])
		x.typed(pairs[i+1] + "\n")
	}
}

// R10 R13 R36 R41 R48 R56 R65 R68: from "not protected" to a note of the backup
// codes, stopped and gone on with in between, with a code that is refused once.
func TestSetupInATerminal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	x := startTerminal(t, dir, "--store", "file", "setup")
	x.answers(
		`What do you want to do\?(.|\s)*Enter for 1, or a number: `, "",
		`Why two-factor sign-in\?(.|\s)*`+ask, "",
		`Have your phone at hand(.|\s)*`+ask, "",
		`Open Kutano’s security settings(.|\s)*https://app.kutano.com(.|\s)*`+ask, "q")
	x.expect(`kutano setup goes on at this step`)
	x.exits(0)

	x = startTerminal(t, dir, "--store", "file", "setup")
	x.expect(`We go on with “Set up two-factor for Kutano”, where you stopped`)
	x.answers(
		`Step 3 of 13(.|\s)*Open Kutano’s security settings(.|\s)*`+ask, "b",
		`Have your phone at hand(.|\s)*`+ask, "",
		`Open Kutano’s security settings(.|\s)*`+ask, "",
		`Authentication app \(recommended\): Best if(.|\s)*✓ Works without internet(.|\s)*✗ Needs mobile reception(.|\s)*`+ask, "9",
		ask, "1",
		`Which app do you want to use\?(.|\s)*`+ask, "",
		`Choose the authentication app in Kutano(.|\s)*`+ask, "",
		`Scan the QR code(.|\s)*3  Open a picture(.|\s)*`+ask, "3",
		`The picture’s file: `, filepath.Join(dir, "none.png"),
		`no such file(.|\s)*3  Open a picture(.|\s)*`+ask, "3",
		`The picture’s file: `, qrPicture(t, "Kutano", "ana@example.com"),
		`New passphrase: `, "correct horse",
		`The same again: `, "correct horse",
		`Add Kutano · ana@example.com\? \[Y/n\] `, "",
		`Added Kutano · ana@example.com(.|\s)*Type the code into Kutano(.|\s)*\d{3} \d{3}   Kutano · ana@example.com · \d+ seconds? left(.|\s)*`+ask, "2",
		`Why was the code refused\?(.|\s)*✓ Kutano · ana@example.com is in this app.(.|\s)*✓ Its key is here(.|\s)*Wait for the next code(.|\s)*1  Try the next code(.|\s)*`+ask, "",
		`Type the code into Kutano(.|\s)*\d{3} \d{3}(.|\s)*`+ask, "",
		`Two-factor sign-in is on(.|\s)*`+ask, "",
		`Save your backup codes(.|\s)*`+ask, "",
		`Where do you keep them\?(.|\s)*1  Note where they are(.|\s)*`+ask, "",
		`Where are they\?.*: `, "in the safe at home",
		`How many are there\?.*: `, "ten",
		`How many are there\?.*: `, "10",
		`Three good habits(.|\s)*`+ask, "")
	x.expect(`Your ways back in(.|\s)*✓ Backup codes`)
	x.exits(0)
	if strings.Contains(x.screen(), testKey[:8]) {
		t.Error("the key was shown")
	}
	if _, err := os.Stat(filepath.Join(dir, "setup.json")); err == nil {
		t.Error("the set-up is still kept at its end")
	}
	register, err := os.ReadFile(filepath.Join(dir, "backup-codes.json"))
	if err != nil || !strings.Contains(string(register), "in the safe at home") {
		t.Errorf("the note was not kept: %v\n%s", err, register)
	}

	// Switched off: the warning first, then the dead account goes, R47 R48.
	x = startTerminal(t, dir, "--store", "file", "setup", "--entry", "disable")
	x.answers(
		`Passphrase: `, "correct horse",
		`your account is less secure(.|\s)*1  Keep it on(.|\s)*2  Switch it off(.|\s)*`+ask, "2",
		`Open Kutano’s security settings(.|\s)*`+ask, "",
		`Press “Disable two-factor authentication”(.|\s)*`+ask, "",
		`Remove the old account here\?(.|\s)*1  Remove it(.|\s)*`+ask, "",
		`Remove Kutano · ana@example.com\? \[Y/n\] `, "")
	x.expect(`kutano restore brings it back(.|\s)*Two-factor sign-in is off`)
	x.exits(0)
	care, err := os.ReadFile(filepath.Join(dir, "upkeep.json"))
	if err != nil || !strings.Contains(string(care), `"method": "off"`) {
		t.Errorf("it is not noted that it is off: %v\n%s", err, care)
	}

	// Of several accounts nobody guesses which one has died.
	for _, name := range []string{"ben@example.com", "cleo@example.com"} {
		x = startTerminal(t, dir, "--store", "file", "scan", qrPicture(t, "Kutano", name))
		x.answers(`Passphrase: `, "correct horse", `Add Kutano · `+name+`\? `, "")
		x.exits(0)
	}
	x = startTerminal(t, dir, "--store", "file", "setup", "--entry", "disable")
	x.answers(
		`Passphrase: `, "correct horse",
		`2  Switch it off(.|\s)*`+ask, "2", `Open Kutano’s(.|\s)*`+ask, "", `Press “Disable(.|\s)*`+ask, "",
		`Remove the old account here\?(.|\s)*`+ask, "",
		`Which account no longer works\?(.|\s)*2  Kutano · cleo@example.com(.|\s)*: `, "2",
		`Remove Kutano · cleo@example.com\? `, "")
	x.expect(`Two-factor sign-in is off`)
	x.exits(0)
}

// A QR code of another service, and one of another user, are noticed.
func TestSetupNoticesAnotherQRCode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	toScan := func(x *terminal) {
		x.answers(
			`Why two-factor(.|\s)*`+ask, "", `Have your phone(.|\s)*`+ask, "", `Open Kutano(.|\s)*`+ask, "", `recommended(.|\s)*`+ask, "1",
			`Which app(.|\s)*`+ask, "", `Choose the auth(.|\s)*`+ask, "")
	}
	x := startTerminal(t, dir, "--store", "file", "setup", "--entry", "setup")
	toScan(x)
	x.answers(
		`Open a picture(.|\s)*`+ask, "3", `file: `, qrPicture(t, "GitHub", "ana"),
		`This is the QR code of GitHub · ana, and not of Kutano. Take it all the same\? \[y/N\] `, "",
		`Open a picture(.|\s)*`+ask, "3", `file: `, qrPicture(t, "Kutano", "ana@example.com"),
		`New passphrase: `, "correct horse", `The same again: `, "correct horse", `Add Kutano · ana@example.com\? `, "",
		`\d{3} \d{3}   Kutano(.|\s)*`+ask, "b",
		`Open a picture(.|\s)*`+ask, "3", `file: `, qrPicture(t, "Kutano", "ben@example.com"),
		`This is the account Kutano · ben@example.com, and before it was Kutano · ana@example.com. Is that right\? \[y/N\] `, "n",
		`Open a picture(.|\s)*`+ask, "5",
		`\d{3} \d{3}   Kutano · ana(.|\s)*`+ask, "\x04")
	x.expect(`kutano setup goes on at this step`)
	x.exits(0)

	// It is not forgotten unasked when something else is begun.
	x = startTerminal(t, dir, "--store", "file", "setup", "--entry", "review")
	x.answers(`Passphrase: `, "correct horse",
		`You stopped at “(.|\s)*Forget where you stopped, and begin “Look over my two-factor sign-in”\? \[y/N\] `, "")
	x.expect(`Cancelled`)
	x.exits(7)
	x = startTerminal(t, dir, "--store", "file", "setup")
	x.answers(`Passphrase: `, "correct horse", `We go on with “Set up two-factor(.|\s)*`+ask, "\x04")
	x.exits(0)
}
