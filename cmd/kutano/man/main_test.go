// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPageForEachCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"kutano.1":         "Codes for the second step",
		"kutano-add.1":     "otpauth-migration",
		"kutano-scan.1":    "--clipboard",
		"kutano-code.1":    "--passphrase-fd",
		"kutano-list.1":    "--removed",
		"kutano-edit.1":    "--favourite",
		"kutano-remove.1":  "--erase",
		"kutano-restore.1": "30 days",
		"kutano-show-qr.1": "--png",
		"kutano-tour.1":    "throw-away",
		"kutano-import.1":  "--keep-both",
		"kutano-export.1":  "--format",
		"kutano-setup.1":   "--print",

		"kutano-phrase.1": "--digits",
		"kutano-report.1": "--save",

		"kutano-profile.1":      "workspace",
		"kutano-profile-use.1":  "--screen",
		"kutano-profile-sign.1": "--key",

		"kutano-helpdesk.1":         "six words",
		"kutano-helpdesk-phrase.1":  "--before",
		"kutano-helpdesk-call.1":    "--ticket",
		"kutano-helpdesk-bypass.1":  "--show-code",
		"kutano-helpdesk-reset.1":   "--confirm-calm",
		"kutano-helpdesk-runbook.1": "--pdf",

		"kutano-safe.1":            "--safe-passphrase-fd",
		"kutano-safe-add.1":        "--here",
		"kutano-safe-split.1":      "--needed",
		"kutano-safe-start-anew.1": "never deleted",
	} {
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		// Dashes are escaped in manual pages.
		if text := strings.ReplaceAll(string(page), `\-`, "-"); !strings.Contains(text, want) {
			t.Errorf("%s says nothing of %q", name, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "kutano-clipboard-serve.1")); err == nil {
		t.Error("the hidden command has a page")
	}
}
