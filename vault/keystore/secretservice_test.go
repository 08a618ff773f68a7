// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package keystore

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

func TestServiceClasses(t *testing.T) {
	named := func(name string) error { return dbus.Error{Name: name} }
	const std = "org.freedesktop.DBus.Error."
	for _, c := range []struct{ err, want error }{
		{named(std + "ServiceUnknown"), ErrNoService},
		{named(std + "NameHasNoOwner"), ErrNoService},
		{named(std + "NoReply"), ErrNoService},
		{named(std + "Disconnected"), ErrNoService},
		{named(std + "Spawn.ExecFailed"), ErrNoService},
		{named(std + "AccessDenied"), ErrDenied},
		{&dbus.Error{Name: std + "AccessDenied"}, ErrDenied},
		{named(std + "TimedOut"), ErrTimeout},
		{named(std + "LimitsExceeded"), ErrFailed},
		{named(std + "NeverHeardOf"), nil},
		{named("org.freedesktop.Secret.Error.IsLocked"), ErrLocked},
		{named("org.freedesktop.Secret.Error.NoSuchObject"), ErrNotFound},
		{fmt.Errorf("%s '/x'", aborted), ErrLocked},
		{dbus.ErrClosed, ErrNoService},
		{io.EOF, ErrNoService},
		{net.ErrClosed, ErrNoService},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, ErrNoService},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ENOENT)}, ErrNoService},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EACCES)}, ErrDenied},
		{errors.New("dbus: authentication failed"), ErrDenied},
		{errors.New("dbus: invalid bus address (no transport)"), ErrNoService},
		{errors.New("else"), nil},
	} {
		if got := serviceClass(c.err); got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

// Without an address nothing is started: no dbus-launch, which would stay.
func TestNoBus(t *testing.T) {
	if exists(filepath.Join("/run/user", fmt.Sprint(os.Getuid()), "bus")) {
		t.Skip("this user has a session bus at the place where every program looks")
	}
	dir := t.TempDir()
	mark := filepath.Join(dir, "started")
	script := "#!/bin/sh\ntouch " + mark + "\n"
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_RUNTIME_DIR", dir)
	for _, address := range []string{"", "autolaunch:", "disabled:", "unix:path=/nonexistent/bus"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		waitForNoBus(t)
		if err := Probe(t.Context()); !errors.Is(err, ErrNoService) {
			t.Errorf("%q: %v", address, err)
		}
		if _, err := openKeyring(t, "").Get(Prompting(t.Context()), "page-0"); !errors.Is(err, ErrNoService) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if exists(mark) {
		t.Error("dbus-launch was started")
	}
}

// waitForNoBus ends the shared connection, so that the address counts.
func waitForNoBus(t *testing.T) {
	t.Helper()
	if findBus() != nil {
		return
	}
	if conn, err := dbus.SessionBus(); err == nil {
		_ = conn.Close()
		<-conn.Context().Done()
	}
}

// The socket in the runtime folder is found without the variable.
func TestBusInRuntimeDir(t *testing.T) {
	d := keyringtest.Start(t)
	t.Setenv("XDG_RUNTIME_DIR", d.Dir)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if err := Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

// R36
func TestRealKeyringTroubles(t *testing.T) {
	d := keyringtest.Start(t)
	before := queue
	queue = newLine(quick)
	t.Cleanup(func() { queue = before })
	s := openKeyring(t, "")
	if err := s.Put(t.Context(), text("page-0", "one")); err != nil {
		t.Fatal(err)
	}
	get := func() error { _, err := s.Get(t.Context(), "page-0"); return err }
	expect := func(situation string, want error) {
		t.Helper()
		if err := within(t, 2*quick.silent, get); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", situation, err, want)
		}
		if err := Probe(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s, probe: %v, want %v", situation, err, want)
		}
	}
	d.Stop(t)
	expect("stopped", ErrTimeout)
	d.Continue(t)
	recoversReading(t, s)

	d.Lock(t)
	expect("locked", ErrLocked)
	err := within(t, quick.prompt+quick.silent, func() error { _, err := s.Get(Prompting(t.Context()), "page-0"); return err })
	if !errors.Is(err, ErrDenied) && !errors.Is(err, ErrLocked) { // no prompter runs here
		t.Errorf("locked, and nobody to ask: %v", err)
	}
	d.Restart(t, true)
	expect("restarted", nil)
	d.Kill()
	expect("killed", ErrNoService)
	d.Restart(t, false)
	expect("restarted locked", ErrLocked)
	d.Restart(t, true)
	expect("restarted again", nil)
	mustHold(t, s, text("page-0", "one"))
}

// recoversReading waits until the cool-down after a hang is over.
func recoversReading(t *testing.T, s Store) {
	t.Helper()
	for range 100 {
		if _, err := s.Get(t.Context(), "page-0"); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("it does not answer again")
}
