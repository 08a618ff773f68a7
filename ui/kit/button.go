// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Style is the look of a button.
type Style int

// The styles. A page has at most one Main button.
const (
	Plain  Style = iota
	Main         // the obvious next step
	Quiet        // looks like a link
	Danger       // loses something

	onToast // within a toast
)

// Button is a button with a word, and an icon if it has one.
type Button struct {
	press
	Text  string
	Icon  IconName
	Style Style
	// Spoken is what a screen reader says in the place of the word; "" says the
	// word.
	Spoken string
	// Wrap puts a word that is too long for the button's width on several lines; else
	// it ends in ….
	Wrap bool
}

// NewButton returns a plain button.
func NewButton(text string, do func()) *Button { return newButton(text, Plain, do) }

// NewMainButton returns the button of the obvious next step.
func NewMainButton(text string, do func()) *Button { return newButton(text, Main, do) }

// NewQuietButton returns a button that looks like a link.
func NewQuietButton(text string, do func()) *Button { return newButton(text, Quiet, do) }

// NewDangerButton returns a button for what loses something.
func NewDangerButton(text string, do func()) *Button { return newButton(text, Danger, do) }

func newButton(text string, style Style, do func()) *Button {
	b := &Button{Text: text, Style: style}
	b.OnTapped = do
	b.extend(b)
	return b
}

// SetText changes the word.
func (b *Button) SetText(text string) { b.Text = text; b.Refresh() }

// SetIcon changes the icon; "" takes it away.
func (b *Button) SetIcon(icon IconName) { b.Icon = icon; b.Refresh() }

// SetStyle changes the look.
func (b *Button) SetStyle(s Style) { b.Style = s; b.Refresh() }

// AccessibilityLabel is the word, or what is said in its place.
func (b *Button) AccessibilityLabel() string {
	if b.Spoken != "" {
		return b.Spoken
	}
	return b.Text
}

// CreateRenderer is called by Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b.self)
	r := &buttonRenderer{b: b, ground: canvas.NewRectangle(color.Transparent), ring: newRing()}
	r.text = canvas.NewText("", color.Transparent)
	r.text.TextStyle.Bold = true
	r.icon = &canvas.Image{FillMode: canvas.ImageFillContain}
	r.update()
	return r
}

type buttonRenderer struct {
	b      *Button
	ground *canvas.Rectangle
	ring   *canvas.Rectangle
	text   *canvas.Text
	icon   *canvas.Image
	more   []*canvas.Text // lines after the first
}

// Objects is called by Fyne.
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	os := []fyne.CanvasObject{r.ground, r.icon, r.text}
	for _, t := range r.more {
		os = append(os, t)
	}
	return append(os, r.ring)
}

// Destroy is called by Fyne.
func (r *buttonRenderer) Destroy() {}

// Refresh is called by Fyne.
func (r *buttonRenderer) Refresh() {
	r.update()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b.self)
}

// MinSize leaves room for the word, the icon and a finger.
func (r *buttonRenderer) MinSize() fyne.Size {
	w, h := r.inner(r.b.Text)
	if lines := r.wrapped(); len(lines) > 1 {
		h = r.lineHeight() * float32(len(lines))
	}
	return fyne.NewSize(w+2*r.side(), max(h+2*Space8, Size(SizeTap)))
}

func (r *buttonRenderer) lineHeight() float32 { return r.text.MinSize().Height }

// wrapped is the word in the lines that the button's width asks for, or nil where
// one is enough or all there may be.
func (r *buttonRenderer) wrapped() []string {
	room := r.b.Size().Width - 2*r.side()
	if w, _ := r.inner(r.b.Text); !r.b.Wrap || room <= 0 || w <= room+0.5 {
		return nil
	}
	var lines []string
	for _, word := range strings.Fields(r.b.Text) {
		if n := len(lines); n > 0 {
			if w, _ := r.inner(lines[n-1] + " " + word); w <= room {
				lines[n-1] += " " + word
				continue
			}
		}
		lines = append(lines, word)
	}
	return lines
}

// side is the room beside the word.
func (r *buttonRenderer) side() float32 {
	if r.b.Style == Quiet {
		return Space8
	}
	return Space16
}

// inner is the room that a word takes with the icon.
func (r *buttonRenderer) inner(word string) (w, h float32) {
	text := fyne.MeasureText(word, r.text.TextSize, r.text.TextStyle)
	w, h = text.Width, text.Height
	if r.b.Icon != "" {
		side := Size(theme.SizeNameInlineIcon)
		w, h = w+side+Space8, max(h, side)
		if r.b.Text == "" {
			w = side
		}
	}
	return w, h
}

// fitting is the word, which ends in … where there is not the room.
func (r *buttonRenderer) fitting(room float32) string {
	word := r.b.Text
	for text := []rune(word); len(text) > 1; {
		if w, _ := r.inner(word); w <= room+0.5 {
			break
		}
		text = text[:len(text)-1]
		word = strings.TrimRight(string(text), " ") + "…"
	}
	return word
}

// Layout centres the icon and the word.
func (r *buttonRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	placeRing(r.ring, size)
	r.text.Text, r.more = r.b.Text, nil
	if lines := r.wrapped(); len(lines) > 1 {
		r.layoutLines(lines, size)
		return
	}
	if size.Width > 0 {
		r.text.Text = r.fitting(size.Width - 2*r.side())
	}
	w, _ := r.inner(r.text.Text)
	x := (size.Width - w) / 2
	if r.b.Icon != "" {
		side := Size(theme.SizeNameInlineIcon)
		r.icon.Resize(fyne.NewSquareSize(side))
		r.icon.Move(fyne.NewPos(x, (size.Height-side)/2))
		x += side + Space8
	}
	text := r.text.MinSize()
	r.text.Resize(text)
	r.text.Move(fyne.NewPos(x, (size.Height-text.Height)/2))
}

// layoutLines puts several lines under each other, with the icon before them.
func (r *buttonRenderer) layoutLines(lines []string, size fyne.Size) {
	var icon, wide float32
	if r.b.Icon != "" {
		icon = Size(theme.SizeNameInlineIcon) + Space8
	}
	r.text.Text = lines[0]
	texts := []*canvas.Text{r.text}
	for _, l := range lines[1:] {
		t := canvas.NewText(l, r.text.Color)
		t.TextSize, t.TextStyle = r.text.TextSize, r.text.TextStyle
		texts = append(texts, t)
	}
	r.more = texts[1:]
	for _, t := range texts {
		wide = max(wide, t.MinSize().Width)
	}
	high := r.lineHeight()
	left, y := (size.Width-icon-wide)/2, (size.Height-high*float32(len(texts)))/2
	r.icon.Resize(fyne.NewSquareSize(max(0, icon-Space8)))
	r.icon.Move(fyne.NewPos(left, (size.Height-r.icon.Size().Height)/2))
	for i, t := range texts {
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(left+icon+(wide-m.Width)/2, y+float32(i)*high))
	}
}

func (r *buttonRenderer) update() {
	b := r.b
	ground, fore := b.colors()
	r.ground.FillColor = b.over(ground)
	r.ground.CornerRadius = Size(theme.SizeNameButtonRadius)
	r.text.Text, r.text.TextSize, r.text.Color = b.Text, Size(theme.SizeNameText), Color(fore)
	updateRing(r.ring, b.focused && !b.Disabled(), Size(theme.SizeNameButtonRadius))
	r.icon.Hidden = b.Icon == ""
	if b.Icon != "" {
		r.icon.Resource = IconIn(b.Icon, fore)
		r.icon.Refresh()
	}
}

// colors returns the names of ground ("" is none) and text.
func (b *Button) colors() (ground, fore fyne.ThemeColorName) {
	if b.Disabled() {
		if b.Style == Quiet {
			return "", theme.ColorNameDisabled
		}
		return theme.ColorNameDisabledButton, theme.ColorNameDisabled
	}
	switch b.Style {
	case Main:
		return theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
	case Danger:
		return theme.ColorNameError, theme.ColorNameForegroundOnError
	case Quiet:
		return "", theme.ColorNamePrimary
	case onToast:
		return "", ColorOnToast
	}
	return theme.ColorNameButton, theme.ColorNameForeground
}

// over returns the ground, tinted under the mouse.
func (p *press) over(ground fyne.ThemeColorName) color.Color {
	var c color.Color = color.Transparent
	if ground != "" {
		c = Color(ground)
	}
	if p.hovered && !p.Disabled() {
		c = blend(c, Color(theme.ColorNameHover))
	}
	return c
}
