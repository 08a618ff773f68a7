// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile/disktest"
)

// On a full disk a change says so, every account is still there, and the next
// start shows the list and makes codes.
func TestFullDisk(t *testing.T) {
	disktest.Small(t, "96", func(dir string) {
		m := newMemStore()
		v, err := Open(t.Context(), memOptions(dir, m))
		if err != nil {
			t.Error(err)
			return
		}
		as, err := v.AddAll(t.Context(), keys(t, 40))
		if err != nil {
			t.Error(err)
			return
		}
		for _, room := range []int{0, 4096, 8192} { // nothing; the mark; the mark and half an index
			filler := filepath.Join(dir, "filler")
			fill(t, filler, room)
			if _, err := v.Add(t.Context(), numbered(t, 100+room/4096)); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("add with %d bytes left: %v", room, err)
			}
			w, err := Open(t.Context(), memOptions(dir, m))
			if err != nil {
				t.Errorf("open with %d bytes left: %v", room, err)
				return
			}
			for i, a := range as {
				want, _ := numbered(t, i).Code(testNow)
				if c, err := w.Code(t.Context(), a.ID, testNow); err != nil || c.Value != want.Value {
					t.Errorf("with %d bytes left: account %d: %v", room, i, err)
				}
			}
			if err := os.Remove(filler); err != nil {
				t.Error(err)
			}
			if err := w.Verify(t.Context()); err != nil {
				t.Errorf("once there is room again: %v", err)
			}
		}
	})
}

// fill leaves so many bytes on the disk.
func fill(t *testing.T, path string, room int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	size := int64(0)
	for err == nil {
		var n int
		n, err = f.Write(make([]byte, 4096))
		size += int64(n)
	}
	if err := errors.Join(f.Truncate(size-int64(room)), f.Close()); err != nil {
		t.Error(err)
	}
}

// In a folder that cannot be written the list is shown and codes are made.
func TestReadOnlyFolder(t *testing.T) {
	m := newMemStore()
	var a Account
	disktest.Forbidden(t, func(dir string) { a = mustAdd(t, openMem(t, dir, m), numbered(t, 1)) }, func(dir string) {
		v, err := Open(t.Context(), memOptions(dir, m))
		if err != nil {
			t.Error(err)
			return
		}
		wantLabels(t, v, "Service001:ana@example.com")
		if _, err := v.Code(t.Context(), a.ID, testNow); err != nil {
			t.Error(err)
		}
		if _, err := v.Add(t.Context(), numbered(t, 2)); !errors.Is(err, ErrReadOnly) {
			t.Errorf("add: %v", err)
		}
	})
}
