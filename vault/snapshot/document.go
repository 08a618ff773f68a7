// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// Document is everything a backup holds.
type Document struct {
	// Made is when it was made, to the second.
	Made time.Time
	// Accounts stand in the user's order.
	Accounts []Entry
	// Aside is what could not be read, in the vault or in this document.
	Aside []Aside
}

// Entry is an account of a backup.
type Entry struct {
	// ID is the vault's, twelve of a–z and 2–7, or empty.
	ID string
	// URI is the key URI, at most 4096 bytes. Decode does not parse it.
	URI secret.Value
	// Tags, Note and Icon are what the user gave the account.
	Tags       []string
	Note, Icon string
	Favourite  bool
	// Used, Verified and Removed are times to the second; the zero time is
	// never, or for Removed an account that is live.
	Used, Verified, Removed time.Time
}

// Aside is something that could not be read. It is kept as it is.
type Aside struct {
	// Name is what the line seems to be called, or empty; Reason is why it
	// could not be read. Neither is secret.
	Name, Reason string
	// Line is the whole of it, of any bytes.
	Line secret.Value
}

// Clear overwrites every key of the document.
func (d Document) Clear() {
	for _, e := range d.Accounts {
		e.URI.Clear()
	}
	for _, a := range d.Aside {
		a.Line.Clear()
	}
}
