// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Used on the user interface's goroutine:
var (
	returning uintptr // what gets the focus back with its window next; 0 for nothing
	still     bool    // what gets the focus now is not revealed
)

// InFront is to be called when a window has come to the front, before Fyne gives the
// focus back to what had it there. That is left where it is: a click may have brought the
// window to the front, and what was clicked would move away under the mouse.
func InFront(c fyne.Canvas) {
	if returning = 0; c.Focused() != nil {
		returning = reflect.ValueOf(c.Focused()).Pointer()
	}
}

// Returns reports whether what has got the focus only got it back with its window. It is
// to be asked once, by what has got it.
func Returns(o fyne.CanvasObject) bool {
	back := returning == reflect.ValueOf(o).Pointer()
	returning = 0
	return back
}

// gained is called by what has got the focus, and reveals it.
func gained(o fyne.CanvasObject) {
	if !Returns(o) && !still {
		reveal(o)
	}
}

// keepStill does something that gives the focus without moving the page.
func keepStill(do func()) {
	still = true
	defer func() { still = false }()
	do()
}

// reveal scrolls the shell's page, or the one that lies over everything, so far that what
// has just got the focus can be seen, or somebody who uses Tab would work in the dark.
// Fyne does not.
func reveal(o fyne.CanvasObject) {
	s := shellOf(o)
	if s == nil {
		return
	}
	pages := s.page.Objects
	if s.covered {
		pages = s.cover.Objects[1:]
	}
	if len(pages) == 0 {
		return
	}
	page, ok := pages[0].(*container.Scroll)
	if !ok {
		return
	}
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(page.Content))
	size, all := o.Size(), page.Content.Size()
	if at.X < 0 || at.Y < 0 || at.X+size.Width > all.Width || at.Y+size.Height > all.Height {
		return // it stands elsewhere
	}
	y, height := page.Offset.Y, page.Size().Height
	switch {
	case at.Y < y:
		y = at.Y - Space24
	case at.Y+size.Height > y+height:
		y = at.Y + size.Height - height + Space24
	default:
		return
	}
	page.ScrollToOffset(fyne.NewPos(page.Offset.X, max(0, y)))
}
