// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const testKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// inSealedFile is kutano as a script runs it, with its keys in a sealed file.
func inSealedFile(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	name, err := exec.LookPath("kutano")
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	if _, err := w.WriteString("correct horse\n"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	cmd := exec.Command(name, append([]string{"--data", dir, "--store", "file", "--passphrase-fd", "3"}, args...)...)
	cmd.Env = []string{"HOME=" + dir, "LC_ALL=C", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"}
	cmd.ExtraFiles = []*os.File{r}
	return cmd
}

// The first accounts of a folder may be added by several programs at once.
func TestFirstUseAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	const n = 4
	var all sync.WaitGroup
	for i := range n {
		cmd := inSealedFile(t, dir, "add")
		cmd.Stdin = strings.NewReader(fmt.Sprintf("otpauth://totp/Service%d:ana?secret=%s\n", i, testKey))
		all.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	out, err := inSealedFile(t, dir, "code", "--all", "--at", "59").CombinedOutput()
	if err != nil || strings.Count(string(out), "287082") != n {
		t.Errorf("%v, %d codes wanted:\n%s", err, n, out)
	}
}

// Cancel works while another program is waited for.
func TestCancelWhileWaiting(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := inSealedFile(t, data, "add")
	first.Stdin = strings.NewReader("otpauth://totp/x?secret=" + testKey)
	if out, err := first.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"add", "--json"},                      // standard input is open and silent
		{"scan", "--json", pipe},               // nobody writes into the pipe
		{"code", "--all", "--watch", "--json"}, // until Ctrl-C
	} {
		cmd := inSealedFile(t, data, args...)
		in, silent, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		cmd.Stdin, cmd.Stdout = in, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // well past the start
		_ = cmd.Process.Signal(os.Interrupt)
		stuck := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		if !stuck.Stop() || cmd.ProcessState.ExitCode() != 7 {
			t.Errorf("%v: %v, want exit code 7", args, cmd.ProcessState)
		}
		if !strings.Contains(out.String(), `{"error":{"kind":"cancelled","message":"Cancelled.`) {
			t.Errorf("%v printed %q", args, out.String())
		}
		silent.Close()
		in.Close()
	}
}
