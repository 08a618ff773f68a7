// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// Before a file is removed every byte of it is overwritten and flushed.
func TestShred(t *testing.T) {
	for _, size := range []int{0, 1, chunk - 1, chunk, 2*chunk + 17} {
		dir := t.TempDir()
		path := filepath.Join(dir, "export.json")
		if err := os.WriteFile(path, bytes.Repeat([]byte("k"), size), 0o600); err != nil {
			t.Fatal(err)
		}
		var steps []Step
		var seen []byte
		SetHook(func(op Op) error {
			steps = append(steps, op.Step)
			err := op.Do()
			if op.Step == StepFlush {
				seen, _ = os.ReadFile(path)
			}
			return err
		})
		err := Shred(path)
		SetHook(nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) != size || len(bytes.Trim(seen, "\x00")) > 0 {
			t.Errorf("%d bytes: overwritten they are %d, and not all are zeros", size, len(seen))
		}
		if n := len(steps); n < 4 || !slices.Equal(steps[n-4:], []Step{StepFlush, StepWrite, StepRemove, StepFlushFolder}) {
			t.Errorf("%d bytes: %v", size, steps)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%d bytes: left behind %v, %v", size, left, err)
		}
	}
}

// What is none of a single file's is refused and stays as it is.
func TestShredRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "export.json")
	if err := os.WriteFile(path, []byte("keys"), 0o600); err != nil {
		t.Fatal(err)
	}
	symlink, hardlink := filepath.Join(dir, "symlink"), filepath.Join(dir, "hardlink")
	if err := os.Symlink(path, symlink); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := os.Link(path, hardlink); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	for p, want := range map[string]error{
		symlink: ErrNotRegular, dir: ErrNotRegular, os.DevNull: ErrNotRegular, path: ErrLinked, hardlink: ErrLinked,
		filepath.Join(dir, "none"): os.ErrNotExist,
	} {
		if err := Shred(p); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", p, err, want)
		}
	}
	for _, p := range []string{path, symlink, hardlink} {
		if b, err := os.ReadFile(p); string(b) != "keys" {
			t.Errorf("%s: %q, %v", p, b, err)
		}
	}
	if err := os.Remove(hardlink); err != nil {
		t.Fatal(err)
	}
	if err := Shred(path); err != nil {
		t.Errorf("with one name left: %v", err)
	}
}

// What cannot be done is said, and what stands in the place of the file by then
// is not touched.
func TestShredFails(t *testing.T) {
	for at, want := range map[Step]error{
		StepOpen: syscall.EACCES, StepWrite: syscall.EIO, StepFlush: syscall.EIO, StepRemove: syscall.EBUSY,
	} {
		path := filepath.Join(t.TempDir(), "export.json")
		if err := os.WriteFile(path, []byte("keys"), 0o600); err != nil {
			t.Fatal(err)
		}
		failing(t, at, 1, want)
		if err := Shred(path); !errors.Is(err, want) {
			t.Errorf("%s: %v", at, err)
		} else if partly, emptied := errors.Is(err, ErrPartly), errors.Is(err, ErrEmptied); emptied != (at == StepRemove) || partly != (at == StepWrite || at == StepFlush) {
			t.Errorf("%s: it says the wrong thing of the file: %v", at, err)
		}
		SetHook(nil)
		if b, err := os.ReadFile(path); at == StepOpen && string(b) != "keys" || at == StepRemove && (len(b) != 0 || err != nil) {
			t.Errorf("%s: %q, %v", at, b, err)
		}
	}
	gone := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(gone, []byte("keys"), 0o600); err != nil {
		t.Fatal(err)
	}
	failing(t, StepFlushFolder, 1, syscall.EIO)
	if err := Shred(gone); err != nil {
		t.Errorf("it is gone, and %v is said", err)
	}
	SetHook(nil)
	path := filepath.Join(t.TempDir(), "export.json")
	other := path + ".other"
	if err := errors.Join(os.WriteFile(path, []byte("keys"), 0o600), os.WriteFile(other, []byte("other"), 0o600)); err != nil {
		t.Fatal(err)
	}
	SetHook(func(op Op) error {
		if op.Step == StepOpen {
			if err := os.Rename(other, path); err != nil {
				t.Error(err)
			}
		}
		return op.Do()
	})
	defer SetHook(nil)
	if err := Shred(path); !errors.Is(err, ErrNotRegular) {
		t.Errorf("swapped: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "other" {
		t.Errorf("swapped, it is %q", b)
	}
}
