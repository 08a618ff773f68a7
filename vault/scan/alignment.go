// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"math"
	"sort"
)

// alignment looks for the small square around a guess, within reach modules;
// u and v are a module's sides there. The best places come first.
func (c canvas) alignment(guess, u, v point, reach float64) []point {
	type place struct {
		p     point
		score float64
	}
	var places []place
	const step = 0.5
	n := int(reach / step)
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			p := guess.add(u.mul(float64(i) * step)).add(v.mul(float64(j) * step))
			if p.x < 0 || p.y < 0 || p.x >= float64(c.w) || p.y >= float64(c.h) {
				continue
			}
			if s := c.roughSquare(p, u, v); s > 0.4 {
				far := math.Hypot(float64(i), float64(j)) * step / reach
				places = append(places, place{p, s - 0.15*far})
			}
		}
	}
	sort.SliceStable(places, func(i, j int) bool { return places[i].score > places[j].score })
	var out []point
	for _, pl := range places {
		if len(out) == 3 {
			break
		}
		if p := c.settle(pl.p, u, v); !crowded(out, p, u.length()) {
			out = append(out, p)
		}
	}
	return out
}

// crowded says whether a place is within d of one in ps.
func crowded(ps []point, p point, d float64) bool {
	for _, q := range ps {
		if p.distance(q) < d {
			return true
		}
	}
	return false
}

// settle moves a place uphill to where the small square fits best.
func (c canvas) settle(p, u, v point) point {
	best := c.square(p, u, v)
	for step := 0.25; step > 0.06; step /= 2 {
		for moved := true; moved; {
			moved = false
			for _, d := range [4]point{u.mul(step), u.mul(-step), v.mul(step), v.mul(-step)} {
				if s := c.square(p.add(d), u, v); s > best+1e-6 {
					best, p, moved = s, p.add(d), true
				}
			}
		}
	}
	return p
}

// roughSquare is square without looking between the pixels.
func (c canvas) roughSquare(p, u, v point) float64 {
	var sum, sum2, ring int
	for y := -2.0; y <= 2; y++ {
		for x := -2.0; x <= 2; x++ {
			px, py := int(p.x+u.x*x+v.x*y), int(p.y+u.y*x+v.y*y)
			if px < 0 || py < 0 || px >= c.w || py >= c.h {
				return 0
			}
			val := int(c.pix[py*c.w+px])
			sum += val
			sum2 += val * val
			if max(x, -x, y, -y) == 1 {
				ring += val
			}
		}
	}
	cor := float64(25*ring - 8*sum)
	if c.inverted {
		cor = -cor
	}
	variance := 25*sum2 - sum*sum
	if variance < 30*625 {
		return 0
	}
	// As in square: the template's length times 25 times the deviation.
	return cor / (squareLength * math.Sqrt(float64(variance)/25))
}

// squareLength is the length of the template of square, as a vector: 8 times
// 17² and 17 times 8².
var squareLength = math.Sqrt(8*17*17 + 17*8*8)

// square says how well a place looks like the middle of the small square, a
// dark module in a light ring in a dark ring: the correlation with it.
func (c canvas) square(p, u, v point) float64 {
	var sum, sum2, cor float64
	for y := -2; y <= 2; y++ {
		for x := -2; x <= 2; x++ {
			val := c.at(p.add(u.mul(float64(x))).add(v.mul(float64(y))))
			sum += val
			sum2 += val * val
			// 8 light modules of +17, 17 dark ones of −8.
			if max(x, -x, y, -y) == 1 {
				cor += 17 * val
			} else {
				cor -= 8 * val
			}
		}
	}
	variance := sum2/25 - sum/25*sum/25
	if variance < 30 {
		return 0
	}
	return cor / (squareLength * math.Sqrt(25*variance))
}
