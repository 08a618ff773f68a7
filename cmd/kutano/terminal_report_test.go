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

// A report is shown first, nobody is asked for a passphrase, and a file that is there
// is replaced only after a yes.
func TestReportInATerminal(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(file, []byte("something else"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answer string
		exit   int
		begins string
	}{{"n\n", 7, "something else"}, {"\n", 7, "something else"}, {"y\n", 0, "Report of Kutano Authenticator\n"}} {
		x := startTerminal(t, dir, "report", "--save", file)
		x.expect(`Your keys are locked\.`)
		x.expect(`Figures for your helpdesk`)
		x.expect(`report\.txt is there already\. Replace it\? \[y/N\] `)
		x.typed(c.answer)
		x.exits(c.exit)
		if strings.Contains(x.screen(), "Passphrase") {
			t.Errorf("a passphrase was asked for:\n%s", x.screen())
		}
		got, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(got), c.begins) {
			t.Errorf("after %q: %v, %s", c.answer, err, got)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
