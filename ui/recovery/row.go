// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
)

// row puts buttons side by side from the left, or under each other, as wide as the
// page, where there is not the room. It remembers its width, because the height it
// asks for depends on it.
type row struct{ width float32 }

// fits tells whether the buttons have room side by side.
func (r *row) fits(os []fyne.CanvasObject) bool {
	need := -float32(kit.Space8)
	for _, o := range os {
		need += o.MinSize().Width + kit.Space8
	}
	return need <= r.width
}

// Layout is part of fyne.Layout.
func (r *row) Layout(os []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	beside, at := r.fits(os), fyne.NewPos(0, 0)
	for _, o := range os {
		m := o.MinSize()
		o.Move(at)
		if beside {
			o.Resize(fyne.NewSize(m.Width, size.Height))
			at.X += m.Width + kit.Space8
			continue
		}
		o.Resize(fyne.NewSize(size.Width, m.Height))
		at.Y += m.Height + kit.Space8
	}
}

// MinSize is part of fyne.Layout. Its height is that of the width before.
func (r *row) MinSize(os []fyne.CanvasObject) fyne.Size {
	var beside, under float32
	for i, o := range os {
		h := o.MinSize().Height
		beside = max(beside, h)
		if under += h; i > 0 {
			under += kit.Space8
		}
	}
	if r.fits(os) {
		return fyne.NewSize(0, beside)
	}
	return fyne.NewSize(0, under)
}
