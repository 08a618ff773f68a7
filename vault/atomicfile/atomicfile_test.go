// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
)

// only fails the test when the folder holds anything but the file, or the
// file anything but the content.
func only(t *testing.T, path, want string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("content %q, %v, want %q", got, err, want)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	for _, content := range []string{"first", "", "the third, longer"} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		only(t, path, content)
	}
}

func TestWriteMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes; the folder's rights count")
	}
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestWriteReplacesLink(t *testing.T) {
	target := filepath.Join(t.TempDir(), "target")
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := Write(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	only(t, path, "new")
	only(t, target, "old")
}

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	if err := Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second")); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	only(t, path, "first")
}

// Of many that create the same file at once, one succeeds.
func TestCreateAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = Create(path, []byte{'a' + byte(i)}) })
	}
	wg.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner < 0:
			winner = i
		case err == nil:
			t.Error("two succeeded")
		case !errors.Is(err, os.ErrExist):
			t.Error(err)
		}
	}
	if winner < 0 {
		t.Fatal("none succeeded")
	}
	only(t, path, string(rune('a'+winner)))
}

// A reader sees the old content or the new one, never a part.
func TestReadWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	contents := [][]byte{bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 50_000)}
	if err := Write(path, contents[0]); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, contents[0]) && !bytes.Equal(got, contents[1]) {
				t.Errorf("read %d bytes, %v", len(got), err)
				return
			}
		}
	})
	for i := range 50 {
		if err := Write(path, contents[i%2]); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

// swap replaces one of the steps for the time of the test.
func swap[T any](t *testing.T, step *T, by T) {
	old := *step
	*step = by
	t.Cleanup(func() { *step = old })
}

func TestFailingSteps(t *testing.T) {
	steps := map[string]struct {
		fail func(t *testing.T)
		want error
	}{
		"full disk": {func(t *testing.T) {
			swap(t, &writeAll, func(f *os.File, b []byte) error {
				_, _ = f.Write(b[:len(b)/2])
				return &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
			})
		}, syscall.ENOSPC},
		"flush":  {func(t *testing.T) { swap(t, &flush, func(*os.File) error { return syscall.EIO }) }, syscall.EIO},
		"rename": {func(t *testing.T) { swap(t, &rename, func(_, _ string) error { return syscall.EROFS }) }, syscall.EROFS},
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			if err := Write(path, []byte("old")); err != nil {
				t.Fatal(err)
			}
			step.fail(t)
			if err := Write(path, []byte("new")); !errors.Is(err, step.want) {
				t.Errorf("%v, want %v", err, step.want)
			}
			only(t, path, "old")
		})
	}
}

func TestNoHardLinks(t *testing.T) {
	swap(t, &link, func(_, _ string) error { return syscall.EPERM })
	path := filepath.Join(t.TempDir(), "a.json")
	if err := Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second")); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	only(t, path, "first")
}

func TestOntoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if err := Create(path, []byte("x")); !errors.Is(err, os.ErrExist) {
		t.Errorf("created over a folder: %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if err := Write(filepath.Join(path, "none", "a.json"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in a folder that is not there: %v", err)
	}
}

func BenchmarkWrite100KiB(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.json")
	data := make([]byte, 100<<10)
	for b.Loop() {
		if err := Write(path, data); err != nil {
			b.Fatal(err)
		}
	}
}
