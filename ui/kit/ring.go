// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	ringSide   float32 = 28
	ringStroke float32 = 3

	// lastSeconds is when the ring turns amber and counts in digits.
	lastSeconds = 5
)

// Ring shows how many seconds a code has left. It moves when it is told to,
// once a second, and in the last five seconds it also says the number.
type Ring struct {
	widget.BaseWidget
	left, period int
	plain        bool

	track *canvas.Arc // the part that is gone
	arc   *canvas.Arc
	digit *canvas.Text
}

// NewRing returns a ring that shows nothing yet.
func NewRing() *Ring {
	r := &Ring{}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows the whole seconds left, rounded up, of a period in seconds.
func (r *Ring) Set(left, period int) {
	left = min(max(left, 0), period)
	if r.left == left && r.period == period {
		return
	}
	r.left, r.period = left, period
	r.Refresh()
}

// Clear shows nothing, for a code that does not go by the clock.
func (r *Ring) Clear() { r.Set(0, 0) }

// SetPlain shows the seconds as a number and draws no ring, for those who do
// not want things to move.
func (r *Ring) SetPlain(plain bool) {
	if r.plain != plain {
		r.plain = plain
		r.Refresh()
	}
}

// Left returns the seconds shown.
func (r *Ring) Left() int { return r.left }

// CreateRenderer is called by Fyne.
func (r *Ring) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	const hole = 1 - 2*ringStroke/ringSide
	r.track = canvas.NewArc(0, 360, hole, color.Transparent)
	r.arc = canvas.NewArc(0, 0, hole, color.Transparent)
	r.digit = canvas.NewText("", color.Transparent)
	r.digit.Alignment = fyne.TextAlignCenter
	r.digit.TextStyle.Bold = true
	r.paint()
	return &ringRenderer{r}
}

// Refresh paints it anew.
func (r *Ring) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *Ring) paint() {
	if r.track == nil {
		return
	}
	shown := r.period > 0
	last := shown && r.left <= lastSeconds
	ring := shown && !r.plain
	r.track.Hidden = !ring || r.left == r.period
	r.arc.Hidden = !ring || r.left == 0
	r.digit.Hidden = !last && !(shown && r.plain)
	r.track.FillColor = Color(ColorTrack)
	in := theme.ColorNamePrimary
	if last {
		in = theme.ColorNameWarning
	}
	r.arc.FillColor = Color(in)
	if shown {
		r.arc.EndAngle = 360 * float32(r.left) / float32(r.period)
		r.track.StartAngle = r.arc.EndAngle
	}
	r.digit.Text = strconv.Itoa(r.left)
	r.digit.TextSize = Size(theme.SizeNameCaptionText)
	r.digit.Color = Color(in)
}

type ringRenderer struct{ r *Ring }

// Objects is called by Fyne.
func (x *ringRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{x.r.track, x.r.arc, x.r.digit}
}

// Destroy is called by Fyne.
func (x *ringRenderer) Destroy() {}

// MinSize is a fixed square.
func (x *ringRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(ringSide) }

// Refresh is called by Fyne.
func (x *ringRenderer) Refresh() { canvas.Refresh(x.r) }

// Layout keeps it round and in the middle.
func (x *ringRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos((size.Width-ringSide)/2, (size.Height-ringSide)/2)
	x.r.track.Resize(fyne.NewSquareSize(ringSide))
	x.r.track.Move(at)
	x.r.arc.Resize(fyne.NewSquareSize(ringSide))
	x.r.arc.Move(at)
	h := x.r.digit.MinSize().Height
	x.r.digit.Resize(fyne.NewSize(ringSide, h))
	x.r.digit.Move(at.AddXY(0, (ringSide-h)/2))
}
