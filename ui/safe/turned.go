// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"image"
	"image/color"
)

// turned is a picture turned by so many quarters, clockwise.
type turned struct {
	of image.Image
	by int
}

// ColorModel is part of image.Image.
func (t turned) ColorModel() color.Model { return t.of.ColorModel() }

// Bounds is part of image.Image.
func (t turned) Bounds() image.Rectangle {
	b := t.of.Bounds()
	if t.by%2 == 1 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At is part of image.Image.
func (t turned) At(x, y int) color.Color {
	b := t.of.Bounds()
	switch t.by {
	case 1:
		x, y = y, b.Dy()-1-x
	case 2:
		x, y = b.Dx()-1-x, b.Dy()-1-y
	case 3:
		x, y = b.Dx()-1-y, x
	}
	return t.of.At(b.Min.X+x, b.Min.Y+y)
}
