// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import "math"

// squares collects corner squares, each once. They are kept by columns of the
// picture, for in noise there are thousands of them.
type squares struct {
	all     []finder
	columns [][]int
}

const (
	// maxFinders is how many squares are kept; noise has more, codes never.
	maxFinders = 4096
	// columnWidth is in pixels.
	columnWidth = 32
)

func newSquares(width int) *squares {
	return &squares{columns: make([][]int, width/columnWidth+1)}
}

// near calls test with each square within reach pixels to the left or right of
// x, until it returns true.
func (s *squares) near(x, reach float64, test func(*finder) bool) bool {
	from := max(int(x-reach)/columnWidth, 0)
	to := min(int(x+reach)/columnWidth, len(s.columns)-1)
	for c := from; c <= to; c++ {
		for _, i := range s.columns[c] {
			if test(&s.all[i]) {
				return true
			}
		}
	}
	return false
}

// again counts a row through a square that is known already; total is the
// length of its five stripes.
func (s *squares) again(x, y, total int) bool {
	m := float64(total) / 7
	return s.near(float64(x), 2.5*m, func(f *finder) bool {
		size := f.size()
		same := math.Abs(f.at.y-float64(y)) < 2*size && math.Abs(f.at.x-float64(x)) < 1.5*size &&
			math.Abs(m-f.across) < 0.4*size
		if same {
			f.hits++
		}
		return same
	})
}

// add adds a square, or counts it when it is known.
func (s *squares) add(f finder) {
	known := s.near(f.at.x, 2*f.size(), func(o *finder) bool {
		same := o.dark == f.dark && o.at.distance(f.at) < o.size() && math.Abs(o.size()-f.size()) < 0.4*o.size()
		if same {
			o.hits++
		}
		return same
	})
	if known || len(s.all) == maxFinders {
		return
	}
	c := min(max(int(f.at.x)/columnWidth, 0), len(s.columns)-1)
	s.columns[c] = append(s.columns[c], len(s.all))
	s.all = append(s.all, f)
}
