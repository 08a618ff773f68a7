// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Select offers one of several. Unlike Fyne's own it leaves the app its keys,
// and Enter opens it as Space does.
type Select struct {
	widget.Select
}

// NewSelect returns a choice that calls changed.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer adds the edge that every field has.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &selectRenderer{WidgetRenderer: s.Select.CreateRenderer(), edge: canvas.NewRectangle(color.Transparent)}
	r.paint()
	return r
}

type selectRenderer struct {
	fyne.WidgetRenderer
	edge *canvas.Rectangle
}

// Objects is called by Fyne.
func (r *selectRenderer) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.edge)
}

// Layout is called by Fyne.
func (r *selectRenderer) Layout(size fyne.Size) {
	r.edge.Resize(size)
	r.WidgetRenderer.Layout(size)
}

// Refresh is called by Fyne.
func (r *selectRenderer) Refresh() {
	r.paint()
	r.WidgetRenderer.Refresh()
}

func (r *selectRenderer) paint() {
	r.edge.StrokeColor = Color(theme.ColorNameInputBorder)
	r.edge.StrokeWidth = 1
	r.edge.CornerRadius = Size(theme.SizeNameInputRadius)
}

// FocusGained shows the focus.
func (s *Select) FocusGained() {
	s.Select.FocusGained()
	gained(s)
}

// TypedKey opens and moves, and hands every other key on.
func (s *Select) TypedKey(ev *fyne.KeyEvent) {
	felt(s)
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case fyne.KeySpace, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		s.Select.TypedKey(ev)
	default:
		ForwardKey(s, ev)
	}
}

// TypedRune hands characters on.
func (s *Select) TypedRune(r rune) {
	if r != ' ' {
		ForwardRune(s, r)
	}
}
