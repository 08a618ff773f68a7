// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// opened types the passphrase of the sealed file.
func (x *terminal) opened(passphrase string) {
	x.t.Helper()
	x.expect("Passphrase: ")
	x.typed(passphrase + "\n")
}

var numbered = regexp.MustCompile(`(\d+)\. ([a-z]+)`)

// makesKey goes through kutano snapshot key as a person does, and returns the
// words as written down. wrong is typed before the right first word.
func (x *terminal) makesKey(wrong string) []string {
	x.t.Helper()
	x.expect("Press Enter to see them: ")
	x.typed("\n")
	x.expect("Press Enter when you have written them down; they are then gone: ")
	words := make([]string, 16)
	for _, m := range numbered.FindAllStringSubmatch(x.screen(), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > 16 {
			x.t.Fatalf("word %s", m[1])
		}
		words[n-1] = m[2]
	}
	x.typed("\n")
	x.expect(`\x1b\[2J\x1b\[H\x1b\[\?1049l`) // gone from the screen, and not in what can be scrolled back to
	for range 2 {
		x.expect(`Word \d+: `)
		asked := regexp.MustCompile(`Word (\d+): `).FindAllStringSubmatch(x.screen(), -1)
		n, _ := strconv.Atoi(asked[len(asked)-1][1])
		if wrong != "" {
			x.typed(wrong + "\n")
			x.expect(`That is not word ` + strconv.Itoa(n))
			x.expect(`Word \d+: `)
			wrong = ""
		}
		x.typed(words[n-1] + "\n")
	}
	return words
}

// A recovery key is made, proved, and brings the accounts back.
func TestRecoveryKeyInATerminal(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	x := startTerminal(t, dir, "snapshot", "key")
	x.opened("correct horse")
	words := x.makesKey("nonsense")
	x.expect("The recovery key is in use")
	x.exits(0)
	if hidden := x.screen()[strings.Index(x.screen(), "\x1b[?1049l"):]; strings.Contains(hidden, "nonsense") {
		t.Errorf("what was typed was shown:\n%s", hidden)
	}

	// Another one only after a yes.
	x = startTerminal(t, dir, "snapshot", "key")
	x.opened("correct horse")
	x.expect(`There is a recovery key since .* \[y/N\] `)
	x.typed("\n")
	x.exits(7)

	// A word that is wrong, then the right ones; into an empty folder.
	names, _ := filepath.Glob(filepath.Join(dir, "snapshots", "kutano-*.age"))
	if len(names) == 0 {
		t.Fatal("no snapshot")
	}
	fresh := t.TempDir()
	x = startTerminal(t, fresh, "snapshot", "restore", names[0])
	x.expect("Recovery key .*: ")
	x.typed(strings.Join(words[:3], " ") + " wrongly " + strings.Join(words[4:], " ") + "\n")
	x.expect("Word 4 of this recovery key is not right")
	x.expect("Recovery key .*: ")
	x.typed(strings.ToUpper(strings.Join(words, "  ")) + "\n")
	x.expect("New passphrase: ")
	x.typed("battery staple\n")
	x.expect("The same again: ")
	x.typed("battery staple\n")
	x.expect(`STATUS +SERVICE +ACCOUNT`)
	x.expect(`new +RFC +sha1`)
	x.expect(`Bring back 1 account\? \[Y/n\] `)
	x.typed("\n")
	x.expect("1 account is back")
	x.expect("Your recovery key is in use again")
	x.exits(0)
	if strings.Contains(strings.ToLower(x.screen()), words[0]+" ") && strings.Contains(x.screen(), words[15]) {
		t.Errorf("the key was shown:\n%s", x.screen())
	}

	// The passphrase is forgotten.
	x = startTerminal(t, fresh, "passphrase", "forgotten")
	x.expect("Recovery key .*: ")
	x.typed(strings.Join(words, " ") + "\n")
	x.expect("New passphrase: ")
	x.typed("correct horse\n")
	x.expect("The same again: ")
	x.typed("correct horse\n")
	x.expect("The new passphrase is set")
	x.exits(0)
	x = startTerminal(t, fresh, "passphrase", "change")
	x.opened("correct horse")
	x.expect("New passphrase: ")
	x.typed("one more\n")
	x.expect("The same again: ")
	x.typed("one more\n")
	x.expect("The passphrase is changed")
	x.exits(0)
	x = startTerminal(t, fresh, "code", "rfc")
	x.opened("one more")
	x.expect(`\n\d{6}\r\n`)
	x.exits(0)
}

// Words that are not the key's: nothing is set, and no file is left.
func TestUnprovedKeyIsThrownAway(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sheet := filepath.Join(t.TempDir(), "sheet.pdf")
	x := startTerminal(t, dir, "snapshot", "key", "--pdf", sheet)
	x.opened("correct horse")
	for range 3 {
		x.expect(`Word \d+: `)
		x.typed("nonsense\n")
	}
	x.expect("These are not the words. Nothing was changed")
	x.exits(4)
	if _, err := os.Lstat(sheet); err == nil {
		t.Error("the sheet of the key that is thrown away is still there")
	}
	if _, err := os.Lstat(filepath.Join(dir, "recovery.json")); err == nil {
		t.Error("the key was taken into use")
	}
}

// A backup at a terminal: its passphrase twice, and three tries to open it.
func TestBackupInATerminal(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file := filepath.Join(t.TempDir(), "out.age")
	x := startTerminal(t, dir, "export", file)
	x.opened("correct horse")
	x.expect("New passphrase: ")
	x.typed("for the file\n")
	x.expect("The same again: ")
	x.typed("for the file\n")
	x.expect("written and whole, with 1 account")
	x.exits(0)
	x = startTerminal(t, dir, "export", "-")
	x.expect("not for a terminal")
	x.exits(2)

	other := t.TempDir()
	x = startTerminal(t, other, "import", file)
	x.expect("Passphrase of out.age: ")
	x.typed("for another\n")
	x.expect("not the passphrase of this backup")
	x.expect("Passphrase of out.age: ")
	x.typed("for the file\n")
	x.expect("New passphrase: ")
	x.typed("battery staple\n")
	x.expect("The same again: ")
	x.typed("battery staple\n")
	x.expect(`Add 1 account\? \[Y/n\] `)
	x.typed("n\n")
	x.exits(7)
}
