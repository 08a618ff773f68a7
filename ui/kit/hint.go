// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// hint is the small bubble that names an icon. It lies over a shell's page and
// lets the mouse through.
type hint struct {
	widget.BaseWidget
	owner  fyne.CanvasObject
	ground *strip
	text   *canvas.Text
}

func newHint() *hint {
	h := &hint{ground: newStrip(ColorToast, 6), text: canvas.NewText("", color.Transparent)}
	h.text.Alignment = fyne.TextAlignCenter
	h.ExtendBaseWidget(h)
	h.Hide()
	return h
}

// CreateRenderer is called by Fyne.
func (h *hint) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	return &hintRenderer{h}
}

type hintRenderer struct{ h *hint }

// Objects is called by Fyne.
func (r *hintRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.ground, r.h.text}
}

// Destroy is called by Fyne.
func (r *hintRenderer) Destroy() {}

// MinSize is that of the word.
func (r *hintRenderer) MinSize() fyne.Size {
	return r.h.text.MinSize().AddWidthHeight(2*Space8, Space8)
}

// Layout fills the bubble.
func (r *hintRenderer) Layout(size fyne.Size) {
	r.h.ground.Resize(size)
	r.h.text.Resize(size)
}

// Refresh is called by Fyne.
func (r *hintRenderer) Refresh() {
	r.h.text.Color = Color(ColorOnToast)
	r.h.text.TextSize = Size(theme.SizeNameCaptionText)
	r.h.ground.Refresh()
	r.Layout(r.h.Size())
	canvas.Refresh(r.h)
}

// show puts the bubble under its owner, or over it at the bottom of the page.
func (h *hint) show(owner fyne.CanvasObject, text string, at fyne.Position, page fyne.Size) {
	h.owner = owner
	h.text.Text = text
	h.Show()
	h.Refresh()
	size := h.MinSize()
	h.Resize(size)
	x := at.X + (owner.Size().Width-size.Width)/2
	y := at.Y + owner.Size().Height + Space4
	if y+size.Height > page.Height {
		y = at.Y - size.Height - Space4
	}
	h.Move(fyne.NewPos(min(max(x, Space4), max(Space4, page.Width-size.Width-Space4)), y))
}

// showHint shows a label where its owner stands in a shell; elsewhere the
// label is for screen readers only.
func showHint(owner fyne.CanvasObject, label string) {
	s := shellOf(owner)
	if s == nil || label == "" {
		return
	}
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(owner).Subtract(d.AbsolutePositionForObject(s))
	s.hint.show(owner, label, at, s.Size())
}

// hideHint takes the label of this owner away.
func hideHint(owner fyne.CanvasObject) {
	if s := shellOf(owner); s != nil && s.hint.owner == owner {
		s.hint.owner = nil
		s.hint.Hide()
	}
}

// shellOf finds the shell that a window shows.
func shellOf(o fyne.CanvasObject) *Shell {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil || c.Overlays().Top() != nil {
		return nil
	}
	switch content := c.Content().(type) {
	case *Shell:
		return content
	case *fyne.Container:
		for _, child := range content.Objects {
			if s, ok := child.(*Shell); ok {
				return s
			}
		}
	}
	return nil
}
