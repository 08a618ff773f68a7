// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin

package ui

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// Nothing of ours runs while the window is hidden.
func TestHiddenWindowDoesNotTick(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.started = true
	r.u.ticker.Start()
	r.u.hide()
	if r.u.ticker.Running() {
		t.Error("the ticker runs behind a hidden window")
	}
	r.u.show()
	if !r.u.ticker.Running() {
		t.Error("the ticker does not run again")
	}
	r.u.Stop()
	if r.u.ticker.Running() {
		t.Error("the ticker runs after the end")
	}
}

// Without a tray the window is never hidden: nobody could bring it back.
func TestNoTrayNoHiding(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.keepInTray(true)
	if r.u.tray {
		t.Error("an icon in a tray that is not there")
	}
}

// A bus without anybody who shows icons, and no bus at all.
func TestHasTray(t *testing.T) {
	keyringtest.StartBus(t)
	if HasTray() {
		t.Error("a tray on a bus without one")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
	start := time.Now()
	if HasTray() || time.Since(start) > 2*time.Second {
		t.Errorf("without a bus: after %v", time.Since(start))
	}
}
