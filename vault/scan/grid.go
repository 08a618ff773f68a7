// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import "math"

// grid maps a code's modules onto a picture: a projective transform.
type grid struct {
	h [8]float64
	n int // modules a side
}

// at returns where in the picture the place x, y of the code is, in modules
// from its upper left corner.
func (g *grid) at(x, y float64) point {
	w := g.h[6]*x + g.h[7]*y + 1
	return point{(g.h[0]*x + g.h[1]*y + g.h[2]) / w, (g.h[3]*x + g.h[4]*y + g.h[5]) / w}
}

// newGrid returns the transform that brings four places of a code of n
// modules onto four places of a picture.
func newGrid(n int, from, to [4]point) (grid, bool) {
	var a [8][9]float64
	for i := range from {
		f, t := from[i], to[i]
		a[2*i] = [9]float64{f.x, f.y, 1, 0, 0, 0, -f.x * t.x, -f.y * t.x, t.x}
		a[2*i+1] = [9]float64{0, 0, 0, f.x, f.y, 1, -f.x * t.y, -f.y * t.y, t.y}
	}
	if !solve(&a) {
		return grid{}, false
	}
	g := grid{n: n}
	for i := range g.h {
		g.h[i] = a[i][8]
	}
	return g, true
}

// solve brings eight linear equations into the form of their solution.
func solve(a *[8][9]float64) bool {
	for col := range a {
		pivot := col
		for r := col + 1; r < len(a); r++ {
			if math.Abs(a[r][col]) > math.Abs(a[pivot][col]) {
				pivot = r
			}
		}
		if math.Abs(a[pivot][col]) < 1e-9 {
			return false
		}
		a[col], a[pivot] = a[pivot], a[col]
		for r := range a {
			if r == col {
				continue
			}
			f := a[r][col] / a[col][col]
			for k := col; k < 9; k++ {
				a[r][k] -= f * a[col][k]
			}
		}
	}
	for r := range a {
		a[r][8] /= a[r][r]
	}
	return true
}

// canvas is a picture to take modules from, dark on light.
type canvas struct {
	gray
	inverted bool
}

// at returns the brightness between pixels. Beyond the edge the picture goes
// on as it ends.
func (c canvas) at(p point) float64 {
	x := math.Min(math.Max(p.x-0.5, 0), float64(c.w)-1.001)
	y := math.Min(math.Max(p.y-0.5, 0), float64(c.h)-1.001)
	x0, y0 := int(x), int(y)
	fx, fy := x-float64(x0), y-float64(y0)
	i := y0*c.w + x0
	up, low := c.pix[i:i+2:i+2], c.pix[i+c.w:i+c.w+2:i+c.w+2]
	v := (float64(up[0])*(1-fx)+float64(up[1])*fx)*(1-fy) + (float64(low[0])*(1-fx)+float64(low[1])*fx)*fy
	if c.inverted {
		return 255 - v
	}
	return v
}

// placer maps the modules of a code onto a picture.
type placer interface{ at(x, y float64) point }

// sample returns the brightness of every module of a code of n a side.
func (c canvas) sample(g placer, n int) []float64 {
	out := make([]float64, n*n)
	// Large modules are averaged over their inner part, against noise.
	mid := float64(n) / 2
	big := g.at(mid, mid).distance(g.at(mid+1, mid)) >= 2.5
	for y := range n {
		for x := range n {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			v := c.at(g.at(cx, cy))
			if big {
				const d = 0.22
				v = (2*v + c.at(g.at(cx-d, cy-d)) + c.at(g.at(cx+d, cy-d)) + c.at(g.at(cx-d, cy+d)) + c.at(g.at(cx+d, cy+d))) / 6
			}
			out[y*n+x] = v
		}
	}
	return out
}

// timing says how well the two dotted lines between the corner squares are
// met: 1 perfectly, about one half by chance.
func (c canvas) timing(g *grid) float64 {
	good, all := 0, 0
	for _, across := range []bool{true, false} {
		value := func(i int) float64 {
			if across {
				return c.at(g.at(float64(i)+0.5, 6.5))
			}
			return c.at(g.at(6.5, float64(i)+0.5))
		}
		before, here := value(7), value(8)
		for i := 8; i < g.n-8; i++ {
			after := value(i + 1)
			d := here - (before+after)/2
			if i%2 == 0 {
				d = -d
			}
			if d > 0 {
				good++
			}
			all++
			before, here = here, after
		}
	}
	return float64(good) / float64(all)
}

// dotted says how well the two dotted lines of a code of n modules leave the
// corner squares: 1 perfectly, one half by chance. Near the squares they are met without
// knowing the fourth corner, so most false corners end here, cheaply.
func (c canvas) dotted(k corners, n int) float64 {
	tl, tr, bl := k.topLeft.at, k.topRight.at, k.bottomLeft.at
	span := float64(n - 7)
	u, v := tr.sub(tl).mul(1/span), bl.sub(tl).mul(1/span)
	dots := min(7, n-14)
	good := 0
	for _, line := range [4][2]point{
		{tl.add(u.mul(3)).add(v.mul(3)), u},
		{tr.sub(u.mul(3)).add(v.mul(3)), u.mul(-1)},
		{tl.add(v.mul(3)).add(u.mul(3)), v},
		{bl.sub(v.mul(3)).add(u.mul(3)), v.mul(-1)},
	} {
		before := c.at(line[0])
		for i := 1; i <= dots; i++ {
			here := c.at(line[0].add(line[1].mul(float64(i))))
			if (here > before) == (i%2 == 1) {
				good++
			}
			before = here
		}
	}
	return float64(good) / float64(4*dots)
}
