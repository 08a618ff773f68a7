// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// kept returns the store that has the keys.
func (v *Vault) kept() keystore.Store {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.store
}

// stays returns ErrMoved when another process has moved the keys to another
// store: this vault has to be opened anew.
func (v *Vault) stays() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.idx.Store != v.store.Kind() {
		return fmt.Errorf("%w: to %s", ErrMoved, v.idx.Store)
	}
	return nil
}

// MoveTo moves the keys to the other kind of store: all of them are there and
// read back before the index says so, and only then the old copies go. The
// passphrase is that of a new sealed file; a keyring needs none. A move that
// fails has changed nothing, but for ErrLeftover: then the keys are moved and
// some old copies are left behind.
func (v *Vault) MoveTo(ctx context.Context, kind keystore.Kind, passphrase secret.Value) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("move keys: %w", err)
	}
	defer unlock()
	if err := errors.Join(v.settle(ctx), v.stays()); err != nil {
		return fmt.Errorf("move keys: %w", err)
	}
	from := v.kept()
	if from.Kind() == kind {
		return nil
	}
	pages := len(v.current().Pages)
	to, err := v.newStore(kind, passphrase)
	if err != nil {
		return fmt.Errorf("move keys: %w", err)
	}
	err = v.copyPages(ctx, from, to)
	if err == nil {
		err = v.settleIn(to)
	}
	if err != nil {
		_ = v.clearOut(context.WithoutCancel(ctx), to, pages)
		_ = to.Close()
		return fmt.Errorf("move keys: %w", err)
	}
	err = v.clearOut(ctx, from, pages)
	_ = from.Close()
	if err != nil {
		return fmt.Errorf("move keys: %w: %w", ErrLeftover, err)
	}
	return nil
}

// copyPages copies every page, also those that cannot be read.
func (v *Vault) copyPages(ctx context.Context, from, to keystore.Store) error {
	items, err := v.everyPage(ctx, from)
	defer clearItems(items)
	if err != nil || len(items) == 0 {
		return err
	}
	return to.Put(ctx, items...)
}

func (v *Vault) everyPage(ctx context.Context, from keystore.Store) ([]keystore.Item, error) {
	var items []keystore.Item
	for n := range v.current().Pages {
		value, err := from.Get(ctx, pageName(n))
		if errors.Is(err, keystore.ErrNotFound) {
			continue // its accounts are listed without keys, here and there
		}
		if err != nil {
			return items, err
		}
		items = append(items, keystore.Item{Name: pageName(n), Value: value})
	}
	return items, nil
}

// newStore opens the store to move to. A sealed file that lies there is none
// of ours any more, as the index names the keyring: it is put aside.
func (v *Vault) newStore(kind keystore.Kind, passphrase secret.Value) (keystore.Store, error) {
	if v.open != nil {
		return v.open(kind, v.current().Space)
	}
	if kind == keystore.Keyring {
		return keystore.OpenKeyring(v.current().Space)
	}
	path := filepath.Join(v.dir, sealedName)
	if keystore.FileExists(path) {
		aside := path + "." + strconv.FormatInt(v.now().Unix(), 10) + ".old"
		if err := os.Rename(path, aside); err != nil {
			return nil, fmt.Errorf("put an older sealed file aside: %w", readOnly(err))
		}
	}
	store, err := keystore.CreateFile(path, passphrase)
	return store, readOnly(err)
}

// settleIn writes the index that names the new store: from then on it counts.
func (v *Vault) settleIn(to keystore.Store) error {
	x := v.current().clone()
	x.Store = to.Kind()
	if err := x.seal(); err != nil {
		return err
	}
	v.file.Lock()
	defer v.file.Unlock()
	st, err := writeIndex(v.dir, x)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.store, v.idx = to, x // at once: nobody sees one without the other
	v.mu.Unlock()
	v.publish(x, st)
	v.unsaved = false
	return nil
}

// clearOut removes the copies of the pages in a store that does not count.
func (v *Vault) clearOut(ctx context.Context, from keystore.Store, pages int) error {
	if from.Kind() == keystore.File {
		if v.open != nil {
			return nil
		}
		if err := os.Remove(filepath.Join(v.dir, sealedName)); err != nil {
			return fmt.Errorf("remove the sealed file: %w", readOnly(err))
		}
		return nil
	}
	var errs error
	for n := range pages {
		errs = errors.Join(errs, from.Delete(ctx, pageName(n)))
	}
	return errs
}
