// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"context"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Locking says whether a format is encrypted.
type Locking uint8

// The lockings.
const (
	NeverLocked Locking = iota
	MayBeLocked
	AlwaysLocked
)

// Beside is a set of what there is of an account beside its key.
type Beside uint8

// What there is.
const (
	Tags       Beside = 1 << iota // all of them
	FirstTag                      // of several the first
	Note                          // up to the length that the format takes
	Favourite                     // that it is one
	Parameters                    // of a key URI, that nobody knows
)

// Target is a format that can be written.
type Target struct {
	Format
	ID      string // of the target: "aegis", "google-qr"; the Format's may differ
	Ext     string // of the file's name, with its dot
	Locking Locking
	Several bool   // it may be several files, such as one picture for each ten accounts
	Holds   Beside // what it has a place for beside the key
}

// Lacks tells whether something of the entry beside its key has no place in the
// format: its codes are the same there, and the rest is not all there is.
func (t Target) Lacks(e Entry) bool {
	has := func(b Beside) bool { return t.Holds&b != 0 }
	tags := has(Tags) || len(e.Tags) == 0 || len(e.Tags) == 1 && has(FirstTag)
	return !tags || e.Note != "" && !has(Note) || e.Favourite && !has(Favourite) ||
		len(e.Key.Extra) > 0 && !has(Parameters)
}

// Output is one file of an export.
type Output struct {
	Suffix string // between the name that was chosen and the extension: "", "-1", "-2"
	Data   []byte
}

// Writer writes one app's format.
type Writer interface {
	Target() Target
	// Fits returns nil where the app has a place for the key, which is valid and
	// normal, and else a PlaceError.
	Fits(k otpauth.Key) error
	// Write writes entries that all fit. Pass is empty for a plain file. It does
	// not read back.
	Write(ctx context.Context, entries []Entry, pass secret.Value) ([]Output, error)
}
