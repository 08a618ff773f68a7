// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"slices"

	"github.com/kutano/authenticator/vault"
)

// Moved returns all ids in the order after id has moved by one row, up (-1) or
// down (+1), among the rows that are shown; those in between that a search
// hides keep their places around it. ok is false at an end of the list.
func Moved(all, shown []vault.ID, id vault.ID, by int) (order []vault.ID, ok bool) {
	at := slices.Index(shown, id)
	if at < 0 || at+by < 0 || at+by >= len(shown) || by == 0 {
		return nil, false
	}
	neighbour := shown[at+by]
	order = slices.DeleteFunc(slices.Clone(all), func(x vault.ID) bool { return x == id })
	to := slices.Index(order, neighbour)
	if to < 0 || len(order) == len(all) {
		return nil, false
	}
	if by > 0 {
		to++
	}
	return slices.Insert(order, to, id), true
}

// Order returns the ids of all accounts after row i has moved by one row.
func (m *Model) Order(id vault.ID, by int) ([]vault.ID, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Moved(ids(m.accounts), ids(m.shown), id, by)
}

func ids(as []vault.Account) []vault.ID {
	out := make([]vault.ID, len(as))
	for i := range as {
		out[i] = as[i].ID
	}
	return out
}
