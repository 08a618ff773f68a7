// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sealed returns a function that runs kutano on a sealed store of its own, with
// more of the environment where that is given.
func sealed(t *testing.T, env ...string) func(stdin string, args ...string) (out, errs string, exit int) {
	t.Helper()
	dir := t.TempDir()
	return func(stdin string, args ...string) (string, string, int) {
		t.Helper()
		cmd := sealedCommand(t, dir, stdin, args...)
		cmd.Env = append(cmd.Env, env...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return out.String(), errs.String(), cmd.ProcessState.ExitCode()
	}
}

func sealedCommand(t *testing.T, dir, stdin string, args ...string) *exec.Cmd {
	t.Helper()
	name, err := exec.LookPath("kutano")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, append([]string{"--data", dir, "--store", "file", "--passphrase-fd", "0"}, args...)...)
	cmd.Env = []string{"HOME=" + dir, "LC_ALL=C", "DBUS_SESSION_BUS_ADDRESS=disabled:"}
	cmd.Stdin = strings.NewReader("correct horse\n" + stdin)
	return cmd
}

const rfcKey = "otpauth://totp/RFC:sha1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=RFC\n"

func need(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed; this test needs it", name)
		}
		t.Skipf("%s is not installed; this test needs it", name)
	}
}

// display starts an X server without a screen and returns its DISPLAY.
func display(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		r.Close()
	})
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// The code goes to the clipboard and stays there when kutano has returned; it
// is in no argument of any process.
func TestCopyIntoTheClipboard(t *testing.T) {
	need(t, "Xvfb", "xclip")
	screen := "DISPLAY=" + display(t)
	kutano := sealed(t, screen)
	if _, errs, exit := kutano(rfcKey, "add"); exit != 0 {
		t.Fatal(errs)
	}
	out, errs, exit := kutano("", "code", "rfc", "--copy", "--at", "59")
	if exit != 0 || out != "" || !strings.Contains(errs, "Copied · clears in 30 s") {
		t.Fatalf("exit %d, printed %q, said %q", exit, out, errs)
	}
	if got := paste(t, screen); got != "287082" {
		t.Errorf("the clipboard holds %q", got)
	}
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, line := range lines {
		if args, _ := os.ReadFile(line); bytes.Contains(args, []byte("287082")) {
			t.Errorf("the code stands in %s", line)
		}
	}
	// A key that is copied is an account that is scanned.
	set := exec.Command("xclip", "-i", "-selection", "clipboard")
	set.Env = []string{screen}
	set.Stdin = strings.NewReader("otpauth://totp/Copied:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Copied")
	if err := set.Run(); err != nil {
		t.Fatal(err)
	}
	for range 100 { // xclip goes to the background before it has the clipboard
		if strings.HasPrefix(paste(t, screen), "otpauth:") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if out, errs, exit := kutano("", "scan", "--clipboard"); exit != 0 || !strings.Contains(out, "Added Copied · ana") {
		t.Errorf("exit %d, printed %q, said %q", exit, out, errs)
	}
}

func paste(t *testing.T, screen string) string {
	t.Helper()
	cmd := exec.Command("xclip", "-o", "-selection", "clipboard")
	cmd.Env = []string{screen}
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("xclip: %v", err)
	}
	return string(out)
}

// An empty screen has no QR code.
func TestScanAnEmptyScreen(t *testing.T) {
	need(t, "Xvfb")
	kutano := sealed(t, "DISPLAY="+display(t))
	out, _, exit := kutano("", "scan", "--screen", "--json")
	if exit != 1 || !strings.Contains(out, `"kind":"no_qr"`) {
		t.Errorf("exit %d, printed %s", exit, out)
	}
}

// Two processes that add at once: nothing is lost.
func TestTwoAddAtOnce(t *testing.T) {
	kutano := sealed(t)
	if _, errs, exit := kutano(rfcKey, "add"); exit != 0 {
		t.Fatal(errs)
	}
	const each = 3
	done := make(chan string, 2)
	for _, who := range []string{"ana", "bob"} {
		go func() {
			said := ""
			for i := range each {
				uri := "otpauth://totp/" + who + strings.Repeat("x", i) + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"
				if _, errs, exit := kutano(uri, "add"); exit != 0 {
					said += errs
				}
			}
			done <- said
		}()
	}
	for range 2 {
		if said := <-done; said != "" {
			t.Error(said)
		}
	}
	out, _, _ := kutano("", "list")
	if n := strings.Count(out, "\n"); n != 1+2*each {
		t.Errorf("%d accounts, want %d:\n%s", n, 1+2*each, out)
	}
}

// A watch prints the code when it is new and ends with Ctrl-C as cancelled.
func TestWatchEndsWithCtrlC(t *testing.T) {
	dir := t.TempDir()
	if out, err := sealedCommand(t, dir, rfcKey, "add").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := sealedCommand(t, dir, "", "code", "--watch")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	guard := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer guard.Stop()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil || len(line) != 7 {
		t.Errorf("printed %q, %v", line, err)
	}
	// Another process replaces the key: the watch shows the new key's code.
	other := strings.ReplaceAll(rfcKey, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK")
	if out, err := sealedCommand(t, dir, other, "add", "--replace").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if next, err := lines.ReadString('\n'); err != nil || next == line {
		t.Errorf("after the change: printed %q, %v", next, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
}

// R19: codes come with no network at all, not even one that is down.
func TestWithoutNetwork(t *testing.T) {
	need(t, "unshare")
	cut := []string{"-rn", "--"}
	if out, err := exec.Command("unshare", append(cut, "true")...).CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the network cannot be cut off here: %v: %s", err, out)
		}
		t.Skipf("the network cannot be cut off here: %s", out)
	}
	name, err := exec.LookPath("kutano")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("unshare", append(cut, name, "tour")...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Accepted: the code is right") {
		t.Errorf("%v: %s", err, out)
	}
}
