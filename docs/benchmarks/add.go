// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strconv"
)

// addRuns is few: each run leaves a filled store behind in the same keyring,
// as it would be for a person with several.
const addRuns = 3

// benchAdd measures accounts added by one command from standard input.
func benchAdd(s *session, set settings) ([]table, error) {
	t := table{
		title: "Adding accounts, one command",
		head:  []string{"accounts", "keyring", "sealed file"},
	}
	sizes := []int{1, len(s.accounts)}
	for _, n := range sizes {
		row := []string{strconv.Itoa(n)}
		for _, store := range []string{"keyring", "file"} {
			var taken times
			for i := range addRuns {
				c, err := s.kutano(set, store, fmt.Sprintf("add-%s-%d-%d", store, n, i), "add")
				if err != nil {
					return nil, err
				}
				c.stdin = uris(s.accounts[:n])
				_, took, err := c.once()
				if err != nil {
					return nil, err
				}
				taken = append(taken, took)
			}
			row = append(row, taken.median())
		}
		t.add(row...)
	}
	t.note = fmt.Sprintf("Medians of %d runs, each into a new store.", addRuns)
	return []table{t}, nil
}
