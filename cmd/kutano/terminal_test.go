// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal with kutano in it, as a person has it.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	ctrl  *os.File
	mu    sync.Mutex
	shown string // everything that was on the screen, what was typed included where it is shown
	seen  int    // how much of it expect has passed
}

func startTerminal(t *testing.T, dir string, args ...string) *terminal {
	t.Helper()
	ctrl, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(ctrl.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	name, err := exec.LookPath("kutano")
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, ctrl: ctrl, cmd: exec.Command(name, append([]string{"--data", dir}, args...)...)}
	x.cmd.Env = []string{"HOME=" + dir, "LC_ALL=C", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", turnedBy + "=" + os.Getenv(turnedBy)}
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = tty, tty, tty
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	guard := time.AfterFunc(30*time.Second, func() { _ = x.cmd.Process.Kill() })
	t.Cleanup(func() { guard.Stop(); ctrl.Close() })
	go x.read()
	return x
}

func (x *terminal) read() {
	buf := make([]byte, 4096)
	for {
		n, err := x.ctrl.Read(buf)
		x.mu.Lock()
		x.shown += string(buf[:n])
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (x *terminal) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown
}

// expect waits until the pattern is on the screen, after what came before.
func (x *terminal) expect(pattern string) {
	x.t.Helper()
	re := regexp.MustCompile(pattern)
	for range 1500 {
		if at := re.FindStringIndex(x.screen()[x.seen:]); at != nil {
			x.seen += at[1]
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	x.t.Fatalf("%q did not appear on:\n%s", pattern, x.screen())
}

// typed types a line, once the program has stopped showing what is typed where
// it should: that happens just after the question is there.
func (x *terminal) typed(line string) {
	time.Sleep(50 * time.Millisecond)
	_, _ = x.ctrl.WriteString(line)
}

// exits waits for the end.
func (x *terminal) exits(code int) {
	x.t.Helper()
	_ = x.cmd.Wait()
	if got := x.cmd.ProcessState.ExitCode(); got != code {
		x.t.Errorf("exit code %d, want %d; screen:\n%s", got, code, x.screen())
	}
}

// R36 R41 R54: a person types an account in and watches its code.
func TestInATerminal(t *testing.T) {
	dir := t.TempDir()
	x := startTerminal(t, dir, "add")
	x.expect("New passphrase: ")
	x.typed("correct horse\n")
	x.expect("The same again: ")
	x.typed("correct horse\n")
	x.expect("Service.*: ")
	x.typed("Kutano\n")
	x.expect("Account.*: ")
	x.typed("ana\n")
	x.expect(`Key.*\(not shown as you type\): `)
	x.typed("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n")
	x.expect(`Added Kutano · ana`)
	x.expect(`type this code: \d{3} \d{3} \(\d+ seconds? left`)
	x.exits(0)
	for _, hidden := range []string{"GEZD", "horse"} {
		if strings.Contains(x.screen(), hidden) {
			t.Errorf("%s was shown:\n%s", hidden, x.screen())
		}
	}

	x = startTerminal(t, dir, "code", "kutano")
	x.expect("Passphrase: ")
	x.typed("correct horse\n")
	x.expect(`\n\d{6}\r\n\d+ seconds? left`)
	x.exits(0)

	x = startTerminal(t, dir, "code", "--watch")
	x.expect("Passphrase: ")
	x.typed("correct horse\n")
	x.expect(`CODE +NEXT +LEFT +SERVICE +ACCOUNT`)
	x.expect(`\d{3} \d{3}  +\d{3} \d{3}  +\d+ s  +Kutano  +ana`)
	x.expect(`\x1b\[2A\r\x1b\[J`) // drawn over a second later
	x.typed("\x03")
	x.exits(7)
	x.expect(`\x1b\[\?25h`) // the cursor is back
}

// Cancel works at every question, and the terminal shows again what is typed.
func TestCancelAtAQuestion(t *testing.T) {
	dir := t.TempDir()
	x := startTerminal(t, dir, "add")
	x.expect("New passphrase: ")
	x.typed("\x03")
	x.exits(7)
	x.expect("Cancelled. Nothing was changed.")
	state, err := unix.IoctlGetTermios(int(x.ctrl.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if state.Lflag&unix.ECHO == 0 {
		t.Error("the terminal still hides what is typed")
	}

	x = startTerminal(t, dir, "list")
	x.expect("New passphrase: ")
	x.typed("one\n")
	x.expect("The same again: ")
	x.typed("two\n")
	x.expect("not the same")
	x.exits(2)
}

// Ctrl-D at a question that shows what is typed is a no.
func TestEndOfInputIsNo(t *testing.T) {
	x := startTerminal(t, t.TempDir(), "add")
	x.expect("New passphrase: ")
	x.typed("correct horse\n")
	x.expect("The same again: ")
	x.typed("correct horse\n")
	x.expect("Service.*: ")
	x.typed("\x04")
	x.exits(7)
}

// The tour counts down before a person's eyes.
func TestTourInATerminal(t *testing.T) {
	x := startTerminal(t, t.TempDir(), "tour")
	x.expect(`\d{3} \d{3}   █.*\d+ seconds? left, then \d{3} \d{3}`)
	x.expect(`\r   \d{3} \d{3} `)
	x.expect("Accepted")
	x.exits(0)
}
