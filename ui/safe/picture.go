// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// picture shows a picture of a printed list, to be typed over. It can be made
// larger and turned, as phones often save it lying on its side.
type picture struct {
	source image.Image
	turns  int     // by a quarter, clockwise
	zoom   float32 // of the width that there is
	view   *canvas.Image
	frame  *container.Scroll
	object fyne.CanvasObject
}

const (
	zoomStep float32 = 1.4
	zoomMost float32 = 8
)

func newPicture(img image.Image, window fyne.Size) *picture {
	p := &picture{source: img, zoom: 1, view: canvas.NewImageFromImage(img)}
	p.view.FillMode = canvas.ImageFillContain
	p.frame = container.NewScroll(p.view)
	height := float32(300)
	if window.Width < 660 {
		height = 180 // the field stands under it
	}
	p.frame.SetMinSize(fyne.NewSize(120, height))
	larger := kit.NewQuietButton(words.T("Larger"), func() { p.scale(zoomStep) })
	smaller := kit.NewQuietButton(words.T("Smaller"), func() { p.scale(1 / zoomStep) })
	turn := kit.NewQuietButton(words.T("Turn"), p.turn)
	p.object = container.NewBorder(nil, kit.Cols(0, larger, smaller, turn), nil, nil, p.frame)
	return p
}

func (p *picture) scale(by float32) {
	p.zoom = min(max(p.zoom*by, 1), zoomMost)
	p.lay()
}

// lay makes the picture as large as it was asked for.
func (p *picture) lay() {
	size := fyne.NewSize(0, 0)
	if p.zoom > 1 {
		room, b := p.frame.Size(), p.view.Image.Bounds()
		fit := min(room.Width/float32(b.Dx()), room.Height/float32(b.Dy()))
		size = fyne.NewSize(fit*p.zoom*float32(b.Dx()), fit*p.zoom*float32(b.Dy()))
	}
	p.view.SetMinSize(size)
	p.frame.Refresh()
}

func (p *picture) turn() {
	p.turns = (p.turns + 1) % 4
	p.view.Image = turned{p.source, p.turns}
	p.lay()
	p.view.Refresh()
}

// clear takes the picture out of the window.
func (p *picture) clear() {
	p.view.Image = image.NewGray(image.Rect(0, 0, 1, 1))
	p.view.Refresh()
}
