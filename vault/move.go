// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/kutano/authenticator/vault/atomicfile"
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
	to, err := v.newStore(ctx, kind, passphrase)
	if err != nil {
		return fmt.Errorf("move keys: %w", err)
	}
	err = v.shrinkPages(ctx, to.Bulk())
	if err == nil {
		err = v.copyPages(ctx, from, to)
	}
	if err == nil {
		err = v.settleIn(to)
	}
	if err != nil {
		_ = v.clearOut(context.WithoutCancel(ctx), to)
		_ = to.Close()
		return fmt.Errorf("move keys: %w", err)
	}
	err = v.clearOut(ctx, from)
	_ = from.Close()
	v.escrowNow(ctx) // the recovery key has to open the new lock
	v.later()
	if err != nil {
		return fmt.Errorf("move keys: %w: %w", ErrLeftover, err)
	}
	return nil
}

// shrinkPages makes pages smaller that the other store does not take: they were made
// on another system.
func (v *Vault) shrinkPages(ctx context.Context, most int) error {
	if !slices.ContainsFunc(v.current().Pages, func(p pageInfo) bool { return p.Size > most }) {
		return nil
	}
	return v.apply(ctx, func(t *tx) error {
		t.most = room(most)
		for n, info := range t.idx.Pages {
			if info.Size <= most {
				continue
			}
			p, err := t.page(ctx, n)
			if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
				continue
			}
			if err == nil {
				err = t.shrink(ctx, n, p)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// copyPages copies every page, also those whose entries cannot be read. One that
// the store itself cannot open keeps the keys where they are.
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
	for _, name := range otherItems() {
		value, err := from.Get(ctx, name)
		switch {
		case err == nil:
			items = append(items, keystore.Item{Name: name, Value: value})
		case errors.Is(err, keystore.ErrNotFound), errors.Is(err, keystore.ErrUnreadable) && mayBeLost(name):
		default:
			return items, err
		}
	}
	return items, nil
}

// newStore opens the store to move to, empty. What a move that was cut short
// has left there goes. Any other sealed file that lies there is none of ours any
// more, as the index names the keyring: it is put aside.
func (v *Vault) newStore(ctx context.Context, kind keystore.Kind, passphrase secret.Value) (keystore.Store, error) {
	path := filepath.Join(v.dir, sealedName)
	if v.open == nil && kind == keystore.File && keystore.FileExists(path) && !v.current().left() {
		aside := path + "." + strconv.FormatInt(v.now().Unix(), 10) + ".old"
		if err := atomicfile.Rename(path, aside); err != nil {
			return nil, fmt.Errorf("put an older sealed file aside: %w", readOnly(err))
		}
	}
	if err := v.setLeaving(kind); err != nil {
		return nil, err
	}
	if kind == keystore.Keyring || v.open != nil {
		store, err := v.otherStore(kind)
		if err == nil && kind == keystore.Keyring {
			err = v.clearKeyring(ctx, store)
		}
		return store, err
	}
	if err := atomicfile.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, readOnly(err)
	}
	store, err := keystore.CreateFile(path, passphrase)
	if err != nil {
		err = errors.Join(readOnly(err), v.setLeaving(""))
	}
	return store, err
}

// settleIn writes the index that names the new store: from then on it counts.
func (v *Vault) settleIn(to keystore.Store) error {
	x := v.current().clone()
	x.Leaving, x.Store, x.Guard = x.Store, to.Kind(), ""
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
