// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

const addRuns = 5

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
				took, err := s.addOnce(set, store, fmt.Sprintf("add-%s-%d-%d", store, n, i), n)
				if err != nil {
					return nil, err
				}
				taken = append(taken, took)
			}
			row = append(row, taken.median())
		}
		t.add(row...)
	}
	t.note = fmt.Sprintf("Medians of %d runs, each into a new store, the keyring's runs each into a new keyring.", addRuns)
	return []table{t}, nil
}

// addOnce adds accounts to a new store. A keyring is new, too: the daemon
// writes all that it has with each change, so the runs before would count.
func (s *session) addOnce(set settings, store, name string, n int) (time.Duration, error) {
	if store == "keyring" {
		fresh, err := keyringtest.Open()
		if err != nil {
			return 0, err
		}
		defer fresh.Close()
		before := s.keyring
		s.keyring = fresh
		defer func() { s.keyring = before }()
	}
	c, err := s.kutano(set, store, name, "add")
	if err != nil {
		return 0, err
	}
	c.stdin = uris(s.accounts[:n])
	_, took, err := c.once()
	return took, err
}
