// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// The name of the keyring's items in the index is damaged, or the folder has
// moved: the keys are found either way.
func TestSpaceDamagedOrMoved(t *testing.T) {
	keyringtest.Start(t)
	for name, damage := range map[string]func(t *testing.T, dir string) string{
		"another": func(t *testing.T, dir string) string { return respace(t, dir, "0123abcd") },
		"none":    func(t *testing.T, dir string) string { return respace(t, dir, "no space") },
		"moved": func(t *testing.T, dir string) string {
			if err := os.Rename(dir, dir+"-moved"); err != nil {
				t.Fatal(err)
			}
			return dir + "-moved"
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: filepath.Join(t.TempDir(), "data"), Store: keystore.Keyring, Now: func() time.Time { return testNow }}
			v, err := Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			stock(t, v, 3)
			_ = v.Close()
			o.Dir, o.Store = damage(t, o.Dir), ""
			for range 2 {
				if v, err = Open(t.Context(), o); err != nil {
					t.Fatal(err)
				}
				wantAll(t, v, 3)
				if err := v.MarkUsed(t.Context(), v.Accounts()[0].ID, testNow); err != nil {
					t.Fatal(err)
				}
				_ = v.Close()
			}
		})
	}
}

// respace gives the index another name for the keyring's items.
func respace(t *testing.T, dir, space string) string {
	t.Helper()
	path := filepath.Join(dir, indexName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), spaceOf(dir), space, 1)
	if text == string(b) {
		t.Fatal("the index names no space")
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
