// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"math"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// warp is a grid that is bent to fit: for codes on cloth, bottles and creased
// paper, behind bad lenses, or whose fourth corner is hidden. Between knots,
// which are some modules apart, its displacement is interpolated.
type warp struct {
	grid
	cell  float64 // modules between knots
	k     int     // knots a side
	shift []point // of the knots, in modules
}

func newWarp(g grid) *warp {
	cells := min(max(g.n/6, 4), 14)
	k := cells + 1
	return &warp{grid: g, cell: float64(g.n) / float64(cells), k: k, shift: make([]point, k*k)}
}

// at returns where in the picture a place of the code is.
func (w *warp) at(x, y float64) point {
	gx, gy := x/w.cell, y/w.cell
	ix, iy := min(int(gx), w.k-2), min(int(gy), w.k-2)
	fx, fy := gx-float64(ix), gy-float64(iy)
	s := w.shift[iy*w.k+ix:]
	up := s[0].mul(1 - fx).add(s[1].mul(fx))
	low := s[w.k].mul(1 - fx).add(s[w.k+1].mul(fx))
	d := up.mul(1 - fy).add(low.mul(fy))
	return w.grid.at(x+d.x, y+d.y)
}

// fitting is the work of bending a warp.
type fitting struct {
	canvas
	*warp
	mids  []float64 // the brightness between dark and light at each module
	known []int8    // 1 where a module must be light, −1 dark, 0 not known
}

// bend moves the knots until the modules' middles are as dark or as light as
// can be, and those that every code has are what they must be.
func (c canvas) bend(g grid) *warp {
	f := fitting{c, newWarp(g), nil, fixed(g.n)}
	f.mids = means(c.sample(f.warp, g.n), g.n)
	for _, step := range []float64{0.4, 0.25, 0.25, 0.12, 0.12} {
		for i := range f.shift {
			f.nudge(i, step)
		}
	}
	return f.warp
}

// nudge moves one knot to the best of the nine places around it.
func (f *fitting) nudge(i int, step float64) {
	start := f.shift[i]
	best, at := f.score(i), start
	for dy := -1.0; dy <= 1; dy++ {
		for dx := -1.0; dx <= 1; dx++ {
			f.shift[i] = start.add(point{dx * step, dy * step})
			if s := f.score(i); s > best {
				best, at = s, f.shift[i]
			}
		}
	}
	f.shift[i] = at
}

// score says how well the modules around a knot are met. A knot that strays
// from its neighbours costs.
func (f *fitting) score(i int) float64 {
	kx, ky := i%f.k, i/f.k
	lo := func(k int) int { return max(int(float64(k-1)*f.cell), 0) }
	hi := func(k int) int { return min(int(float64(k+1)*f.cell)+1, f.n) }
	sum := 0.0
	for y := lo(ky); y < hi(ky); y++ {
		for x := lo(kx); x < hi(kx); x++ {
			v := f.canvas.at(f.warp.at(float64(x)+0.5, float64(y)+0.5)) - f.mids[y*f.n+x]
			switch f.known[y*f.n+x] {
			case 1:
				sum += 2 * v
			case -1:
				sum -= 2 * v
			default:
				sum += math.Abs(v)
			}
		}
	}
	stray := 0.0
	for _, d := range [4][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		x, y := kx+d[0], ky+d[1]
		if x >= 0 && y >= 0 && x < f.k && y < f.k {
			d := f.shift[i].distance(f.shift[y*f.k+x])
			stray += d * d
		}
	}
	return sum - 8*f.cell*f.cell*stray
}

// fixed returns what is the same in all codes of n modules: corner squares and
// their margins, dotted lines and small squares.
func fixed(n int) []int8 {
	out := make([]int8, n*n)
	set := func(x, y int, dark bool) {
		if x >= 0 && y >= 0 && x < n && y < n {
			out[y*n+x] = 1
			if dark {
				out[y*n+x] = -1
			}
		}
	}
	for i := 8; i < n-8; i++ {
		set(i, 6, i%2 == 0)
		set(6, i, i%2 == 0)
	}
	ring := func(cx, cy, reach int, light ...int) {
		for y := -reach; y <= reach; y++ {
			for x := -reach; x <= reach; x++ {
				r := max(x, -x, y, -y)
				set(cx+x, cy+y, r != light[0] && r != light[1])
			}
		}
	}
	if v, err := decoder.Version_GetVersionForNumber((n - 17) / 4); err == nil {
		centers := v.GetAlignmentPatternCenters()
		for _, x := range centers {
			for _, y := range centers {
				ring(x, y, 2, 1, 1)
			}
		}
	}
	// After the small squares, for three of those are not there.
	ring(3, 3, 4, 2, 4)
	ring(n-4, 3, 4, 2, 4)
	ring(3, n-4, 4, 2, 4)
	return out
}
