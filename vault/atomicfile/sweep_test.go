// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Only what a write of ours left goes, and nothing that merely looks like it.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	stay := []string{".a.json.12x.tmp", ".a.json..tmp", ".a.json.tmp", ".b.json.12.tmp", ".tmp", "a.json", "a.json.12.tmp"}
	for _, name := range append([]string{".a.json.12.tmp", ".a.json.3456789.tmp"}, stay...) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".a.json.77.tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	ours := func(name string) bool { return name == "a.json" }
	if err := Sweep(dir, ours); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := append([]string{".a.json.77.tmp"}, stay...)
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
	if err := Sweep(filepath.Join(dir, "none"), ours); err != nil {
		t.Error(err)
	}
}
