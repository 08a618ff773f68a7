// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

// An older list of accounts was put back, from before there was a passphrase:
// whatever meets the lock first notes it, at once, and the next start asks.
func TestLockThatTheIndexDoesNotKnow(t *testing.T) {
	keyringtest.Start(t)
	for name, meet := range map[string]func(*Vault) error{
		"verify": func(v *Vault) error { return v.Verify(t.Context()) },
		"change": func(v *Vault) error { _, err := v.Add(t.Context(), numbered(t, 70)); return err },
		"code":   func(v *Vault) error { _, err := v.Code(t.Context(), v.Accounts()[0].ID, testNow); return err },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			wipe(t)
			v, _ := openWith(t, dir, keystore.Keyring, 0)
			stock(t, v, 3)
			_ = v.Close()
			older := filepath.Join(t.TempDir(), "older")
			copyFile(t, filepath.Join(dir, indexName), older)
			v, _ = openWith(t, dir, keystore.Keyring, 0)
			if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
				t.Fatal(err)
			}
			_ = v.Close()
			copyFile(t, older, filepath.Join(dir, indexName))
			v, _ = openWith(t, dir, keystore.Keyring, 0)
			if v.Guarded() {
				t.Fatal("asked, though the list says that there is no lock")
			}
			start := time.Now()
			if err := meet(v); !errors.Is(err, keystore.ErrSealed) {
				t.Errorf("%v", err)
			}
			if took := time.Since(start); took > lockWait-time.Second {
				t.Errorf("it took %v", took)
			}
			_ = v.Close()
			v, _ = openWith(t, dir, keystore.Keyring, 0, firstPhrase)
			if !v.Guarded() {
				t.Error("the next start does not ask")
			}
			wantAll(t, v, 3)
		})
	}
}

// A clock that is set back for a while costs no removed account: it would be
// older than thirty days once the clock is right.
func TestRemovedWhileTheClockIsBack(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	now := testNow
	o := memOptions(dir, m)
	o.Now = func() time.Time { return now }
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	a, b := mustAdd(t, v, numbered(t, 1)), mustAdd(t, v, numbered(t, 2))
	if err := v.MarkUsed(t.Context(), b.ID, testNow); err != nil {
		t.Fatal(err)
	}
	now = time.Unix(86400, 0) // an empty battery
	if err := v.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	now = testNow.Add(time.Hour)
	mustAdd(t, v, numbered(t, 3))
	if n := len(v.Removed()); n != 1 {
		t.Fatalf("%d removed accounts", n)
	}
	if err := v.Restore(t.Context(), a.ID); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(v.markPath()); err == nil {
		t.Error("cut short")
	}
}
