// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is a field to type in that leaves the app its keys: it asks OnKey
// first for keys that mean more than typing, and hands on to the canvas the
// shortcuts and keys that it has no use for.
type Entry struct {
	widget.Entry

	// OnKey is asked for Up, Down, PageUp, PageDown, Enter and Esc. When it
	// returns true the key is taken. In a text area only Esc is asked for.
	OnKey func(key fyne.KeyName) bool
}

// NewEntry returns a field for one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.PlaceHolder = placeholder
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewPasswordEntry returns a field that shows dots and an eye to look.
func NewPasswordEntry(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Password = true
	return e
}

// NewSearch returns a field with a search icon.
func NewSearch(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.Icon = IconIn(IconSearch, theme.ColorNamePlaceHolder)
	return e
}

// NewTextArea returns a field for several lines.
func NewTextArea(placeholder string) *Entry {
	e := NewEntry(placeholder)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.Scroll = fyne.ScrollVerticalOnly
	return e
}

// FocusGained shows the cursor.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	gained(e)
}

// MouseDown puts the cursor where the mouse is. The page stays as it is: were it
// scrolled now, the button would be released over something else, and Fyne takes the
// focus from a field for that.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	keepStill(func() { e.Entry.MouseDown(m) })
}

// MouseUp brings all of the field that has the cursor into view.
func (e *Entry) MouseUp(m *desktop.MouseEvent) {
	e.Entry.MouseUp(m)
	if c := canvasOf(e); c != nil && c.Focused() == fyne.Focusable(e) {
		reveal(e)
	}
}

// TypedRune types.
func (e *Entry) TypedRune(r rune) {
	felt(e)
	e.Entry.TypedRune(r)
}

// TypedKey asks OnKey, then types or hands on.
func (e *Entry) TypedKey(ev *fyne.KeyEvent) {
	felt(e)
	if e.asks(ev.Name) && e.OnKey != nil && e.OnKey(ev.Name) {
		return
	}
	switch ev.Name {
	case fyne.KeyEscape:
		ForwardKey(e, ev)
	case fyne.KeyReturn, fyne.KeyEnter:
		e.Entry.TypedKey(ev)
		if !e.MultiLine && e.OnSubmitted == nil {
			ForwardKey(e, ev)
		}
	default:
		e.Entry.TypedKey(ev)
	}
}

func (e *Entry) asks(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyEscape:
		return true
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyEnter:
		return !e.MultiLine
	}
	return false
}

// AcceptsTab is false for a text area as well: Tab leads on to the next field,
// or somebody without a mouse would never leave it.
func (e *Entry) AcceptsTab() bool { return false }

// TypedShortcut does what a field can do and hands every other shortcut on.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if edits(s) {
		e.Entry.TypedShortcut(s)
		return
	}
	if h, ok := canvasOf(e).(fyne.Shortcutable); ok {
		h.TypedShortcut(s)
	}
}

// edits reports whether a shortcut changes or selects text in a field.
func edits(s fyne.Shortcut) bool {
	custom, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return true // undo, redo, cut, copy, paste, select all
	}
	switch custom.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
		return true
	}
	return false
}
