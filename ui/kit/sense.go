// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// sensors are told of what a person does on a canvas. They are used on the user
// interface's goroutine only.
var sensors = map[fyne.Canvas]func(){}

// OnInput has f called whenever somebody uses one of this package's widgets on a
// canvas, by key, by finger or by mouse; nil ends it. Fyne has no such event: a
// widget with the focus keeps its keys to itself. With a [Sense] under all that
// the window shows, it hears of each move of the mouse as well.
func OnInput(c fyne.Canvas, f func()) {
	if f == nil {
		delete(sensors, c)
		return
	}
	sensors[c] = f
}

// felt tells the sensor of the canvas that shows an object.
func felt(o fyne.CanvasObject) {
	if len(sensors) == 0 || o == nil {
		return
	}
	if f := sensors[canvasOf(o)]; f != nil {
		f()
	}
}

// Sense lies under everything else in a window, cannot be seen, and notices the
// mouse. Fyne asks everything under a moving mouse which cursor it wants, and so
// this too, whatever lies above; a widget that listened for moves would hear of
// none that another listens for.
type Sense struct {
	widget.BaseWidget
}

// NewSense returns one.
func NewSense() *Sense {
	s := &Sense{}
	s.ExtendBaseWidget(s)
	return s
}

// Cursor is asked for with each move; what lies above chooses its own.
func (s *Sense) Cursor() desktop.Cursor {
	felt(s)
	return desktop.DefaultCursor
}

// CreateRenderer is called by Fyne.
func (s *Sense) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
