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

// Toast is a short message at the bottom that goes away by itself. It never
// takes the focus.
type Toast struct {
	widget.BaseWidget
	left   int
	moved  func() // the place of the toast has to be found anew
	do     func()
	ground *strip
	text   *canvas.Text
	button *Button
	body   *fyne.Container
}

// NewToast returns a toast that shows nothing.
func NewToast() *Toast {
	t := &Toast{ground: newStrip(ColorToast, Space8)}
	t.text = canvas.NewText("", color.Transparent)
	t.button = newButton("", onToast, t.take)
	t.body = container.New(toastLayout{}, t.ground, t.text, t.button)
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// Say shows a text for so many ticks, one a second.
func (t *Toast) Say(text string, secs int) { t.Offer(text, "", nil, secs) }

// Offer shows a text with one action, such as Undo.
func (t *Toast) Offer(text, action string, do func(), secs int) {
	t.left, t.do = max(secs, 1), do
	t.text.Text = text
	t.button.Text = action
	t.button.Hidden = action == ""
	t.Show()
	t.Refresh()
	if t.moved != nil {
		t.moved()
	}
}

// Tick lets a second pass.
func (t *Toast) Tick() {
	if t.left == 0 {
		return
	}
	if t.left--; t.left == 0 {
		t.Dismiss()
	}
}

// Dismiss takes it away; its action is no longer offered.
func (t *Toast) Dismiss() {
	t.left, t.do = 0, nil
	t.Hide()
}

// Text returns what is shown, or "".
func (t *Toast) Text() string {
	if !t.Visible() {
		return ""
	}
	return t.text.Text
}

// Press takes the action that is offered.
func (t *Toast) Press() { t.take() }

func (t *Toast) take() {
	do := t.do
	t.Dismiss()
	if do != nil {
		do()
	}
}

// CreateRenderer is called by Fyne.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	t.paint()
	return widget.NewSimpleRenderer(t.body)
}

// Refresh paints it anew.
func (t *Toast) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *Toast) paint() {
	t.text.Color = Color(ColorOnToast)
	t.text.TextSize = Size(theme.SizeNameText)
}

// toastLayout puts the action behind the text, where there is one.
type toastLayout struct{}

// Layout is part of fyne.Layout.
func (toastLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	ground, text, button := o[0], o[1], o[2]
	ground.Resize(size)
	h := text.MinSize().Height
	text.Resize(fyne.NewSize(text.MinSize().Width, h))
	text.Move(fyne.NewPos(Space16, (size.Height-h)/2))
	b := button.MinSize()
	button.Resize(b)
	button.Move(fyne.NewPos(size.Width-b.Width-Space8, (size.Height-b.Height)/2))
}

// MinSize is part of fyne.Layout.
func (toastLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(o[1].MinSize().Width+2*Space16, max(Size(SizeTap), o[1].MinSize().Height+2*Space8))
	if o[2].Visible() {
		size.Width += o[2].MinSize().Width
	}
	return size
}
