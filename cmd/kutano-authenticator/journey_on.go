// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build journey

package main

import (
	"encoding/json"
	"net"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
)

// shown is something on the window, as a person sees it: in pixels from the
// window's corner.
type shown struct {
	Text string `json:"text"`
	Tap  bool   `json:"tap"`  // it can be pressed
	Off  bool   `json:"off"`  // but not now
	Type bool   `json:"type"` // it can be typed into
	Seen bool   `json:"seen"` // it is not scrolled out of view
	Keys bool   `json:"keys"` // what is typed goes there
	X    int    `json:"x"`
	Y    int    `json:"y"`
}

// settle is how many frames are drawn before the window is looked at: what was
// clicked has been taken in by then, and what has grown is laid out.
const settle = 3

// showsWhere tells whoever connects to the socket in KUTANO_JOURNEY what stands
// where on the window, so that a test can point the real mouse at it.
func showsWhere(w fyne.Window) {
	path := os.Getenv("KUTANO_JOURNEY")
	if path == "" {
		return
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return
	}
	var waiting []glance // used on the user interface's goroutine
	var each *fyne.Animation
	each = fyne.NewAnimation(time.Second, func(float32) {
		for i := range waiting {
			waiting[i].frames--
		}
		for len(waiting) > 0 && waiting[0].frames <= 0 {
			go waiting[0].answer(look(w.Canvas()))
			waiting = waiting[1:]
		}
		if len(waiting) == 0 {
			each.Stop() // nothing is drawn for nobody
		}
	})
	each.RepeatCount = fyne.AnimationRepeatForever
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			fyne.Do(func() {
				waiting = append(waiting, glance{c, settle})
				if len(waiting) == 1 {
					each.Start()
				}
			})
		}
	}()
}

// glance is somebody who waits to be told.
type glance struct {
	to     net.Conn
	frames int // to be drawn before
}

func (g glance) answer(all []shown) {
	_ = json.NewEncoder(g.to).Encode(all)
	_ = g.to.Close()
}

func look(c fyne.Canvas) []shown {
	s := sight{scale: c.Scale(), focused: c.Focused()}
	root := area{max: fyne.NewPos(c.Size().Width, c.Size().Height)}
	over := c.Overlays().List()
	if len(over) == 0 {
		s.walk(c.Content(), fyne.Position{}, root)
	} else { // what lies below cannot be used
		s.walk(over[len(over)-1], fyne.Position{}, root)
	}
	return s.all
}

// area is a part of the window.
type area struct{ min, max fyne.Position }

func (a area) holds(p fyne.Position) bool {
	return p.X >= a.min.X && p.X <= a.max.X && p.Y >= a.min.Y && p.Y <= a.max.Y
}

func (a area) within(b area) area {
	return area{
		min: fyne.NewPos(max(a.min.X, b.min.X), max(a.min.Y, b.min.Y)),
		max: fyne.NewPos(min(a.max.X, b.max.X), min(a.max.Y, b.max.Y)),
	}
}

type sight struct {
	scale   float32
	focused fyne.Focusable
	all     []shown
}

// walk notes an object that lies at a place, and what is in it, within what of it
// is in view.
func (s *sight) walk(o fyne.CanvasObject, at fyne.Position, in area) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	size := o.Size()
	if text := spoken(o); text != "" {
		middle := at.AddXY(size.Width/2, size.Height/2)
		_, tap := o.(fyne.Tappable)
		off, can := o.(fyne.Disableable)
		_, types := o.(interface{ TypedRune(rune) })
		_, entry := o.(interface{ SelectedText() string })
		focus, focusable := o.(fyne.Focusable)
		s.all = append(s.all, shown{
			Text: text, Tap: tap, Off: can && off.Disabled(), Type: types && entry, Seen: in.holds(middle), Keys: focusable && focus == s.focused,
			X: int(middle.X * s.scale), Y: int(middle.Y * s.scale),
		})
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			s.walk(child, at, in)
		}
	case *container.Scroll:
		s.walk(o.Content, at, area{at, at.AddXY(size.Width, size.Height)}.within(in))
	case fyne.Widget:
		if plain(o) {
			return // its renderer's texts are its own
		}
		for _, child := range test.WidgetRenderer(o).Objects() {
			s.walk(child, at, in)
		}
	}
}

func plain(w fyne.Widget) bool {
	switch w.(type) {
	case *widget.Label, *widget.RichText:
		return true
	}
	return false
}

// spoken is what an object says, "" for what only holds others.
func spoken(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *widget.Label:
		return o.Text
	case *canvas.Text:
		return o.Text
	case *widget.RichText:
		return o.String()
	case *kit.Entry:
		return o.PlaceHolder
	case *fyne.Container: // Fyne's own says only that it is one
	case interface{ AccessibilityLabel() string }:
		return o.AccessibilityLabel()
	}
	return ""
}
