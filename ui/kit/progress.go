// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
)

const barThick float32 = 8

// Progress says what is being done, and shows how far it is where that is known.
type Progress struct {
	widget.BaseWidget
	text  string
	done  float64 // from 0 to 1; below 0 is not known
	label *widget.Label
}

// NewProgress returns one of which nothing is known yet.
func NewProgress(text string) *Progress {
	p := &Progress{text: text, done: -1, label: NewText(text)}
	p.ExtendBaseWidget(p)
	guessWidth(p.label)
	return p
}

// Set says what is being done and how far it is, from 0 to 1; below 0 is not
// known.
func (p *Progress) Set(text string, done float64) {
	if p.text == text && p.done == done {
		return
	}
	p.text, p.done = text, min(done, 1)
	p.label.SetText(text)
	p.Refresh()
}

// Text returns what it says is being done.
func (p *Progress) Text() string { return p.text }

// Done returns how far it is, below 0 where that is not known.
func (p *Progress) Done() float64 { return p.done }

// AccessibilityLabel says what is being done, and how far it is.
func (p *Progress) AccessibilityLabel() string {
	if p.done < 0 {
		return p.text
	}
	return words.T("{text} {percent} %", "text", p.text, "percent", int(100*p.done))
}

// AccessibilityRole tells a screen reader that it is text.
func (p *Progress) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is called by Fyne.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &progressRenderer{p: p, track: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent)}
	r.paint()
	return r
}

type progressRenderer struct {
	p          *Progress
	track, bar *canvas.Rectangle
}

// Objects is called by Fyne.
func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.label, r.track, r.bar}
}

// Destroy is called by Fyne.
func (r *progressRenderer) Destroy() {}

// MinSize leaves the bar its room also while it is away, so that nothing jumps.
func (r *progressRenderer) MinSize() fyne.Size {
	text := r.p.label.MinSize()
	return fyne.NewSize(text.Width, text.Height+barThick+Space8)
}

// Layout puts the bar under the words.
func (r *progressRenderer) Layout(size fyne.Size) {
	r.p.label.Resize(fyne.NewSize(size.Width, size.Height-barThick-Space8))
	width := size.Width - 2*Space8
	at := fyne.NewPos(Space8, size.Height-barThick-Space4)
	r.track.Resize(fyne.NewSize(width, barThick))
	r.track.Move(at)
	r.bar.Resize(fyne.NewSize(max(barThick, width*float32(max(0, r.p.done))), barThick))
	r.bar.Move(at)
}

// Refresh is called by Fyne.
func (r *progressRenderer) Refresh() {
	r.paint()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *progressRenderer) paint() {
	r.track.FillColor, r.bar.FillColor = Color(ColorTrack), Color(theme.ColorNamePrimary)
	r.track.CornerRadius, r.bar.CornerRadius = barThick/2, barThick/2
	r.track.Hidden, r.bar.Hidden = r.p.done < 0, r.p.done < 0
}
