// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !android && !ios

package away

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/scan/xserver"
	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
)

// The X server tells of every key, in whatever window.
func TestIdleOnX(t *testing.T) {
	xvfb.Start(t, 320, 200)
	idle := SystemIdle(t.Context())
	if idle == nil {
		t.Fatal("the X server is not asked")
	}
	time.Sleep(300 * time.Millisecond)
	before, ok := idle()
	if !ok || before < 250*time.Millisecond {
		t.Fatalf("idle for %v, %v", before, ok)
	}
	conn, err := xserver.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xtest.FakeInputChecked(conn, xproto.MotionNotify, 0, 0, root, 50, 60, 0).Check(); err != nil {
		t.Fatal(err)
	}
	if after, ok := idle(); !ok || after >= before {
		t.Errorf("after a move of the mouse: idle for %v, before for %v", after, before)
	}
}

type mutter struct{ ms atomic.Uint64 }

func (m *mutter) GetIdletime() (uint64, *dbus.Error) { return m.ms.Load(), nil }

func TestIdleOnMutter(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	bus := keyringtest.StartBus(t)
	if SystemIdle(t.Context()) != nil {
		t.Error("an answer from nobody")
	}
	conn, err := bus.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	m := &mutter{}
	if err := conn.Export(m, "/org/gnome/Mutter/IdleMonitor/Core", "org.gnome.Mutter.IdleMonitor"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.gnome.Mutter.IdleMonitor", 0); err != nil {
		t.Fatal(err)
	}
	idle := SystemIdle(t.Context())
	if idle == nil {
		t.Fatal("Mutter is not asked")
	}
	m.ms.Store(61_500)
	if got, ok := idle(); !ok || got != 61_500*time.Millisecond {
		t.Errorf("idle for %v, %v", got, ok)
	}
	_ = conn.Close()
	if _, ok := idle(); ok {
		t.Error("an answer after Mutter has gone")
	}
}

func TestIdleWithoutAnybody(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", ":65534")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
	if SystemIdle(t.Context()) != nil {
		t.Error("an answer from nobody")
	}
}
