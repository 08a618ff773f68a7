// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"strings"
	"testing"
)

// Backup codes are pasted unseen, better places are offered first (R65), one code
// is shown after a yes, and marked as used.
func TestSafeInATerminal(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	x := startTerminal(t, dir, "safe", "add", "RFC")
	x.expect("Line 1: ")
	x.typed("1234 5678\n")
	x.expect("Line 2: ")
	x.typed("1234 6789\n")
	x.expect("Line 3: ")
	x.typed("\n")
	x.expect(`Read as 2 codes, with blanks inside`)
	x.expect(`1  12•• ••••`)
	x.expect(`Are these the codes\? \[Y/n\] `)
	x.typed("n\n")
	x.expect(`Or as 3 codes`)
	x.expect(`Are these the codes\? \[Y/n\] `)
	x.typed("\n")
	x.expect("1 code stood there twice and counts once.") // in the reading that is meant
	x.expect("it is not known whether the key for these codes is on this device")
	x.expect("on paper: .*--pdf FILE")
	x.expect(`Keep them here all the same\? \[y/N\] `)
	x.typed("y\n")
	x.expect("New passphrase: ")
	x.typed("battery staple\n")
	x.expect("The same again: ")
	x.typed("battery staple\n")
	x.expect("3 backup codes are kept here, sealed: RFC.")
	x.exits(0)
	for _, hidden := range []string{"1234", "6789", "battery"} {
		if strings.Contains(x.screen(), hidden) {
			t.Errorf("%q was shown:\n%s", hidden, x.screen())
		}
	}

	x = startTerminal(t, dir, "safe", "show", "rfc")
	x.expect(`Show a backup code of RFC on the screen\? \[Y/n\] `)
	x.typed("\n")
	x.expect("Passphrase of the backup codes: ")
	x.typed("wrong\n")
	x.expect("not the passphrase of these backup codes")
	x.expect("Passphrase of the backup codes: ")
	x.typed("battery staple\n")
	x.expect("1234")
	x.expect("Code 1 of 3. It works once.")
	x.expect(`Did you use it\? \[y/N\] `)
	x.typed("y\n")
	x.expect("2 backup codes of RFC are left")
	x.exits(0)
	if strings.Contains(x.screen(), "5678") {
		t.Errorf("more than one code was shown:\n%s", x.screen())
	}

	// Better kept elsewhere after all.
	x = startTerminal(t, dir, "safe", "replace", "rfc", "--yes")
	x.expect("Line 1: ")
	x.typed("new\n")
	x.expect("Line 2: ")
	x.typed("\n")
	x.expect(`Keep them here all the same\? \[y/N\] `)
	x.typed("\n")
	x.exits(7)

	x = startTerminal(t, dir, "safe", "start-anew")
	x.expect(`Start a new one\? \[y/N\] `)
	x.typed("\n")
	x.exits(7)
}
