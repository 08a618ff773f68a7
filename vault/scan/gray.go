// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"image"
	"image/color"
)

// gray is a picture of eight bits of brightness a pixel, without gaps: what
// the decoder works on. Plain slices, for image.At costs more than decoding.
type gray struct {
	pix  []byte
	w, h int
}

func newGray(w, h int) gray { return gray{make([]byte, w*h), w, h} }

// row returns the pixels of row y.
func (g gray) row(y int) []byte { return g.pix[y*g.w : (y+1)*g.w] }

// toGray returns the brightness of img as it looks on a background of that
// brightness, 255 being white.
func toGray(img image.Image, background byte) gray {
	b := img.Bounds()
	g := newGray(b.Dx(), b.Dy())
	switch m := img.(type) {
	case *image.Gray:
		for y := range g.h {
			copy(g.row(y), m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		}
	case *image.YCbCr:
		for y := range g.h {
			copy(g.row(y), m.Y[m.YOffset(b.Min.X, b.Min.Y+y):])
		}
	case *image.RGBA:
		fromRGBA(g, m, background)
	case *image.NRGBA:
		fromNRGBA(g, m, background)
	case *image.Paletted:
		fromPaletted(g, m, background)
	default:
		fromAny(g, img, background)
	}
	return g
}

// luma weighs the colours as the eye does (ITU-R BT.601), in 1/256.
func luma(r, g, b byte) uint32 { return 77*uint32(r) + 150*uint32(g) + 29*uint32(b) }

func fromRGBA(g gray, m *image.RGBA, background byte) {
	for y := range g.h {
		out := g.row(y)
		in := m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):]
		in = in[:4*len(out)]
		for x := range out {
			p := in[4*x : 4*x+4 : 4*x+4]
			v := luma(p[0], p[1], p[2])
			if p[3] != 255 { // colours are multiplied with alpha already
				v += (255 - uint32(p[3])) * uint32(background) / 255 << 8
			}
			out[x] = byte(min(v>>8, 255))
		}
	}
}

func fromNRGBA(g gray, m *image.NRGBA, background byte) {
	for y := range g.h {
		out := g.row(y)
		in := m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):]
		in = in[:4*len(out)]
		for x := range out {
			p := in[4*x : 4*x+4 : 4*x+4]
			v := luma(p[0], p[1], p[2]) >> 8
			if a := uint32(p[3]); a != 255 {
				v = (v*a + uint32(background)*(255-a)) / 255
			}
			out[x] = byte(v)
		}
	}
}

func fromPaletted(g gray, m *image.Paletted, background byte) {
	var table [256]byte // indices beyond the palette are black
	for i, c := range m.Palette {
		if i < len(table) {
			table[i] = brightness(c, background)
		}
	}
	for y := range g.h {
		out := g.row(y)
		in := m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):]
		for x, i := range in[:len(out)] {
			out[x] = table[i]
		}
	}
}

func fromAny(g gray, img image.Image, background byte) {
	b := img.Bounds()
	for y := range g.h {
		out := g.row(y)
		for x := range out {
			out[x] = brightness(img.At(b.Min.X+x, b.Min.Y+y), background)
		}
	}
}

// brightness is the slow way of one pixel, for kinds without a loop of their own.
func brightness(c color.Color, background byte) byte {
	r, g, b, a := c.RGBA()
	v := (77*r + 150*g + 29*b) >> 8
	v += (0xffff - a) * uint32(background) / 255
	return byte(min(v>>8, 255))
}

// transparent says whether img lets its background through.
func transparent(img image.Image) bool {
	if o, ok := img.(interface{ Opaque() bool }); ok {
		return !o.Opaque()
	}
	return false
}
