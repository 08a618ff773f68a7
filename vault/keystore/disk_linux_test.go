// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile/disktest"
)

// Where nothing can be written the error says why, the file is as it was, and
// the store reads on and writes again when it can.
func TestFileOnFullDisk(t *testing.T) {
	disktest.Small(t, "256", func(dir string) {
		path := filepath.Join(dir, "secrets.sealed")
		s, err := createFile(path, phrase, cheap)
		if err != nil {
			t.Error(err)
			return
		}
		good := text("page-0", "one")
		if err := s.Put(t.Context(), good); err != nil {
			t.Error(err)
		}
		if err := s.Put(t.Context(), pages(200)...); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, ErrFailed) {
			t.Errorf("full disk: %v", err)
		}
		mustHold(t, s, good)
		if err := s.Put(t.Context(), text("page-1", "two")); err != nil {
			t.Error(err)
		}
		again, err := OpenFile(path, phrase)
		if err != nil {
			t.Error(err)
			return
		}
		mustHold(t, again, good, text("page-1", "two"))
		if err := disktest.ReadOnly(dir); err != nil {
			t.Error(err)
		}
		if err := s.Put(t.Context(), text("page-1", "three")); !errors.Is(err, syscall.EROFS) {
			t.Errorf("read-only disk: %v", err)
		}
		if err := s.Delete(t.Context(), "page-0"); !errors.Is(err, syscall.EROFS) {
			t.Errorf("read-only disk: %v", err)
		}
		mustHold(t, s, good, text("page-1", "two"))
	})
}

func TestFileInForbiddenFolder(t *testing.T) {
	open := func(dir string) string { return filepath.Join(dir, "secrets.sealed") }
	disktest.Forbidden(t, func(dir string) {
		s, err := createFile(open(dir), phrase, cheap)
		if err == nil {
			err = s.Put(t.Context(), text("page-0", "one"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}, func(dir string) {
		s, err := OpenFile(open(dir), phrase)
		if err != nil {
			t.Error(err)
			return
		}
		if err := s.Put(t.Context(), text("page-0", "two")); !errors.Is(err, os.ErrPermission) || !errors.Is(err, ErrFailed) {
			t.Errorf("forbidden folder: %v", err)
		}
		mustHold(t, s, text("page-0", "one"))
		if _, err := createFile(open(dir)+"2", phrase, cheap); !errors.Is(err, os.ErrPermission) {
			t.Errorf("create in a forbidden folder: %v", err)
		}
	})
}
