// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package zipfile

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// The files in testdata hold sub/accounts.json, b.txt or both; 7-Zip made those
// that are named after its methods, Info-ZIP the others.
const password = "strawberry"

func accounts() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "[{\"kind\":\"TOTP\",\"line\":\"%d\"}]\n", i+1)
	}
	return b.String()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(t testing.TB, data []byte) *Archive {
	t.Helper()
	a, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRead(t *testing.T) {
	for name, locked := range map[string]bool{
		"AES128.zip": true, "AES192.zip": true, "AES256.zip": true, "ZipCrypto.zip": true, "infozip.zip": true, "open.zip": false,
	} {
		t.Run(name, func(t *testing.T) {
			data := fixture(t, name)
			if !Is(data) {
				t.Error("not taken for a zip archive")
			}
			a := open(t, data)
			if len(a.Files) != 2 {
				t.Fatalf("%d files, want 2 and no folder", len(a.Files))
			}
			for file, want := range map[string]string{"Accounts.json": accounts(), "b.txt": "short\n"} {
				f := a.Named(file)
				if f == nil {
					t.Fatalf("no %s", file)
				}
				if f.Locked() != locked {
					t.Errorf("%s locked: %v", file, f.Locked())
				}
				got, err := f.Read(t.Context(), []byte(password))
				if err != nil || string(got) != want {
					t.Errorf("%s: %d bytes, %v", file, len(got), err)
				}
			}
		})
	}
}

// The checksum is not known when a stream is written: the password is checked
// against the time.
func TestReadStream(t *testing.T) {
	a := open(t, fixture(t, "stream.zip"))
	got, err := a.Files[0].Read(t.Context(), []byte(password))
	if err != nil || string(got) != accounts() {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestWrongPassword(t *testing.T) {
	for _, name := range []string{"AES128.zip", "AES256.zip", "ZipCrypto.zip", "infozip.zip", "stream.zip"} {
		for i := range 300 { // the check of the old encryption lets one of 256 pass
			if i > 3 && strings.HasPrefix(name, "AES") {
				break
			}
			for _, f := range open(t, fixture(t, name)).Files {
				got, err := f.Read(t.Context(), []byte(fmt.Sprint("wrong", i)))
				if !errors.Is(err, foreign.ErrPassword) || got != nil {
					t.Fatalf("%s, %s, password %d: %d bytes, %v", name, f.Name(), i, len(got), err)
				}
			}
		}
	}
}

func TestNamed(t *testing.T) {
	a := open(t, pack(t, "../../etc/passwd", "x", `a\b\Export.JSON`, "y", "/c", "z"))
	for name, want := range map[string]string{"passwd": "x", "export.json": "y", "c": "z", "b": ""} {
		f := a.Named(name)
		if (f == nil) != (want == "") {
			t.Errorf("%s: found %v", name, f != nil)
			continue
		}
		if f == nil {
			continue
		}
		if got, err := f.Read(t.Context(), nil); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// pack makes an archive of names and contents.
func pack(t testing.TB, namesAndContents ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(namesAndContents); i += 2 {
		f, err := w.Create(namesAndContents[i])
		if err == nil {
			_, err = f.Write([]byte(namesAndContents[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packRaw makes an archive of one file with a header as it is given.
func packRaw(t testing.TB, h zip.FileHeader, packed []byte) []byte {
	t.Helper()
	h.Name, h.CompressedSize64 = "x", uint64(len(packed))
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&h)
	if err == nil {
		_, err = f.Write(packed)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	sum := crc32.ChecksumIEEE([]byte("content"))
	aes := func(version, strength byte) []byte {
		return []byte{1, 0, 0, 0, 0x01, 0x99, 7, 0, version, 0, 'A', 'E', strength, 0, 0}
	}
	for name, c := range map[string]struct {
		header zip.FileHeader
		packed string
		want   error
	}{
		"nothing wrong":      {zip.FileHeader{CRC32: sum, UncompressedSize64: 7}, "content", nil},
		"checksum":           {zip.FileHeader{CRC32: sum + 1, UncompressedSize64: 7}, "content", foreign.ErrDamaged},
		"longer than said":   {zip.FileHeader{CRC32: sum, UncompressedSize64: 6}, "content", foreign.ErrDamaged},
		"shorter than said":  {zip.FileHeader{CRC32: sum, UncompressedSize64: 8}, "content", foreign.ErrDamaged},
		"too large":          {zip.FileHeader{CRC32: sum, UncompressedSize64: MaxUnpacked + 1}, "content", foreign.ErrBomb},
		"compression":        {zip.FileHeader{CRC32: sum, UncompressedSize64: 7, Method: 14}, "content", foreign.ErrUnknown},
		"no deflate":         {zip.FileHeader{CRC32: sum, UncompressedSize64: 7, Method: 8}, "\xffcontent", foreign.ErrDamaged},
		"deflate ends early": {zip.FileHeader{CRC32: sum, UncompressedSize64: 7, Method: 8}, "\x4b", foreign.ErrCutShort},
		"strong encryption":  {zip.FileHeader{CRC32: sum, UncompressedSize64: 7, Flags: flagLocked | flagStrong}, "content", foreign.ErrUnknown},
		"no header":          {zip.FileHeader{CRC32: sum, UncompressedSize64: 7, Flags: flagLocked}, "content", foreign.ErrDamaged},
		"AES without extra":  {zip.FileHeader{UncompressedSize64: 7, Flags: flagLocked, Method: 99}, "content", foreign.ErrDamaged},
		"AES extra broken":   {zip.FileHeader{UncompressedSize64: 7, Flags: flagLocked, Method: 99, Extra: []byte{1, 0x99, 7, 0, 1}}, "content", foreign.ErrDamaged},
		"AES-3":              {zip.FileHeader{UncompressedSize64: 7, Flags: flagLocked, Method: 99, Extra: aes(3, 3)}, "content", foreign.ErrUnknown},
		"AES of 512 bits":    {zip.FileHeader{UncompressedSize64: 7, Flags: flagLocked, Method: 99, Extra: aes(2, 4)}, "content", foreign.ErrUnknown},
		"AES too short":      {zip.FileHeader{UncompressedSize64: 7, Flags: flagLocked, Method: 99, Extra: aes(2, 3)}, "content", foreign.ErrCutShort},
	} {
		f := open(t, packRaw(t, c.header, []byte(c.packed))).Files[0]
		if _, err := f.Read(t.Context(), []byte(password)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// What files come to together counts, not each alone.
func TestBomb(t *testing.T) {
	a := open(t, pack(t, "a", strings.Repeat("a", 1<<20)))
	for a.left >= 1<<20 {
		a.left /= 2
	}
	if _, err := a.Files[0].Read(t.Context(), nil); !errors.Is(err, foreign.ErrBomb) {
		t.Errorf("got %v", err)
	}
	a.left = 1<<20 + 5
	if _, err := a.Files[0].Read(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if _, err := a.Files[0].Read(t.Context(), nil); !errors.Is(err, foreign.ErrBomb) {
		t.Errorf("the second time: %v", err)
	}
	if _, err := Open(bytes.Repeat(magicEntry, MaxFiles+1)); !errors.Is(err, foreign.ErrBomb) {
		t.Errorf("too many files: %v", err)
	}
}

func TestCutShort(t *testing.T) {
	for _, name := range []string{"open.zip", "AES256.zip", "ZipCrypto.zip"} {
		data := fixture(t, name)
		for n := range data {
			_, err := Open(data[:n])
			if !errors.Is(err, foreign.ErrCutShort) && !errors.Is(err, foreign.ErrDamaged) {
				t.Fatalf("%s, %d bytes: %v", name, n, err)
			}
		}
	}
	if _, err := Open(fixture(t, "open.zip")[:100]); !errors.Is(err, foreign.ErrCutShort) {
		t.Errorf("without a directory: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"open.zip", "AES256.zip", "infozip.zip"} {
		if _, err := open(t, fixture(t, name)).Files[0].Read(ctx, []byte(password)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.zip")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		f.Add(fixture(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(data)
		if err != nil {
			return
		}
		total := 0
		for _, file := range a.Files {
			content, err := file.Read(t.Context(), []byte(password))
			if total += len(content); err != nil && content != nil {
				t.Error("content beside an error")
			}
		}
		if total > MaxUnpacked {
			t.Errorf("%d bytes", total)
		}
	})
}
