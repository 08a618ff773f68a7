// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"cmp"
	"slices"
	"time"
)

// The least for a majority: servers that agree, and the operators they have.
const (
	quorum    = 3
	operators = 2
)

// Agreement is what several sources say together.
type Agreement struct {
	Offset      time.Duration // the middle of what all that agree allow
	Uncertainty time.Duration
	// Majority tells that at least three sources of at least two operators
	// agree, and that they are more than half of those that answered.
	Majority bool
	// With and Against are the sources that allow Offset and those that do not.
	With, Against []Estimate
}

// Agree intersects the estimates (Marzullo's algorithm): the offset that most
// sources allow. Where as many allow one offset as another, the narrower
// stretch counts. Liars that are fewer than those that tell the truth can move
// the offset only to where one of these still allows it. Without estimates the
// second result is false.
//
// A server that spreads leap seconds can be off by up to half a second while it
// does so. Where both sorts answered, those that spread are left aside, unless
// no others agree; their uncertainty is then widened by that half second.
func Agree(all []Estimate) (Agreement, bool) {
	plain := slices.DeleteFunc(slices.Clone(all), func(e Estimate) bool { return e.Smeared })
	if len(plain) > 0 && len(plain) < len(all) {
		if a := agree(plain); a.Majority {
			for _, e := range all {
				if e.Smeared {
					a.sort(widened(e))
				}
			}
			a.Majority = 2*len(a.With) > len(all)
			return a, true
		}
		all = slices.Clone(all)
		for i, e := range all {
			all[i] = widened(e)
		}
	}
	if len(all) == 0 {
		return Agreement{}, false
	}
	return agree(all), true
}

// smear is how far a server that spreads a leap second can be from the others.
const smear = 500 * time.Millisecond

func widened(e Estimate) Estimate {
	if e.Smeared {
		e.Uncertainty += smear
	}
	return e
}

// edge is where a source begins or ceases to allow an offset.
type edge struct {
	at    time.Duration
	opens bool
}

func agree(all []Estimate) Agreement {
	edges := make([]edge, 0, 2*len(all))
	for _, e := range all {
		edges = append(edges, edge{e.Low(), true}, edge{e.High(), false})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		if c := cmp.Compare(a.at, b.at); c != 0 || a.opens == b.opens {
			return c
		}
		if a.opens {
			return -1
		}
		return 1
	})
	var low, high time.Duration
	depth, best := 0, 0
	for i, e := range edges {
		if !e.opens {
			depth--
			continue
		}
		depth++
		to := edges[i+1].at // a source that opens closes later
		if depth > best || depth == best && to-e.at < high-low {
			best, low, high = depth, e.at, to
		}
	}
	a := Agreement{Offset: low + (high-low)/2, Uncertainty: (high - low + 1) / 2}
	for _, e := range all {
		a.sort(e)
	}
	who := map[string]bool{}
	for _, e := range a.With {
		who[e.Operator] = true
	}
	a.Majority = len(a.With) >= quorum && len(who) >= operators && 2*len(a.With) > len(all)
	return a
}

func (a *Agreement) sort(e Estimate) {
	if e.Low() <= a.Offset && a.Offset <= e.High() {
		a.With = append(a.With, e)
		return
	}
	a.Against = append(a.Against, e)
}
