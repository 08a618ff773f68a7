// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func dumpable(t *testing.T) bool {
	t.Helper()
	n, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return n != 0
}

// reset makes this process as others are.
func reset(t *testing.T) {
	t.Helper()
	hidden.asked = false
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
}

func TestPrivate(t *testing.T) {
	reset(t)
	t.Cleanup(func() { reset(t) })
	Recognisable()()
	if !dumpable(t) {
		t.Error("hidden before anybody asked")
	}
	if err := Private(); err != nil {
		t.Fatal(err)
	}
	if dumpable(t) {
		t.Error("not hidden")
	}
	first, second := Recognisable(), Recognisable()
	if !dumpable(t) {
		t.Error("hidden while it is to be recognised")
	}
	first()
	first()
	if !dumpable(t) {
		t.Error("hidden while it is still to be recognised by another")
	}
	second()
	if dumpable(t) {
		t.Error("not hidden again")
	}
}

func TestRecognisableAtOnce(t *testing.T) {
	reset(t)
	t.Cleanup(func() { reset(t) })
	if err := Private(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			end := Recognisable()
			defer end()
			if n, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); n != 1 || err != nil {
				t.Errorf("dumpable is %d, %v", n, err)
			}
		})
	}
	wg.Wait()
	if dumpable(t) {
		t.Error("not hidden again")
	}
}

// What is meant by it all: another program of the same user cannot read this
// one's memory or environment, and this one still can read what it is given as
// /dev/fd.
func TestHiddenFromTheUser(t *testing.T) {
	const asked = "KUTANO_TEST_HIDDEN"
	if os.Getenv(asked) != "" {
		look(t)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run", "^TestHiddenFromTheUser$", "-test.v")
	cmd.Env = append(os.Environ(), asked+"=1")
	if os.Getuid() == 0 { // to whom nothing is closed
		const nobody = 65534
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		copied, err := copyFor(t, exe)
		if err != nil {
			t.Fatal(err)
		}
		cmd.Path = copied
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// copyFor copies a program to where every user can run it.
func copyFor(t *testing.T, exe string) (string, error) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kutano-hidden")
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	text, err := os.ReadFile(exe)
	if err != nil {
		return "", err
	}
	path := dir + "/test"
	return path, errors.Join(os.Chmod(dir, 0o755), os.WriteFile(path, text, 0o600), os.Chmod(path, 0o755))
}

// look runs as an ordinary user.
func look(t *testing.T) {
	t.Helper()
	read := func(name string) error {
		return exec.Command("cat", fmt.Sprintf("/proc/%d/%s", os.Getpid(), name)).Run()
	}
	if err := read("environ"); err != nil {
		t.Fatalf("cannot be read from the start, so this shows nothing: %v", err)
	}
	if err := Private(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"environ", "maps", "auxv"} {
		if err := read(name); err == nil {
			t.Errorf("/proc/PID/%s can be read", name)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.WriteString("given")
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(os.DirFS("/dev/fd"), fmt.Sprint(r.Fd())); err != nil || string(got) != "given" {
		t.Errorf("/dev/fd gives %q, %v", got, err)
	}
	end := Recognisable()
	if err := read("environ"); err != nil {
		t.Errorf("not to be recognised: %v", err)
	}
	end()
	if err := read("environ"); err == nil {
		t.Error("to be recognised afterwards")
	}
}
