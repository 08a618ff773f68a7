// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !android && !ios

package ui

import (
	"testing"

	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan/xserver"
	"github.com/kutano/authenticator/vault/scan/xserver/xvfb"
)

// The states that a window manager may set, after ICCCM 2.0 section 4.1.3.1.
func TestMinimisedOnX(t *testing.T) {
	if minimised(driver.X11WindowContext{}) != nil {
		t.Error("an answer without a handle")
	}
	if minimised(driver.WaylandWindowContext{WaylandSurface: 1})() {
		t.Error("minimised under Wayland, where that cannot be known")
	}
	xvfb.Start(t, 320, 200)
	conn, err := xserver.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	window, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.CreateWindowChecked(conn, screen.RootDepth, window, screen.Root, 0, 0, 10, 10, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, 0, nil).Check(); err != nil {
		t.Fatal(err)
	}
	const name = "WM_STATE"
	state, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		t.Fatal(err)
	}
	is := minimised(driver.X11WindowContext{WindowHandle: uintptr(window)})
	if is() {
		t.Error("minimised, without a window manager")
	}
	for _, tc := range []struct {
		name  string
		state uint32
		want  bool
	}{{"normal", 1, false}, {"iconic", 3, true}, {"normal again", 1, false}, {"withdrawn", 0, false}, {"iconic again", 3, true}} {
		value := make([]byte, 8)
		xgb.Put32(value, tc.state)
		if err := xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, window, state.Atom, state.Atom, 32, 2, value).Check(); err != nil {
			t.Fatal(err)
		}
		if got := is(); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
	if err := xproto.DestroyWindowChecked(conn, window).Check(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if is() {
			t.Error("minimised, of a window that is gone")
		}
	}
}

// Without a server all is taken as seen.
func TestMinimisedWithoutX(t *testing.T) {
	t.Setenv("DISPLAY", ":65534")
	is := minimised(driver.X11WindowContext{WindowHandle: 1})
	for range 2 {
		if is() {
			t.Error("minimised, without an X server")
		}
	}
}
