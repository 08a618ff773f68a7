// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Card is a rounded ground with some room around its content.
type Card struct {
	widget.BaseWidget
	content fyne.CanvasObject
	ground  *canvas.Rectangle
}

// NewCard returns content on a card.
func NewCard(content fyne.CanvasObject) *Card {
	c := &Card{content: content}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is called by Fyne.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	c.ground = canvas.NewRectangle(color.Transparent)
	c.paint()
	return widget.NewSimpleRenderer(container.NewStack(c.ground, Pad(c.content, Space16)))
}

// Refresh takes the colours of the theme anew.
func (c *Card) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

func (c *Card) paint() {
	if c.ground == nil {
		return
	}
	c.ground.FillColor = Color(ColorCard)
	c.ground.StrokeColor = Color(ColorCardBorder)
	c.ground.StrokeWidth = 1
	c.ground.CornerRadius = Size(theme.SizeNameCardRadius)
}

// Door is a big card to go through: an icon, a title and a sentence.
type Door struct {
	press
	icon            IconName
	title, sentence string
}

// NewDoor returns a door that calls do.
func NewDoor(icon IconName, title, sentence string, do func()) *Door {
	d := &Door{icon: icon, title: title, sentence: sentence}
	d.OnTapped = do
	d.extend(d)
	return d
}

// AccessibilityLabel is the title and the sentence.
func (d *Door) AccessibilityLabel() string { return d.title + ". " + d.sentence }

// CreateRenderer is called by Fyne.
func (d *Door) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	r := &doorRenderer{d: d, ground: canvas.NewRectangle(color.Transparent), ring: newRing()}
	title := NewText(d.title)
	title.TextStyle.Bold = true
	sentence := NewText(d.sentence)
	sentence.Importance = widget.LowImportance
	words := Rows(-Space8, title)
	if d.sentence != "" {
		words.Add(sentence)
	}
	icon := container.NewCenter(NewIcon(d.icon, theme.ColorNamePrimary, 32))
	r.body = Pad(container.NewBorder(nil, nil, icon, nil, Inset(words, 0, 0, 0, Space8)), Space12)
	guessWidth(r.body)
	r.update()
	return r
}

type doorRenderer struct {
	d      *Door
	ground *canvas.Rectangle
	ring   *canvas.Rectangle
	body   *fyne.Container
}

// Objects is called by Fyne.
func (r *doorRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.body, r.ring}
}

// Destroy is called by Fyne.
func (r *doorRenderer) Destroy() {}

// MinSize is that of the words.
func (r *doorRenderer) MinSize() fyne.Size {
	m := r.body.MinSize()
	return fyne.NewSize(m.Width, max(m.Height, 72))
}

// Layout fills the door.
func (r *doorRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	placeRing(r.ring, size)
	// Words that wrap know their height only once they have their width.
	r.body.Resize(size)
	h := r.body.MinSize().Height
	r.body.Resize(fyne.NewSize(size.Width, h))
	r.body.Move(fyne.NewPos(0, max(0, (size.Height-h)/2)))
}

// Refresh is called by Fyne.
func (r *doorRenderer) Refresh() {
	r.update()
	r.body.Refresh()
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}

func (r *doorRenderer) update() {
	radius := Size(theme.SizeNameCardRadius)
	r.ground.FillColor = r.d.over(ColorCard)
	r.ground.StrokeColor = Color(ColorCardBorder)
	if r.d.hovered {
		r.ground.StrokeColor = Color(theme.ColorNamePrimary)
	}
	r.ground.StrokeWidth = 1
	r.ground.CornerRadius = radius
	updateRing(r.ring, r.d.focused, radius)
}
