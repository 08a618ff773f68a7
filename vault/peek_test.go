// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// contents are the files of a folder with what is in them.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// peek peeks, and wants nothing of the folder to be touched.
func peek(t *testing.T, dir string) (Peeked, error) {
	t.Helper()
	before := contents(t, dir)
	p, err := Peek(dir, testNow)
	if after := contents(t, dir); !maps.Equal(before, after) {
		t.Errorf("the folder was changed: %d files before, %d after", len(before), len(after))
	}
	return p, err
}

func TestPeek(t *testing.T) {
	dir, pass := t.TempDir(), secret.FromString("a passphrase")
	if p, err := peek(t, dir); err != nil || p.Kind != "" || p.Guarded || len(p.Accounts) != 0 {
		t.Errorf("an empty folder: %+v, %v", p, err)
	}
	if _, err := Peek(filepath.Join(dir, "none"), testNow); err != nil {
		t.Errorf("no folder: %v", err)
	}
	v, _ := openWith(t, dir, keystore.File, 0, pass)
	for i := range 3 {
		mustAdd(t, v, numbered(t, i))
	}
	if err := v.Remove(t.Context(), v.Accounts()[1].ID); err != nil {
		t.Fatal(err)
	}
	_ = v.Close()
	p, err := peek(t, dir)
	if err != nil || p.Kind != keystore.File || !p.Guarded || len(p.Accounts) != 2 || len(p.Removed) != 1 || p.Accounts[1].Issuer != "Service002" {
		t.Errorf("a sealed file: %+v, %v", p, err)
	}
	if later, _ := Peek(dir, testNow.Add(2*keepRemoved)); len(later.Removed) != 0 {
		t.Error("what was removed long ago is told of")
	}

	sealed, index := filepath.Join(dir, sealedName), filepath.Join(dir, indexName)
	whole, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	newer := append([]byte{}, whole...)
	newer[8]++ // its version
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"cut off": {whole[:len(whole)-9], keystore.ErrDamaged}, "empty": {nil, keystore.ErrDamaged}, "newer": {newer, keystore.ErrNewer},
	} {
		write(t, sealed, c.file)
		if p, err := peek(t, dir); !errors.Is(err, c.want) || len(p.Accounts) != 2 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if err := os.Remove(sealed); err != nil {
		t.Fatal(err)
	}
	if p, err := peek(t, dir); !errors.Is(err, fs.ErrNotExist) || len(p.Accounts) != 2 || p.Kind != keystore.File {
		t.Errorf("gone: %+v, %v", p, err)
	}
	write(t, sealed, whole)
	write(t, index, []byte("{}"))
	if p, err := peek(t, dir); !errors.Is(err, keystore.ErrDamaged) || p.Kind != keystore.File {
		t.Errorf("a damaged list: %+v, %v", p, err)
	}
	write(t, index, []byte(`{"version": 99}`))
	if _, err := peek(t, dir); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer list: %v", err)
	}
	if err := os.Remove(index); err != nil {
		t.Fatal(err)
	}
	if p, err := peek(t, dir); err != nil || p.Kind != keystore.File || !p.Guarded {
		t.Errorf("no list: %+v, %v", p, err)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPeekInKeyring(t *testing.T) {
	dir := t.TempDir()
	v := openMem(t, dir, newMemStore())
	a := mustAdd(t, v, numbered(t, 0))
	p, err := peek(t, dir)
	if err != nil || p.Kind != keystore.Keyring || p.Guarded || len(p.Accounts) != 1 || p.Accounts[0].ID != a.ID {
		t.Errorf("%+v, %v", p, err)
	}
	if runtime.GOOS == "windows" { // folders have no such mode
		return
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }()
	if p, err := peek(t, dir); !errors.Is(err, ErrReadOnly) || len(p.Accounts) != 1 {
		t.Errorf("a folder that cannot be written: %+v, %v", p, err)
	}
}

func TestKeyLength(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	for uri, want := range map[string]int{
		"otpauth://totp/Sixteen:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY&issuer=Sixteen":     16,
		"otpauth://totp/Twenty:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Twenty": 20,
	} {
		a := mustAdd(t, v, key(t, uri))
		if n, err := v.KeyLength(t.Context(), a.ID); err != nil || n != want {
			t.Errorf("%s: %d bytes, %v", a.Issuer, n, err)
		}
	}
	if _, err := v.KeyLength(t.Context(), "abcdefghijkl"); !errors.Is(err, ErrUnknown) {
		t.Errorf("an account that is not there: %v", err)
	}
}
