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

// failing makes one step fail for the time of the test, after part of it.
func failing(t *testing.T, at Step, part int, err error) {
	t.Helper()
	SetHook(func(op Op) error {
		switch {
		case op.Step != at:
			return op.Do()
		case op.Part != nil:
			return errors.Join(op.Part(part), err)
		}
		return err
	})
	t.Cleanup(func() { SetHook(nil) })
}

func TestFailingSteps(t *testing.T) {
	for name, tc := range map[string]struct {
		at   Step
		part int
		want error
	}{
		"no file":   {StepOpen, 0, syscall.EMFILE},
		"full disk": {StepWrite, 1, syscall.ENOSPC},
		"flush":     {StepFlush, 0, syscall.EIO},
		"rename":    {StepRename, 0, syscall.EROFS},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			if err := Write(path, []byte("old")); err != nil {
				t.Fatal(err)
			}
			failing(t, tc.at, tc.part, tc.want)
			if err := Write(path, []byte("new")); !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			only(t, path, "old")
		})
	}
}

// When the folder cannot be flushed the new content is there, and the error says so.
func TestFailingFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	failing(t, StepFlushFolder, 0, syscall.EIO)
	if err := Write(path, []byte("new")); !errors.Is(err, syscall.EIO) {
		t.Error(err)
	}
	only(t, path, "new")
}

func TestNoHardLinks(t *testing.T) {
	failing(t, StepLink, 0, syscall.EPERM)
	path := filepath.Join(t.TempDir(), "a.json")
	if err := Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second")); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	only(t, path, "first")
}

func TestRenameRemove(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for path, content := range map[string]string{from: "first", to: "second"} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rename(from, to); err != nil {
		t.Fatal(err)
	}
	only(t, to, "first")
	if err := Rename(from, to); !os.IsNotExist(err) {
		t.Errorf("what is not there: %v", err)
	}
	if err := Remove(to); err != nil {
		t.Fatal(err)
	}
	if err := Remove(to); !os.IsNotExist(err) {
		t.Errorf("removed twice: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
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
