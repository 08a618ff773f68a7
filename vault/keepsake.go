// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// keepsakes are the names of small secrets that are kept beside the pages and have
// nothing to do with accounts: they stand in no snapshot and no backup. What a
// program keeps there must be able to be lost, as with a keyring that is reset.
var keepsakes = []string{"link", "link-enrol", "link-desk"}

// otherItems are the items of the store beside the pages and the lock.
func otherItems() []string {
	return append([]string{recoveryItem, intakeItem}, keepsakes...)
}

// mayBeLost tells whether an item that cannot be opened any more is done without.
func mayBeLost(name string) bool { return name != recoveryItem }

// mostKeepsake is the most bytes that a keepsake has: what every store takes,
// under a passphrase or not.
const mostKeepsake = keystore.MaxSealed

// Keepsake returns a small secret that is kept beside the accounts, by one of a few
// names; an empty Value where there is none, or where it cannot be opened any more.
// Under a passphrase it is sealed as the keys are: locked it is keystore.ErrSealed.
func (v *Vault) Keepsake(ctx context.Context, name string) (secret.Value, error) {
	if err := keepsakeName(name); err != nil {
		return secret.Value{}, err
	}
	if err := v.stillHere(); err != nil {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, err)
	}
	value, err := v.kept().Get(ctx, name)
	if errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrUnreadable) {
		if err := v.stillHere(); err != nil { // moved between the two looks
			return secret.Value{}, fmt.Errorf("read %s: %w", name, err)
		}
		return secret.Value{}, nil
	}
	if err != nil {
		v.noteGuard(err)
		return secret.Value{}, fmt.Errorf("read %s: %w", name, err)
	}
	return value, nil
}

// stillHere reads anew which store counts: another program may have moved what is
// kept, and here it would only look lost.
func (v *Vault) stillHere() error {
	_, err := v.reload()
	return errors.Join(err, v.stays())
}

// SetKeepsake keeps a small secret of printable ASCII in the place of the one with
// that name, or removes it where value is empty. One that is too long is ErrTooLarge.
func (v *Vault) SetKeepsake(ctx context.Context, name string, value secret.Value) error {
	if err := keepsakeName(name); err != nil {
		return err
	}
	if value.Len() > mostKeepsake {
		return fmt.Errorf("keep %s: %w", name, ErrTooLarge)
	}
	err := v.setKeepsake(ctx, name, value)
	if err != nil {
		v.noteGuard(err)
		return fmt.Errorf("keep %s: %w", name, readOnly(err))
	}
	return nil
}

func (v *Vault) setKeepsake(ctx context.Context, name string, value secret.Value) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := errors.Join(v.settle(ctx), v.stays()); err != nil {
		return err
	}
	if value.Len() == 0 {
		return v.kept().Delete(ctx, name)
	}
	return v.kept().Put(ctx, keystore.Item{Name: name, Value: value})
}

func keepsakeName(name string) error {
	if !slices.Contains(keepsakes, name) {
		return fmt.Errorf("keepsake %q: %w", name, keystore.ErrInvalid)
	}
	return nil
}
