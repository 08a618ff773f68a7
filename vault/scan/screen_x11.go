// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package scan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math/bits"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan/xserver"
)

func capture(ctx context.Context) ([]image.Image, error) {
	switch {
	case os.Getenv("WAYLAND_DISPLAY") != "", os.Getenv("XDG_SESSION_TYPE") == "wayland":
		return capturePortal(ctx)
	case os.Getenv("DISPLAY") != "":
		return captureX(ctx)
	}
	return nil, ErrNoScreen
}

// captureX reads the screen from the X server over its own connection. Shared
// memory would save a few milliseconds; the usual library's is readable by
// every user of the computer meanwhile.
func captureX(ctx context.Context) ([]image.Image, error) {
	conn, err := xserver.Connect(ctx)
	if err != nil {
		return nil, noScreen(err)
	}
	defer conn.Close()
	screen := xproto.Setup(conn).DefaultScreen(conn)
	shape, err := pixelShape(xproto.Setup(conn), screen)
	if err != nil {
		return nil, err
	}
	var out []image.Image
	for _, r := range monitors(conn, screen) {
		img, err := captureRect(ctx, conn, screen, shape, r)
		if err != nil {
			return nil, err
		}
		out = append(out, img)
	}
	return out, nil
}

// monitors returns where the monitors are on the screen, the main one first;
// the whole screen where the server does not tell them apart.
func monitors(conn *xgb.Conn, screen *xproto.ScreenInfo) []image.Rectangle {
	whole := image.Rect(0, 0, int(screen.WidthInPixels), int(screen.HeightInPixels))
	if randr.Init(conn) != nil {
		return []image.Rectangle{whole}
	}
	// The version must be asked for first: GetMonitors is of 1.5.
	v, err := randr.QueryVersion(conn, 1, 5).Reply()
	if err != nil || v.MajorVersion < 1 || v.MajorVersion == 1 && v.MinorVersion < 5 {
		return []image.Rectangle{whole}
	}
	reply, err := randr.GetMonitors(conn, screen.Root, true).Reply()
	if err != nil {
		return []image.Rectangle{whole}
	}
	var out []image.Rectangle
	for _, m := range reply.Monitors {
		r := image.Rect(int(m.X), int(m.Y), int(m.X)+int(m.Width), int(m.Y)+int(m.Height)).Intersect(whole)
		switch {
		case r.Empty() || contains(out, r): // off, or a mirror
		case m.Primary:
			out = append([]image.Rectangle{r}, out...)
		default:
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return []image.Rectangle{whole}
	}
	return out
}

func contains(rs []image.Rectangle, r image.Rectangle) bool {
	for _, o := range rs {
		if o == r {
			return true
		}
	}
	return false
}

// shape says how the server writes a pixel: 4 or 2 bytes, and where each
// colour's bits are.
type shape struct {
	bytes     int
	pad       int // bytes a row is a multiple of
	big       bool
	low, wide [3]int // for red, green and blue: lowest bit, number of bits
}

var errPixels = errors.New("its pixels are of an unknown kind")

func pixelShape(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) (shape, error) {
	s := shape{big: setup.ImageByteOrder == xproto.ImageOrderMSBFirst}
	for _, f := range setup.PixmapFormats {
		if f.Depth == screen.RootDepth {
			s.bytes, s.pad = int(f.BitsPerPixel)/8, int(f.ScanlinePad)/8
		}
	}
	for _, d := range screen.AllowedDepths {
		for _, v := range d.Visuals {
			if v.VisualId != screen.RootVisual {
				continue
			}
			for i, mask := range [3]uint32{v.RedMask, v.GreenMask, v.BlueMask} {
				s.low[i], s.wide[i] = bits.TrailingZeros32(mask), bits.OnesCount32(mask)
			}
		}
	}
	if s.bytes != 4 && s.bytes != 2 || s.pad == 0 || s.wide[0] == 0 || s.wide[1] == 0 || s.wide[2] == 0 {
		return shape{}, noScreen(errPixels)
	}
	return s, nil
}

// captureRect reads a part of the screen, some rows at a time so that a
// cancelled capture ends soon.
func captureRect(ctx context.Context, conn *xgb.Conn, screen *xproto.ScreenInfo, s shape, r image.Rectangle) (image.Image, error) {
	img := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	rows := max(1, 4<<20/(4*r.Dx()))
	for y := 0; y < r.Dy(); y += rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(rows, r.Dy()-y)
		reply, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, xproto.Drawable(screen.Root),
			int16(r.Min.X), int16(r.Min.Y+y), uint16(r.Dx()), uint16(n), 0xffffffff).Reply()
		if err != nil {
			return nil, noScreen(err)
		}
		if err := s.unpack(img.Pix[y*img.Stride:(y+n)*img.Stride], reply.Data, r.Dx(), n); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// unpack writes n rows of a server's pixels as RGBA.
func (s shape) unpack(to, from []byte, width, n int) error {
	stride := (width*s.bytes + s.pad - 1) / s.pad * s.pad
	if len(from) < stride*n || len(to) < 4*width*n {
		return noScreen(fmt.Errorf("the X server sent %d bytes for %d rows", len(from), n))
	}
	usual := s.bytes == 4 && !s.big && s.low == [3]int{16, 8, 0} && s.wide == [3]int{8, 8, 8}
	for y := range n {
		in, out := from[y*stride:][:width*s.bytes], to[4*y*width:][:4*width]
		if !usual {
			s.unpackRow(out, in)
			continue
		}
		for i := 0; i+3 < len(out) && i+3 < len(in); i += 4 {
			out[i], out[i+1], out[i+2], out[i+3] = in[i+2], in[i+1], in[i], 255
		}
	}
	return nil
}

// unpackRow is the slow way, for screens of 16 or 30 bits.
func (s shape) unpackRow(out, in []byte) {
	for x := 0; (x+1)*s.bytes <= len(in); x++ {
		p := uint32(0)
		for i := range s.bytes {
			shift := i
			if s.big {
				shift = s.bytes - 1 - i
			}
			p |= uint32(in[x*s.bytes+i]) << (8 * shift)
		}
		for c := range 3 {
			most := uint32(1)<<s.wide[c] - 1
			out[4*x+c] = byte((p >> s.low[c] & most) * 255 / most)
		}
		out[4*x+3] = 255
	}
}
