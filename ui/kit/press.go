// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// press is what everything that can be pressed has in common: the mouse, a
// finger, Enter and Space, the focus and its visible ring.
type press struct {
	widget.DisableableWidget

	// OnTapped is called when it is pressed and not disabled.
	OnTapped func()

	hovered, focused bool
	self             fyne.Widget
}

func (p *press) extend(self fyne.Widget) {
	p.self = self
	p.ExtendBaseWidget(self)
}

// Tapped presses it.
func (p *press) Tapped(*fyne.PointEvent) {
	felt(p.self)
	if p.Disabled() || p.OnTapped == nil {
		return
	}
	p.OnTapped()
}

// FocusGained shows the ring.
func (p *press) FocusGained() {
	p.focused = true
	p.Refresh()
	gained(p.self)
}

// FocusLost takes the ring away.
func (p *press) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune hands the character on: typing anywhere searches.
func (p *press) TypedRune(r rune) {
	if r != ' ' {
		ForwardRune(p.self, r)
	}
}

// TypedKey presses on Enter and Space and hands every other key on.
func (p *press) TypedKey(ev *fyne.KeyEvent) {
	felt(p.self)
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.Tapped(nil)
	default:
		ForwardKey(p.self, ev)
	}
}

// MouseIn shows that it can be pressed.
func (p *press) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

// MouseMoved is part of desktop.Hoverable.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (p *press) MouseOut() { p.hovered = false; p.Refresh() }

// Cursor is a hand over what can be pressed.
func (p *press) Cursor() desktop.Cursor {
	if p.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityRole tells a screen reader that it is a button.
func (p *press) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// canvasOf finds the canvas that shows an object; a test puts its own in place.
var canvasOf = func(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// ForwardKey hands a key that a focused widget has no use for to the canvas,
// which asks nobody once a widget has the focus.
func ForwardKey(from fyne.CanvasObject, ev *fyne.KeyEvent) {
	if c := canvasOf(from); c != nil {
		if f := c.OnTypedKey(); f != nil {
			f(ev)
		}
	}
}

// ForwardRune hands a typed character to the canvas, as [ForwardKey] does.
func ForwardRune(from fyne.CanvasObject, r rune) {
	if c := canvasOf(from); c != nil {
		if f := c.OnTypedRune(); f != nil {
			f(r)
		}
	}
}
