// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
)

// setLeaving notes in the index that the other store may hold copies of the
// keys: from before the first is made until the last is gone, so that a move
// that is cut short leaves none for good. The lock is held.
func (v *Vault) setLeaving(kind keystore.Kind) error {
	x := v.current().clone()
	x.Leaving = kind
	if err := x.seal(); err != nil {
		return err
	}
	return v.save(x)
}

// finishMove removes the copies that a move has left in the store that does not
// count. What cannot be done now is done at a later start.
func (v *Vault) finishMove(ctx context.Context) {
	if !v.current().left() {
		return
	}
	unlock, err := v.lock(withoutWaiting(ctx))
	if err != nil {
		return
	}
	defer unlock()
	if err := errors.Join(v.settle(ctx), v.stays()); err != nil || !v.current().left() {
		return
	}
	if v.complete(ctx) != nil {
		return
	}
	old, err := v.otherStore(v.current().Leaving)
	if err != nil {
		return
	}
	defer func() { _ = old.Close() }()
	_ = v.clearOut(ctx, old)
}

// left tells whether the other store may have copies.
func (x *index) left() bool {
	return x.Leaving != x.Store && (x.Leaving == keystore.Keyring || x.Leaving == keystore.File)
}

// complete returns nil where every page is in the store that counts. The index
// could be an older copy, from before a move: then the copies are all there is.
func (v *Vault) complete(ctx context.Context) error {
	x := v.current()
	for n, info := range x.Pages {
		if info == (pageInfo{}) || info.Opaque {
			continue
		}
		p, err := v.readPage(ctx, n)
		if err != nil {
			return err
		}
		p.clear()
		if p.gen != info.Gen {
			return errBehind
		}
	}
	return nil
}

func (v *Vault) otherStore(kind keystore.Kind) (keystore.Store, error) {
	switch {
	case v.open != nil:
		return v.open(kind, v.current().Space)
	case kind == keystore.Keyring:
		return keystore.OpenKeyring(v.current().Space)
	}
	return keystore.LockedFile(filepath.Join(v.dir, sealedName)), nil
}

// clearOut removes the copies in a store that does not count, and notes that
// they are gone.
func (v *Vault) clearOut(ctx context.Context, from keystore.Store) error {
	var err error
	switch {
	case from.Kind() == keystore.Keyring:
		err = v.clearKeyring(ctx, from)
	case v.open == nil:
		if err = atomicfile.Remove(filepath.Join(v.dir, sealedName)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("remove the copies left behind: %w", readOnly(err))
	}
	return v.setLeaving("")
}

// clearKeyring removes every item of ours, also pages that the index does not
// know: found again later, they would bring erased accounts back.
func (v *Vault) clearKeyring(ctx context.Context, from keystore.Store) error {
	for n, missing := 0, 0; n < len(v.current().Pages) || missing < missingPages; n++ {
		value, err := from.Get(ctx, pageName(n))
		value.Clear()
		if errors.Is(err, keystore.ErrNotFound) {
			missing++
			continue
		}
		missing = 0
		if err := from.Delete(ctx, pageName(n)); err != nil {
			return err
		}
	}
	// The lock goes last: without it, what is left could not be opened.
	var err error
	for _, name := range append(otherItems(), keystore.LockItem) {
		err = errors.Join(err, from.Delete(ctx, name))
	}
	return err
}
