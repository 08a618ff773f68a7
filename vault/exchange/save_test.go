// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile/faults"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func three() Written {
	return Written{Files: []foreign.Output{
		{Suffix: "-1", Data: []byte("one")}, {Suffix: "-2", Data: []byte("two")}, {Suffix: "-3", Data: []byte("three")},
	}}
}

// content returns the files of a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range all {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = string(b)
	}
	return found
}

func TestSave(t *testing.T) {
	for _, tc := range []struct {
		name string
		w    Written
		want map[string]string
	}{
		{"a.json", Written{Files: []foreign.Output{{Data: []byte("x")}}}, map[string]string{"a.json": "x"}},
		{"codes.png", three(), map[string]string{"codes-1.png": "one", "codes-2.png": "two", "codes-3.png": "three"}},
		{"codes", three(), map[string]string{"codes-1": "one", "codes-2": "two", "codes-3": "three"}},
		{"v1.2/codes.png", three(), nil},
	} {
		dir := t.TempDir()
		paths, err := Save(t.Context(), filepath.Join(dir, tc.name), tc.w, false)
		if tc.want == nil {
			if !errors.Is(err, fs.ErrNotExist) || paths != nil {
				t.Errorf("%s, a folder that is not there: %v, %v", tc.name, paths, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := content(t, dir); !maps.Equal(got, tc.want) {
			t.Errorf("%s: %v", tc.name, got)
		}
		for i, p := range paths {
			if want := slices.Sorted(maps.Keys(tc.want))[i]; p != filepath.Join(dir, want) {
				t.Errorf("%s: %s", tc.name, p)
			}
			info, err := os.Stat(p)
			if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", p, info.Mode(), err)
			}
		}
	}
}

func TestSaveOverOthers(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "a-2.png")
	if err := os.WriteFile(old, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.png")
	if paths, err := Save(t.Context(), path, three(), false); !errors.Is(err, fs.ErrExist) || paths != nil {
		t.Errorf("%v, %v", paths, err)
	}
	if got := content(t, dir); !maps.Equal(got, map[string]string{"a-2.png": "mine"}) {
		t.Errorf("it was changed, or others were written: %v", got)
	}
	if _, err := Save(t.Context(), path, three(), true); err != nil {
		t.Fatal(err)
	}
	if got := content(t, dir); len(got) != 3 || got["a-2.png"] != "two" {
		t.Errorf("not replaced: %v", got)
	}
}

// Whatever step fails and in whatever way: all files are there, or none.
func TestSaveFails(t *testing.T) {
	broken := errors.New("broken")
	for name, fault := range map[string]error{"before it": broken, "after it": faults.After(broken), "within it": faults.Short(1, broken)} {
		for _, force := range []bool{false, true} {
			steps := faults.Record(t, func() {
				if _, err := Save(t.Context(), filepath.Join(t.TempDir(), "a.png"), three(), force); err != nil {
					t.Fatal(err)
				}
			})
			failed := 0
			for n := range steps {
				dir := t.TempDir()
				faults.Inject(t, faults.At(n, fault))
				_, err := Save(t.Context(), filepath.Join(dir, "a.png"), three(), force)
				faults.Stop()
				got := content(t, dir)
				maps.DeleteFunc(got, func(file, _ string) bool { return strings.HasSuffix(file, ".tmp") }) // what the step itself may be about
				switch {
				case err == nil && len(got) != 3: // it knew another way
					t.Errorf("step %d fails %s: done, and there is %v", n, name, got)
				case err != nil && !errors.Is(err, broken):
					t.Errorf("step %d fails %s: %v", n, name, err)
				}
				if err == nil {
					continue
				}
				failed++
				if len(got) > 0 {
					t.Errorf("step %d fails %s, replacing is %v: %v are left", n, name, force, got)
				}
			}
			if failed < 12 {
				t.Errorf("only %d steps fail %s", failed, name)
			}
		}
	}
}

// What was there before is there again when a step fails, or the end comes.
func TestSaveKeepsTheOld(t *testing.T) {
	broken := errors.New("broken")
	old := map[string]string{"a-1.png": "old one", "a-2.png": "old two", "a-3.png": "old three"}
	folder := func() string {
		dir := t.TempDir()
		for name, text := range old {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	dir := folder()
	if err := os.Link(filepath.Join(dir, "a-1.png"), filepath.Join(dir, "second")); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	steps := faults.Record(t, func() {
		dir := folder()
		if _, err := Save(t.Context(), filepath.Join(dir, "a.png"), three(), true); err != nil {
			t.Fatal(err)
		}
		if got := content(t, dir); len(got) != 3 || got["a-3.png"] != "three" {
			t.Errorf("replaced, there is %v", got)
		}
	})
	for n := range steps {
		dir := folder()
		faults.Inject(t, faults.At(n, broken))
		_, err := Save(t.Context(), filepath.Join(dir, "a.png"), three(), true)
		faults.Stop()
		if got := content(t, dir); err != nil && !maps.Equal(got, old) {
			t.Errorf("step %d (%v) fails: %v", n, steps[n], got)
		}
	}
}

func TestSaveCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	faults.Inject(t, func(step faults.Step, path string) error {
		if filepath.Base(path) == "a-2.png" {
			cancel()
		}
		return nil
	})
	if _, err := Save(ctx, filepath.Join(dir, "a.png"), three(), false); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := content(t, dir); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}

// What the disk gives back is compared.
func TestSaveComparesWithTheDisk(t *testing.T) {
	dir := t.TempDir()
	faults.Inject(t, func(step faults.Step, path string) error {
		if step == faults.FlushFolder { // the last of the first file
			return os.WriteFile(filepath.Join(dir, "a-1.png"), []byte("onE"), 0o600)
		}
		return nil
	})
	if _, err := Save(t.Context(), filepath.Join(dir, "a.png"), three(), false); !errors.Is(err, foreign.ErrReadBack) {
		t.Error(err)
	}
	if got := content(t, dir); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}
