// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package sheet

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Programs that stand in for CUPS. They leave beside themselves what they saw.
const (
	fakeLp = `#!/bin/sh
cd "$(dirname "$0")"
printf '%s\n' "$@" >args
env >environment
cat >stdin
exit $(cat status 2>/dev/null || echo 0)
`
	fakeLpstat = `#!/bin/sh
cd "$(dirname "$0")"
[ "$LC_ALL" = C ] || exit 1
cat "answer$1" 2>/dev/null
`
)

// cups puts the programs on an otherwise empty PATH and returns their folder.
// What they answer stands in files: "answer-d" and "answer-e" of lpstat.
func cups(t *testing.T, answers map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"lp": fakeLp, "lpstat": fakeLpstat}
	for name, text := range answers {
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// Apart from what is written to: a link leads to the system's own program.
	tools := t.TempDir()
	for _, name := range []string{"dirname", "env", "cat"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(tools, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+tools)
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	return dir
}

func seen(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPrint(t *testing.T) {
	pdf := make1(t, sample())
	for name, answers := range map[string]map[string]string{
		"default":    {"answer-d": "system default destination: Office\n", "answer-e": "Home\nOffice\n"},
		"user's own": {"answer-d": "user default destination: Office\n"},
		"only one":   {"answer-d": "no system default destination\n", "answer-e": "Office\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := cups(t, answers)
			if !CanPrint(t.Context()) {
				t.Error("nothing can be printed")
			}
			if err := Print(t.Context(), pdf); err != nil {
				t.Fatal(err)
			}
			if got := seen(t, dir, "stdin"); got != string(pdf) {
				t.Errorf("%d bytes came, not the document's %d", len(got), len(pdf))
			}
			if got, want := seen(t, dir, "args"), "-s\n-t\nKutano Authenticator\n-d\nOffice\n"; got != want {
				t.Errorf("lp was called with %q, want %q", got, want)
			}
			for _, secret := range append(sample().Words, identity) {
				if strings.Contains(seen(t, dir, "environment"), secret) {
					t.Errorf("the environment shows %q", secret)
				}
			}
		})
	}
}

func TestNoPrinter(t *testing.T) {
	for name, answers := range map[string]map[string]string{
		"none":            {"answer-d": "no system default destination\n", "answer-e": ""},
		"several":         {"answer-d": "no system default destination\n", "answer-e": "Home\nOffice\n"},
		"name of nothing": {"answer-d": "system default destination: \n"},
		"an option":       {"answer-d": "system default destination: -h\n", "answer-e": "-h\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := cups(t, answers)
			if CanPrint(t.Context()) {
				t.Error("something can be printed")
			}
			if err := Print(t.Context(), []byte("x")); !errors.Is(err, ErrNoPrinter) {
				t.Errorf("%v, want ErrNoPrinter", err)
			}
			if _, err := os.Stat(filepath.Join(dir, "args")); err == nil {
				t.Error("lp was called")
			}
		})
	}
	for name, lacking := range map[string]string{"no lp": "lp", "no lpstat": "lpstat"} {
		t.Run(name, func(t *testing.T) {
			dir := cups(t, map[string]string{"answer-e": "Office\n"})
			if err := os.Remove(filepath.Join(dir, lacking)); err != nil {
				t.Fatal(err)
			}
			if err := Print(t.Context(), []byte("x")); !errors.Is(err, ErrNoPrinter) || CanPrint(t.Context()) {
				t.Errorf("%v, want ErrNoPrinter", err)
			}
		})
	}
}

func TestPrintFails(t *testing.T) {
	pdf := make1(t, sample())
	cups(t, map[string]string{"answer-d": "system default destination: Office\n", "status": "3"})
	err := Print(t.Context(), pdf)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || errors.Is(err, ErrNoPrinter) || bytes.Contains([]byte(err.Error()), []byte("abacus")) {
		t.Errorf("lp failed: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Print(ctx, pdf); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
