// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"sync"

	"golang.org/x/sys/unix"
)

// hidden is what this process has asked for.
var hidden struct {
	sync.Mutex
	asked bool // by Private
	shown int  // calls of Recognisable that have not ended
}

// hide makes the process "not dumpable" (prctl(2), PR_SET_DUMPABLE): no core
// at all, no ptrace, and most of /proc/PID is closed to others of the same user.
func hide() error {
	hidden.Lock()
	defer hidden.Unlock()
	hidden.asked = true
	return apply()
}

// Recognisable lets other programs of the same user look up which program this
// is, until end is called; calls may overlap. Before [Private] it changes nothing.
//
// It is there for xdg-desktop-portal. Whoever calls a portal is identified by
// /proc/PID/root, which only a dumpable process shows to others; calls of a
// hidden one are answered with "Unable to open /proc/PID/root" (flatpak/xdg-desktop-portal
// issues 785 and 1490). That hits pictures of the screen under Wayland, and the
// light or dark theme under X11 too. The portal remembers who is behind a
// connection to the bus, so the first call on it is the one that counts,
// as long as the portal is not started anew.
func Recognisable() (end func()) {
	hidden.Lock()
	defer hidden.Unlock()
	hidden.shown++
	_ = apply()
	return sync.OnceFunc(func() {
		hidden.Lock()
		defer hidden.Unlock()
		hidden.shown--
		_ = apply()
	})
}

// apply sets what is asked for now. The caller has the lock.
func apply() error {
	if !hidden.asked {
		return nil
	}
	var dumpable uintptr
	if hidden.shown > 0 {
		dumpable = 1
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, dumpable, 0, 0, 0)
}
