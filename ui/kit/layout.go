// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// ColumnWidth is the most that a page's content is wide.
const ColumnWidth float32 = 720

// NewColumn puts things under each other, at most [ColumnWidth] wide and in
// the middle.
func NewColumn(objects ...fyne.CanvasObject) *fyne.Container {
	return MaxWidth(Rows(Space8, objects...), ColumnWidth)
}

// MaxWidth keeps an object at most so wide, in the middle of what there is.
func MaxWidth(o fyne.CanvasObject, width float32) *fyne.Container {
	return container.New(maxWidth(width), o)
}

// Rows puts things under each other with an exact gap.
func Rows(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), objects...)
}

// Cols puts things side by side with an exact gap.
func Cols(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedHBoxLayout(gap), objects...)
}

// Pad leaves the same room on all sides.
func Pad(o fyne.CanvasObject, all float32) *fyne.Container {
	return Inset(o, all, all, all, all)
}

// Inset leaves room at the top, the bottom, the left and the right.
func Inset(o fyne.CanvasObject, top, bottom, left, right float32) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// VGap is empty room between things under each other.
func VGap(height float32) fyne.CanvasObject { return gap(fyne.NewSize(0, height)) }

// HGap is empty room between things side by side.
func HGap(width float32) fyne.CanvasObject { return gap(fyne.NewSize(width, 0)) }

func gap(size fyne.Size) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(size)
	return r
}

// Adaptive puts things side by side, equally wide, where there is at least
// breakAt room, else under each other.
func Adaptive(breakAt float32, objects ...fyne.CanvasObject) *fyne.Container {
	return AdaptiveGap(breakAt, Space16, objects...)
}

// AdaptiveGap is [Adaptive] with a gap of its own between things that stand
// under each other.
func AdaptiveGap(breakAt, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&adaptive{breakAt: breakAt, gap: gap}, objects...)
}

type maxWidth float32

// Layout is part of fyne.Layout.
func (m maxWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, float32(m))
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, size.Height))
		o.Move(fyne.NewPos((size.Width-w)/2, 0))
	}
}

// MinSize is part of fyne.Layout.
func (m maxWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// adaptive remembers how it lay last, because the height it asks for depends
// on it.
type adaptive struct {
	breakAt float32
	gap     float32
	wide    bool
}

// Layout is part of fyne.Layout.
func (a *adaptive) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	a.wide = size.Width >= a.breakAt
	shown := visible(objects)
	if len(shown) == 0 {
		return
	}
	if a.wide {
		n := float32(len(shown))
		w := (size.Width - Space16*(n-1)) / n
		for i, o := range shown {
			o.Resize(fyne.NewSize(w, size.Height))
			o.Move(fyne.NewPos(float32(i)*(w+Space16), 0))
		}
		return
	}
	var y float32
	for _, o := range shown {
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h + a.gap
	}
}

// MinSize is part of fyne.Layout.
func (a *adaptive) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, o := range visible(objects) {
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		if a.wide {
			size.Height = max(size.Height, m.Height)
			continue
		}
		if i > 0 {
			size.Height += a.gap
		}
		size.Height += m.Height
	}
	return size
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	shown := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}
