// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import "math"

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
