// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

// halve returns the picture at half its size, each pixel the mean of four:
// against noise, and for very large codes.
func (g gray) halve() gray {
	out := newGray(g.w/2, g.h/2)
	for y := range out.h {
		up, low, to := g.row(2*y), g.row(2*y+1), out.row(y)
		for x := range to {
			to[x] = byte((int(up[2*x]) + int(up[2*x+1]) + int(low[2*x]) + int(low[2*x+1]) + 2) / 4)
		}
	}
	return out
}

// modest returns the picture at a size at which slow filters are affordable.
func (g gray) modest() gray {
	for g.w*g.h > 3_000_000 {
		g = g.halve()
	}
	return g
}

// double returns the picture at twice its size (Catmull-Rom): for codes whose
// modules are hardly larger than a pixel.
func (g gray) double() gray {
	return g.doubleRows().transpose().doubleRows().transpose()
}

// doubleRows makes every row twice as long. The weights are those of the
// Catmull-Rom spline a quarter of a pixel away, in 1/128.
func (g gray) doubleRows() gray {
	out := newGray(2*g.w, g.h)
	for y := range g.h {
		in, to := g.row(y), out.row(y)
		for x := range in {
			b, c, d := int(in[max(x-1, 0)]), int(in[x]), int(in[min(x+1, g.w-1)])
			a, e := int(in[max(x-2, 0)]), int(in[min(x+2, g.w-1)])
			to[2*x] = limit(-3*a+29*b+111*c-9*d, 128)
			to[2*x+1] = limit(-9*b+111*c+29*d-3*e, 128)
		}
	}
	return out
}

// limit divides and keeps the result within a byte.
func limit(v, by int) byte { return byte(min(max(v/by, 0), 255)) }

// transpose swaps rows and columns, in squares that fit the processor's cache.
func (g gray) transpose() gray {
	const side = 32
	out := newGray(g.h, g.w)
	for y0 := 0; y0 < g.h; y0 += side {
		for x0 := 0; x0 < g.w; x0 += side {
			for y := y0; y < min(y0+side, g.h); y++ {
				for x := x0; x < min(x0+side, g.w); x++ {
					out.pix[x*g.h+y] = g.pix[y*g.w+x]
				}
			}
		}
	}
	return out
}

// sharpen returns the picture with what differs from the mean within radius
// pixels made stronger by amount, in quarters.
func (g gray) sharpen(radius, amount int) gray {
	soft := g.blur(radius)
	out := newGray(g.w, g.h)
	for i, v := range g.pix {
		d := int(v) - int(soft.pix[i])
		out.pix[i] = limit(4*int(v)+amount*d, 4)
	}
	return out
}

// blur returns the mean of the square of radius pixels around each.
func (g gray) blur(radius int) gray {
	return g.blurRows(radius).transpose().blurRows(radius).transpose()
}

func (g gray) blurRows(radius int) gray {
	out := newGray(g.w, g.h)
	n := 2*radius + 1
	for y := range g.h {
		in, to := g.row(y), out.row(y)
		sum := 0
		for i := -radius; i <= radius; i++ {
			sum += int(in[min(max(i, 0), g.w-1)])
		}
		for x := range to {
			to[x] = byte(sum / n)
			sum += int(in[min(x+radius+1, g.w-1)]) - int(in[max(x-radius, 0)])
		}
	}
	return out
}
