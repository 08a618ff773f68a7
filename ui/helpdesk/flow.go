// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
)

// flow puts things side by side from the left, in as many lines as they need. It
// remembers how wide it lay last, because the height it asks for depends on it.
type flow struct{ width float32 }

func (*flow) each(os []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range os {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if m.Width > width {
			o.Resize(fyne.NewSize(width, m.Height)) // words that wrap need more height then
			m = fyne.NewSize(width, o.MinSize().Height)
		}
		if x > 0 && x+m.Width > width {
			x, y, high = 0, y+high+kit.Space4, 0
		}
		put(o, fyne.NewPos(x, y), m)
		x, high = x+m.Width+kit.Space8, max(high, m.Height)
	}
	return y + high
}

// Layout is part of fyne.Layout.
func (f *flow) Layout(os []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.each(os, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Resize(size)
		o.Move(at)
	})
}

// MinSize is part of fyne.Layout.
func (f *flow) MinSize(os []fyne.CanvasObject) fyne.Size {
	width := f.width
	if width == 0 {
		width = usualWidth
	}
	return fyne.NewSize(0, f.each(os, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

// usualWidth stands for a width that is not known yet.
const usualWidth float32 = 320

// heading puts a button of a fixed width at the left of the words about it, or over
// them where there is not the room.
type heading struct{ wide bool }

// Sizes of a heading.
const (
	headingFrom float32 = 560
	headingLeft float32 = 250
)

// Layout is part of fyne.Layout.
func (h *heading) Layout(o []fyne.CanvasObject, size fyne.Size) {
	button, text := o[0], o[1]
	h.wide = size.Width >= headingFrom
	button.Move(fyne.NewPos(0, 0))
	if h.wide {
		button.Resize(fyne.NewSize(headingLeft, button.MinSize().Height))
		text.Resize(fyne.NewSize(size.Width-headingLeft-kit.Space16, size.Height))
		text.Move(fyne.NewPos(headingLeft+kit.Space16, 0))
		return
	}
	high := button.MinSize().Height
	button.Resize(fyne.NewSize(size.Width, high))
	text.Resize(fyne.NewSize(size.Width, max(0, size.Height-high)))
	text.Move(fyne.NewPos(0, high))
}

// MinSize is part of fyne.Layout.
func (h *heading) MinSize(o []fyne.CanvasObject) fyne.Size {
	button, text := o[0].MinSize(), o[1].MinSize()
	if h.wide {
		return fyne.NewSize(0, max(button.Height, text.Height))
	}
	return fyne.NewSize(0, button.Height+text.Height)
}
