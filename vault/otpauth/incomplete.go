// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"cmp"
	"slices"
)

// Missing tells of a Google Authenticator export of which some QR codes have not been read.
type Missing struct {
	ID   int32
	Have []int // the indexes that were read, ascending, from 0
	Size int   // how many QR codes the export has
}

// Incomplete returns the exports in these texts that miss QR codes, by ID. The texts are
// what was read so far, in any order, the same code once or more often.
func Incomplete(texts []string) []Missing {
	type export struct {
		id   int32
		size int
	}
	have := map[export][]int{}
	for _, text := range texts {
		for c := range candidates(text) {
			if c.scheme != schemeMigration {
				continue
			}
			if b, _, err := c.migration(); err == nil {
				have[export{b.ID, b.Size}] = append(have[export{b.ID, b.Size}], b.Index)
			}
		}
	}
	var out []Missing
	for e, indexes := range have {
		slices.Sort(indexes)
		indexes = slices.Compact(indexes)
		if len(indexes) < e.size {
			out = append(out, Missing{e.id, indexes, e.size})
		}
	}
	slices.SortFunc(out, func(a, b Missing) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Size, b.Size))
	})
	return out
}
