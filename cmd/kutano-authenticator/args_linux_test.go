// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const argsEnv = "KUTANO_TEST_ARGS"

// A link that the desktop opens the app with does not stay in the list of
// processes.
func TestLinksLeaveTheListOfProcesses(t *testing.T) {
	const link = "otpauth://totp/ana?secret=GEZDGNBVGY3TQOJQ"
	cmd := exec.Command(os.Args[0], "-test.run=^TestTakeArgsInAProcess$", "--", "--data", "/somewhere", link)
	cmd.Env = append(os.Environ(), argsEnv+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, said, _ := strings.Cut(string(out), "taken: ")
	taken, seen, ok := strings.Cut(said, "\nseen: ")
	if !ok || !strings.HasSuffix(taken, "--data /somewhere "+link) {
		t.Errorf("took %q", taken)
	}
	if strings.Contains(seen, "GEZD") || !strings.Contains(seen, "--data /somewhere otpauth:xxx") {
		t.Errorf("others see %q", seen)
	}
}

// TestTakeArgsInAProcess is the process of the test above.
func TestTakeArgsInAProcess(t *testing.T) {
	if os.Getenv(argsEnv) == "" {
		return
	}
	taken := takeArgs()
	seen, err := os.ReadFile("/proc/self/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("taken: %s\nseen: %s\n", strings.Join(taken, " "), strings.ReplaceAll(string(seen), "\x00", " "))
}
