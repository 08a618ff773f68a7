// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// twoStores opens a vault on a keyring and a file in memory.
func twoStores(t *testing.T, dir string, keyring, file *memStore, kind keystore.Kind) *Vault {
	t.Helper()
	file.kind = keystore.File
	o := memOptions(dir, keyring)
	o.Store = kind
	o.open = func(k keystore.Kind, _ string) (keystore.Store, error) {
		if k == keystore.File {
			return file, nil
		}
		return keyring, nil
	}
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func TestMoveTo(t *testing.T) {
	dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
	v := twoStores(t, dir, keyring, file, keystore.Keyring)
	other := twoStores(t, dir, keyring, file, "")
	as, err := v.AddAll(t.Context(), keys(t, 40))
	if err != nil {
		t.Fatal(err)
	}
	keyring.items["page-1"] += "what is this\n"
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := keyring.text()
	if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); err != nil {
		t.Fatal(err)
	}
	if len(keyring.items) != 0 || file.text() != before || v.Kind() != keystore.File || len(v.Aside()) != 1 {
		t.Errorf("moved to %s; %d items left behind, %d set aside", v.Kind(), len(keyring.items), len(v.Aside()))
	}
	want := codeOf(t, v, as[30].ID, testNow)
	mustAdd(t, v, numbered(t, 100))
	w := twoStores(t, dir, keyring, file, "")
	if got := codeOf(t, w, as[30].ID, testNow); got != want || len(w.Accounts()) != 41 || w.Kind() != keystore.File {
		t.Errorf("after reopening: code %s, %d accounts in %s", got, len(w.Accounts()), w.Kind())
	}
	// A process that had the old store open must not write there.
	if _, err := other.Add(t.Context(), numbered(t, 101)); !errors.Is(err, ErrMoved) || len(keyring.items) != 0 {
		t.Errorf("add to the old store: %v; %d items in it", err, len(keyring.items))
	}
	if _, err := other.Code(t.Context(), as[3].ID, testNow); !errors.Is(err, ErrMoved) {
		t.Errorf("code from the old store: %v", err)
	}
	if err := w.MoveTo(t.Context(), keystore.File, secret.Value{}); err != nil || len(file.items) == 0 {
		t.Errorf("to where they are: %v", err)
	}
}

// between does something before the first item is read.
type between struct {
	*memStore
	do func()
}

func (b *between) Get(ctx context.Context, name string) (secret.Value, error) {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.memStore.Get(ctx, name)
}

// What is moved just when it is looked for does not look lost.
func TestKeepsakeMovedMeanwhile(t *testing.T) {
	dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
	v := twoStores(t, dir, keyring, file, keystore.Keyring)
	if err := v.SetKeepsake(t.Context(), "link", secret.FromString("x")); err != nil {
		t.Fatal(err)
	}
	slow := &between{memStore: keyring}
	o := memOptions(dir, keyring)
	o.open = func(keystore.Kind, string) (keystore.Store, error) { return slow, nil }
	other, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	slow.do = func() {
		if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); err != nil {
			t.Error(err)
		}
	}
	if got, err := other.Keepsake(t.Context(), "link"); !errors.Is(err, ErrMoved) {
		t.Errorf("%d bytes, %v", got.Len(), err)
	}
}

func TestMoveToFails(t *testing.T) {
	for fail := 1; fail <= 3; fail++ {
		dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
		v := twoStores(t, dir, keyring, file, keystore.Keyring)
		as, err := v.AddAll(t.Context(), keys(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		before := keyring.text()
		file.fail = fail
		if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); !errors.Is(err, errInjected) {
			t.Fatalf("write %d fails: %v", fail, err)
		}
		if keyring.text() != before || v.Kind() != keystore.Keyring {
			t.Errorf("write %d fails: the keys are in %s", fail, v.Kind())
		}
		codeOf(t, v, as[39].ID, testNow)
		if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); err != nil {
			t.Errorf("the next try: %v", err)
		}
		codeOf(t, v, as[39].ID, testNow)
	}
}

// An index that cannot be written leaves everything where it was.
func TestMoveToWithoutIndex(t *testing.T) {
	dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
	v := twoStores(t, dir, keyring, file, keystore.Keyring)
	a := mustAdd(t, v, numbered(t, 1))
	path := filepath.Join(dir, indexName)
	if err := errors.Join(os.Rename(path, path+".kept"), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); err == nil {
		t.Error("moved though the index cannot say so")
	}
	if err := errors.Join(os.Remove(path), os.Rename(path+".kept", path)); err != nil {
		t.Fatal(err)
	}
	v = twoStores(t, dir, keyring, file, "")
	if codeOf(t, v, a.ID, testNow); v.Kind() != keystore.Keyring {
		t.Errorf("the keys are in %s", v.Kind())
	}
}

func TestMoveWhileCodesAreMade(t *testing.T) {
	dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
	v := twoStores(t, dir, keyring, file, keystore.Keyring)
	as, err := v.AddAll(t.Context(), keys(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 400 {
			if _, err := v.Code(t.Context(), as[i%60].ID, testNow); err != nil {
				t.Errorf("a code while moving: %v", err)
				return
			}
		}
	}()
	for i := range 6 {
		kind := []keystore.Kind{keystore.File, keystore.Keyring}[i%2]
		if err := v.MoveTo(t.Context(), kind, secret.FromString("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	<-done
}

// A move that was cut short, before or after the new store counts: the next
// start removes the copies, and what is left counts in neither way.
func TestMoveCutShort(t *testing.T) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
		v := twoStores(t, dir, keyring, file, keystore.File)
		as, err := v.AddAll(t.Context(), keys(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		if kind == keystore.Keyring { // already there
			if err := v.MoveTo(t.Context(), keystore.Keyring, secret.Value{}); err != nil {
				t.Fatal(err)
			}
			if v.current().Leaving != "" {
				t.Fatal("a whole move says that it is not")
			}
			if err := v.setLeaving(keystore.File); err != nil { // nothing is left there, and that is no fault
				t.Fatal(err)
			}
		} else {
			for name, text := range file.items {
				keyring.items[name] = text
			}
			keyring.items["page-7"] = "kutano1 3\naaaaaaaaaaaa otpauth://totp/x?secret=AA\n"
			if err := v.setLeaving(keystore.Keyring); err != nil {
				t.Fatal(err)
			}
		}
		v = twoStores(t, dir, keyring, file, "")
		if v.current().Leaving != "" || v.Kind() != kind {
			t.Errorf("in %s, leaving %s", v.Kind(), v.current().Leaving)
		}
		if kind == keystore.File && len(keyring.items) != 1 { // a page far behind the others is not looked for
			t.Errorf("%d copies are left", len(keyring.items))
		}
		for _, a := range as {
			codeOf(t, v, a.ID, testNow)
		}
	}
}

// The index says that a move is to be finished, and the keys are only where it
// would remove them: an older copy of it was put back.
func TestMoveIsNotFinishedOverTheOnlyCopy(t *testing.T) {
	dir, keyring, file := t.TempDir(), newMemStore(), newMemStore()
	v := twoStores(t, dir, keyring, file, keystore.Keyring)
	mustAdd(t, v, numbered(t, 1))
	if err := v.setLeaving(keystore.File); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(v.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	if err := v.MoveTo(t.Context(), keystore.File, secret.FromString("x")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.indexPath(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	twoStores(t, dir, keyring, file, "")
	if len(file.items) == 0 {
		t.Error("the only copy is gone")
	}
}
