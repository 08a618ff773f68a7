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

const checkBox float32 = 20

// Check is a tick with words that wrap, which Fyne's own do not. Enter and
// Space tick it, and a tap anywhere on it.
type Check struct {
	press
	Text      string
	Checked   bool
	OnChanged func(on bool)
}

// NewCheck returns a tick that is off and calls changed.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{Text: text, OnChanged: changed}
	c.OnTapped = func() { c.SetChecked(!c.Checked) }
	c.extend(c)
	return c
}

// SetChecked turns it on or off and calls OnChanged if that is a change.
func (c *Check) SetChecked(on bool) {
	if c.Checked == on {
		return
	}
	c.Checked = on
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(on)
	}
}

// SetText changes the words.
func (c *Check) SetText(text string) { c.Text = text; c.Refresh() }

// AccessibilityLabel says the words, and whether it is on by the mark that is
// read out.
func (c *Check) AccessibilityLabel() string {
	if c.Checked {
		return "✓ " + c.Text
	}
	return c.Text
}

// CreateRenderer is called by Fyne.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &checkRenderer{c: c, ground: canvas.NewRectangle(color.Transparent), box: canvas.NewRectangle(color.Transparent), ring: newRing()}
	r.mark = NewIcon(IconCheck, theme.ColorNameForegroundOnPrimary, checkBox-Space4)
	r.text = NewText("")
	r.update()
	guessWidth(r.text)
	return r
}

type checkRenderer struct {
	c                 *Check
	ground, box, ring *canvas.Rectangle
	mark              *IconView
	text              *widget.Label
}

// Objects is called by Fyne.
func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.box, r.mark, r.text, r.ring}
}

// Destroy is called by Fyne.
func (r *checkRenderer) Destroy() {}

// MinSize is that of the words, and never less than a finger needs.
func (r *checkRenderer) MinSize() fyne.Size {
	text := r.text.MinSize()
	return fyne.NewSize(Space8+checkBox+text.Width, max(text.Height, Size(SizeTap)))
}

// Layout puts the box beside the first line.
func (r *checkRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Resize(size)
	left := Space8 + checkBox
	r.text.Resize(fyne.NewSize(size.Width-left, size.Height))
	h := r.text.MinSize().Height
	top := max(0, (size.Height-h)/2)
	r.text.Resize(fyne.NewSize(size.Width-left, h))
	r.text.Move(fyne.NewPos(left, top))
	line := Size(theme.SizeNameText)*1.36 + 2*Space8 // of the words' first line
	at := fyne.NewPos(Space8, top+(line-checkBox)/2)
	r.box.Resize(fyne.NewSquareSize(checkBox))
	r.box.Move(at)
	r.mark.Resize(fyne.NewSquareSize(checkBox - Space4))
	r.mark.Move(at.AddXY(Space4/2, Space4/2))
}

// Refresh is called by Fyne.
func (r *checkRenderer) Refresh() {
	r.update()
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r *checkRenderer) update() {
	c := r.c
	fill, edge := color.Color(color.Transparent), Color(theme.ColorNameInputBorder)
	mark := theme.ColorNameForegroundOnPrimary
	switch {
	case c.Checked && c.Disabled():
		fill, mark = Color(theme.ColorNameDisabledButton), theme.ColorNameDisabled
	case c.Checked:
		fill, edge = Color(theme.ColorNamePrimary), Color(theme.ColorNamePrimary)
	}
	r.ground.FillColor, r.ground.CornerRadius = c.over(""), Size(theme.SizeNameButtonRadius)
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = fill, edge, 1.5, 5
	r.mark.Set(IconCheck, mark)
	r.mark.Hidden = !c.Checked
	r.text.Importance = widget.MediumImportance
	if c.Disabled() {
		r.text.Importance = widget.LowImportance
	}
	r.text.SetText(c.Text)
	updateRing(r.ring, c.focused && !c.Disabled(), Size(theme.SizeNameButtonRadius))
}
