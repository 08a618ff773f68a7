// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
)

// What killed processes have left beside our files goes with the next start
// that changes something; nobody else's does.
func TestStraysAreSwept(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 2)
	withRecovery(t, v)
	_ = v.Close()
	ours := []string{
		".accounts.json.1.tmp", ".changing.22.tmp", ".secrets.sealed.333.tmp", ".recovery.json.4.tmp", ".unlock.age.5.tmp", ".tries.json.6.tmp", ".intake.json.7.tmp",
		"snapshots/.snapshots.json.7.tmp", "snapshots/.kutano-20270115T130000Z-000004.age.8.tmp",
	}
	others := []string{".settings.json.9.tmp", ".accounts.json.tmp", "snapshots/.other.age.1.tmp"}
	for _, name := range slices.Concat(ours, others) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	mustAdd(t, v, numbered(t, 2))
	_ = v.Close()
	left := map[string]bool{}
	for _, pattern := range []string{".*.tmp", "snapshots/.*.tmp"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			left[strings.TrimPrefix(f, dir+"/")] = true
		}
	}
	if got := slices.Sorted(maps.Keys(left)); !slices.Equal(got, slices.Sorted(slices.Values(others))) {
		t.Errorf("left %v, want %v", got, others)
	}
}
