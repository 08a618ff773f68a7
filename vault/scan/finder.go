// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"encoding/binary"
	"math"
)

// point is a place in a picture, in pixels; a pixel's middle is at one half.
type point struct{ x, y float64 }

func (p point) sub(q point) point        { return point{p.x - q.x, p.y - q.y} }
func (p point) add(q point) point        { return point{p.x + q.x, p.y + q.y} }
func (p point) mul(f float64) point      { return point{p.x * f, p.y * f} }
func (p point) length() float64          { return math.Hypot(p.x, p.y) }
func (p point) cross(q point) float64    { return p.x*q.y - p.y*q.x }
func (p point) dot(q point) float64      { return p.x*q.x + p.y*q.y }
func (p point) distance(q point) float64 { return p.sub(q).length() }

// finder is one of the three squares in a code's corners.
type finder struct {
	at point
	// across and down are the widths of a module in pixels, measured along the
	// picture's axes through the middle.
	across, down float64
	dark         bool // dark on light
	hits         int  // how many rows showed it
}

func (f finder) size() float64 { return (f.across + f.down) / 2 }

// finders returns what may be the corner squares of codes of both polarities:
// places whose dark and light runs are as 1:1:3:1:1 in each direction. Where
// open, the outer runs may be longer: a code without a margin on a dark page
// runs into the page. It stops where it is when ctx ends.
func finders(ctx context.Context, b bitmap, step int, open bool) []finder {
	found := newSquares(b.w)
	var edges []int
	for y := step / 2; y < b.h && ctx.Err() == nil; y += step {
		edges = transitions(edges[:0], b.pix[y*b.w:(y+1)*b.w])
		for i := 0; i+5 < len(edges); i++ {
			r := runs{
				edges[i+1] - edges[i], edges[i+2] - edges[i+1], edges[i+3] - edges[i+2],
				edges[i+4] - edges[i+3], edges[i+5] - edges[i+4],
			}
			if open {
				r = r.closed()
			}
			if !r.fits() {
				continue
			}
			x := (edges[i+2] + edges[i+3]) / 2
			if found.again(x, y, r.total()) {
				continue
			}
			if f, ok := b.check(x, y, r.total(), open); ok {
				found.add(f)
			}
		}
	}
	return found.all
}

// transitions appends where a row changes its colour, its two ends included.
func transitions(edges []int, row []byte) []int {
	edges = append(edges, 0)
	x := 0
	for x < len(row) {
		c := row[x]
		wide := uint64(c) * 0x0101010101010101
		for x++; x+8 <= len(row) && binary.LittleEndian.Uint64(row[x:]) == wide; {
			x += 8
		}
		for x < len(row) && row[x] == c {
			x++
		}
		edges = append(edges, x)
	}
	return edges
}

// runs are the lengths of five stripes of alternating colour.
type runs [5]int

func (r runs) total() int { return r[0] + r[1] + r[2] + r[3] + r[4] }

// fits says whether the stripes are about as 1:1:3:1:1. Sums of a dark and a
// light stripe are compared more strictly than single ones: blur and ink make
// all dark stripes wider or narrower, which sums do not show.
func (r runs) fits() bool {
	total := r.total()
	if total < 7 {
		return false
	}
	// All in sevenths of a pixel, so that a module is total.
	for i, want := range [4]int{2, 4, 4, 2} {
		d := 7*(r[i]+r[i+1]) - want*total
		if slack := total*want*3/10 + 3; d > slack || d < -slack {
			return false
		}
	}
	for i := 0; i < 5; i++ {
		lo, hi := total*3/10, total*2
		if i == 2 {
			lo, hi = total*2, total*9/2
		}
		if 7*r[i] < lo || 7*r[i] > hi {
			return false
		}
	}
	return true
}

// closed returns the runs with outer ones that go on too far cut to a module.
func (r runs) closed() runs {
	m := (r[1] + r[2] + r[3] + 2) / 5
	for _, i := range [2]int{0, 4} {
		if r[i] > 2*m {
			r[i] = m
		}
	}
	return r
}

// middle returns the middle of the pattern that ends at end, as the mean of
// the whole pattern's middle and of the inner square's.
func (r runs) middle(end int) float64 {
	inner := float64(end-r[4]-r[3]) - float64(r[2])/2
	return (inner + float64(end) - float64(r.total())/2) / 2
}

// check looks at a likely middle in the other directions.
func (b bitmap) check(x, y, total int, open bool) (finder, bool) {
	down, end, ok := b.cross(x, y, 0, 1, total*2, open)
	if !ok || down.total()*5 < total*2 || down.total()*2 > total*5 {
		return finder{}, false
	}
	cy := down.middle(y + end)
	across, end, ok := b.cross(x, int(cy), 1, 0, total*2, open)
	if !ok {
		return finder{}, false
	}
	cx := across.middle(x + end)
	// A slanted or rounded square may fail on one diagonal, noise on both.
	_, _, ok1 := b.cross(int(cx), int(cy), 1, 1, total*2, open)
	_, _, ok2 := b.cross(int(cx), int(cy), 1, -1, total*2, open)
	if !ok1 && !ok2 {
		return finder{}, false
	}
	return finder{
		at: point{cx, cy}, hits: 1, dark: b.pix[int(cy)*b.w+int(cx)] == 1,
		across: float64(across.total()) / 7, down: float64(down.total()) / 7,
	}, true
}

// cross measures the five stripes through a place in the direction dx, dy.
// end is how many steps from there the pattern ends.
func (b bitmap) cross(x, y, dx, dy, limit int, open bool) (r runs, end int, ok bool) {
	c := b.pix[y*b.w+x]
	forth := b.stripes(x, y, dx, dy, c, limit)
	back := b.stripes(x-dx, y-dy, -dx, -dy, c, limit)
	r = runs{back[2], back[1], back[0] + forth[0], forth[1], forth[2]}
	if open {
		r = r.closed()
	}
	return r, forth[0] + forth[1] + r[4], r.fits()
}

// stripes measures three stripes from a place on, the first of colour c.
func (b bitmap) stripes(x, y, dx, dy int, c byte, limit int) (n [3]int) {
	for i := range n {
		for x >= 0 && x < b.w && y >= 0 && y < b.h && b.pix[y*b.w+x] == c && n[i] <= limit {
			n[i]++
			x += dx
			y += dy
		}
		c ^= 1
	}
	return n
}
