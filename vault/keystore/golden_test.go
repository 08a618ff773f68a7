// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/kutano/authenticator/vault/secret"
)

var update = flag.Bool("update", false, "write the golden sealed file anew")

const golden = "testdata/v1.sealed"

var (
	goldenPhrase = secret.FromString("golden passphrase of version 1")
	goldenItems  = []Item{
		text("page-0", "otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"),
		text("page-1", "~ printable ASCII !"),
		text("meta-0123abcd", "7"),
	}
)

// Version 1 opens for ever. The file was made by this test with -update.
func TestGoldenFile(t *testing.T) {
	path := golden
	if *update {
		_ = os.Remove(path)
		s, err := CreateFile(path, goldenPhrase)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), goldenItems...); err != nil {
			t.Fatal(err)
		}
	}
	s, err := OpenFile(path, goldenPhrase)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	mustHold(t, s, goldenItems...)
	if n := len(s.(*fileStore).items); n != len(goldenItems) {
		t.Errorf("%d items", n)
	}
	if _, err := OpenFile(path, secret.FromString("golden passphrase of version 2")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
}

// The reader meets any bytes without a panic, and says damaged or newer.
func FuzzReadFile(f *testing.F) {
	b, err := os.ReadFile(golden)
	if err != nil {
		f.Fatal(err)
	}
	h, err := readHeader(b)
	if err != nil {
		f.Fatal(err)
	}
	sealer, err := unlockHeader(h, goldenPhrase)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:boxStart])
	f.Add([]byte(magic + "\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &fileStore{sealer: sealer}
		if err := s.load(b); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrSealed) {
			t.Errorf("unclassed: %v", err)
		}
	})
}

// What decodes, encodes to the same bytes: there is one form for one content.
func FuzzDecodeItems(f *testing.F) {
	m := map[string]secret.Value{}
	f.Add(encodeItems(m))
	for _, it := range goldenItems {
		m[it.Name] = it.Value
	}
	f.Add(encodeItems(m))
	f.Add([]byte{0, 0, 0, 1, 1, 'a', 0, 1, 'x'})
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := decodeItems(b)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		if len(b)%padding == 0 && len(b) == len(encodeItems(items)) && string(encodeItems(items)) != string(b) {
			t.Errorf("another form: %x", b)
		}
	})
}

// A lock of version 1, and a page under it, open for ever.
func TestGoldenLock(t *testing.T) {
	const lock, page = "testdata/lock-v1.txt", "testdata/sealed-v1.txt"
	if *update {
		l := newLockKey()
		l.full = true
		l.wrap(goldenPhrase, least)
		sealed := l.seal("page-0", goldenItems[0].Value)
		if err := errors.Join(os.WriteFile(lock, l.item.Bytes(), 0o600), os.WriteFile(page, sealed.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	item, err := os.ReadFile(lock)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := decodeLock(secret.New(item))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unwrap(raw, phrase); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	l, err := unwrap(raw, goldenPhrase)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := l.open("page-0", secret.New(sealed)); err != nil || !v.Equal(goldenItems[0].Value) {
		t.Errorf("the page under it: %v", err)
	}
	for i := range item {
		b := append([]byte(nil), item...)
		b[i] ^= 1
		if raw, err := decodeLock(secret.New(b)); err == nil {
			if _, err := unwrap(raw, goldenPhrase); err == nil {
				t.Fatalf("byte %d of the lock changed, and nobody noticed", i)
			}
		}
	}
}
