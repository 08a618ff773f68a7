// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import "errors"

// What a caller can act on. Every error of a Store wraps exactly one of these
// (ErrNewer counts as ErrDamaged too), unless it wraps the context's error.
var (
	ErrNotFound     = errors.New("item not found")
	ErrLocked       = errors.New("secret store is locked")        // unlock and try again
	ErrNoService    = errors.New("no keyring service")            // none is running or installed, or it went away
	ErrDenied       = errors.New("secret store refused access")   // dismissed or forbidden by the user or the system
	ErrTooLarge     = errors.New("value too large for the store") // more than MaxItem, or the system's own limit
	ErrTimeout      = errors.New("secret store did not answer")   // in the time allowed
	ErrNotStored    = errors.New("value was not stored")          // read-back gave something else: nothing was confirmed
	ErrSealed       = errors.New("locked under the passphrase")   // Unlock and try again
	ErrPassphrase   = errors.New("wrong passphrase")              // or a recovery key that is not this lock's
	ErrNoPassphrase = errors.New("a passphrase is needed")        // and none was given
	ErrUnreadable   = errors.New("item cannot be opened")         // it was changed; the others are not touched
	ErrDamaged      = errors.New("sealed file is damaged")        // or the lock; or made by a newer version: then also ErrNewer
	ErrNewer        = errors.New("made by a newer version")       // update the app
	ErrInvalid      = errors.New("invalid item")                  // a name or value that no store takes: a mistake of the caller
	ErrClosed       = errors.New("secret store is closed")        // after Close
	ErrFailed       = errors.New("secret store failed")           // anything else
)
