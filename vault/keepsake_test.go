// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/secret/canary"
	"github.com/kutano/authenticator/vault/snapshot"
)

const keepsakeName = "link"

var testPass = func() secret.Value { return secret.FromString("a test passphrase") }

// kept fails unless the vault has the keepsake.
func kept(t *testing.T, when string, v *vault.Vault, want string) {
	t.Helper()
	got, err := v.Keepsake(t.Context(), keepsakeName)
	if err != nil || string(got.Bytes()) != want {
		t.Errorf("%s: %d bytes, %v; want %d", when, got.Len(), err, len(want))
	}
}

func keep(t *testing.T, v *vault.Vault, text string) {
	t.Helper()
	if err := v.SetKeepsake(t.Context(), keepsakeName, secret.FromString(text)); err != nil {
		t.Fatal(err)
	}
}

// A keepsake goes where the keys go: under a passphrase, out of it, and to the
// other store; locked it is not to be had.
func TestKeepsake(t *testing.T) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		t.Run(string(kind), func(t *testing.T) {
			keyringtest.Start(t)
			dir, want := t.TempDir(), canary.NewKey()
			v := open(t, dir, kind)
			if _, err := v.Add(t.Context(), sample(1)); err != nil {
				t.Fatal(err)
			}
			kept(t, "none", v, "")
			keep(t, v, "before")
			keep(t, v, want)
			kept(t, "replaced", v, want)
			kept(t, "reopened", open(t, dir, ""), want)
			pass := testPass()
			if kind == keystore.Keyring {
				if err := v.SetPassphrase(t.Context(), secret.Value{}, pass); err != nil {
					t.Fatal(err)
				}
				kept(t, "passphrase set", v, want)
			}
			if err := v.Lock(); err != nil {
				t.Fatal(err)
			}
			if got, err := v.Keepsake(t.Context(), keepsakeName); !errors.Is(err, keystore.ErrSealed) || got.Len() > 0 {
				t.Errorf("locked: %d bytes, %v", got.Len(), err)
			}
			if err := v.SetKeepsake(t.Context(), keepsakeName, secret.FromString("no")); !errors.Is(err, keystore.ErrSealed) {
				t.Errorf("kept while locked: %v", err)
			}
			if err := v.Unlock(t.Context(), pass); err != nil {
				t.Fatal(err)
			}
			kept(t, "unlocked", v, want)
			if kind == keystore.Keyring {
				if err := v.RemovePassphrase(t.Context(), pass); err != nil {
					t.Fatal(err)
				}
				kept(t, "passphrase removed", v, want)
			}
			other := open(t, dir, "")
			for _, to := range []keystore.Kind{keystore.File, keystore.Keyring, keystore.File} {
				if err := v.MoveTo(t.Context(), to, pass); err != nil {
					t.Fatal(err)
				}
				kept(t, "moved to the "+string(to), v, want)
				kept(t, "moved and reopened", open(t, dir, ""), want)
			}
			if kind == keystore.Keyring { // it must not look as if the keepsake were gone
				if got, err := other.Keepsake(t.Context(), keepsakeName); !errors.Is(err, vault.ErrMoved) || got.Len() > 0 {
					t.Errorf("from the store that does not count: %d bytes, %v", got.Len(), err)
				}
			}
			if err := v.SetKeepsake(t.Context(), keepsakeName, secret.Value{}); err != nil {
				t.Fatal(err)
			}
			kept(t, "removed", open(t, dir, ""), "")
		})
	}
}

// Another process sets and removes the passphrase.
func TestKeepsakeGuardedElsewhere(t *testing.T) {
	keyringtest.Start(t)
	dir, want := t.TempDir(), canary.NewKey()
	v := open(t, dir, keystore.Keyring)
	keep(t, v, want)
	w := open(t, dir, "")
	if err := w.SetPassphrase(t.Context(), secret.Value{}, testPass()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Keepsake(t.Context(), keepsakeName); !errors.Is(err, keystore.ErrSealed) {
		t.Errorf("sealed by another process: %v", err)
	}
	if err := v.Unlock(t.Context(), testPass()); err != nil {
		t.Fatal(err)
	}
	kept(t, "unlocked", v, want)
	if err := w.RemovePassphrase(t.Context(), testPass()); err != nil {
		t.Fatal(err)
	}
	kept(t, "passphrase removed elsewhere", v, want)
}

// While the keyring is locked nobody knows whether there is one.
func TestKeepsakeKeyringLocked(t *testing.T) {
	d := keyringtest.Start(t)
	dir := t.TempDir()
	v := open(t, dir, keystore.Keyring)
	keep(t, v, "something")
	d.Lock(t)
	if got, err := v.Keepsake(t.Context(), keepsakeName); !errors.Is(err, keystore.ErrLocked) || got.Len() > 0 {
		t.Errorf("keyring locked: %v", err)
	}
}

func TestKeepsakeRefused(t *testing.T) {
	v := open(t, t.TempDir(), keystore.File)
	for name, err := range map[string]error{
		"another name": v.SetKeepsake(t.Context(), "page-0", secret.FromString("x")),
		"too long":     v.SetKeepsake(t.Context(), keepsakeName, secret.FromString(strings.Repeat("x", keystore.MaxSealed+1))),
		"not ASCII":    v.SetKeepsake(t.Context(), keepsakeName, secret.FromString("é")),
	} {
		if err == nil {
			t.Errorf("%s: kept", name)
		}
	}
	keep(t, v, strings.Repeat("x", keystore.MaxSealed))
	if _, err := v.Keepsake(t.Context(), "lock"); err == nil {
		t.Error("the lock was handed out")
	}
}

// A keepsake stands in no snapshot, no backup, and in clear in no file.
func TestKeepsakeStaysHome(t *testing.T) {
	keyringtest.Start(t)
	dir, mark := t.TempDir(), canary.NewKey()
	v := open(t, dir, keystore.Keyring)
	if _, err := v.Add(t.Context(), sample(1)); err != nil {
		t.Fatal(err)
	}
	keep(t, v, mark)
	key := snapshot.NewKey()
	if err := v.SetRecovery(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	info, err := v.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file, err := v.Snapshots().Read(info.Name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := snapshot.Decrypt(file, snapshot.Opener{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	text := snapshot.Encode(d)
	if strings.Contains(string(text.Bytes()), mark) || len(d.Accounts) != 1 {
		t.Error("a snapshot has the keepsake")
	}
	if err := v.MoveTo(context.Background(), keystore.File, testPass()); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), mark) {
			t.Errorf("%s has the keepsake in clear", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
