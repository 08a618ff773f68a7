// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

// wantNotices checks what is noticed, here and by the next start.
func wantNotices(t *testing.T, v *Vault, want ...NoticeKind) {
	t.Helper()
	got := v.Notices()
	if len(got) != len(want) {
		t.Fatalf("notices %v, want %v", got, want)
	}
	for i, n := range got {
		if n.Kind != want[i] || n.At != testNow.Unix() {
			t.Errorf("notice %+v, want %s", n, want[i])
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The list of accounts is older than the keys: all accounts are there, and it is said.
func TestOlderIndexIsNoticed(t *testing.T) {
	m, dir := newMemStore(), t.TempDir()
	v := openMem(t, dir, m)
	stock(t, v, 3)
	aside := filepath.Join(t.TempDir(), "copy")
	copyFile(t, v.indexPath(), aside)
	mustAdd(t, v, numbered(t, 3))
	wantNotices(t, v)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	copyFile(t, aside, filepath.Join(dir, indexName))
	v = openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 4)
	wantNotices(t, v, NoticeOlderFolder)
	v = openMem(t, dir, m)
	wantNotices(t, v, NoticeOlderFolder)
	mustAdd(t, v, numbered(t, 4)) // a change does not make it go
	wantNotices(t, openMem(t, dir, m), NoticeOlderFolder)
	if err := v.Dismiss(t.Context(), NoticeOlderFolder); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNotices(t, v)
	wantNotices(t, openMem(t, dir, m))
}

// The keys are older than the list: what is missing stays listed, and it is said.
func TestOlderKeysAreNoticed(t *testing.T) {
	m, dir := newMemStore(), t.TempDir()
	v := openMem(t, dir, m)
	stock(t, v, 3)
	before := maps.Clone(m.items)
	last := mustAdd(t, v, numbered(t, 3))
	m.items = before
	v = openMem(t, dir, m)
	_, _ = v.Code(t.Context(), last.ID, testNow)
	wantNotices(t, v, NoticeOlderKeys)
	if n := len(v.Accounts()); n != 4 {
		t.Errorf("%d accounts are listed, want all 4", n)
	}
	if d, meta, err := v.document(t.Context()); err != nil || len(d.Accounts) != 3 || meta.Lost != 1 {
		t.Errorf("%d accounts with keys, %d lost, %v", len(d.Accounts), meta.Lost, err)
	}
}

// Everything in the folder is older, keys included: a note outside of it tells.
func TestOlderFolderIsNoticed(t *testing.T) {
	dir, state := t.TempDir(), filepath.Join(t.TempDir(), "state")
	open := func() *Vault {
		v, err := Open(t.Context(), Options{
			Dir: dir, Store: keystore.File, Now: func() time.Time { return testNow }, State: state,
			Passphrase: func(context.Context, bool) (secret.Value, error) { return firstPhrase.Clone(), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		return v
	}
	v := open()
	stock(t, v, 2)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	older := t.TempDir()
	if err := os.CopyFS(older, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	v = open()
	wantNotices(t, v)
	mustAdd(t, v, numbered(t, 2))
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	wantNotices(t, open())
	for _, name := range []string{indexName, sealedName} {
		copyFile(t, filepath.Join(older, name), filepath.Join(dir, name))
	}
	v = open()
	wantAll(t, v, 2)
	wantNotices(t, v, NoticeOlderKeys)
	mustAdd(t, v, numbered(t, 5))
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v = open()
	wantNotices(t, v, NoticeOlderKeys)
	if err := v.Dismiss(t.Context(), NoticeOlderKeys); err != nil {
		t.Fatal(err)
	}
	wantNotices(t, open())
	// A folder that begins anew has no past.
	for _, name := range []string{indexName, sealedName} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	wantNotices(t, open())
}

// A list that is older than both the keyring and the note is made good at once.
func TestOlderListIsMadeGood(t *testing.T) {
	m, dir, state := newMemStore(), t.TempDir(), t.TempDir()
	o := memOptions(dir, m)
	o.State = state
	open := func() *Vault {
		v, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		return v
	}
	v := open()
	stock(t, v, 2)
	aside := filepath.Join(t.TempDir(), "copy")
	copyFile(t, v.indexPath(), aside)
	mustAdd(t, v, numbered(t, 2))
	_ = v.Close()
	copyFile(t, aside, filepath.Join(dir, indexName))
	v = open()
	if n := len(v.Accounts()); n != 3 {
		t.Errorf("%d accounts", n)
	}
	wantNotices(t, v, NoticeOlderFolder)
}

// A keyring that was reset takes the passphrase with it. What is kept from then
// on is not under it, and that is said.
func TestLostPassphraseIsNoticed(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.Keyring, 0)
	stock(t, v, 2)
	if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
		t.Fatal(err)
	}
	_ = v.Close()
	wipe(t)
	v, _ = openWith(t, dir, keystore.Keyring, 0)
	wantNotices(t, v, NoticeUnguarded)
	if v.Guarded() || len(v.Accounts()) != 2 {
		t.Errorf("guarded %v, %d accounts", v.Guarded(), len(v.Accounts()))
	}
	if err := v.Dismiss(t.Context(), NoticeUnguarded); err != nil {
		t.Fatal(err)
	}
	w, _ := openWith(t, dir, keystore.Keyring, 0)
	wantNotices(t, w)
}
