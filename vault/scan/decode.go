// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Decode returns the text of every QR code in img, each text once, in the
// order they are found. Codes may be light on dark, turned, slanted, mirrored
// or without a margin. A picture without a code is no error: the result is
// empty. The work is bounded by the picture's size; it ends early when ctx
// does, with ctx's error.
func Decode(ctx context.Context, img image.Image) ([]string, error) {
	out, err := decodeOn(ctx, img, 255)
	if err != nil || len(out) > 0 || !transparent(img) {
		return out, err
	}
	// A light code on nothing is seen on black only.
	return decodeOn(ctx, img, 0)
}

// decodeOn is Decode with a background of that brightness.
func decodeOn(ctx context.Context, img image.Image, background byte) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if b := img.Bounds(); b.Dx() < smallest || b.Dy() < smallest {
		return nil, nil
	}
	g := toGray(img, background)
	var texts []string
	for _, s := range stages {
		if !s.fits(g) || len(texts) > 0 && s.bend > 0 {
			continue
		}
		seen, err := s.look(ctx, g)
		if err != nil {
			return nil, err
		}
		for _, text := range seen.texts {
			if !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
		if len(texts) > 0 && !seen.more {
			break
		}
	}
	return texts, nil
}

// smallest is the side in pixels below which a picture has no room for a code.
const smallest = 17

// stage is a way to look at a picture. They are tried in turn until one shows
// a code, the cheap ones and those of screens first.
type stage struct {
	fits   func(gray) bool
	change func(gray) gray
	open   bool // also for codes without a margin
	bend   int  // how many modules may be bent to fit
}

var stages = []stage{
	{fits: always, change: same},
	{fits: atLeast(1 << 16), change: gray.halve},
	{fits: always, change: same, open: true},
	{fits: atMost(3_000_000), change: gray.double},
	{fits: always, change: func(g gray) gray { return g.modest().sharpen(2, 6) }},
	{fits: always, change: func(g gray) gray { return g.modest().sharpen(5, 10) }},
	{fits: atLeast(1 << 20), change: func(g gray) gray { return g.halve().halve() }, bend: 10_000},
	{fits: atLeast(1 << 16), change: gray.halve, bend: 10_000},
	{fits: always, change: same, bend: 10_000},
	{fits: atMost(1 << 18), change: gray.double, bend: 10_000},
}

func always(gray) bool { return true }

func same(g gray) gray { return g }

func atLeast(pixels int) func(gray) bool { return func(g gray) bool { return g.w*g.h >= pixels } }

func atMost(pixels int) func(gray) bool { return func(g gray) bool { return g.w*g.h <= pixels } }

// sight is what one look showed.
type sight struct {
	texts []string
	more  bool // something that looks much like a code was not read
}

// look reads the codes of both polarities, side by side.
func (s stage) look(ctx context.Context, g gray) (sight, error) {
	g = s.change(g)
	if err := ctx.Err(); err != nil {
		return sight{}, err
	}
	found := finders(ctx, binarize(g), 2, s.open)
	light := make(chan sight, 1)
	go func() { light <- s.read(ctx, g, found, false) }()
	seen := s.read(ctx, g, found, true)
	other := <-light
	seen.texts = append(seen.texts, other.texts...)
	seen.more = seen.more || other.more
	return seen, ctx.Err()
}

// read reads the codes that are dark on light, or the others.
func (s stage) read(ctx context.Context, g gray, found []finder, dark bool) (seen sight) {
	defer func() {
		// A hostile picture must not end the program; what was read is kept.
		_ = recover()
	}()
	r := reader{canvas: canvas{g, !dark}, dec: decoder.NewDecoder(), bend: s.bend}
	var done []area
	var failed []corners
	tries := 0
	for _, c := range r.guesses(combine(ctx, found, dark)) {
		if ctx.Err() != nil {
			return seen
		}
		if slices.ContainsFunc(done, c.overlaps) {
			continue
		}
		if tries++; tries > maxGuesses {
			break
		}
		if text, ok := r.read(c); ok {
			seen.texts = append(seen.texts, text)
			done = append(done, c.area())
		} else if c.score > obvious {
			failed = append(failed, c.corners)
		}
	}
	// A code that was read in the end has failed before, with other sizes.
	seen.more = slices.ContainsFunc(failed, func(c corners) bool { return !slices.ContainsFunc(done, c.overlaps) })
	return seen
}

// obvious is the score of a guess that is a code almost certainly.
const obvious = 0.9

// area is the parallelogram that the middles of a code's corner squares span.
type area struct{ from, u, v point }

func (c corners) area() area {
	at := c.topLeft.at
	return area{at, c.topRight.at.sub(at), c.bottomLeft.at.sub(at)}
}

// overlaps says whether one of the corners lies in the area.
func (c corners) overlaps(a area) bool {
	for _, f := range [3]finder{c.topLeft, c.topRight, c.bottomLeft} {
		d := f.at.sub(a.from)
		whole := a.u.cross(a.v)
		if i, j := d.cross(a.v)/whole, a.u.cross(d)/whole; min(i, j) > -0.05 && max(i, j) < 1.05 {
			return true
		}
	}
	return false
}
