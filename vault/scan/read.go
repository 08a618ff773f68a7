// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"sort"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// reader reads the codes of one picture at one scale.
type reader struct {
	canvas canvas
	dec    *decoder.Decoder
	bend   int // how many modules may still be bent to fit, which is slow
}

// guess is a code that may be there: three corners and a number of modules.
type guess struct {
	corners
	n     int
	score float64
}

// maxGuesses bounds how many are looked at in full.
const maxGuesses = 60

// guesses returns what is worth a full look, the likeliest first.
func (r *reader) guesses(all []corners) []guess {
	var out []guess
	for _, c := range all {
		for i, n := range c.modules() {
			if d := r.canvas.dotted(c, n); d >= 0.4 {
				out = append(out, guess{c, n, d - c.flaw/3 - float64(i)*0.02})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].score > out[j].score })
	return out
}

// read returns the text of the code that a guess means.
func (r *reader) read(c guess) (string, bool) {
	var best grid
	most := 0.0
	for _, g := range r.grids(c.corners, c.n) {
		t := r.canvas.timing(&g)
		if t > most {
			best, most = g, t
		}
		if t < 0.7 {
			continue
		}
		if text, ok := r.decode(r.canvas.sample(&g, g.n), g.n); ok {
			return text, true
		}
	}
	if most < 0.6 || r.bend < c.n*c.n {
		return "", false
	}
	r.bend -= c.n * c.n
	return r.decode(r.canvas.sample(r.canvas.bend(best), c.n), c.n)
}

// grids returns likely transforms for a code of n modules a side. Three
// corners leave the fourth to be found: by the small square near it, which
// all but the smallest codes have.
func (r *reader) grids(c corners, n int) []grid {
	tl, tr, bl := c.topLeft.at, c.topRight.at, c.bottomLeft.at
	span := float64(n - 7)
	u, v := tr.sub(tl).mul(1/span), bl.sub(tl).mul(1/span)
	from := [4]point{{3.5, 3.5}, {float64(n) - 3.5, 3.5}, {3.5, float64(n) - 3.5}, {float64(n) - 3.5, float64(n) - 3.5}}
	to := [4]point{tl, tr, bl, tr.add(bl).sub(tl)}
	var out []grid
	if n > 21 {
		a := float64(n) - 6.5
		guess := tl.add(u.mul(a - 3.5)).add(v.mul(a - 3.5))
		for _, p := range r.canvas.alignment(guess, u, v, 3+span/12) {
			from[3], to[3] = point{a, a}, p
			if g, ok := newGrid(n, from, to); ok {
				out = append(out, g)
			}
		}
		from[3], to[3] = point{float64(n) - 3.5, float64(n) - 3.5}, tr.add(bl).sub(tl)
	}
	if g, ok := newGrid(n, from, to); ok {
		out = append(out, g)
	}
	return out
}

// decode reads a code from its modules' brightness.
func (r *reader) decode(values []float64, n int) (string, bool) {
	sharp := sharpen(values, n)
	for _, dark := range []func() []bool{
		func() []bool { return splitLocal(values, n) },
		func() []bool { return splitGlobal(values) },
		func() []bool { return splitLocal(sharp, n) },
		func() []bool { return splitGlobal(sharp) },
	} {
		if text, ok := r.text(dark(), n); ok {
			return text, true
		}
	}
	return "", false
}

// text corrects the errors of a code and returns what it says.
func (r *reader) text(dark []bool, n int) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	m, err := gozxing.NewSquareBitMatrix(n)
	if err != nil {
		return "", false
	}
	for i, d := range dark {
		if d {
			m.Set(i%n, i/n)
		}
	}
	res, err := r.dec.Decode(m, nil)
	if err != nil {
		return "", false
	}
	return res.GetText(), true
}
