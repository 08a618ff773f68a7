// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"

	"github.com/kutano/authenticator/vault/secret"
)

// MaxItem is the most that one item may hold, in bytes of ASCII. It is what
// every system's keyring takes (Windows 2560 B, macOS about 2988 B).
const MaxItem = 2048

// MaxBulk is the most that one item may hold where there are many at once and the
// store takes it, in bytes: the Secret Service and a sealed file do. The former
// writes all its items anew with each one, and is quick only where they are few.
const MaxBulk = 16384

// Kind tells where a store keeps its items.
type Kind string

// The kinds of store.
const (
	Keyring Kind = "keyring" // the operating system's keyring
	File    Kind = "file"    // a sealed file under a passphrase
)

// Item is a named secret. A name is made of a–z, 0–9 and '-', at most 40 of them.
type Item struct {
	Name  string
	Value secret.Value
}

// Guard is a store's lock under a passphrase. A sealed file always has one; the
// items of a keyring have one when the user chose so.
//
// Under a lock that is not opened, or was closed by Lock, every call that needs
// a value fails with ErrSealed.
type Guard interface {
	// GuardID names the lock, "" where there is none. In a keyring it stays when
	// the passphrase is changed, in a file it does not.
	GuardID(ctx context.Context) (string, error)
	// Locked tells whether Lock was called, or another process put the items
	// under another lock, and Unlock is needed.
	Locked() bool
	// Lock clears the key and the items in memory.
	Lock()
	// Unlock opens the lock. A wrong passphrase is ErrPassphrase. Where there is
	// no lock any more it undoes Lock, whatever the passphrase.
	Unlock(ctx context.Context, passphrase secret.Value) error
	// SetGuard puts the lock under a new passphrase, at once or not at all; where
	// only the reading back fails, the new one may count. In a keyring without a lock it makes one: what is stored from then on is sealed,
	// and what is there has to be stored anew.
	SetGuard(ctx context.Context, passphrase secret.Value) error
	// Complete notes that every item is sealed by now: from then on one that is
	// not is ErrUnreadable. A sealed file has nothing to note.
	Complete(ctx context.Context) error
	// Release forgets a lock that somebody else removed. Without that, one that
	// is gone counts as lost, and is put back.
	Release()
	// DropGuard removes the lock. What rewrite stores is not sealed; only when
	// it returns nil the lock goes. A sealed file fails with ErrInvalid.
	DropGuard(ctx context.Context, rewrite func() error) error
	// Escrow returns a copy of what UnlockEscrow takes in place of the
	// passphrase. It changes when GuardID does.
	Escrow(ctx context.Context) (secret.Value, error)
	// UnlockEscrow opens the lock without the passphrase; SetGuard then gives
	// it a new one. Where the key is not this lock's it returns ErrPassphrase.
	UnlockEscrow(ctx context.Context, key secret.Value) error
}

// Store keeps named secrets. Its methods may be called from several goroutines
// and return when ctx ends, whatever the system behind them does. Errors wrap
// one of the package's sentinels.
type Store interface {
	// Get returns the item's value, or an error that wraps ErrNotFound.
	Get(ctx context.Context, name string) (secret.Value, error)
	// Put stores the items in their order and reads each back before it
	// returns nil. A keyring may have stored some of them when an error
	// comes; a sealed file stores all or none.
	Put(ctx context.Context, items ...Item) error
	// Delete removes the item; to remove one that is not there is no error.
	Delete(ctx context.Context, name string) error
	// Kind tells where the items are.
	Kind() Kind
	// Room is the most that one item should hold now, in bytes: MaxItem, or
	// MaxSealed in a keyring under a passphrase.
	Room() int
	// Bulk is the most that one item may hold now: Room, or more than that, see
	// MaxBulk.
	Bulk() int
	Guard
	// Close clears what the store holds in memory.
	Close() error
}
