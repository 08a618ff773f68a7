// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onSmallDisk calls f with a folder on a file system of 64 KiB that only this
// goroutine's thread sees. It needs the right to mount.
func onSmallDisk(t *testing.T, f func(dir string)) {
	t.Helper()
	dir := t.TempDir()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with its mounts
		err := unix.Unshare(unix.CLONE_NEWNS)
		if err == nil {
			err = unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
		}
		if err == nil {
			err = unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k")
		}
		if err == nil {
			f(dir)
			_ = unix.Unmount(dir, unix.MNT_DETACH)
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Skipf("mounting a small disk needs rights that this process has not: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	onSmallDisk(t, func(dir string) {
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
	onSmallDisk(t, func(dir string) {
		path := filepath.Join(dir, "a.json")
		if err := Write(path, []byte("old")); err != nil {
			t.Error(err)
		}
		if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Error(err)
		}
		if err := Write(path, []byte("new")); !errors.Is(err, syscall.EROFS) {
			t.Errorf("read-only disk: %v", err)
		}
		only(t, path, "old")
	})
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere; TestReadOnlyDisk covers the case")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	if err := Write(path, []byte("new")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("read-only folder: %v", err)
	}
	only(t, path, "old")
}
