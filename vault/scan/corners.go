// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"math"
	"sort"
)

// corners are three squares that may belong to one code, in their order.
type corners struct {
	topLeft, topRight, bottomLeft finder
	flaw                          float64 // how far from a right isosceles triangle of equals
}

const (
	// maxSquares bounds the squares of one polarity that are combined.
	maxSquares = 80
	// maxCorners bounds the combinations that are tried.
	maxCorners = 160
)

// combine returns the likely combinations of squares, the likeliest first.
func combine(ctx context.Context, all []finder, dark bool) []corners {
	var pick []int
	for i, f := range all {
		if f.dark == dark {
			pick = append(pick, i)
		}
	}
	// Squares seen in many rows, in proportion to their size, come first.
	sort.SliceStable(pick, func(i, j int) bool {
		a, b := all[pick[i]], all[pick[j]]
		return float64(a.hits)/a.size() > float64(b.hits)/b.size()
	})
	pick = pick[:min(len(pick), maxSquares)]
	sort.SliceStable(pick, func(i, j int) bool { return all[pick[i]].size() < all[pick[j]].size() })
	var out []corners
	for i := range pick {
		if ctx.Err() != nil {
			break
		}
		for j := i + 1; j < len(pick) && alike(all[pick[i]], all[pick[j]]); j++ {
			for k := j + 1; k < len(pick) && alike(all[pick[i]], all[pick[k]]); k++ {
				if c, ok := arrange(all[pick[i]], all[pick[j]], all[pick[k]]); ok {
					out = append(out, c)
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].flaw < out[j].flaw })
	return out[:min(len(out), maxCorners)]
}

// alike says whether two squares, the smaller first, can be of one code.
func alike(a, b finder) bool { return b.size() <= 1.6*a.size()+0.7 }

// arrange orders three squares: the top left one is where the right angle is.
func arrange(a, b, c finder) (corners, bool) {
	ab, bc, ca := a.at.distance(b.at), b.at.distance(c.at), c.at.distance(a.at)
	// Rename so that the longest side lies between b and c.
	switch {
	case ab >= bc && ab >= ca:
		a, c = c, a
	case ca >= bc && ca >= ab:
		a, b = b, a
	}
	u, v := b.at.sub(a.at), c.at.sub(a.at)
	lu, lv := u.length(), v.length()
	cos := u.dot(v) / (lu*lv + 1e-9)
	m := (a.size() + b.size() + c.size()) / 3
	legs := math.Abs(lu-lv) / math.Max(lu, lv)
	if modules := (lu + lv) / 2 / m; modules < 10 || modules > 260 || legs > 0.5 || math.Abs(cos) > 0.5 {
		return corners{}, false
	}
	if u.cross(v) < 0 {
		b, c = c, b
	}
	spread := math.Max(a.size(), math.Max(b.size(), c.size())) / math.Min(a.size(), math.Min(b.size(), c.size()))
	return corners{a, b, c, legs + math.Abs(cos) + (spread-1)/2}, true
}

// modules returns the likely numbers of modules a side, the likeliest first.
// They are always 17 + 4·version.
func (c corners) modules() []int {
	side := func(from, to finder) float64 {
		d := to.at.sub(from.at)
		// Through a square turned by an angle, the way along an axis is longer
		// by that angle's cosine, which is never below that of 45°.
		cos := math.Max(math.Abs(d.x), math.Abs(d.y)) / d.length()
		m := cos * (from.across + from.down + to.across + to.down) / 4
		return d.length() / m
	}
	estimate := (side(c.topLeft, c.topRight)+side(c.topLeft, c.bottomLeft))/2 + 7
	v := (estimate - 17) / 4
	nearest := int(math.Round(v))
	var out []int
	reach := 1 + nearest/10
	for d := 0; d <= reach; d++ {
		first := d
		if v < float64(nearest) {
			first = -d
		}
		for _, ver := range []int{nearest + first, nearest - first} {
			if ver >= 1 && ver <= 40 && (d > 0 || len(out) == 0) {
				out = append(out, 17+4*ver)
			}
		}
	}
	return out
}
