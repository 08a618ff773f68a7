// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"slices"
	"time"
)

// Within a change accounts keep their places in the list of the index to come:
// new ones are appended, those forgotten leave when it is stored. So one of ten
// thousand is found without looking at the others.

// where returns the account's place in the list, or -1.
func (t *tx) where(id ID) int {
	if i, ok := t.added[id]; ok {
		return i
	}
	if i, ok := t.idx.at[id]; ok {
		return i
	}
	return -1
}

// list appends an account.
func (t *tx) list(a Account) {
	if t.added == nil {
		t.added = map[ID]int{}
	}
	t.added[a.ID] = len(t.idx.accounts)
	t.idx.accounts = append(t.idx.accounts, a)
}

// forget has an account leave the list.
func (t *tx) forget(id ID) {
	if t.gone == nil {
		t.gone = map[ID]bool{}
	}
	t.gone[id] = true
	t.ids = append(t.ids, id)
}

// settleList ends the list: nothing is looked for any more.
func (t *tx) settleList() error {
	if len(t.gone) > 0 {
		t.idx.accounts = slices.DeleteFunc(t.idx.accounts, func(a Account) bool { return t.gone[a.ID] })
	}
	return t.idx.seal()
}

// removalTime is the vault's, asked once.
func (t *tx) removalTime() time.Time {
	if t.removal.IsZero() {
		t.removal = t.v.removalTime()
	}
	return t.removal
}
