// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package faults_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/atomicfile/faults"
)

// steps returns what a change goes through, without paths.
func steps(t *testing.T, do func() error) []faults.Step {
	t.Helper()
	var list []faults.Step
	for _, c := range faults.Record(t, func() {
		if err := do(); err != nil {
			t.Error(err)
		}
	}) {
		list = append(list, c.Step)
	}
	return list
}

func TestRecord(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, tc := range []struct {
		name string
		do   func() error
		want []faults.Step
	}{
		{"write", func() error { return atomicfile.Write(a, nil) }, []faults.Step{faults.Open, faults.Write, faults.Flush, faults.Rename, faults.FlushFolder}},
		{"rename", func() error { return atomicfile.Rename(a, b) }, []faults.Step{faults.Rename}},
		{"remove", func() error { return atomicfile.Remove(b) }, []faults.Step{faults.Remove}},
		{"create", func() error { return atomicfile.Create(b, nil) }, []faults.Step{
			faults.Open, faults.Write, faults.Flush, faults.Link, faults.Remove, faults.FlushFolder,
		}},
	} {
		if got := steps(t, tc.do); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	for _, c := range faults.Record(t, func() { _ = atomicfile.Write(a, nil) }) {
		want := a
		if c.Step == faults.FlushFolder {
			want = dir
		}
		if c.Path != want {
			t.Errorf("%v has the path %s, want %s", c.Step, c.Path, want)
		}
	}
}

// each calls f for every step of a write over an old file, and tells what is
// there afterwards.
func each(t *testing.T, fault error, f func(step faults.Step, err error, content string, left []string)) {
	t.Helper()
	for n := range 5 {
		dir := t.TempDir()
		path := filepath.Join(dir, "a")
		if err := atomicfile.Write(path, []byte("old")); err != nil {
			t.Fatal(err)
		}
		var at faults.Step
		fail := faults.At(n, fault)
		faults.Inject(t, func(s faults.Step, path string) error {
			err := fail(s, path)
			if err != nil {
				at = s
			}
			return err
		})
		err := atomicfile.Write(path, []byte("new"))
		faults.Stop()
		content, names := state(t, path)
		f(at, err, content, names)
	}
}

// state returns a file's content and what else is in its folder.
func state(t *testing.T, path string) (content string, others []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			others = append(others, e.Name())
		}
	}
	return string(text), others
}

func TestEachStepFails(t *testing.T) {
	for name, tc := range map[string]struct {
		fault  error
		isDone map[faults.Step]bool // whether the new content is there
	}{
		"before": {syscall.EIO, map[faults.Step]bool{faults.FlushFolder: true}},
		"short":  {faults.Short(1, syscall.EIO), map[faults.Step]bool{faults.FlushFolder: true}},
	} {
		each(t, tc.fault, func(at faults.Step, err error, content string, left []string) {
			want := "old"
			if tc.isDone[at] {
				want = "new"
			}
			if !errors.Is(err, syscall.EIO) || content != want || len(left) != 0 {
				t.Errorf("%s, %v: %v, %q is there and %v, want %q alone", name, at, err, content, left, want)
			}
		})
	}
}

// A step that is done and reported as failed.
func TestEachStepFailsAfter(t *testing.T) {
	each(t, faults.After(syscall.EIO), func(at faults.Step, err error, content string, left []string) {
		want := "old"
		if at == faults.Rename || at == faults.FlushFolder {
			want = "new"
		}
		if !errors.Is(err, syscall.EIO) || content != want || len(left) != 0 {
			t.Errorf("%v: %v, %q is there and %v, want %q alone", at, err, content, left, want)
		}
	})
}

func TestStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	t.Run("injected", func(t *testing.T) {
		faults.Inject(t, func(faults.Step, string) error { return syscall.EIO })
		if err := atomicfile.Write(path, nil); !errors.Is(err, syscall.EIO) {
			t.Error(err)
		}
	})
	if err := atomicfile.Write(path, nil); err != nil {
		t.Errorf("after the test: %v", err)
	}
}

// The process is killed before, in and after each step; the file has the old
// content or the new one.
func TestKill(t *testing.T) {
	if at := os.Getenv("KUTANO_TEST_KILL_AT"); at != "" {
		die(t, at)
		return
	}
	for _, manner := range []string{"before", "short", "after"} {
		for n := range 5 {
			path := filepath.Join(t.TempDir(), "a")
			if err := atomicfile.Write(path, []byte("old")); err != nil {
				t.Fatal(err)
			}
			at := manner + " " + strconv.Itoa(n) + " " + path
			cmd := exec.Command(os.Args[0], "-test.run", "^TestKill$")
			cmd.Env = append(os.Environ(), "KUTANO_TEST_KILL_AT="+at)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || strings.Contains(string(out), "alive") {
				t.Fatalf("%s: it was not killed: %v, %s", at, err, out)
			}
			done := n
			if manner == "after" {
				done++
			}
			want, leaves := "old", done > 0 // the temporary file
			if done > 3 {
				want, leaves = "new", false
			}
			content, left := state(t, path)
			if content != want || (len(left) != 0) != leaves {
				t.Errorf("%s: %q is there and %v, want %q", at, content, left, want)
			}
		}
	}
}

// die writes as the environment says, and does not come back.
func die(t *testing.T, at string) {
	t.Helper()
	manner, rest, _ := strings.Cut(at, " ")
	number, path, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	switch manner {
	case "before":
		faults.Inject(t, func(faults.Step, string) error {
			if n--; n < 0 {
				faults.Kill()
			}
			return nil
		})
	case "short":
		faults.Inject(t, faults.At(n, faults.KillShort(1)))
	case "after":
		faults.Inject(t, faults.At(n, faults.KillAfter()))
	}
	t.Fatalf("still alive: %v", atomicfile.Write(path, []byte("new")))
}
