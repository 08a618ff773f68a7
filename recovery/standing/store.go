// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"context"
	"errors"
	"io/fs"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// stores say what an error of the secret store means for the person. An error may
// wrap several: the first one counts.
var stores = []struct {
	err error
	is  Store
}{
	{keystore.ErrLocked, StoreLocked},
	{keystore.ErrSealed, StoreLocked},
	{keystore.ErrNoPassphrase, StoreLocked},
	{keystore.ErrPassphrase, StoreLocked},
	{keystore.ErrDenied, StoreDenied},
	{vault.ErrReadOnly, StoreReadOnly},
	{vault.ErrKeysGone, EntryMissing},
	{vault.ErrMoved, EntryMissing},
	{vault.ErrOther, EntryMissing},
	{keystore.ErrNotFound, EntryMissing},
	{vault.ErrAside, EntryUnreadable},
	{vault.ErrNewer, EntryUnreadable},
	{vault.ErrBusy, EntryUnreadable}, // the list and the keys do not go together now
	{keystore.ErrUnreadable, EntryUnreadable},
	{keystore.ErrDamaged, EntryUnreadable}, // ErrNewer too
	{keystore.ErrNoService, NoBackend},
	{keystore.ErrTimeout, NoBackend},
	{context.DeadlineExceeded, NoBackend},
	{fs.ErrNotExist, EntryMissing}, // the sealed file is gone
	{fs.ErrPermission, StoreDenied},
}

// store is the state of the secret store: of what keeps Kutano's key, as far as
// there is one. An error that nobody named means that what keeps the keys does not
// work: no keyring, or a sealed file that cannot be read.
func (s Sources) store() Store {
	for _, known := range stores {
		if errors.Is(s.StoreErr, known.err) {
			return known.is
		}
	}
	switch {
	case s.StoreErr == nil && s.Kind == keystore.File:
		return SealedFile
	case s.StoreErr == nil:
		return StoreOK
	case s.Kind == keystore.File:
		return EntryUnreadable
	}
	return NoBackend
}
