// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"image"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Decode returns the text of every QR code in img, each text once, in the
// order they are found. A picture without a code is no error: the result is
// empty. The work is bounded by the picture's size; it ends early when ctx
// does, with ctx's error.
func Decode(ctx context.Context, img image.Image) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g := toGray(img, 255)
	if g.w < 8 || g.h < 8 {
		return nil, nil
	}
	for _, s := range stages {
		if !s.fits(g) {
			continue
		}
		out, err := s.look(ctx, g)
		if err != nil || len(out) > 0 {
			return out, err
		}
	}
	return nil, nil
}

// stage is a way to look at a picture.
type stage struct {
	fits   func(gray) bool
	change func(gray) gray
	open   bool // also for codes without a margin
	bend   int  // how many modules may be bent to fit
}

func always(gray) bool { return true }

func atLeast(pixels int) func(gray) bool { return func(g gray) bool { return g.w*g.h >= pixels } }
func atMost(pixels int) func(gray) bool  { return func(g gray) bool { return g.w*g.h <= pixels } }

func same(g gray) gray { return g }

var stages = []stage{
	{fits: always, change: same},
	{fits: atLeast(1 << 16), change: gray.halve},
	{fits: always, change: same, open: true},
	{fits: atMost(3_000_000), change: gray.double},
	{fits: always, change: func(g gray) gray { return g.sharpen(2, 6) }},
	{fits: always, change: func(g gray) gray { return g.sharpen(5, 10) }},
	{fits: atLeast(1 << 20), change: func(g gray) gray { return g.halve().halve() }, bend: 10_000},
	{fits: atLeast(1 << 16), change: gray.halve, bend: 10_000},
	{fits: always, change: same, bend: 10_000},
	{fits: atMost(1 << 18), change: gray.double, bend: 10_000},
}

func (s stage) look(ctx context.Context, g gray) ([]string, error) {
	g = s.change(g)
	var out []string
	found := finders(binarize(g), 2, s.open)
	for _, dark := range []bool{true, false} {
		r := reader{canvas: canvas{g, !dark}, dec: decoder.NewDecoder(), bend: s.bend}
		used := map[int]bool{}
		tries := 0
		for _, c := range r.guesses(combine(found, dark)) {
			if used[c.index[0]] || used[c.index[1]] || used[c.index[2]] {
				continue
			}
			if tries++; tries > maxGuesses {
				break
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if text, ok := r.read(c); ok {
				for _, i := range c.index {
					used[i] = true
				}
				out = append(out, text)
			}
		}
	}
	return out, nil
}
