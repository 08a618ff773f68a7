// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"time"

	"github.com/kutano/authenticator/vault/snapshot"
)

// Document returns the entries that came in as a document for the vault's
// Preview and TakeIn. Its accounts stand for the entries whose indexes are
// returned beside. What was in the other app's bin counts as removed now. The
// keys are copies: the caller clears both.
func (r *Result) Document(now time.Time) (d snapshot.Document, at []int) {
	d.Made = now
	for i, e := range r.Entries {
		if e.Err != nil {
			continue
		}
		s := snapshot.Entry{URI: e.Key.URI(), Tags: e.Tags, Note: e.Note, Favourite: e.Favourite}
		if e.Trashed {
			s.Removed = now
		}
		d.Accounts = append(d.Accounts, s)
		at = append(at, i)
	}
	return d, at
}
