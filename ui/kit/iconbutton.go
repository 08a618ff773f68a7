// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// IconButton is a button with an icon only. Its label is read by screen
// readers and shown as a hint under the mouse and with the focus, where it
// stands in a [Shell].
type IconButton struct {
	press
	icon  IconName
	label string
	in    fyne.ThemeColorName
}

// NewIconButton returns a button with an icon and the label that says what it
// does.
func NewIconButton(icon IconName, label string, do func()) *IconButton {
	b := &IconButton{icon: icon, label: label, in: theme.ColorNameForeground}
	b.OnTapped = do
	b.extend(b)
	return b
}

// SetIcon changes the icon.
func (b *IconButton) SetIcon(icon IconName) { b.icon = icon; b.Refresh() }

// SetColor changes the icon's colour.
func (b *IconButton) SetColor(in fyne.ThemeColorName) { b.in = in; b.Refresh() }

// SetLabel changes the label.
func (b *IconButton) SetLabel(label string) { b.label = label }

// Icon returns the icon shown.
func (b *IconButton) Icon() IconName { return b.icon }

// AccessibilityLabel is the label.
func (b *IconButton) AccessibilityLabel() string { return b.label }

// MouseIn shows the hint.
func (b *IconButton) MouseIn(ev *desktop.MouseEvent) {
	b.press.MouseIn(ev)
	showHint(b, b.label)
}

// MouseOut takes it away.
func (b *IconButton) MouseOut() {
	b.press.MouseOut()
	hideHint(b)
}

// FocusGained shows the ring and the hint.
func (b *IconButton) FocusGained() {
	b.press.FocusGained()
	showHint(b, b.label)
}

// FocusLost takes both away.
func (b *IconButton) FocusLost() {
	b.press.FocusLost()
	hideHint(b)
}

// Tapped presses it; the hint has done its work.
func (b *IconButton) Tapped(ev *fyne.PointEvent) {
	hideHint(b)
	b.press.Tapped(ev)
}

// CreateRenderer is called by Fyne.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &iconButtonRenderer{b: b, ground: canvas.NewRectangle(color.Transparent), ring: newRing()}
	r.icon = &canvas.Image{FillMode: canvas.ImageFillContain}
	r.update()
	return r
}

type iconButtonRenderer struct {
	b      *IconButton
	ground *canvas.Rectangle
	ring   *canvas.Rectangle
	icon   *canvas.Image
}

// Objects is called by Fyne.
func (r *iconButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.icon, r.ring}
}

// Destroy is called by Fyne.
func (r *iconButtonRenderer) Destroy() {}

// MinSize is a square that a finger hits.
func (r *iconButtonRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(Size(SizeTap)) }

// Refresh is called by Fyne.
func (r *iconButtonRenderer) Refresh() {
	r.update()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

// Layout centres the icon.
func (r *iconButtonRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	placeRing(r.ring, size)
	side := Size(theme.SizeNameInlineIcon)
	r.icon.Resize(fyne.NewSquareSize(side))
	r.icon.Move(fyne.NewPos((size.Width-side)/2, (size.Height-side)/2))
}

func (r *iconButtonRenderer) update() {
	radius := Size(theme.SizeNameButtonRadius)
	r.ground.FillColor = r.b.over("")
	r.ground.CornerRadius = radius
	updateRing(r.ring, r.b.focused && !r.b.Disabled(), radius)
	in := r.b.in
	if r.b.Disabled() {
		in = theme.ColorNameDisabled
	}
	r.icon.Resource = IconIn(r.b.icon, in)
	r.icon.Refresh()
}
