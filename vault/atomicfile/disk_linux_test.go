// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile/disktest"
)

func TestFullDisk(t *testing.T) {
	disktest.Small(t, "64", func(dir string) {
		path := filepath.Join(dir, "a.json")
		if err := Write(path, []byte("old")); err != nil {
			t.Error(err)
		}
		if err := Write(path, make([]byte, 128<<10)); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("full disk: %v", err)
		}
		only(t, path, "old")
	})
}

func TestReadOnlyDisk(t *testing.T) {
	disktest.Small(t, "64", func(dir string) {
		path := filepath.Join(dir, "a.json")
		if err := errors.Join(Write(path, []byte("old")), disktest.ReadOnly(dir)); err != nil {
			t.Error(err)
		}
		if err := Write(path, []byte("new")); !errors.Is(err, syscall.EROFS) {
			t.Errorf("read-only disk: %v", err)
		}
		only(t, path, "old")
	})
}

func TestReadOnlyFolder(t *testing.T) {
	disktest.Forbidden(t, func(dir string) {
		if err := Write(filepath.Join(dir, "a.json"), []byte("old")); err != nil {
			t.Fatal(err)
		}
	}, func(dir string) {
		path := filepath.Join(dir, "a.json")
		if err := Write(path, []byte("new")); !errors.Is(err, os.ErrPermission) {
			t.Errorf("read-only folder: %v", err)
		}
		only(t, path, "old")
	})
}
