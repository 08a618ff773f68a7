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
	ErrTooMany  = errors.New("more accounts than a backup holds")
	ErrNotHOTP  = errors.New("not a counter-based account")
	ErrNewer    = errors.New("made by a newer version")
	ErrOther    = errors.New("the data folder uses another secret store")
	ErrMoved    = errors.New("another program moved the keys to another secret store")
	ErrLeftover = errors.New("the keys are moved, and the old place still has a copy")
	ErrAside    = errors.New("the account's entry cannot be read")

	ErrNothingToUndo = errors.New("nothing that was taken in can be undone")

	ErrNoGuard    = errors.New("no passphrase is set")
	ErrNeedsGuard = errors.New("a sealed file needs a passphrase")
	ErrUnfinished = errors.New("the passphrase is set, and not all keys are under it yet")
	ErrNoEscrow   = errors.New("the recovery key cannot open this lock")
	ErrNoRecovery = errors.New("there is no recovery key")
	ErrForeignKey = errors.New("the recovery key in the data folder is not the one that was made here")
	ErrUntested   = errors.New("the first snapshot did not open with the recovery key")
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
