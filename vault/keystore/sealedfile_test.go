// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/secret"
)

// R36
func TestFileKeeps(t *testing.T) {
	items := []Item{text("page-0", "one"), text("page-1", strings.Repeat("x", MaxItem))}
	s, path := newFile(t, items...)
	mustHold(t, s, items...)
	if s.Kind() != File {
		t.Errorf("kind %q", s.Kind())
	}
	again, err := OpenFile(path, phrase)
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, again, items...)
	for range 2 {
		if err := again.Delete(t.Context(), "page-0"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := again.Get(t.Context(), "page-0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after deleting: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Get(t.Context(), "page-1"); !errors.Is(err, ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
	if err := again.Put(t.Context(), items...); !errors.Is(err, ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

func TestFileGivesCopies(t *testing.T) {
	mine := text("page-0", "one")
	s, _ := newFile(t, mine)
	mine.Value.Clear()
	got, err := s.Get(t.Context(), "page-0")
	if err != nil {
		t.Fatal(err)
	}
	got.Clear()
	mustHold(t, s, text("page-0", "one"))
}

func TestFileRefuses(t *testing.T) {
	s, path := newFile(t)
	open := func(path string, p secret.Value) error { _, err := OpenFile(path, p); return err }
	create := func(path string, p secret.Value) error { _, err := CreateFile(path, p); return err }
	ended, end := context.WithCancel(t.Context())
	end()
	_, errEnded := s.Get(ended, "page-0")
	_, errName := s.Get(t.Context(), "Page")
	for name, c := range map[string]struct{ err, want error }{
		"open without passphrase":   {open(path, secret.Value{}), ErrNoPassphrase},
		"create without passphrase": {create(path+"2", secret.Value{}), ErrNoPassphrase},
		"create over another":       {create(path, phrase), os.ErrExist},
		"open what is not there":    {open(path+"2", phrase), os.ErrNotExist},
		"wrong passphrase":          {open(path, secret.FromString("another")), ErrPassphrase},
		"open a folder":             {open(filepath.Dir(path), phrase), ErrFailed},
		"too large":                 {s.Put(t.Context(), text("a", strings.Repeat("x", MaxBulk+1))), ErrTooLarge},
		"not ASCII":                 {s.Put(t.Context(), text("a", "ü")), ErrInvalid},
		"a tab":                     {s.Put(t.Context(), text("a", "x\ty")), ErrInvalid},
		"empty value":               {s.Put(t.Context(), text("a", "")), ErrInvalid},
		"empty name":                {s.Put(t.Context(), text("", "x")), ErrInvalid},
		"long name":                 {s.Delete(t.Context(), strings.Repeat("a", 41)), ErrInvalid},
		"name with a line end":      {s.Delete(t.Context(), "a\nb"), ErrInvalid},
		"upper case name":           {errName, ErrInvalid},
		"cancelled get":             {errEnded, context.Canceled},
		"cancelled put":             {s.Put(ended, text("a", "x")), context.Canceled},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if FileExists(path + "2") {
		t.Error("a refused file was made")
	}
	if err := s.Put(t.Context(), text("ok", "x"), text("a", "ü")); err == nil {
		t.Error("a bad item among good ones was taken")
	}
	if _, err := s.Get(t.Context(), "ok"); !errors.Is(err, ErrNotFound) {
		t.Errorf("half of a refused Put was stored: %v", err)
	}
}

// Two stores on one file are two processes as far as the file can tell.
func TestFileNoticesOthers(t *testing.T) {
	one, path := newFile(t, text("page-0", "old"))
	two, err := OpenFile(path, phrase)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 { // same size each time, many within a tick of the clock
		want := text("page-0", fmt.Sprintf("%03d", i))
		if err := one.Put(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		mustHold(t, two, want)
		one, two = two, one
	}
	if err := one.Put(t.Context(), text("page-1", "of one")); err != nil {
		t.Fatal(err)
	}
	if err := two.Put(t.Context(), text("page-2", "of two")); err != nil {
		t.Fatal(err)
	}
	mustHold(t, one, text("page-1", "of one"), text("page-2", "of two"), text("page-0", "049"))
}

func TestFileReplaced(t *testing.T) {
	s, path := newFile(t, text("page-0", "one"))
	_, other := newFile(t, text("page-0", "other"))
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "page-0"); !errors.Is(err, ErrSealed) {
		t.Errorf("read from a file under another key: %v", err)
	}
	if err := s.Put(t.Context(), text("page-0", "two")); !errors.Is(err, ErrSealed) {
		t.Errorf("written over a file under another key: %v", err)
	}
	s, path = newFile(t, text("page-0", "one"))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "page-0"); !errors.Is(err, ErrFailed) || !errors.Is(err, os.ErrNotExist) || errors.Is(err, ErrNotFound) {
		t.Errorf("read from no file: %v", err)
	}
}

// Each single changed byte is noticed, and each missing end.
func TestFileDamaged(t *testing.T) {
	_, path := newFile(t, text("page-0", "one"))
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := path + "2"
	try := func(b []byte) error {
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenFile(bad, phrase)
		if err == nil {
			_ = s.Close()
		}
		return err
	}
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 1 << (i % 8)
		if err := try(b); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for _, n := range []int{0, 1, 8, 79, 88, 111, 112, 128, minFile - 1, minFile - 16} {
		if err := try(good[:n]); !errors.Is(err, ErrDamaged) || errors.Is(err, ErrNewer) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if err := try(append(bytes.Clone(good), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte more: %v", err)
	}
}

// A header whose checksum somebody mended still does not open.
func TestFileForged(t *testing.T) {
	_, path := newFile(t)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		change func([]byte)
		want   error
	}{
		"salt":            {func(b []byte) { b[saltStart] ^= 1 }, ErrPassphrase},
		"passes":          {func(b []byte) { b[11]++ }, ErrPassphrase},
		"key check":       {func(b []byte) { b[checkStart] ^= 1 }, ErrPassphrase},
		"2 GiB":           {func(b []byte) { b[12] = 0x00; b[13] = 0x20 }, ErrDamaged},
		"4 TiB":           {func(b []byte) { b[12] = 0xff }, ErrDamaged},
		"17 passes":       {func(b []byte) { b[11] = 17 }, ErrDamaged},
		"9 lanes":         {func(b []byte) { b[9] = 9 }, ErrDamaged},
		"no lanes":        {func(b []byte) { b[9] = 0 }, ErrDamaged},
		"no passes":       {func(b []byte) { b[11] = 0 }, ErrDamaged},
		"too little":      {func(b []byte) { b[15] = 31 }, ErrDamaged},
		"version 0":       {func(b []byte) { b[8] = 0 }, ErrDamaged},
		"version 2":       {func(b []byte) { b[8] = 2 }, ErrNewer},
		"other programme": {func(b []byte) { b[0] = 'X' }, ErrDamaged},
	}
	for name, c := range cases {
		b := bytes.Clone(good)
		c.change(b)
		copy(b[sumStart:], checksum(header(b[:nonceStart])))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFile(path, phrase); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestFileSizeTellsLittle(t *testing.T) {
	sizes := map[int64]bool{}
	s, path := newFile(t)
	for n := range 20 {
		if err := s.Put(t.Context(), text("page-0", strings.Repeat("x", n*100+1))); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
		sizes[info.Size()] = true
	}
	if len(sizes) != 1 || !sizes[minFile] {
		t.Errorf("sizes %v, want %d alone", sizes, minFile)
	}
}

func TestFileNeverTwiceTheSame(t *testing.T) {
	s, path := newFile(t)
	seen := map[string]bool{}
	for range 20 {
		if err := s.Put(t.Context(), text("page-0", "same")); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if nonce := string(b[nonceStart:boxStart]); seen[nonce] {
			t.Fatal("a nonce was used twice")
		} else {
			seen[nonce] = true
		}
		if bytes.Contains(b, []byte("same")) || bytes.Contains(b, []byte("page")) {
			t.Fatal("plain content in the file")
		}
	}
}

func TestCloseClears(t *testing.T) {
	s, _ := newFile(t, text("page-0", "one"))
	f := s.(*fileStore)
	key, value := f.sealer.key.Bytes(), f.items["page-0"].Bytes()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key, make([]byte, derivedSize)) || !bytes.Equal(value, make([]byte, 3)) {
		t.Error("the key or an item stayed in memory")
	}
}
