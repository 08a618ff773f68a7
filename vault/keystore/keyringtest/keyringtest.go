// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package keyringtest gives tests a real keyring: gnome-keyring on a private
// session bus in a temporary home, unlocked. It is for tests only.
//
// The process's session bus becomes the private one, so a test can never reach
// the keyring of the person who runs it. No process outlives the test.
//
// Where dbus-daemon or gnome-keyring-daemon are not installed tests are
// skipped, and fail when the environment has CI=true.
package keyringtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	busName = "org.freedesktop.secrets"
	login   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")

	password = "only for tests" // of the keyring in the temporary home
)

// Daemon is a running gnome-keyring on a bus of its own.
type Daemon struct {
	*Bus
	keyring  *exec.Cmd
	guard    *guard
	conn     *dbus.Conn
	reviving sync.Mutex
}

// shared is the daemon that Main started, or the reason why there is none.
var (
	shared      *Daemon
	errNoShared = errors.New("keyringtest: TestMain did not call Main")
)

// Start gives the test a keyring of its own. The test must not run in parallel
// with others that use a keyring, since all share the process's environment.
func Start(t testing.TB) *Daemon {
	t.Helper()
	needPrograms(t, "dbus-daemon", "gnome-keyring-daemon")
	d, err := start()
	if err != nil {
		t.Fatalf("start a keyring: %v", err)
	}
	t.Cleanup(d.stop)
	return d
}

// StartBus gives the test a private session bus with no service on it.
func StartBus(t testing.TB) *Bus {
	t.Helper()
	needPrograms(t, "dbus-daemon")
	b, err := newBus()
	if err != nil {
		t.Fatalf("start a bus: %v", err)
	}
	t.Cleanup(b.stop)
	return b
}

// Main runs a package's tests with one keyring for all of them; see [Shared].
// Use it as TestMain. Without the programs the tests run with no bus at all.
func Main(m *testing.M) {
	shared, errNoShared = start()
	if shared == nil {
		_ = os.Setenv(addressVar, "disabled:")
	}
	code := m.Run()
	if shared != nil {
		shared.stop()
	}
	os.Exit(code)
}

// Shared returns the keyring that Main started, or skips the test.
func Shared(t testing.TB) *Daemon {
	t.Helper()
	needPrograms(t, "dbus-daemon", "gnome-keyring-daemon")
	if shared == nil {
		t.Fatal(errNoShared)
	}
	return shared
}

func needPrograms(t testing.TB, names ...string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the private keyring is for Linux")
	}
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

func start() (*Daemon, error) {
	bus, err := newBus()
	if err != nil {
		return nil, err
	}
	d := &Daemon{Bus: bus}
	for _, sub := range []string{"r", "d/keyrings", "c", "k"} {
		err = errors.Join(err, os.MkdirAll(filepath.Join(bus.Dir, sub), 0o700))
	}
	if err == nil {
		d.conn, err = bus.Connect()
	}
	if err == nil {
		err = d.run(true)
	}
	if err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// run starts gnome-keyring and waits until it answers.
func (d *Daemon) run(unlocked bool) error {
	args := []string{"--foreground", "--components=secrets"}
	input := ""
	if unlocked {
		args = append(args, "--unlock")
		input = password
	}
	d.keyring = exec.Command("gnome-keyring-daemon", args...)
	d.keyring.Env = cleanEnv(d.Dir, d.Address)
	d.keyring.Stdin = strings.NewReader(input)
	d.keyring.Stdout, d.keyring.Stderr = io.Discard, io.Discard
	if err := d.keyring.Start(); err != nil {
		return err
	}
	d.guard = watchOver(d.keyring.Process.Pid)
	return waitFor("gnome-keyring", func() bool {
		var owned bool
		err := d.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, busName).Store(&owned)
		if err != nil || !owned {
			return false
		}
		locked, err := d.locked()
		return err == nil && locked != unlocked
	})
}

func (d *Daemon) locked() (bool, error) {
	v, err := d.conn.Object(busName, login).GetProperty("org.freedesktop.Secret.Collection.Locked")
	if err != nil {
		return false, err
	}
	locked, ok := v.Value().(bool)
	if !ok {
		return false, fmt.Errorf("the property Locked is a %T", v.Value())
	}
	return locked, nil
}

// Lock locks the keyring. Only Restart unlocks it: there is nobody to ask.
func (d *Daemon) Lock(t testing.TB) {
	t.Helper()
	err := d.conn.Object(busName, "/org/freedesktop/secrets").
		Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{login}).Err
	if err != nil {
		t.Fatalf("lock the keyring: %v", err)
	}
}

// Kill ends the daemon. Nothing starts it again but Restart.
func (d *Daemon) Kill() {
	d.guard.dismiss()
	kill(d.keyring)
	d.guard, d.keyring = nil, nil
}

// Restart starts the daemon anew, with the items it had.
func (d *Daemon) Restart(t testing.TB, unlocked bool) {
	t.Helper()
	d.Kill()
	if err := d.run(unlocked); err != nil {
		t.Fatalf("restart the keyring: %v", err)
	}
}

// Revive starts the daemon anew if it has ended by itself, as gnome-keyring does
// now and then when a process that uses it is killed. Tests in parallel may call
// it at the same time: one of them restarts it.
func (d *Daemon) Revive(t testing.TB) {
	t.Helper()
	d.reviving.Lock()
	defer d.reviving.Unlock()
	if locked, err := d.locked(); err != nil || locked {
		d.Restart(t, true)
	}
}

func (d *Daemon) stop() {
	d.Kill()
	if d.conn != nil {
		_ = d.conn.Close()
	}
	d.Bus.stop()
}
