// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/kutano/authenticator/vault/secret/canary"
)

// A crash in the middle of work, with everything that Go tells of one switched
// on, in the program as it is released: neither the trace nor a core file shows
// a key or a passphrase.
func TestCanaryInACrash(t *testing.T) {
	w := newWalk(t, "DBUS_SESSION_BUS_ADDRESS=disabled:")
	w.store, w.guarded = "file", true
	program := w.path("bin/kutano")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	w.do(step{args: "add", in: link("Plain", w.plain, "&digits=10&period=86400")})

	made := w.command(step{}, []string{"code", "--watch", "--all"})
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited 2>/dev/null; exec "$@"`, "sh", program}, made.Args[1:]...)...)
	cmd.Dir, cmd.Env, cmd.ExtraFiles = w.path("work"), made.Env, made.ExtraFiles
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("no code came: %v", err)
	}
	code := regexp.MustCompile(`\d{10}`).FindString(line)
	w.Code("a code of today", code)
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
	if err == nil && !regexp.MustCompile(`(?m)^Max core file size +0 +0 `).Match(limits) {
		t.Error("a core file may be written")
	}
	if n, err := w.Memory(cmd.Process.Pid); err == nil { // for the threat model: how much there is to be found
		t.Logf("pieces in memory while codes are shown: %v", n)
	}
	_ = cmd.Process.Signal(syscall.SIGABRT)
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("it did not crash: %v", err)
	}
	if got := exit.String(); got != "signal: aborted" { // with a core it says so
		t.Errorf("it ended with %s", got)
	}
	if trace := errs.String(); !strings.Contains(trace, "SIGABRT") || !strings.Contains(trace, "goroutine 1") {
		t.Error("there is no trace to be searched")
	}
	w.Saw("the trace of the crash", errs.Bytes())
	if cores, _ := filepath.Glob(w.path("work/core*")); len(cores) > 0 {
		t.Errorf("a core file was written: %v", cores)
	}
	w.Tree(t, w.dir)
	w.Check(t)
}

// What the crash is searched for would be found: a trace shows bytes as numbers.
func TestTraceIsUnderstood(t *testing.T) {
	key := [32]byte([]byte(canary.Word(32)))
	var m canary.Marks
	m.Bytes("key", key[:])
	for _, text := range []string{
		fmt.Sprintf("main.f({0x1, {%#x, %#x, %#x, %#x, %#x, ...}})", key[0], key[1], key[2], key[3], key[4]),
		fmt.Sprintf("rax    0x%x\n", []byte{key[15], key[14], key[13], key[12], key[11], key[10], key[9], key[8]}),
	} {
		if len(m.Find([]byte(text))) == 0 {
			t.Error("a key in a trace is not found")
		}
	}
}
