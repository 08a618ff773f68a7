// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// The focus ring stands two pixels outside of what it belongs to, so that it
// is seen on any ground.
const (
	ringGap   float32 = 2
	ringWidth float32 = 2

	// ringRoom is what a scroll has to leave free around a ring.
	ringRoom float32 = 5
)

func newRing() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = ringWidth
	r.Hide()
	return r
}

func placeRing(r *canvas.Rectangle, size fyne.Size) {
	r.Move(fyne.NewPos(-ringGap, -ringGap))
	r.Resize(size.AddWidthHeight(2*ringGap, 2*ringGap))
}

func updateRing(r *canvas.Rectangle, shown bool, radius float32) {
	r.StrokeColor = Color(ColorFocusRing)
	r.CornerRadius = radius + ringGap
	r.Hidden = !shown
	r.Refresh()
}

// blend lays a colour over another.
func blend(under, over color.Color) color.Color {
	ur, ug, ub, ua := under.RGBA()
	or, og, ob, oa := over.RGBA()
	mix := func(u, o uint32) uint16 { return uint16(o + u*(0xffff-oa)/0xffff) }
	return color.RGBA64{R: mix(ur, or), G: mix(ug, og), B: mix(ub, ob), A: mix(ua, oa)}
}

// NewGround returns a ground in a colour of the theme.
func NewGround(name fyne.ThemeColorName) fyne.CanvasObject { return newStrip(name, 0) }

// NewSoftGround is [NewGround] with rounded corners.
func NewSoftGround(name fyne.ThemeColorName) fyne.CanvasObject { return newStrip(name, Space8) }

// strip is a ground in a colour of the theme.
type strip struct {
	widget.BaseWidget
	name   fyne.ThemeColorName
	radius float32
	rect   *canvas.Rectangle
}

func newStrip(name fyne.ThemeColorName, radius float32) *strip {
	s := &strip{name: name, radius: radius}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is called by Fyne.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	s.rect = canvas.NewRectangle(Color(s.name))
	s.rect.CornerRadius = s.radius
	return widget.NewSimpleRenderer(s.rect)
}

// Refresh takes the colour of the theme anew.
func (s *strip) Refresh() {
	if s.rect != nil {
		s.rect.FillColor = Color(s.name)
	}
	s.BaseWidget.Refresh()
}
