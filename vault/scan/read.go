// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"math"
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

// splitGlobal tells dark modules by one brightness for all, the one that
// parts them best (Otsu's method).
func splitGlobal(values []float64) []bool {
	var hist [256]int
	for _, v := range values {
		hist[int(math.Min(math.Max(v, 0), 255))]++
	}
	total, sum := len(values), 0
	for i, n := range hist {
		sum += i * n
	}
	best, cut, below, sumBelow := -1.0, 128.0, 0, 0
	for i, n := range hist {
		below += n
		sumBelow += i * n
		above := total - below
		if below == 0 || above == 0 {
			continue
		}
		d := float64(sumBelow)/float64(below) - float64(sum-sumBelow)/float64(above)
		if s := float64(below) * float64(above) * d * d; s > best {
			best, cut = s, float64(i)+1
		}
	}
	out := make([]bool, len(values))
	for i, v := range values {
		out[i] = v < cut
	}
	return out
}

// splitLocal tells dark modules by the mean of those around.
func splitLocal(values []float64, n int) []bool {
	mids := means(values, n)
	out := make([]bool, len(values))
	for i, v := range values {
		out[i] = v < mids[i]
	}
	return out
}

// means returns the mean brightness around each module.
func means(values []float64, n int) []float64 {
	const reach = 5
	w := n + 1
	sums := make([]float64, w*w)
	for y := range n {
		line := 0.0
		for x := range n {
			line += values[y*n+x]
			sums[(y+1)*w+x+1] = sums[y*w+x+1] + line
		}
	}
	out := make([]float64, len(values))
	for y := range n {
		for x := range n {
			x0, x1, y0, y1 := max(x-reach, 0), min(x+reach+1, n), max(y-reach, 0), min(y+reach+1, n)
			s := sums[y1*w+x1] - sums[y0*w+x1] - sums[y1*w+x0] + sums[y0*w+x0]
			out[y*n+x] = s / float64((x1-x0)*(y1-y0))
		}
	}
	return out
}

// sharpen takes from each module what its neighbours have leaked into it.
func sharpen(values []float64, n int) []float64 {
	out := make([]float64, len(values))
	for y := range n {
		for x := range n {
			i := y*n + x
			sum := values[y*n+max(x-1, 0)] + values[y*n+min(x+1, n-1)] + values[max(y-1, 0)*n+x] + values[min(y+1, n-1)*n+x]
			out[i] = values[i] + 0.8*(values[i]-sum/4)
		}
	}
	return out
}
