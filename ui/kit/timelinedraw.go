// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
)

// The measures of a time line.
const (
	timeLineLeast float32 = 260 // width
	stepHeight    float32 = 36
	stepGap       float32 = 2
	pinWidth      float32 = 2
	pinHead       float32 = 10
	stepSign      float32 = 16
)

// timeLineRenderer draws, from the top: the word at the right time, the steps,
// the word at the device's time, the times of the steps' ends, and what the
// signs in the steps mean.
type timeLineRenderer struct {
	t            *TimeLine
	steps        []*canvas.Rectangle
	signs        []*canvas.Image
	ends         []*canvas.Rectangle
	times        []*canvas.Text
	above, below *pin
	legend       [2]*canvas.Image
	means        [2]*canvas.Text
	objects      []fyne.CanvasObject
	tint         string // of the signs as they are drawn
}

func newTimeLineRenderer(t *TimeLine) *timeLineRenderer {
	r := &timeLineRenderer{t: t, above: newPin(theme.ColorNamePrimary), below: newPin(theme.ColorNameForeground)}
	for i := range r.legend {
		r.legend[i] = &canvas.Image{FillMode: canvas.ImageFillContain}
		r.means[i] = canvas.NewText("", color.Transparent)
	}
	r.Refresh()
	return r
}

// fill makes as many parts as the picture has steps.
func (r *timeLineRenderer) fill() {
	n := len(r.t.p.Accepted)
	if len(r.steps) == n && r.objects != nil {
		return
	}
	r.steps, r.signs, r.ends, r.times, r.objects, r.tint = nil, nil, nil, nil, nil, ""
	for range n {
		step := canvas.NewRectangle(color.Transparent)
		sign := &canvas.Image{FillMode: canvas.ImageFillContain}
		r.steps, r.signs = append(r.steps, step), append(r.signs, sign)
		r.objects = append(r.objects, step, sign)
	}
	for range n + 1 {
		end, text := canvas.NewRectangle(color.Transparent), canvas.NewText("", color.Transparent)
		r.ends, r.times = append(r.ends, end), append(r.times, text)
		r.objects = append(r.objects, end, text)
	}
	r.objects = append(r.objects, r.above.objects()...)
	r.objects = append(r.objects, r.below.objects()...)
	for i := range r.legend {
		r.objects = append(r.objects, r.legend[i], r.means[i])
	}
}

// Objects is called by Fyne.
func (r *timeLineRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy is called by Fyne.
func (r *timeLineRenderer) Destroy() {}

// Refresh is called by Fyne.
func (r *timeLineRenderer) Refresh() {
	r.fill()
	p := r.t.p
	for i, yes := range p.Accepted {
		s := r.steps[i]
		s.FillColor, s.StrokeColor, s.StrokeWidth, s.CornerRadius = Color(ColorTrack), color.Transparent, 0, Space4
		sign, in := IconClose, theme.ColorNamePlaceHolder
		if yes {
			s.FillColor, s.StrokeColor, s.StrokeWidth = Color(ColorCalmSoft), Color(theme.ColorNamePrimary), 1
			sign, in = IconCheck, theme.ColorNamePrimary
		}
		r.signs[i].Resource = IconIn(sign, in)
	}
	r.legend[0].Resource, r.legend[1].Resource = IconIn(IconCheck, theme.ColorNamePrimary), IconIn(IconClose, theme.ColorNamePlaceHolder)
	r.tintSigns()
	for i, t := range r.times {
		r.ends[i].FillColor = Color(theme.ColorNameSeparator)
		t.Text = timeAt(p, float64(i))
		small(t, theme.ColorNamePlaceHolder)
	}
	above, below := pinned(p)
	n := float64(len(p.Accepted))
	r.above.set(above, p.Service, n, apart(p, p.Service))
	r.below.set(below, p.Device, n, apart(p, p.Device))
	r.means[0].Text, r.means[1].Text = words.T("Accepted now"), words.T("Refused")
	for _, m := range r.means {
		small(m, theme.ColorNamePlaceHolder)
	}
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}

// tintSigns draws the signs anew where the colours have changed, and not each
// second.
func (r *timeLineRenderer) tintSigns() {
	tint := hex(Color(theme.ColorNamePrimary)) + hex(Color(theme.ColorNamePlaceHolder))
	if r.tint == tint {
		return
	}
	r.tint = tint
	for _, sign := range append(r.legend[:], r.signs...) {
		sign.Refresh()
	}
}

func small(t *canvas.Text, in fyne.ThemeColorName) {
	t.TextSize, t.Color = Size(theme.SizeNameCaptionText), Color(in)
}

// line is the height of a line of small text.
func (r *timeLineRenderer) line() float32 { return r.means[0].MinSize().Height }

// MinSize is called by Fyne.
func (r *timeLineRenderer) MinSize() fyne.Size {
	return fyne.NewSize(timeLineLeast, 4*r.line()+stepHeight+2*pinHead+Space4+Space8)
}

// Layout is called by Fyne.
func (r *timeLineRenderer) Layout(size fyne.Size) {
	n := len(r.steps)
	if n == 0 || size.Width <= 0 {
		return
	}
	h := r.line()
	side := r.times[0].MinSize().Width / 2 // the outer times stand in the middle of their ends
	wide := (size.Width - 2*side) / float32(n)
	x := func(steps float64) float32 { return side + float32(steps)*wide }
	top := h + pinHead
	bottom := top + stepHeight
	for i, s := range r.steps {
		s.Move(fyne.NewPos(x(float64(i))+stepGap/2, top))
		s.Resize(fyne.NewSize(wide-stepGap, stepHeight))
		r.signs[i].Resize(fyne.NewSquareSize(stepSign))
		r.signs[i].Move(fyne.NewPos(x(float64(i))+(wide-stepSign)/2, top+(stepHeight-stepSign)/2))
	}
	r.above.layout(x, size.Width, top, bottom, 0, h)
	r.below.layout(x, size.Width, top, bottom, bottom+pinHead, h)
	r.layTimes(x, bottom, bottom+pinHead+h+Space4)
	r.layLegend(size.Width, bottom+pinHead+2*h+Space4+Space8, h)
}

// layTimes puts the times under the ends of the steps, as many as have room.
func (r *timeLineRenderer) layTimes(x func(float64) float32, bottom, y float32) {
	need := r.times[0].MinSize().Width + Space12
	every := 1
	for every < len(r.steps) && x(float64(every))-x(0) < need {
		every++
	}
	for i, t := range r.times {
		shown := i%every == 0
		t.Hidden, r.ends[i].Hidden = !shown, !shown
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(x(float64(i))-m.Width/2, y))
		r.ends[i].Move(fyne.NewPos(x(float64(i))-0.5, bottom+Space4))
		r.ends[i].Resize(fyne.NewSize(1, y-bottom-Space4))
	}
}

// layLegend puts what the signs mean into one line.
func (r *timeLineRenderer) layLegend(width, y, h float32) {
	total := Space16
	for i := range r.legend {
		total += stepSign + Space4 + r.means[i].MinSize().Width
	}
	x := max(0, (width-total)/2)
	for i := range r.legend {
		r.legend[i].Resize(fyne.NewSquareSize(stepSign))
		r.legend[i].Move(fyne.NewPos(x, y+(h-stepSign)/2))
		x += stepSign + Space4
		m := r.means[i].MinSize()
		r.means[i].Resize(m)
		r.means[i].Move(fyne.NewPos(x, y))
		x += m.Width + Space16
	}
}

// pin marks a time across the steps, with a word at its head. A time outside of
// the picture is marked by an arrow at its edge.
type pin struct {
	in     fyne.ThemeColorName
	stem   *canvas.Rectangle
	head   *canvas.Circle
	arrow  [2]*canvas.Line
	ground *canvas.Rectangle // behind the word: lines end at it
	word   *canvas.Text

	at      float64
	outside int // -1 before the picture, 1 behind it
}

func newPin(in fyne.ThemeColorName) *pin {
	return &pin{
		in: in, stem: canvas.NewRectangle(color.Transparent), head: canvas.NewCircle(color.Transparent),
		arrow:  [2]*canvas.Line{canvas.NewLine(color.Transparent), canvas.NewLine(color.Transparent)},
		ground: canvas.NewRectangle(color.Transparent), word: canvas.NewText("", color.Transparent),
	}
}

func (p *pin) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.stem, p.head, p.arrow[0], p.arrow[1], p.ground, p.word}
}

// set takes over a time in steps, of a picture of n, and how far away that is.
func (p *pin) set(word string, at, n float64, apart string) {
	p.at, p.outside = at, 0
	switch {
	case at < 0:
		p.outside = -1
		word = words.T("{what}: {distance} earlier", "what", word, "distance", apart)
	case at > n:
		p.outside = 1
		word = words.T("{what}: {distance} later", "what", word, "distance", apart)
	}
	p.word.Text = word
	p.word.TextStyle.Bold = true
	c := Color(p.in)
	p.ground.FillColor = Color(ColorCard)
	p.stem.FillColor, p.head.FillColor = c, c
	p.stem.Hidden, p.head.Hidden = p.outside != 0, p.outside != 0
	for _, l := range p.arrow {
		l.StrokeColor, l.StrokeWidth = c, 2.5
		l.Hidden = p.outside == 0
	}
}

// layout puts the pin across the steps from top to bottom, with its word in the
// line at y, which is h high.
func (p *pin) layout(x func(float64) float32, width, top, bottom, y, h float32) {
	small(p.word, p.in)
	word := p.word.MinSize()
	if word.Width > width { // a long word in large text
		p.word.TextSize *= width / word.Width
		word = p.word.MinSize()
	}
	over := y < top
	headAt := top - pinHead
	if !over {
		headAt = bottom
	}
	at := x(p.at)
	if p.outside != 0 {
		at = p.point(width, (top+bottom)/2)
	}
	p.stem.Move(fyne.NewPos(at-pinWidth/2, top-pinHead/2))
	p.stem.Resize(fyne.NewSize(pinWidth, bottom-top+pinHead))
	p.head.Resize(fyne.NewSquareSize(pinHead - 2))
	p.head.Move(fyne.NewPos(at-(pinHead-2)/2, headAt+1))
	left := min(max(at-word.Width/2, 0), max(0, width-word.Width))
	p.word.Resize(word)
	p.word.Move(fyne.NewPos(left, y+(h-word.Height)/2))
	p.ground.Resize(fyne.NewSize(word.Width+2*Space4, h))
	p.ground.Move(fyne.NewPos(left-Space4, y))
}

// point draws the arrow at the edge and returns where it is.
func (p *pin) point(width, mid float32) float32 {
	const half = 6
	tip, tail := Space8, Space8+half
	if p.outside > 0 {
		tip, tail = width-Space8, width-Space8-half
	}
	for i, dy := range []float32{-half, half} {
		p.arrow[i].Position1 = fyne.NewPos(tip, mid)
		p.arrow[i].Position2 = fyne.NewPos(tail, mid+dy)
	}
	return tip
}
