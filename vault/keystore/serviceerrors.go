// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keystore

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
)

// errorName returns the D-Bus name of an error that came over the bus.
func errorName(err error) string {
	var e dbus.Error
	if errors.As(err, &e) {
		return e.Name
	}
	var p *dbus.Error
	if errors.As(err, &p) {
		return p.Name
	}
	return ""
}

// serviceClass finds the class of an error of the Secret Service, of the bus
// or of the connection to it; nil when it does not know it.
func serviceClass(err error) error {
	if name := errorName(err); name != "" {
		return nameClass(name)
	}
	switch {
	case strings.Contains(err.Error(), aborted):
		return ErrLocked
	case gone(err), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return ErrNoService
	case errors.Is(err, fs.ErrPermission), strings.Contains(err.Error(), "authentication failed"):
		return ErrDenied
	case strings.HasPrefix(err.Error(), "dbus: "): // no address, invalid address, no transport
		return ErrNoService
	}
	return nil
}

func nameClass(name string) error {
	switch strings.TrimPrefix(name, "org.freedesktop.DBus.Error.") {
	case "ServiceUnknown", "NameHasNoOwner", "NoServer", "Disconnected", "NoReply", "FileNotFound", "NoNetwork":
		return ErrNoService
	case "AccessDenied", "AuthFailed", "InteractiveAuthorizationRequired":
		return ErrDenied
	case "Timeout", "TimedOut":
		return ErrTimeout
	case "LimitsExceeded", "NoMemory":
		return ErrFailed
	case "org.freedesktop.Secret.Error.IsLocked":
		return ErrLocked
	case "org.freedesktop.Secret.Error.NoSuchObject":
		return ErrNotFound // it went between the search and the reading
	}
	if strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn.") {
		return ErrNoService // installed, and does not start
	}
	return nil
}

// gone tells whether the connection to the bus ended.
func gone(err error) bool {
	return errors.Is(err, dbus.ErrClosed) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// interrupted tells whether the service or the bus went away during the call.
func interrupted(err error) bool {
	return gone(err) || errorName(err) == "org.freedesktop.DBus.Error.NoReply" || errors.Is(err, errWentAway)
}
