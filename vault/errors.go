// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import "errors"

// What a caller can act on, besides the errors of package keystore.
var (
	ErrExists   = errors.New("an account with this issuer and name exists")
	ErrUnknown  = errors.New("no such account")
	ErrBusy     = errors.New("another program is changing the accounts")
	ErrKeysGone = errors.New("the key is no longer in the secret store")
	ErrReadOnly = errors.New("the data folder cannot be written")
	ErrTooLarge = errors.New("account too large to keep")
	ErrNotHOTP  = errors.New("not a counter-based account")
	ErrNewer    = errors.New("made by a newer version")
	ErrOther    = errors.New("the data folder uses another secret store")
	ErrMoved    = errors.New("another program moved the keys to another secret store")
	ErrLeftover = errors.New("the keys are moved, and the old place still has a copy")
	ErrAside    = errors.New("the account's entry cannot be read")
)

// ExistsError says which account stands in the way of an Add.
type ExistsError struct {
	Account Account
	Same    bool // it has the same key, too
}

// Error tells that the account exists.
func (e *ExistsError) Error() string { return ErrExists.Error() }

// Unwrap returns ErrExists.
func (e *ExistsError) Unwrap() error { return ErrExists }
