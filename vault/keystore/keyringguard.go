// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"fmt"

	"github.com/kutano/authenticator/vault/secret"
)

// keyringLock is what a keyring's store knows of its lock. The store's mutex
// guards it.
type keyringLock struct {
	open   *lockKey // opens sealed items; nil without a passphrase, or locked
	locked bool     // no value is given away
	turn   int      // raised by Lock: what began before it does not undo it
	plain  bool     // what is stored now is not sealed: the passphrase is being removed
	orphan bool     // the lock's own item was lost, and open came from the escrow
}

// Room is MaxItem, or MaxSealed under a passphrase.
func (s *keyringStore) Room() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock.open != nil && !s.lock.plain {
		return MaxSealed
	}
	return MaxItem
}

// Bulk is the most that this system's keyring takes, less what a lock needs of it.
func (s *keyringStore) Bulk() int {
	if s.Room() == MaxSealed {
		return Sealed(bulk)
	}
	return bulk
}

// GuardID reads the lock's item.
func (s *keyringStore) GuardID(ctx context.Context) (string, error) {
	raw, err := s.readLock(ctx)
	if err != nil || raw == nil {
		return "", err
	}
	return nameOf(raw), nil
}

// readLock returns the decoded lock, nil where there is none.
func (s *keyringStore) readLock(ctx context.Context) ([]byte, error) {
	item, err := s.fetch(ctx, LockItem)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer item.Clear()
	return decodeLock(item)
}

// Locked tells whether the store was locked, or met an item under another lock.
func (s *keyringStore) Locked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lock.locked
}

// Lock clears the key.
func (s *keyringStore) Lock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lock.turn++
	s.drop()
	s.lock.locked = true
}

// drop clears the key; s.mu is held.
func (s *keyringStore) drop() {
	if s.lock.open != nil {
		s.lock.open.key.Clear()
	}
	s.lock.open, s.lock.orphan = nil, false
}

func (s *keyringStore) turn() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lock.turn
}

// take makes a key the one in use, nil for none, unless Lock was called since
// the turn: then the key is cleared and the store stays locked.
func (s *keyringStore) take(l *lockKey, turn int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock.turn != turn {
		if l != nil {
			l.key.Clear()
		}
		return ErrSealed
	}
	if s.lock.open != l {
		s.drop()
	}
	s.lock.open, s.lock.locked, s.lock.orphan = l, false, false
	return nil
}

// Release forgets the lock where it is gone because somebody removed it. A lock
// that vanishes without that is put back with the next write.
func (s *keyringStore) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
}

// Unlock opens the lock.
func (s *keyringStore) Unlock(ctx context.Context, passphrase secret.Value) error {
	if passphrase.Len() == 0 {
		return ErrNoPassphrase
	}
	turn := s.turn()
	raw, err := s.readLock(ctx)
	if err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	if raw == nil {
		if err := s.noneSealed(ctx); err != nil {
			return fmt.Errorf("unlock: %w", err)
		}
		return s.take(nil, turn)
	}
	l, err := unwrap(raw, passphrase)
	if err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	return s.take(l, turn)
}

// firstItem is looked at to tell whether a lock that is not there is missed.
const firstItem = "page-0"

// noneSealed fails where the lock is gone and items are still under it.
func (s *keyringStore) noneSealed(ctx context.Context) error {
	v, err := s.fetch(ctx, firstItem)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer v.Clear()
	if sealedUnder(v) != "" {
		return fmt.Errorf("%w: the lock is gone, and items are under it", ErrDamaged)
	}
	return nil
}

// current returns the key under which values are stored now, nil where there
// is no lock. The lock is looked at each time: another process may have made or
// replaced it. One that is gone, though nobody removed it, is put back.
func (s *keyringStore) current(ctx context.Context) (*lockKey, error) {
	raw, err := s.readLock(ctx)
	s.mu.Lock()
	l := s.lock
	if l.open != nil {
		l.open = l.open.clone()
	}
	s.mu.Unlock()
	lost := raw == nil && (err == nil || errors.Is(err, ErrDamaged))
	switch {
	case l.locked:
		return nil, ErrSealed
	case l.orphan && lost:
		return l.open, nil
	case err != nil:
		return nil, err
	case raw == nil && (l.open == nil || l.plain):
		return nil, nil
	case raw == nil:
		return l.open, s.store(ctx, Item{LockItem, l.open.item})
	case l.open == nil || l.open.name() != nameOf(raw):
		s.seal(l.turn)
		return nil, ErrSealed
	case l.plain:
		return nil, nil
	}
	return l.open, nil
}

// seal locks the store: what it met is under another lock.
func (s *keyringStore) seal(turn int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock.turn == turn {
		s.drop()
		s.lock.locked = true
	}
}

// reveal opens a value as it stands in the keyring. Under a lock that every item
// is sealed with, one that is not is not believed.
func (s *keyringStore) reveal(ctx context.Context, name string, v secret.Value) (secret.Value, error) {
	under := sealedUnder(v)
	s.mu.Lock()
	l := s.lock
	if !l.locked && l.open != nil && l.open.name() == under {
		defer s.mu.Unlock()
		defer v.Clear()
		return l.open.open(name, v)
	}
	s.mu.Unlock()
	if !l.locked && under == "" && (l.open == nil || !l.open.full || l.plain) {
		return v, nil
	}
	v.Clear()
	switch {
	case l.locked:
		return secret.Value{}, fmt.Errorf("read %s: %w", name, ErrSealed)
	case under == "":
		return secret.Value{}, fmt.Errorf("read %s: %w: it is not sealed", name, ErrUnreadable)
	}
	// Sealed, and not under the lock in use: is there another one by now?
	if raw, err := s.readLock(ctx); err == nil && (raw == nil || l.open != nil && l.open.name() == nameOf(raw)) {
		return secret.Value{}, fmt.Errorf("read %s: %w: it is under a lock that is gone", name, ErrUnreadable)
	}
	s.seal(l.turn)
	return secret.Value{}, fmt.Errorf("read %s: %w", name, ErrSealed)
}

// SetGuard makes the lock, or puts it under another passphrase.
func (s *keyringStore) SetGuard(ctx context.Context, passphrase secret.Value) error {
	if passphrase.Len() == 0 {
		return ErrNoPassphrase
	}
	turn := s.turn()
	l, err := s.current(ctx)
	if err != nil {
		return fmt.Errorf("set passphrase: %w", err)
	}
	if l == nil {
		l = newLockKey()
	}
	l.wrap(passphrase, calibrated())
	if err := s.store(ctx, Item{LockItem, l.item}); err != nil {
		l.key.Clear()
		return fmt.Errorf("set passphrase: %w", err)
	}
	return s.take(l, turn)
}

// Complete notes in the lock that every item is sealed.
func (s *keyringStore) Complete(ctx context.Context) error { return s.setFull(ctx, true) }

func (s *keyringStore) setFull(ctx context.Context, full bool) error {
	turn := s.turn()
	l, err := s.current(ctx)
	if err != nil || l == nil || l.full == full {
		return err
	}
	if err = l.mark(full); err == nil {
		err = s.store(ctx, Item{LockItem, l.item})
	}
	if err != nil {
		l.key.Clear()
		return fmt.Errorf("note that all is sealed: %w", err)
	}
	return s.take(l, turn)
}

// DropGuard lets rewrite store the items without a seal, then removes the lock.
func (s *keyringStore) DropGuard(ctx context.Context, rewrite func() error) error {
	turn := s.turn()
	if err := s.setFull(ctx, false); err != nil {
		return fmt.Errorf("remove passphrase: %w", err)
	}
	s.setPlain(true)
	err := rewrite()
	if err == nil {
		err = s.Delete(ctx, LockItem)
	}
	s.setPlain(false)
	if err != nil {
		return fmt.Errorf("remove passphrase: %w", err)
	}
	return s.take(nil, turn)
}

func (s *keyringStore) setPlain(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lock.plain = on
}

// Escrow returns the lock's id and key.
func (s *keyringStore) Escrow(ctx context.Context) (secret.Value, error) {
	l, err := s.current(ctx)
	if err != nil {
		return secret.Value{}, err
	}
	if l == nil {
		return secret.Value{}, fmt.Errorf("%w: there is no lock", ErrInvalid)
	}
	defer l.key.Clear()
	both := make([]byte, 0, idSize+keySize)
	return secret.New(append(append(both, l.id[:]...), l.key.Bytes()...)), nil
}

// UnlockEscrow opens the lock. Where the lock's own item is gone or damaged the
// key is taken as it is, until SetGuard makes the item anew: whether the key is
// theirs, the items tell.
func (s *keyringStore) UnlockEscrow(ctx context.Context, key secret.Value) error {
	if key.Len() != idSize+keySize {
		return ErrPassphrase
	}
	turn := s.turn()
	l := &lockKey{key: secret.New(append([]byte(nil), key.Bytes()[idSize:]...))}
	copy(l.id[:], key.Bytes())
	raw, err := s.readLock(ctx)
	lost := err == nil && raw == nil || errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer)
	switch {
	case lost:
		err = nil
	case err == nil && !l.fits(raw):
		err = ErrPassphrase
	}
	if err != nil {
		l.key.Clear()
		return err
	}
	if err := s.take(l, turn); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lock.orphan = lost && s.lock.open == l
	return nil
}
