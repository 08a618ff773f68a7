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

// fitting gives its object the width there is, also where it asks for more: one
// long word must not push all else out of sight.
type fitting struct{}

// Layout is part of fyne.Layout.
func (fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// MinSize is part of fyne.Layout.
func (fitting) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var height float32
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(0, height)
}

// AtLeft puts an object where text begins, as wide as it asks for where there is
// the room.
func AtLeft(o fyne.CanvasObject) *fyne.Container { return container.New(atLeft{}, o) }

type atLeft struct{}

// Layout is part of fyne.Layout.
func (atLeft) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(min(o.MinSize().Width, size.Width), size.Height))
	}
}

// MinSize is part of fyne.Layout.
func (atLeft) MinSize(objects []fyne.CanvasObject) fyne.Size { return fitting{}.MinSize(objects) }

// wrapped puts things side by side at the right edge, in as many lines as they
// need; of several lines the last is full. It remembers how wide it lay last,
// because the height it asks for depends on it.
type wrapped struct{ width float32 }

// lines are the objects that stand beside each other, from the top.
func (l *wrapped) lines(objects []fyne.CanvasObject) [][]fyne.CanvasObject {
	var lines [][]fyne.CanvasObject
	end := visible(objects)
	for len(end) > 0 {
		n, width := 1, end[len(end)-1].MinSize().Width
		for n < len(end) {
			more := width + Space8 + end[len(end)-n-1].MinSize().Width
			if l.width > 0 && more > l.width {
				break
			}
			n, width = n+1, more
		}
		lines = append([][]fyne.CanvasObject{end[len(end)-n:]}, lines...)
		end = end[:len(end)-n]
	}
	return lines
}

// Layout is part of fyne.Layout.
func (l *wrapped) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	var y float32
	for _, line := range l.lines(objects) {
		x, height := size.Width, float32(0)
		for i := len(line) - 1; i >= 0; i-- {
			m := line[i].MinSize()
			m.Width = min(m.Width, size.Width)
			x -= m.Width
			line[i].Resize(m)
			line[i].Move(fyne.NewPos(max(0, x), y))
			x -= Space8
			height = max(height, m.Height)
		}
		y += height + Space8
	}
}

// MinSize is that of the widest thing, and as high as the lines are.
func (l *wrapped) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, line := range l.lines(objects) {
		if i > 0 {
			size.Height += Space8
		}
		var height float32
		for _, o := range line {
			m := o.MinSize()
			size.Width, height = max(size.Width, m.Width), max(height, m.Height)
		}
		size.Height += height
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
