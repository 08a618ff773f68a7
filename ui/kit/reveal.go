// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// reveal scrolls the shell's page so far that what has just got the focus can be
// seen, or somebody who uses Tab would work in the dark. Fyne does not.
func reveal(o fyne.CanvasObject) {
	s := shellOf(o)
	if s == nil || len(s.page.Objects) == 0 {
		return
	}
	page, ok := s.page.Objects[0].(*container.Scroll)
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
