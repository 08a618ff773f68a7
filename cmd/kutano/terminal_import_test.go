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

// folderWith makes a sealed data folder with these accounts.
func folderWith(t *testing.T, uris string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, uris, "import", "-", "--yes").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func (x *terminal) answer(question, line string) {
	x.t.Helper()
	x.expect(question)
	x.typed(line + "\n")
}

// R19 R20: a person exports for another app and imports that again: the
// password is asked for, three times at most, and both keys are kept.
func TestImportInATerminal(t *testing.T) {
	dir := folderWith(t, rfcKey)
	file := filepath.Join(t.TempDir(), "vault.json")
	x := startTerminal(t, dir, "export", file, "--format", "aegis")
	x.opened("correct horse")
	x.answer("New passphrase: ", "for the file")
	x.answer("The same again: ", "for the file")
	x.expect("The file is written and whole, with 1 account")
	x.exits(0)

	other := folderWith(t, strings.ReplaceAll(rfcKey, "GEZD", "MFRG"))
	x = startTerminal(t, other, "import", file)
	for range 3 {
		x.answer(`Password of vault.json \(Aegis\): `, "for another")
	}
	x.expect("vault.json: That password does not open this file")
	x.exits(4)

	x = startTerminal(t, other, "import", file)
	x.answer(`Password of vault.json \(Aegis\): `, "wrong")
	x.expect("That password does not open this file")
	x.answer(`Password of vault.json \(Aegis\): `, "for the file")
	x.opened("correct horse")
	x.expect(`differs +RFC +sha1 +It is here with another key`)
	x.answer(`1 account is here with another key. Keep both, as two accounts\? \[Y/n\] `, "n")
	x.exits(7)

	x = startTerminal(t, other, "import", file)
	x.answer(`Password of vault.json \(Aegis\): `, "for the file")
	x.opened("correct horse")
	x.answer(`Keep both, as two accounts\? \[Y/n\] `, "")
	x.expect("1 account is added")
	x.exits(0)
	for _, hidden := range []string{"for the file", "for another", "GEZD", "MFRG"} {
		if strings.Contains(x.screen(), hidden) {
			t.Errorf("%s was shown:\n%s", hidden, x.screen())
		}
	}
	x = startTerminal(t, other, "import", file) // an empty answer leaves the file out
	x.answer(`Password of vault.json \(Aegis\): `, "")
	x.expect("vault.json: This file needs its password")
	x.exits(4)
}

// What is not encrypted needs a yes, and is offered for deletion once it is in.
func TestPlainFilesInATerminal(t *testing.T) {
	dir := folderWith(t, rfcKey+strings.ReplaceAll(rfcKey, "issuer=RFC", "issuer=RFC&period=45"))
	file := filepath.Join(t.TempDir(), "move.png")
	x := startTerminal(t, dir, "export", file, "--format", "google-qr", "--plain")
	x.opened("correct horse")
	x.expect("left out +RFC:sha1 +The other app does not have codes that change at this pace")
	x.expect("This file is not encrypted: everybody who gets it can make your codes")
	x.answer(`Write it all the same\? \[y/N\] `, "")
	x.exits(7)
	if _, err := os.Lstat(file); err == nil {
		t.Error("the file is there")
	}
	x = startTerminal(t, dir, "export", file, "--format", "google-qr", "--plain")
	x.opened("correct horse")
	x.answer(`Write it all the same\? \[y/N\] `, "y")
	x.answer(`Write the 1 account that fits\? \[Y/n\] `, "")
	x.expect("The file is written and whole, with 1 account")
	x.expect("1 account is not in it: the other app has no place for it")
	x.exits(6)

	other := folderWith(t, strings.ReplaceAll(rfcKey, "RFC", "Other"))
	for _, c := range []struct{ add, shred, told string }{
		{"", "", "1 account is added"},
		{"", "y", "move.png is overwritten and deleted"},
	} {
		x = startTerminal(t, other, "import", file)
		x.opened("correct horse")
		if c.shred == "" {
			x.answer(`Add 1 account\? \[Y/n\] `, c.add)
			x.expect(c.told)
		}
		x.answer(`move.png is not encrypted: whoever gets it has your accounts. Overwrite and delete it\? \[y/N\] `, c.shred)
		if c.shred != "" {
			x.expect(c.told)
			x.expect("Copies of it may remain")
		}
		x.exits(0)
		if _, err := os.Lstat(file); (err == nil) == (c.shred != "") {
			t.Errorf("after %q: %v", c.shred, err)
		}
	}
}

// A text is pasted into the terminal.
func TestPasteInATerminal(t *testing.T) {
	dir := folderWith(t, rfcKey)
	x := startTerminal(t, dir, "import", "-")
	x.expect("Paste the text")
	x.typed("here: otpauth://totp/Pasted:ana?secret=NFRGGZDFMZTWQ2LK&issuer=Pasted\n\x04")
	x.opened("correct horse")
	x.answer(`Add 1 account\? \[Y/n\] `, "")
	x.expect("1 account is added")
	x.exits(0)
}
