// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/secret"
)

// Room is MaxItem: pages fit a keyring, too.
func (s *fileStore) Room() int { return MaxItem }

// Bulk is MaxBulk.
func (s *fileStore) Bulk() int { return MaxBulk }

// GuardID names the file's header: a sealed file is always under a passphrase.
func (s *fileStore) GuardID(context.Context) (string, error) {
	st, err := readStamp(s.path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(st.head[:nonceStart])
	return hex.EncodeToString(sum[:8]), nil
}

// Complete has nothing to note.
func (s *fileStore) Complete(context.Context) error { return nil }

// Release does nothing: a sealed file is never without a passphrase.
func (s *fileStore) Release() {}

// Locked tells whether the file has to be unlocked.
func (s *fileStore) Locked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sealer == nil
}

// Lock clears the key and the items.
func (s *fileStore) Lock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	s.use(nil)
}

// use makes a sealer the one in use and clears the one before, with its items.
// s.mu is held.
func (s *fileStore) use(next *sealer) {
	if s.sealer != nil && s.sealer != next {
		s.sealer.key.Clear()
	}
	s.sealer = next
	s.keep(nil)
	s.stamp = stamp{}
}

// Unlock reads the file and opens it.
func (s *fileStore) Unlock(ctx context.Context, passphrase secret.Value) error {
	if passphrase.Len() == 0 {
		return ErrNoPassphrase
	}
	return s.unlock(ctx, func(h header) (*sealer, error) { return unlockHeader(h, passphrase) })
}

// UnlockEscrow opens the file with the key that Escrow returned.
func (s *fileStore) UnlockEscrow(ctx context.Context, key secret.Value) error {
	return s.unlock(ctx, func(h header) (*sealer, error) {
		if key.Len() != derivedSize || !hmac.Equal(keyCheck(h, key), h[checkStart:sumStart]) {
			return nil, ErrPassphrase
		}
		return &sealer{header: h, key: key.Clone()}, nil
	})
}

// unlock reads the file and takes it over with the sealer that with makes of
// its header. Making one takes long and holds up nobody.
func (s *fileStore) unlock(ctx context.Context, with func(header) (*sealer, error)) error {
	s.mu.Lock()
	turn := s.turn
	s.mu.Unlock()
	file, err := readFile(s.path)
	if err != nil {
		return err
	}
	h, err := readHeader(file)
	if err != nil {
		return fmt.Errorf("open sealed file: %w", err)
	}
	next, err := with(h)
	if err != nil {
		return fmt.Errorf("open sealed file: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		next.key.Clear()
		return ErrClosed
	case s.turn != turn: // locked meanwhile
		next.key.Clear()
		return ErrSealed
	}
	s.use(next)
	if err := s.refresh(ctx); err != nil { // not what was read above: it may be newer by now
		s.use(nil)
		return err
	}
	return nil
}

// SetGuard writes the file under a new passphrase, at once or not at all.
func (s *fileStore) SetGuard(ctx context.Context, passphrase secret.Value) error {
	if passphrase.Len() == 0 {
		return ErrNoPassphrase
	}
	next := newSealer(passphrase, calibrated())
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		next.key.Clear()
		return fmt.Errorf("change passphrase: %w", err)
	}
	before := s.sealer
	items := make(map[string]secret.Value, len(s.items))
	for name, v := range s.items {
		items[name] = v.Clone()
	}
	s.sealer = next
	if err := s.write(items, atomicfile.Write); err != nil {
		clearItems(items)
		s.sealer = before
		next.key.Clear()
		return fmt.Errorf("change passphrase: %w", err)
	}
	before.key.Clear()
	return nil
}

// DropGuard fails: without a passphrase there is no sealed file.
func (s *fileStore) DropGuard(context.Context, func() error) error {
	return fmt.Errorf("remove passphrase: %w: a sealed file needs one", ErrInvalid)
}

// Escrow returns the derived key.
func (s *fileStore) Escrow(ctx context.Context) (secret.Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return secret.Value{}, err
	}
	return s.sealer.key.Clone(), nil
}
