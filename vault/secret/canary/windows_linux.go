// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"fmt"
	"io"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Windows takes every property of every window on an X screen: titles, classes,
// what programs tell one another.
func (h *Hunt) Windows(t testing.TB, display string) {
	t.Helper()
	xgb.Logger.SetOutput(io.Discard) // it talks of a file that is missing on a screen of a test
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatalf("look at the windows: %v", err)
	}
	defer c.Close()
	root := xproto.Setup(c).DefaultScreen(c).Root
	if h.window(c, root) == 0 {
		t.Fatal("no window has any property: the search is blind")
	}
}

func (h *Hunt) window(c *xgb.Conn, w xproto.Window) (seen int) {
	if list, err := xproto.ListProperties(c, w).Reply(); err == nil {
		for _, atom := range list.Atoms {
			p, err := xproto.GetProperty(c, false, w, atom, xproto.GetPropertyTypeAny, 0, 1<<20).Reply()
			if err != nil {
				continue // it went away meanwhile
			}
			name := fmt.Sprint(atom)
			if n, err := xproto.GetAtomName(c, atom).Reply(); err == nil {
				name = n.Name
			}
			seen++
			h.Saw("the property "+name+" of a window", p.Value)
			h.Saw("the name of a property of a window", []byte(name))
		}
	}
	tree, err := xproto.QueryTree(c, w).Reply()
	if err != nil {
		return seen
	}
	for _, child := range tree.Children {
		seen += h.window(c, child)
	}
	return seen
}
