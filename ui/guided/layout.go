// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
)

// besideFrom is how wide a page is that has a picture beside the words.
const besideFrom = 600

// beside puts words at the left and a picture at the right of them, or the
// picture over the words where there is not the room. It remembers how it lay
// last, because the height it asks for depends on it.
type beside struct{ wide bool }

// Layout is part of fyne.Layout.
func (b *beside) Layout(o []fyne.CanvasObject, size fyne.Size) {
	text, picture := o[0], o[1]
	b.wide = size.Width >= besideFrom
	m := picture.MinSize()
	if b.wide {
		text.Resize(fyne.NewSize(size.Width-m.Width-kit.Space24, size.Height))
		text.Move(fyne.NewPos(0, 0))
		picture.Resize(m)
		picture.Move(fyne.NewPos(size.Width-m.Width, kit.Space4))
		return
	}
	m = small(m)
	picture.Resize(m)
	picture.Move(fyne.NewPos((size.Width-m.Width)/2, 0))
	text.Resize(fyne.NewSize(size.Width, size.Height-m.Height-kit.Space8))
	text.Move(fyne.NewPos(0, m.Height+kit.Space8))
}

// small is how large a picture is over the words.
func small(m fyne.Size) fyne.Size { return fyne.NewSize(m.Width*0.8, m.Height*0.8) }

// MinSize is part of fyne.Layout.
func (b *beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	text, picture := o[0].MinSize(), o[1].MinSize()
	if b.wide {
		return fyne.NewSize(text.Width, max(text.Height, picture.Height+kit.Space4))
	}
	picture = small(picture)
	return fyne.NewSize(max(text.Width, picture.Width), picture.Height+kit.Space8+text.Height)
}

// stackUnder is how wide a page is at most whose buttons stand under each other,
// each as wide as the page.
const stackUnder = 440

// line puts buttons side by side from the left, in as many lines as they need.
type line struct{ width float32 }

// each calls put with the place of every button, and returns the height of all.
func (l *line) each(os []fyne.CanvasObject, put func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range os {
		m := o.MinSize()
		if l.width < stackUnder || m.Width > l.width {
			o.Resize(fyne.NewSize(l.width, m.Height)) // words that wrap need more height then
			m = fyne.NewSize(l.width, o.MinSize().Height)
		}
		if x > 0 && x+m.Width > l.width {
			x, y, high = 0, y+high+kit.Space8, 0
		}
		m.Width = min(m.Width, l.width)
		put(o, fyne.NewPos(x, y), m)
		x, high = x+m.Width+kit.Space8, max(high, m.Height)
	}
	return y + high
}

// Layout is part of fyne.Layout.
func (l *line) Layout(os []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.each(os, func(o fyne.CanvasObject, at fyne.Position, m fyne.Size) {
		o.Move(at)
		o.Resize(m)
	})
}

// MinSize is part of fyne.Layout. Its height is that of the width before.
func (l *line) MinSize(os []fyne.CanvasObject) fyne.Size {
	height := l.each(os, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
	return fyne.NewSize(0, height)
}

// Line puts buttons side by side from the left, or under each other, as wide as the
// page, where there is not the room.
func Line(buttons ...fyne.CanvasObject) *fyne.Container { return container.New(&line{}, buttons...) }

// AtMost keeps an object at the left, at most so wide.
func AtMost(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(atMost(width), o)
}

type atMost float32

// Layout is part of fyne.Layout.
func (a atMost) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(fyne.NewSize(min(size.Width, float32(a)), size.Height))
	}
}

// MinSize is part of fyne.Layout.
func (a atMost) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range os {
		m = m.Max(o.MinSize())
	}
	return m
}

// RoomFor gives an object the room that another one would need, which is not shown:
// what stands below does not move when its words become longer.
func RoomFor(longest, o fyne.CanvasObject) *fyne.Container {
	return container.New(roomFor{longest}, o)
}

type roomFor struct{ other fyne.CanvasObject }

// Layout is part of fyne.Layout.
func (r roomFor) Layout(os []fyne.CanvasObject, size fyne.Size) {
	r.other.Resize(size)
	for _, o := range os {
		o.Resize(size)
	}
}

// MinSize is part of fyne.Layout.
func (r roomFor) MinSize(os []fyne.CanvasObject) fyne.Size {
	m := r.other.MinSize()
	for _, o := range os {
		m = m.Max(o.MinSize())
	}
	return m
}

// dots is the dotted line of how far a run is. What it shows is said in words
// beside it.
type dots struct {
	widget.BaseWidget
	at, of  int
	circles []*canvas.Circle
}

const (
	dotSize = 8
	// dotsWide is how wide the line is at most; with many steps the dots come closer.
	dotsWide = 132
)

func newDots(at, of int) *dots {
	d := &dots{at: at, of: max(at, of)}
	for range d.of {
		d.circles = append(d.circles, canvas.NewCircle(color.Transparent))
	}
	d.ExtendBaseWidget(d)
	d.paint()
	return d
}

func (d *dots) paint() {
	for i, c := range d.circles {
		c.FillColor = kit.Color(kit.ColorTrack)
		if i < d.at {
			c.FillColor = kit.Color(theme.ColorNamePrimary)
		}
	}
}

// Refresh takes the theme's colours again.
func (d *dots) Refresh() {
	d.paint()
	d.BaseWidget.Refresh()
}

// CreateRenderer is called by Fyne.
func (d *dots) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	return &dotsRenderer{d}
}

type dotsRenderer struct{ d *dots }

func (r *dotsRenderer) gap() float32 {
	if r.d.of < 2 {
		return 0
	}
	return min(dotSize+kit.Space4+2, (dotsWide-dotSize)/float32(r.d.of-1))
}

// Layout is called by Fyne.
func (r *dotsRenderer) Layout(size fyne.Size) {
	for i, c := range r.d.circles {
		c.Resize(fyne.NewSquareSize(dotSize))
		c.Move(fyne.NewPos(float32(i)*r.gap(), (size.Height-dotSize)/2))
	}
}

// MinSize is called by Fyne.
func (r *dotsRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(r.d.of-1)*r.gap()+dotSize, dotSize)
}

// Refresh is called by Fyne.
func (r *dotsRenderer) Refresh() {
	for _, c := range r.d.circles {
		c.Refresh()
	}
}

// Objects is called by Fyne.
func (r *dotsRenderer) Objects() []fyne.CanvasObject {
	os := make([]fyne.CanvasObject, len(r.d.circles))
	for i, c := range r.d.circles {
		os[i] = c
	}
	return os
}

// Destroy is called by Fyne.
func (r *dotsRenderer) Destroy() {}
