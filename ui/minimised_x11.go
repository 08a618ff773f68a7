// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !android && !ios

package ui

import (
	"context"

	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan/xserver"
)

// iconic is WM_STATE of a window of which at most an icon is shown (ICCCM 2.0,
// section 4.1.3.1).
const iconic = 3

// minimised returns what asks the X server about a window of Fyne's, or nil
// while the window has no handle.
func minimised(window any) func() bool {
	x, ok := window.(driver.X11WindowContext)
	if !ok {
		return never // Wayland tells nobody
	}
	if x.WindowHandle == 0 {
		return nil
	}
	s := &xState{window: xproto.Window(x.WindowHandle)}
	return s.iconic
}

// xState reads a window's state over a connection of its own, since Fyne's
// belongs to the user interface's goroutine.
type xState struct {
	window xproto.Window
	conn   *xgb.Conn
	state  xproto.Atom
	failed bool
}

// iconic reports whether the window manager has put the window away. A window
// without a manager, or a server that does not answer, counts as seen.
func (s *xState) iconic() bool {
	if s.failed {
		return false
	}
	if s.conn == nil && !s.connect() {
		s.failed = true
		return false
	}
	const words = 2 // the state, and the icon's window
	p, err := xproto.GetProperty(s.conn, false, s.window, s.state, s.state, 0, words).Reply()
	if err != nil || p == nil {
		s.failed = true
		s.conn.Close()
		return false
	}
	return p.Format == 32 && len(p.Value) >= 4 && xgb.Get32(p.Value) == iconic
}

func (s *xState) connect() bool {
	conn, err := xserver.Connect(context.Background())
	if err != nil {
		return false
	}
	const name = "WM_STATE"
	atom, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		conn.Close()
		return false
	}
	s.conn, s.state = conn, atom.Atom
	return true
}
