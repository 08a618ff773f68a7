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

// guardUnsure stands in the index while pages are being put under a lock or out
// of one. Elsewhere the index names the lock that all pages are known to be
// under; it can be out of date, and what counts is what the store says.
const guardUnsure = "?"

// Guarded tells whether a passphrase is set. A sealed file always has one.
func (v *Vault) Guarded() bool {
	return v.kept().Kind() == keystore.File || v.current().Guard != ""
}

// Locked tells whether the passphrase is needed before keys can be used. What
// is not secret can still be read.
func (v *Vault) Locked() bool { return v.kept().Locked() }

// Lock clears every key in memory. What needs a key fails with
// keystore.ErrSealed until Unlock. Without a passphrase it is ErrNoGuard.
func (v *Vault) Lock() error {
	if !v.Guarded() {
		return fmt.Errorf("lock: %w", ErrNoGuard)
	}
	v.kept().Lock()
	v.mu.Lock()
	defer v.mu.Unlock()
	for n := range v.pages {
		v.forget(n)
	}
	return nil
}

// Unlock opens what Lock closed. A wrong passphrase is keystore.ErrPassphrase;
// after several, a *WaitError comes for a while whatever the passphrase.
func (v *Vault) Unlock(ctx context.Context, passphrase secret.Value) error {
	if err := v.try(ctx, func() error { return v.kept().Unlock(ctx, passphrase) }); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	if v.kept().Kind() == keystore.Keyring {
		if id, err := v.kept().GuardID(ctx); err == nil {
			v.finishGuard(ctx, id)
		}
	}
	v.Tend() // what could not be written while it was locked
	return nil
}

// passGuard asks for the passphrase where there is one, and returns the lock.
// The index is asked first: one question less at each start.
func (v *Vault) passGuard(ctx context.Context, ask func(context.Context, bool) (secret.Value, error)) (string, error) {
	if v.store.Kind() == keystore.Keyring && v.idx != nil && v.idx.Guard == "" {
		return "", nil
	}
	id, err := v.store.GuardID(ctx)
	if v.idx == nil && err != nil && errors.Is(err, keystore.ErrLocked) {
		return "", err
	}
	if err != nil {
		return "", fmt.Errorf("open vault: %w", err)
	}
	if id == "" || v.store.Kind() == keystore.File && !v.store.Locked() { // just made
		return id, nil
	}
	if ask == nil {
		return "", fmt.Errorf("open vault: %w", keystore.ErrNoPassphrase)
	}
	return id, v.try(ctx, func() error {
		pass, err := ask(ctx, false)
		if err != nil {
			return err
		}
		defer pass.Clear()
		return v.store.Unlock(ctx, pass)
	})
}

// finishGuard brings every page under the lock that the store has, where that
// was cut short. What cannot be done now is done at the next start.
func (v *Vault) finishGuard(ctx context.Context, id string) {
	if v.store.Kind() != keystore.Keyring || v.current().Guard == id {
		return
	}
	unlock, err := v.lock(withoutWaiting(ctx))
	if err != nil {
		return
	}
	defer unlock()
	if was := v.current().Guard; id == "" && was != "" && was != guardUnsure {
		x := v.current().clone() // said first, whatever becomes of the pages
		x.notice(NoticeUnguarded, v.now())
		if x.seal() == nil {
			_ = v.save(x)
		}
	}
	_ = v.allSealed(ctx, id)
}

// allSealed stores every page anew under the lock of that id, notes in the lock
// that it is done, and then in the index. The lock between changes is held.
func (v *Vault) allSealed(ctx context.Context, id string) error {
	err := v.apply(ctx, func(t *tx) error { return t.reseal(ctx, false) })
	if err == nil {
		err = v.kept().Complete(ctx)
	}
	if err == nil {
		err = v.setGuard(id)
	}
	return err
}

// noteGuard notes in the index that there is a lock which it does not know:
// another process made it, and the next start has to ask. The lock between
// changes is not held.
func (v *Vault) noteGuard(err error) {
	if !errors.Is(err, keystore.ErrSealed) || v.Guarded() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockRetry)
	defer cancel()
	unlock, err := v.lock(withoutWaiting(ctx))
	if err != nil {
		return
	}
	defer unlock()
	if _, err := v.reload(); err == nil && v.current().Guard == "" {
		_ = v.setGuard(guardUnsure)
	}
}

// setGuard writes down which lock the pages are under. The lock is held.
func (v *Vault) setGuard(id string) error {
	x := v.current().clone()
	x.Guard = id
	if err := x.seal(); err != nil {
		return err
	}
	return v.save(x)
}

// SetPassphrase puts the keys under a passphrase, or under another one. Where
// there is one, old has to be it: else it is keystore.ErrPassphrase. It takes
// about half a second by intention. When it fails the old passphrase stays, but
// for ErrUnfinished: then the passphrase is set, and not all keys are under it
// yet; the next start or Unlock goes on.
func (v *Vault) SetPassphrase(ctx context.Context, old, passphrase secret.Value) error {
	return v.reguard(ctx, "set passphrase", old, func() error {
		if passphrase.Len() == 0 {
			return keystore.ErrNoPassphrase
		}
		fresh := !v.Guarded()
		if fresh {
			if err := v.sealable(ctx); err != nil {
				return err
			}
			if err := v.setGuard(guardUnsure); err != nil {
				return err
			}
		}
		if err := v.kept().SetGuard(ctx, passphrase); err != nil {
			if fresh { // nothing was made; where that is not sure the next start looks
				_ = v.undoGuard(ctx)
			}
			return err
		}
		if v.kept().Kind() == keystore.File || !fresh {
			return nil
		}
		id, err := v.kept().GuardID(ctx)
		if err != nil {
			return err
		}
		if err := v.allSealed(ctx, id); err != nil {
			return fmt.Errorf("%w: %w", ErrUnfinished, err)
		}
		return nil
	})
}

// undoGuard takes back that pages are being put under a lock, if there is none.
func (v *Vault) undoGuard(ctx context.Context) error {
	if id, err := v.kept().GuardID(ctx); err != nil || id != "" {
		return err
	}
	return v.setGuard("")
}

// RemovePassphrase takes the passphrase away. A sealed file needs one:
// ErrNeedsGuard. Where something under it cannot be opened it is ErrAside. When
// it fails the passphrase stays.
func (v *Vault) RemovePassphrase(ctx context.Context, old secret.Value) error {
	if v.kept().Kind() == keystore.File {
		return fmt.Errorf("remove passphrase: %w", ErrNeedsGuard)
	}
	if !v.Guarded() {
		return fmt.Errorf("remove passphrase: %w", ErrNoGuard)
	}
	return v.reguard(ctx, "remove passphrase", old, func() error {
		if err := v.setGuard(guardUnsure); err != nil {
			return err
		}
		err := v.kept().DropGuard(ctx, func() error {
			return v.apply(ctx, func(t *tx) error { return t.reseal(ctx, true) })
		})
		if err != nil {
			return err
		}
		return v.setGuard("")
	})
}

// reguard does something to the lock, under the locks for a change, after the
// old passphrase was proved.
func (v *Vault) reguard(ctx context.Context, what string, old secret.Value, do func() error) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer unlock()
	if err = errors.Join(v.settle(ctx), v.stays()); err == nil && v.Guarded() {
		err = v.try(ctx, func() error { return v.prove(ctx, old) })
	}
	if err == nil {
		if err = do(); err == nil || errors.Is(err, ErrUnfinished) {
			v.escrowNow(ctx) // the recovery key has to open the new lock, too
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, readOnly(err))
	}
	v.later()
	return nil
}

// prove tells whether a passphrase is the right one, without touching the
// store that is in use: it may be unlocked, and stays so.
func (v *Vault) prove(ctx context.Context, passphrase secret.Value) error {
	if v.open != nil {
		return v.kept().Unlock(ctx, passphrase)
	}
	s, err := openStore(ctx, v.dir, v.kept().Kind(), v.current().Space, nil)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return s.Unlock(ctx, passphrase)
}

// sealable tells whether every account fits under a lock, which leaves less
// room in an item of the keyring.
func (v *Vault) sealable(ctx context.Context) error {
	if v.kept().Kind() == keystore.File {
		return nil
	}
	for n, info := range v.current().Pages {
		if info.Opaque || info.Size <= keystore.MaxSealed {
			continue
		}
		p, err := v.readPage(ctx, n)
		if opaque(err) || errors.Is(err, keystore.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range p.entries {
			if e.size() > room(keystore.MaxSealed).entry() {
				err = ErrTooLarge
			}
		}
		p.clear()
		if err != nil {
			return err
		}
	}
	return nil
}

// reseal has every page and other item stored anew, and so under the lock that
// the store has now, if any. What does not fit any more moves on to another
// page. What cannot be opened stays as it is; strict, it is an error: the lock
// that it is under must not go.
func (t *tx) reseal(ctx context.Context, strict bool) error {
	t.minor = true
	t.idx.Guard = guardUnsure
	for _, name := range otherItems() {
		if err := t.carry(ctx, name, strict && !slices.Contains(keepsakes, name)); err != nil {
			return err
		}
	}
	for n := range len(t.idx.Pages) { // those there are now
		p, err := t.page(ctx, n)
		switch {
		case errors.Is(err, ErrKeysGone):
			continue
		case errors.Is(err, ErrAside):
			if err := t.carry(ctx, pageName(n), strict); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		t.gained(n)
		if err := t.shrink(ctx, n, p); err != nil {
			return err
		}
	}
	return nil
}

// shrink moves what does not fit into the page on to others.
func (t *tx) shrink(ctx context.Context, n int, p *page) error {
	for limit := t.limit(n); !p.legal(limit); {
		last := p.entries[len(p.entries)-1]
		p.entries = p.entries[:len(p.entries)-1]
		t.dropped(n)
		m, err := t.place(ctx, last, n)
		if err != nil {
			return err
		}
		t.rehome(last.id, m)
	}
	return nil
}

// rehome notes where an account has moved to.
func (t *tx) rehome(id ID, n int) {
	for i := range t.idx.accounts {
		if t.idx.accounts[i].ID == id {
			t.idx.accounts[i].page = n
		}
	}
}

// carry has an item stored anew as it is, where it is there and fits.
func (t *tx) carry(ctx context.Context, name string, strict bool) error {
	v, err := t.v.kept().Get(ctx, name)
	switch {
	case errors.Is(err, keystore.ErrNotFound), errors.Is(err, keystore.ErrUnreadable) && !strict:
		return nil
	case errors.Is(err, keystore.ErrUnreadable):
		return fmt.Errorf("%w: %w", ErrAside, err)
	case err != nil:
		return err
	}
	if v.Len() > int(t.room) {
		v.Clear()
		return nil
	}
	t.extra = append(t.extra, keystore.Item{Name: name, Value: v})
	return nil
}
