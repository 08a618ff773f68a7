// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const sheetWidth float32 = 480

// sheetOverlay covers the canvas with a shade and puts a sheet in the middle.
// It takes every tap and every move of the mouse, so that nothing below it
// answers.
type sheetOverlay struct {
	widget.BaseWidget
	sheet *Sheet
}

func newSheetOverlay(s *Sheet) *sheetOverlay {
	o := &sheetOverlay{sheet: s}
	o.ExtendBaseWidget(o)
	return o
}

// Tapped does nothing: a sheet is not left by accident.
func (o *sheetOverlay) Tapped(*fyne.PointEvent) {}

// TappedSecondary does nothing.
func (o *sheetOverlay) TappedSecondary(*fyne.PointEvent) {}

// MouseIn does nothing.
func (o *sheetOverlay) MouseIn(*desktop.MouseEvent) {}

// MouseMoved does nothing.
func (o *sheetOverlay) MouseMoved(*desktop.MouseEvent) {}

// MouseOut does nothing.
func (o *sheetOverlay) MouseOut() {}

// Cursor is asked for with each move of the mouse, see [Sense].
func (o *sheetOverlay) Cursor() desktop.Cursor {
	felt(o)
	return desktop.DefaultCursor
}

// CreateRenderer is called by Fyne.
func (o *sheetOverlay) CreateRenderer() fyne.WidgetRenderer {
	o.ExtendBaseWidget(o)
	r := &overlayRenderer{o: o, shade: canvas.NewRectangle(color.Transparent), ground: canvas.NewRectangle(color.Transparent)}
	r.paint()
	return r
}

type overlayRenderer struct {
	o             *sheetOverlay
	shade, ground *canvas.Rectangle
}

// Objects is called by Fyne.
func (r *overlayRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.shade, r.ground, r.o.sheet.body}
}

// Destroy is called by Fyne.
func (r *overlayRenderer) Destroy() {}

// MinSize asks for nothing: the canvas gives what it has.
func (r *overlayRenderer) MinSize() fyne.Size { return fyne.NewSize(0, 0) }

// Refresh is called by Fyne.
func (r *overlayRenderer) Refresh() {
	r.paint()
	r.Layout(r.o.Size())
	r.o.sheet.body.Refresh()
	canvas.Refresh(r.o)
}

// Layout gives the sheet its width, and the height that its content asks for
// at that width, both no more than there is.
func (r *overlayRenderer) Layout(size fyne.Size) {
	r.shade.Resize(size)
	s := r.o.sheet
	margin := Space16
	if size.Width < 400 {
		margin = Space8
	}
	room := size.SubtractWidthHeight(2*margin, 2*margin)
	width := s.Width
	if width == 0 {
		width = sheetWidth
	}
	width = min(width, room.Width)
	// Text that wraps knows its height only once it has its width.
	s.body.Resize(fyne.NewSize(width, room.Height))
	height := sheetLayout{}.height(s.body.Objects, s.inner.MinSize().Height)
	panel := fyne.NewSize(width, min(height, room.Height))
	at := fyne.NewPos((size.Width-panel.Width)/2, (size.Height-panel.Height)/2)
	s.body.Resize(panel)
	s.body.Move(at)
	r.ground.Resize(panel)
	r.ground.Move(at)
}

func (r *overlayRenderer) paint() {
	r.shade.FillColor = Color(theme.ColorNameShadow)
	r.ground.FillColor = Color(theme.ColorNameOverlayBackground)
	r.ground.StrokeColor = Color(ColorCardBorder)
	r.ground.StrokeWidth = 1
	r.ground.CornerRadius = Size(theme.SizeNameDialogRadius)
}
