// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import "github.com/kutano/authenticator/sync/clock"

// agree returns what the estimates agree on, and whether there is no need to ask
// more: a majority, which nothing that was proven contradicts. Where codes would
// be corrected by it, something has to be proven for it, too: who blocks NTS can
// make up all the rest. Where more of the proven ones are against it than for it,
// they decide among themselves.
func agree(all []clock.Estimate) (a clock.Agreement, certain bool) {
	a, _ = clock.Agree(all)
	if proven(a.Against) <= proven(a.With) {
		return a, a.Majority && (a.Offset.Abs() < clock.Worth || proven(a.With) > 0)
	}
	var some, others []clock.Estimate
	for _, e := range all {
		if e.Proven {
			some = append(some, e)
		} else {
			others = append(others, e)
		}
	}
	a, _ = clock.Agree(some)
	for _, e := range others {
		if e.Low() <= a.Offset && a.Offset <= e.High() {
			a.With = append(a.With, e)
		} else {
			a.Against = append(a.Against, e)
		}
	}
	return a, false
}

func proven(es []clock.Estimate) (n int) {
	for _, e := range es {
		if e.Proven {
			n++
		}
	}
	return n
}
