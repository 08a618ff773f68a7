// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package disktest

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// nobody is the user without rights on most systems.
const nobody = 65534

// Small calls f with a folder on a file system of that many KiB. Mounting needs
// rights; without them the test is skipped.
func Small(t *testing.T, kib string, f func(dir string)) {
	t.Helper()
	dir := t.TempDir()
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
			return err
		}
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			return err
		}
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+kib+"k"); err != nil {
			return err
		}
		f(dir)
		return unix.Unmount(dir, unix.MNT_DETACH)
	})
	if err != nil {
		t.Skipf("mounting a small disk needs rights that this process has not: %v", err)
	}
}

// ReadOnly makes the file system that Small gave read-only.
func ReadOnly(dir string) error {
	return unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, "")
}

// Forbidden calls prepare and then f with a folder that may not be written
// while f runs, also where the test runs as root.
func Forbidden(t *testing.T, prepare, f func(dir string)) {
	t.Helper()
	dir, err := os.MkdirTemp("", "forbidden")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700)
		_ = os.RemoveAll(dir)
	})
	prepare(dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		f(dir)
		return
	}
	for _, e := range entries {
		if err := os.Chown(dir+"/"+e.Name(), nobody, -1); err != nil {
			t.Fatal(err)
		}
	}
	err = onThread(func() error {
		_ = unix.Setfsuid(nobody) // its result is the user before
		f(dir)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// onThread calls f on a thread that ends with it, and what f changed about it.
func onThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks
		var err error
		defer func() { result <- err }() // also when f ends the test
		err = f()
	}()
	return <-result
}
