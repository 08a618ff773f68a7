// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"context"

	"github.com/kutano/authenticator/vault/secret"
)

// Match says how surely a content is of a format.
type Match uint8

// The matches. The surest reader reads a source; of two that are equally sure,
// the one that stands first in the list of readers.
const (
	No    Match = iota
	Maybe       // nothing speaks against it: any text, any picture
	Sure        // its magic bytes, or fields that no other app has
)

// Format names what a reader reads.
type Format struct {
	ID  string // for programs, stable: "aegis"
	App string // the app's own name, the same in all languages: "Aegis"
}

// Lock says what a source needs to be opened.
type Lock uint8

// The locks.
const (
	Open     Lock = iota
	Password      // a password or passphrase
)

// Runner is what a Reader is too that has another program do the work.
type Runner interface {
	// Runs tells whether reading a source that Detect knows runs it. Nobody wants
	// that for a file which was merely met, see Source.Met.
	Runs(s *Source) bool
}

// Reader reads one app's format, all versions and variants of it.
type Reader interface {
	Format() Format
	// Detect looks at the content. It reads no more than it has to.
	Detect(s *Source) Match
	// Lock tells what opens a source that Detect knows. An error says that
	// nothing can: ErrTooCostly, ErrNewer, ErrRestricted and the like; the lock
	// that is returned with it tells whether it is encrypted. It does not try a
	// password.
	Lock(s *Source) (Lock, error)
	// Read calls add for each entry, in the order of the file, until ctx is
	// done. The error is about the file as a whole: ErrPassword, ErrCutShort,
	// ErrDamaged, ErrNewer and others of this package. Entries that were added
	// before it stand. pass is empty where Lock said Open; it is not kept.
	Read(ctx context.Context, s *Source, pass secret.Value, add func(Entry)) error
}
