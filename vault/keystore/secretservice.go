// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keystore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service specification, and the one path of
// gnome-keyring that go-keyring prefers over the default collection.
const (
	busName      = "org.freedesktop.secrets"
	servicePath  = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath    = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	defaultPath  = dbus.ObjectPath("/org/freedesktop/secrets/aliases/default")
	serviceIface = "org.freedesktop.Secret.Service"
	collIface    = "org.freedesktop.Secret.Collection"
	itemIface    = "org.freedesktop.Secret.Item"
	sessionIface = "org.freedesktop.Secret.Session"
	promptIface  = "org.freedesktop.Secret.Prompt"
	getProperty  = "org.freedesktop.DBus.Properties.Get"
)

// bulk is the most that an item may hold.
const bulk = MaxBulk

// errNoCollection means that the service runs and has nowhere to store. It
// matches ErrNoService: only a prompt can make a collection.
var errNoCollection = fmt.Errorf("%w: it has no default collection", ErrNoService)

// ready returns nil when a call to go-keyring now would raise no prompt. One
// round trip on the connection that go-keyring uses too.
func ready() error {
	// An unanswered call is abandoned long before this; it ends the goroutine.
	ctx, cancel := context.WithTimeout(context.Background(), queue.limits.prompt)
	defer cancel()
	conn, err := bus()
	if err != nil {
		return err
	}
	_, locked, err := collection(ctx, conn)
	if err == nil && locked {
		err = ErrLocked
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrTimeout
	}
	return err
}

// collection finds the collection that go-keyring will use: the one named
// login, and where there is none the default one.
func collection(ctx context.Context, conn *dbus.Conn) (dbus.ObjectPath, bool, error) {
	for _, path := range []dbus.ObjectPath{loginPath, defaultPath} {
		var v dbus.Variant
		err := conn.Object(busName, path).CallWithContext(ctx, getProperty, 0, collIface, "Locked").Store(&v)
		if noObject(err) {
			continue
		}
		if err != nil {
			return "", false, err
		}
		locked, ok := v.Value().(bool)
		if !ok {
			return "", false, fmt.Errorf("%w: the collection does not say whether it is locked", ErrFailed)
		}
		return path, locked, nil
	}
	return "", false, errNoCollection
}

func noObject(err error) bool {
	switch errorName(err) {
	case "org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.UnknownMethod",
		"org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownProperty",
		"org.freedesktop.DBus.Error.InvalidArgs", "org.freedesktop.Secret.Error.NoSuchObject":
		return true
	}
	return false
}

// bus returns the process's shared connection to the session bus.
func bus() (*dbus.Conn, error) {
	if err := findBus(); err != nil {
		return nil, err
	}
	return dbus.SessionBus()
}

// Prepare begins to connect to the keyring, so that the first call need not
// wait for it. It returns at once; what goes wrong, the first call tells.
func Prepare() { go func() { _, _ = bus() }() }

// findBus makes sure that there is an address to connect to. Without one,
// godbus would start a bus of its own with dbus-launch and leave it running.
func findBus() error {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" && a != "autolaunch:" {
		return nil
	}
	run := filepath.Join("/run/user", strconv.Itoa(os.Getuid())) // where godbus looks
	if exists(filepath.Join(run, "bus")) {
		return nil
	}
	if b, err := os.ReadFile(filepath.Join(run, "dbus-session")); err == nil &&
		strings.HasPrefix(string(b), "DBUS_SESSION_BUS_ADDRESS=") {
		return nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" && exists(filepath.Join(dir, "bus")) {
		// What godbus does with an address it finds by itself.
		return os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+dbus.EscapeBusAddressValue(filepath.Join(dir, "bus")))
	}
	return fmt.Errorf("%w: no session bus", ErrNoService)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
