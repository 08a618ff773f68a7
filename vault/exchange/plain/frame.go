// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"image"
	"io"
	"slices"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// frame is the layout of a camera's picture, of which only the brightness plane counts.
// Rows may be padded, the last one may be without its padding.
type frame struct{ width, height, stride int }

// sizes are what the cameras of phones and computers give to those who look for codes.
var sizes = []image.Point{
	{640, 480},
	{800, 600},
	{960, 720},
	{1024, 768},
	{1280, 720},
	{1280, 960},
	{1440, 1080},
	{1600, 1200},
	{1920, 1080},
	{1920, 1440},
	{2048, 1536},
	{2560, 1440},
	{2592, 1944},
	{3840, 2160},
	{4032, 3024},
}

// frames returns the layouts that a gzip file may have by the size that it says it has
// unpacked (RFC 1952 section 2.3.1); none for all else.
func frames(data []byte) (possible []frame) {
	if !bytes.HasPrefix(data, []byte("\x1f\x8b\x08")) || len(data) < 18 {
		return nil
	}
	n := int(binary.LittleEndian.Uint32(data[len(data)-4:]))
	for _, s := range sizes {
		for _, align := range []int{1, 64, 128, 256, 512} {
			f := frame{s.X, s.Y, (s.X + align - 1) / align * align}
			plane := f.stride * f.height
			// alone, without the last padding, with the colours after it (4:2:0)
			if n == plane || n == plane-f.stride+f.width || n == plane*3/2 {
				possible = append(possible, f)
			}
		}
	}
	return slices.Compact(possible)
}

// unpacked returns what is in a gzip file, if it has the size that it says.
func unpacked(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	most := int64(binary.LittleEndian.Uint32(data[len(data)-4:]))
	pix, err := io.ReadAll(io.LimitReader(z, most+1))
	if err != nil || int64(len(pix)) != most {
		return nil, foreign.ErrDamaged
	}
	return pix, nil
}

// frame looks at a camera's picture in each layout that it may have.
func (c *collector) frame(possible []frame) error {
	pix, err := unpacked(c.source.Data)
	if err != nil {
		return err
	}
	for _, f := range possible {
		img := &image.Gray{Pix: pix, Stride: f.stride, Rect: image.Rect(0, 0, f.width, f.height)}
		if err := c.picture(img); err != nil || !c.none() {
			return err
		}
	}
	return nil
}
