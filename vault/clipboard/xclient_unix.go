// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"fmt"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan/xserver"
)

// xclient is a window of ours on an X server, for transfers. It is never shown.
type xclient struct {
	conn      *xgb.Conn
	win       xproto.Window
	clipboard xproto.Atom
	atoms     map[string]xproto.Atom
	now       xproto.Timestamp // the server's time when we connected
}

// errClosed is a connection that the server or our own context has ended.
var errClosed = errors.New("the connection to the screen ended")

// newXClient connects to the X server. It is closed with close.
func newXClient(ctx context.Context) (*xclient, error) {
	conn, err := xserver.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c := &xclient{conn: conn, atoms: map[string]xproto.Atom{}}
	if err := c.open(); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *xclient) close() { c.conn.Close() }

func (c *xclient) open() error {
	screen := xproto.Setup(c.conn).DefaultScreen(c.conn)
	win, err := xproto.NewWindowId(c.conn)
	if err != nil {
		return err
	}
	err = xproto.CreateWindowChecked(c.conn, 0, win, screen.Root, 0, 0, 1, 1, 0,
		xproto.WindowClassInputOnly, screen.RootVisual,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return fmt.Errorf("make a window: %w", err)
	}
	c.win = win
	if c.clipboard, err = c.atom("CLIPBOARD"); err != nil {
		return err
	}
	return c.readTime()
}

// readTime learns the server's time from a change to our own window: a
// selection must be taken at a real time, so that the server can tell who was
// last.
func (c *xclient) readTime() error {
	xproto.ChangeProperty(c.conn, xproto.PropModeAppend, c.win, xproto.AtomWmName, xproto.AtomString, 8, 0, nil)
	for {
		ev, err := c.next()
		if err != nil {
			return err
		}
		if p, ok := ev.(xproto.PropertyNotifyEvent); ok {
			c.now = p.Time
			return nil
		}
	}
}

// next waits for an event. Errors of the server belong to requests that are
// not checked, such as to a window that is gone, and are passed over.
func (c *xclient) next() (xgb.Event, error) {
	for {
		ev, xerr := c.conn.WaitForEvent()
		if ev != nil {
			return ev, nil
		}
		if xerr == nil {
			return nil, errClosed
		}
	}
}

// atom returns the server's number for a name.
func (c *xclient) atom(name string) (xproto.Atom, error) {
	if a, ok := c.atoms[name]; ok {
		return a, nil
	}
	r, err := xproto.InternAtom(c.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("ask the X server: %w", err)
	}
	c.atoms[name] = r.Atom
	return r.Atom, nil
}

// name returns the name of an atom, "" where there is none.
func (c *xclient) name(a xproto.Atom) string {
	r, err := xproto.GetAtomName(c.conn, a).Reply()
	if err != nil {
		return ""
	}
	return r.Name
}
