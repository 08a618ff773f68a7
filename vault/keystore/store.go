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
	// Close clears what the store holds in memory.
	Close() error
}
