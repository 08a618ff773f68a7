// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

var errInjected = errors.New("injected failure")

// unguarded is the lock of a store that has none.
type unguarded struct{}

func (unguarded) Room() int                                     { return keystore.MaxItem }
func (unguarded) GuardID(context.Context) (string, error)       { return "", nil }
func (unguarded) Locked() bool                                  { return false }
func (unguarded) Lock()                                         {}
func (unguarded) Unlock(context.Context, secret.Value) error    { return nil }
func (unguarded) SetGuard(context.Context, secret.Value) error  { return keystore.ErrInvalid }
func (unguarded) DropGuard(context.Context, func() error) error { return keystore.ErrInvalid }
func (unguarded) Complete(context.Context) error                { return nil }
func (unguarded) Release()                                      {}
func (unguarded) Escrow(context.Context) (secret.Value, error) {
	return secret.Value{}, keystore.ErrInvalid
}
func (unguarded) UnlockEscrow(context.Context, secret.Value) error { return keystore.ErrPassphrase }

// memStore is a store in memory that can be made to fail.
type memStore struct {
	unguarded
	mu    sync.Mutex
	items map[string]string
	puts  int // items stored so far
	gets  int
	fail  int // fail before item number fail is stored; 0 never
	err   error
	kind  keystore.Kind
	watch func() // called before each item is stored or removed; nil for none
	bulk  int    // what an item may have; 0 is keystore.MaxItem
}

func newMemStore() *memStore {
	return &memStore{items: map[string]string{}, err: errInjected, kind: keystore.Keyring}
}

func (m *memStore) Bulk() int { return max(m.bulk, keystore.MaxItem) }

func (m *memStore) Get(ctx context.Context, name string) (secret.Value, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gets++
	if err := ctx.Err(); err != nil {
		return secret.Value{}, err
	}
	s, ok := m.items[name]
	if !ok {
		return secret.Value{}, fmt.Errorf("get %s: %w", name, keystore.ErrNotFound)
	}
	return secret.FromString(s), nil
}

func (m *memStore) Put(ctx context.Context, items ...keystore.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range items {
		if err := ctx.Err(); err != nil {
			return err
		}
		if it.Value.Len() > m.Bulk() {
			return keystore.ErrTooLarge
		}
		m.puts++
		if m.watch != nil {
			m.watch()
		}
		if m.puts == m.fail {
			return m.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		m.items[it.Name] = it.Value.Reveal()
	}
	return nil
}

func (m *memStore) Delete(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.watch != nil {
		m.watch()
	}
	delete(m.items, name)
	return nil
}

func (m *memStore) Kind() keystore.Kind { return m.kind }
func (m *memStore) Close() error        { return nil }

func (m *memStore) text() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.items)) {
		b.WriteString(name + "\n" + m.items[name])
	}
	return b.String()
}

var testNow = time.Unix(1_800_000_000, 0)

func openMem(t testing.TB, dir string, m *memStore) *Vault {
	t.Helper()
	v, err := Open(t.Context(), memOptions(dir, m))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func memOptions(dir string, m *memStore) Options {
	return Options{
		Dir: dir, Store: keystore.Keyring, Now: func() time.Time { return testNow },
		open: func(keystore.Kind, string) (keystore.Store, error) { return m, nil },
	}
}

func key(t testing.TB, uri string) otpauth.Key {
	t.Helper()
	k, err := otpauth.Parse(uri)
	if err != nil {
		t.Fatalf("parse %q: %v", uri, err)
	}
	return k
}

// numbered returns the key of a made-up account; n tells them apart.
func numbered(t testing.TB, n int) otpauth.Key {
	t.Helper()
	return key(t, fmt.Sprintf("otpauth://totp/Service%03d:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQ%s&issuer=Service%03d",
		n, string([]byte{'A' + byte(n/26%26), 'A' + byte(n%26), 'A'}), n))
}

func mustAdd(t testing.TB, v *Vault, k otpauth.Key) Account {
	t.Helper()
	a, err := v.Add(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func codeOf(t testing.TB, v *Vault, id ID, at time.Time) string {
	t.Helper()
	c, err := v.Code(t.Context(), id, at)
	if err != nil {
		t.Fatal(err)
	}
	return c.Value
}

func labels(as []Account) []string {
	var ls []string
	for _, a := range as {
		ls = append(ls, a.Label())
	}
	return ls
}

func wantLabels(t testing.TB, v *Vault, want ...string) {
	t.Helper()
	if got := labels(v.Accounts()); !slices.Equal(got, want) {
		t.Errorf("accounts %q, want %q", got, want)
	}
}

func removeIndex(t testing.TB, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, indexName)); err != nil {
		t.Fatal(err)
	}
}
