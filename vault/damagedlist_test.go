// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile"
)

func TestDamagedIndexIsKept(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, 3)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, indexName)
	for i, bad := range []string{"", "{", `{"version":1}`, "\x00\x01", `{"version":1,"store":"keyring","accounts":[{"id":"x"}]}`} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		v := openMem(t, dir, m)
		if len(v.Accounts()) != 3 {
			t.Errorf("index %q: %d accounts", bad, len(v.Accounts()))
		}
		aside := path + atomicfile.Aside
		if i > 0 {
			aside += fmt.Sprint("-", i+1)
		}
		if kept, err := os.ReadFile(aside); err != nil || string(kept) != bad {
			t.Errorf("index %q was not kept: %q, %v", bad, kept, err)
		}
	}
}

// A list that was damaged so that it can still be read, and lacks a name: changing
// the issuer does not cost the name, which the page has.
func TestRenameWithADamagedList(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	a := mustAdd(t, openMem(t, dir, m), numbered(t, 0))
	path := filepath.Join(dir, indexName)
	list, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := strings.Replace(string(list), `"name"`, `"oame"`, 1)
	if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil || damaged == string(list) {
		t.Fatal("nothing is damaged", err)
	}
	v := openMem(t, dir, m)
	d := v.Accounts()[0].Details()
	if d.Issuer = "Renamed"; d.Name != "" {
		t.Fatalf("the list still has %q", d.Name)
	}
	if _, err := v.Update(t.Context(), a.ID, d); err != nil {
		t.Fatal(err)
	}
	wantLabels(t, openMem(t, dir, m), "Renamed:"+a.Name)
}
