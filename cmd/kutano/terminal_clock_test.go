// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/clock/lietest"
)

// A person is asked once whether the network may be.
func TestAskedOnce(t *testing.T) {
	dir := t.TempDir()
	one, two, three := lietest.StartAt(t, "127.0.0.2:0"), lietest.StartAt(t, "127.0.0.3:0"), lietest.StartAt(t, "127.0.0.4:0")
	args := []string{"clock", "--server", one.Addr, "--server", two.Addr, "--server", three.Addr}

	x := startTerminal(t, dir, args...)
	x.expect(`May Kutano Authenticator ask time servers on the internet(.|\s)*\[y/N\] `)
	x.typed("n\n")
	x.expect("has checked this clock yet|keeps its clock right")
	x.exits(1)
	x = startTerminal(t, dir, args...)
	x.expect("You do not want the network to be asked. To change that: kutano clock --allow demand")
	x.exits(1)
	if n := one.Asked() + two.Asked() + three.Asked(); n != 0 {
		t.Errorf("servers were asked %d times, though the answer was no", n)
	}

	dir = t.TempDir()
	x = startTerminal(t, dir, args...)
	x.expect(`\[y/N\] `)
	x.typed("y\n")
	x.expect("Your clock is right.")
	x.exits(0)
	x = startTerminal(t, dir, args...)
	x.expect("Your clock is right.")
	x.exits(0)
	if strings.Contains(x.screen(), "[y/N]") {
		t.Errorf("asked again:\n%s", x.screen())
	}
}

// R54: on a clock that is 20 minutes slow: another device's code, then right
// codes, which say that they are corrected.
func TestCompareInATerminal(t *testing.T) {
	dir := t.TempDir()
	x := startTerminal(t, dir, "--store", "file", "add")
	x.expect("New passphrase: ")
	x.typed("correct horse\n")
	x.expect("The same again: ")
	x.typed("correct horse\n")
	x.expect("Service.*: ")
	x.typed("Kutano\n")
	x.expect("Account.*: ")
	x.typed("ana\n")
	x.expect("Key.*: ")
	x.typed(testKey + "\n")
	x.exits(0)

	t.Setenv(turnedBy, "-20m")
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, how := range []string{"", "--flip"} {
		args := []string{"clock", "--code", "kutano"}
		if how != "" {
			args = append(args, how)
		}
		x = startTerminal(t, dir, args...)
		x.expect("Passphrase: ")
		x.typed("correct horse\n")
		x.expect("Open Kutano · ana on a device whose clock you trust.")
		if how != "" {
			x.expect("Press Enter at the moment when its code changes: ")
			x.typed("\n")
		}
		x.expect("The code it shows( now)?: ")
		x.typed(codeNow(check, 6) + "\n")
		x.expect("Your clock is (19|20) minutes.* slow: codes will be refused.")
		x.expect("To correct codes by this all the same: kutano clock --apply")
		x.exits(1)
	}
	x = startTerminal(t, dir, "clock", "--apply")
	x.expect("Your codes are corrected")
	x.exits(0)

	x = startTerminal(t, dir, "code", "--watch")
	x.expect("Passphrase: ")
	x.typed("correct horse\n")
	x.expect(`\d{3} \d{3}  +\d{3} \d{3}  +\d+ s  +Kutano  +ana\r\nCodes are corrected by \+(19|20) min.*\(kutano clock tells why\).\r\n`)
	// Another process switches the correction off: the watch notices.
	y := startTerminal(t, dir, "clock", "--off")
	y.expect("You have switched the correction off.")
	y.exits(0)
	x.expect(`ana\r\nYour clock is (19|20) minutes.* slow: codes will be refused. Run kutano clock.\r\n\x1b\[3A`)
	x.typed("\x03")
	x.exits(7)
}
