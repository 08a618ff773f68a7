// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !android

package away

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

const ourSession = dbus.ObjectPath("/org/freedesktop/login1/session/c2")

// logind is a stand-in for the login manager on a test's bus.
type logind struct {
	conn  *dbus.Conn
	byPID bool // it knows the session of our process
}

func (l *logind) GetSessionByPID(pid uint32) (dbus.ObjectPath, *dbus.Error) {
	if !l.byPID || pid != uint32(os.Getpid()) {
		return "", dbus.NewError("org.freedesktop.login1.NoSessionForPID", nil)
	}
	return ourSession, nil
}

func (l *logind) GetSession(id string) (dbus.ObjectPath, *dbus.Error) {
	if id != "c2" {
		return "", dbus.NewError("org.freedesktop.login1.NoSuchSession", nil)
	}
	return ourSession, nil
}

// Get is the property of session/auto.
func (l *logind) Get(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant("c2"), nil }

func (l *logind) emit(t *testing.T, path dbus.ObjectPath, name string, args ...any) {
	t.Helper()
	if err := l.conn.Emit(path, name, args...); err != nil {
		t.Fatal(err)
	}
}

// service puts an owner of names onto the test's bus.
func service(t *testing.T, bus *keyringtest.Bus, names ...string) *dbus.Conn {
	t.Helper()
	conn, err := bus.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, n := range names {
		if r, err := conn.RequestName(n, dbus.NameFlagDoNotQueue); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
			t.Fatalf("own %s: %v, %v", n, r, err)
		}
	}
	return conn
}

// hear runs Signals on the test's bus, as both buses, and returns what it says.
func hear(t *testing.T, bus *keyringtest.Bus) <-chan Reason {
	t.Helper()
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.Address)
	ctx, cancel := context.WithCancel(t.Context())
	said, done := make(chan Reason, 64), make(chan struct{})
	go func() {
		defer close(done)
		Signals(ctx, func(why Reason) { said <- why })
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("Signals goes on after the end")
		}
	})
	return said
}

func expect(t *testing.T, said <-chan Reason, what string, want Reason) {
	t.Helper()
	select {
	case got := <-said:
		if got != want {
			t.Errorf("%s: said %v, want %v", what, got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: nothing was said", what)
	}
}

// Real messages on a real bus: what logind and screen savers send.
func TestSignals(t *testing.T) {
	for name, byPID := range map[string]bool{"by process": true, "by the user's own session": false} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_SESSION_ID", "")
			bus := keyringtest.StartBus(t)
			l := &logind{byPID: byPID}
			l.conn = service(t, bus, login1, "org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
			for path, iface := range map[dbus.ObjectPath]string{loginPath: loginManager, loginPath + "/session/auto": properties} {
				if err := l.conn.Export(l, path, iface); err != nil {
					t.Fatal(err)
				}
			}
			said := hear(t, bus)
			l.untilHeard(t, said)

			l.emit(t, ourSession, loginSession+".Lock")
			expect(t, said, "loginctl lock-session", ScreenLocked)
			l.emit(t, ourSession, properties+".PropertiesChanged", loginSession,
				map[string]dbus.Variant{"LockedHint": dbus.MakeVariant(true)}, []string{})
			expect(t, said, "LockedHint", ScreenLocked)
			l.emit(t, "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", true)
			expect(t, said, "GNOME's saver", ScreenLocked)

			// None of these means anything; the last one, which does, comes first.
			l.emit(t, ourSession, properties+".PropertiesChanged", loginSession,
				map[string]dbus.Variant{"LockedHint": dbus.MakeVariant(false), "IdleHint": dbus.MakeVariant(true)}, []string{})
			l.emit(t, ourSession, properties+".PropertiesChanged", "x")
			l.emit(t, ourSession, loginSession+".Unlock")
			l.emit(t, "/org/freedesktop/login1/session/c9", loginSession+".Lock")
			l.emit(t, loginPath, loginManager+".PrepareForSleep", false)
			l.emit(t, loginPath, loginManager+".PrepareForSleep")
			l.emit(t, loginPath, loginManager+".PrepareForSleep", "true")
			l.emit(t, loginPath, loginManager+".PrepareForSleep", true)
			expect(t, said, "going to sleep", Suspended)
			l.emit(t, "/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", false)
			l.emit(t, "/ScreenSaver", "org.example.Other.ActiveChanged", true)
			l.emit(t, "/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", true)
			expect(t, said, "the saver", ScreenLocked)
			select {
			case why := <-said:
				t.Errorf("and %v was said besides", why)
			default:
			}
		})
	}
}

// untilHeard waits until both connections listen.
func (l *logind) untilHeard(t *testing.T, said <-chan Reason) {
	t.Helper()
	for _, s := range []struct {
		path dbus.ObjectPath
		name string
		args []any
	}{
		{ourSession, loginSession + ".Lock", nil},
		{"/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", []any{true}},
	} {
		heard := false
		for range 200 {
			l.emit(t, s.path, s.name, s.args...)
			select {
			case <-said:
				heard = true
			case <-time.After(50 * time.Millisecond):
				continue
			}
			break
		}
		if !heard {
			t.Fatalf("%s is not heard", s.name)
		}
	}
	// What was sent in vain before may still come.
	for quiet := false; !quiet; {
		select {
		case <-said:
		case <-time.After(200 * time.Millisecond):
			quiet = true
		}
	}
}

// Without any bus it is quiet, and ends.
func TestSignalsWithoutABus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
	done := make(chan struct{})
	go func() {
		defer close(done)
		Signals(t.Context(), func(Reason) { t.Error("something was said") })
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("it waits for a bus")
	}
}
