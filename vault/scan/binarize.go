// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

// bitmap is a picture of two colours, one byte a pixel: 1 dark, 0 light.
type bitmap struct {
	pix  []byte
	w, h int
}

const (
	// block is the side of the squares whose mean brightness is taken.
	block = 8
	// near and far are how many blocks to each side the brightness that
	// separates dark from light is averaged over: far where the near ones are
	// all alike, as inside a very large module.
	near, far = 2, 12
	// flat is the contrast below which a neighbourhood counts as one colour.
	flat = 24
)

// binarize tells dark pixels from light ones by comparing each with the mean
// of its neighbourhood, so that shadows and dark themes do no harm. Dark on
// light and light on dark are treated alike: one bitmap serves both.
func binarize(g gray) bitmap {
	out := bitmap{make([]byte, g.w*g.h), g.w, g.h}
	bl := measure(g)
	sums := bl.integral()
	for by := range bl.h {
		for bx := range bl.w {
			t := bl.threshold(sums, bx, by)
			for y := by * block; y < min((by+1)*block, g.h); y++ {
				x0, x1 := bx*block, min((bx+1)*block, g.w)
				in := g.pix[y*g.w+x0 : y*g.w+x1]
				to := out.pix[y*g.w+x0:][:len(in)]
				for i, v := range in {
					// The sign bit of a difference, for a branch here costs
					// more than all the rest.
					to[i] = byte(uint32(int32(v)-t) >> 31)
				}
			}
		}
	}
	return out
}

// blocks has the mean, least and greatest brightness of every block.
type blocks struct {
	mean, least, most []byte
	w, h              int
}

func measure(g gray) blocks {
	w, h := (g.w+block-1)/block, (g.h+block-1)/block
	b := blocks{make([]byte, w*h), make([]byte, w*h), make([]byte, w*h), w, h}
	for by := range h {
		for bx := range w {
			sum, n, least, most := 0, 0, byte(255), byte(0)
			for y := by * block; y < min((by+1)*block, g.h); y++ {
				for _, v := range g.pix[y*g.w+bx*block : y*g.w+min((bx+1)*block, g.w)] {
					sum += int(v)
					least, most = min(least, v), max(most, v)
					n++
				}
			}
			i := by*w + bx
			b.mean[i], b.least[i], b.most[i] = byte(sum/n), least, most
		}
	}
	return b
}

// integral returns sums so that the sum over any rectangle of blocks is the
// combination of four of them.
func (b blocks) integral() []int32 {
	w := b.w + 1
	s := make([]int32, w*(b.h+1))
	for y := range b.h {
		line := int32(0)
		for x := range b.w {
			line += int32(b.mean[y*b.w+x])
			s[(y+1)*w+x+1] = s[y*w+x+1] + line
		}
	}
	return s
}

// window returns the mean brightness within n blocks of one.
func (b blocks) window(sums []int32, bx, by, n int) int32 {
	x0, x1 := max(bx-n, 0), min(bx+n+1, b.w)
	y0, y1 := max(by-n, 0), min(by+n+1, b.h)
	w := b.w + 1
	return (sums[y1*w+x1] - sums[y0*w+x1] - sums[y1*w+x0] + sums[y0*w+x0]) / int32((x1-x0)*(y1-y0))
}

// threshold returns the brightness below which pixels of a block are dark; 0
// where nothing is.
func (b blocks) threshold(sums []int32, bx, by int) int32 {
	least, most := byte(255), byte(0)
	for y := max(by-near, 0); y < min(by+near+1, b.h); y++ {
		for x := max(bx-near, 0); x < min(bx+near+1, b.w); x++ {
			least, most = min(least, b.least[y*b.w+x]), max(most, b.most[y*b.w+x])
		}
	}
	if most-least >= flat {
		return b.window(sums, bx, by, near)
	}
	t := b.window(sums, bx, by, far)
	if d := t - int32(b.mean[by*b.w+bx]); d < flat/2 && d > -flat/2 {
		return 0
	}
	return t
}
