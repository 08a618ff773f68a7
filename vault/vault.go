// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Options tell where a vault is and how it is opened.
type Options struct {
	// Dir is the data folder; it is made, for the user alone, when absent.
	Dir string
	// Store chooses where the keys are kept, at first use: "" takes the
	// keyring where there is one, else a sealed file. On a folder in use it
	// must be "" or what was chosen then, or Open fails with ErrOther.
	Store keystore.Kind
	// Passphrase is asked where the keys are under a passphrase, as in a sealed
	// file they always are; create tells that it is a new one. Nil makes Open
	// fail with keystore.ErrNoPassphrase there.
	Passphrase func(ctx context.Context, create bool) (secret.Value, error)
	// State is a folder outside Dir in which is noted how new the accounts are,
	// so that an older copy of Dir is noticed; "" for none. See StateDir.
	State string
	// Now is the time to write into records; required.
	Now func() time.Time

	// open stands in for the real stores in this package's tests.
	open func(kind keystore.Kind, space string) (keystore.Store, error)
}

// Vault is an open vault. Its methods may be called from several goroutines.
type Vault struct {
	dir  string
	now  func() time.Time
	open func(keystore.Kind, string) (keystore.Store, error) // see Options

	change  chan struct{} // holds a token while this process makes a change
	swept   bool          // under change: what writes that were cut short have left is gone
	file    sync.Mutex    // one reads or writes the index file at a time, and publishes it
	unsaved bool          // under file: the index could not be written

	mu    sync.Mutex // guards what follows
	store keystore.Store
	idx   *index
	stamp stamp
	pages map[int]*loaded
	subs  map[chan struct{}]struct{}

	state  string // see Options
	behind background
}

// loaded is a page whose keys have been read.
type loaded struct {
	gen  uint64
	keys map[ID]otpauth.Key
	bad  map[ID]error
}

// Open opens the vault in a folder. It reads the index and no key; only where
// the index is missing or damaged, or a change was cut short, it reads every
// page to rebuild it.
func Open(ctx context.Context, o Options) (*Vault, error) {
	if err := makeDir(o.Dir); err != nil {
		return nil, err
	}
	dir := resolve(o.Dir)
	sealed := o.Store == keystore.File || keystore.FileExists(filepath.Join(dir, sealedName))
	if !sealed && o.open == nil {
		keystore.Prepare() // while the index is read
	}
	idx, st, err := readIndex(dir)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errIndex):
		idx = nil
	default:
		return nil, readOnly(err)
	}
	kind, err := chooseStore(ctx, dir, o.Store, idx)
	if err != nil {
		return nil, err
	}
	open := o.open
	if open == nil {
		open = func(kind keystore.Kind, space string) (keystore.Store, error) {
			return openStore(ctx, dir, kind, space, o.Passphrase)
		}
	}
	idx, space, err := rightSpace(ctx, idx, spaceOf(dir), open)
	if err != nil {
		return nil, err
	}
	store, err := open(kind, space)
	if err != nil {
		return nil, err
	}
	v := &Vault{
		dir: dir, now: o.Now, open: o.open, store: store, idx: idx, stamp: st, change: make(chan struct{}, 1),
		pages: map[int]*loaded{}, subs: map[chan struct{}]struct{}{}, state: o.State,
	}
	guard, err := v.passGuard(ctx, o.Passphrase)
	if err == nil {
		err = v.recover(ctx, space, guard)
	}
	if err != nil {
		_ = store.Close()
		return nil, err
	}
	v.finishGuard(ctx, guard)
	v.finishMove(ctx)
	v.lookBack(ctx, idx == nil)
	return v, nil
}

// rightSpace returns the name by which the keyring's items are known, and the
// index with it. It is that of the folder where the vault was founded, which may
// have moved since; but one under which there is nothing, while there is
// something under this folder's own, was damaged.
func rightSpace(ctx context.Context, idx *index, own string, open func(keystore.Kind, string) (keystore.Store, error)) (*index, string, error) {
	if idx == nil {
		return nil, own, nil
	}
	if idx.Store != keystore.Keyring || idx.Space == own {
		return idx, idx.Space, nil
	}
	for _, space := range []string{idx.Space, own} {
		store, err := open(keystore.Keyring, space)
		if errors.Is(err, keystore.ErrInvalid) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		found := len(idx.Pages) == 0
		for n := 0; n < missingPages && !found; n++ {
			value, err := store.Get(ctx, pageName(n))
			value.Clear()
			found = !errors.Is(err, keystore.ErrNotFound) // locked or not
		}
		_ = store.Close()
		if found {
			x := idx.clone()
			x.Space = space
			return x, space, x.seal()
		}
	}
	return idx, idx.Space, nil
}

// recover rebuilds the index where it is missing, damaged or behind.
func (v *Vault) recover(ctx context.Context, space, guard string) error {
	if v.idx == nil {
		v.idx = &index{Version: indexVersion, Store: v.store.Kind(), Space: space}
		if guard != "" && v.store.Kind() == keystore.Keyring {
			v.idx.Guard = guardUnsure
		}
		_ = v.idx.seal()
		return v.found(ctx)
	}
	if _, err := os.Stat(v.markPath()); err != nil {
		return nil
	}
	// Whoever holds the lock is still at it. Where it cannot be mended now (the
	// store locked, the disk full) the next change tries again; what the index
	// lists can be shown all the same.
	_ = v.Verify(withoutWaiting(ctx))
	return ctx.Err()
}

// found makes the index of a folder that has none, unless another process has
// made it by now.
func (v *Vault) found(ctx context.Context) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	defer unlock()
	idx, st, err := readIndex(v.dir)
	switch {
	case err == nil && idx.Store == v.idx.Store && idx.Space == v.idx.Space:
		v.publish(idx, st)
		return nil
	case err == nil:
		return fmt.Errorf("read accounts: %w", ErrOther)
	case errors.Is(err, errIndex):
		err = keepDamaged(v.dir)
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	if err != nil {
		return err
	}
	m, _ := v.readMark()
	err = v.rebuild(ctx, m.Erase)
	if err == nil {
		err = v.resume(ctx)
	}
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	return nil
}

// keepDamaged puts an index that cannot be read aside.
func keepDamaged(dir string) error {
	err := atomicfile.PutAside(filepath.Join(dir, indexName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep damaged index: %w", readOnly(err))
	}
	return nil
}

// chooseStore decides where the keys are: where they were, else as asked for,
// else in the keyring if there is one.
func chooseStore(ctx context.Context, dir string, want keystore.Kind, idx *index) (keystore.Kind, error) {
	var have keystore.Kind
	switch {
	case idx != nil:
		have = idx.Store
	case keystore.FileExists(filepath.Join(dir, sealedName)):
		have = keystore.File
	}
	switch {
	case have != "" && want != "" && have != want:
		return "", fmt.Errorf("open vault in %s: %w", want, ErrOther)
	case have != "":
		return have, nil
	case want != "":
		return want, nil
	}
	err := keystore.Probe(ctx)
	switch {
	case err == nil, errors.Is(err, keystore.ErrLocked):
		return keystore.Keyring, nil
	case errors.Is(err, keystore.ErrNoService):
		return keystore.File, nil
	}
	return "", fmt.Errorf("look for a keyring: %w", err)
}

// Exists tells whether something is kept in a folder already, or may be: a
// folder that cannot be looked at counts.
func Exists(dir string) bool {
	for _, name := range []string{indexName, sealedName} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

func openStore(ctx context.Context, dir string, kind keystore.Kind, space string,
	ask func(context.Context, bool) (secret.Value, error),
) (keystore.Store, error) {
	if kind == keystore.Keyring {
		return keystore.OpenKeyring(space)
	}
	path := filepath.Join(dir, sealedName)
	if keystore.FileExists(path) {
		return keystore.LockedFile(path), nil
	}
	if ask == nil {
		return nil, fmt.Errorf("create sealed file: %w", keystore.ErrNoPassphrase)
	}
	pass, err := ask(ctx, true)
	if err != nil {
		return nil, err
	}
	defer pass.Clear()
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("create sealed file: %w", err)
	}
	defer unlock()
	store, err := keystore.CreateFile(path, pass)
	if errors.Is(err, fs.ErrExist) {
		// Another process was faster: it is its file that counts.
		return keystore.OpenFile(path, pass)
	}
	return store, readOnly(err)
}

// Close waits for a change, a snapshot and a copy that are under way, clears the
// keys in memory and ends all watching. It waits a quarter of a minute at most:
// what hangs until then, on a drive that does not answer, keeps the store open.
func (v *Vault) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	v.behind.finish(ctx, v.Snapshots())
	still := v.quiet(ctx)
	v.mu.Lock()
	for n := range v.pages {
		v.forget(n)
	}
	for c := range v.subs {
		delete(v.subs, c)
		close(c)
	}
	v.mu.Unlock()
	if !still {
		return nil // the end of the program closes it
	}
	defer func() { <-v.change }()
	return v.kept().Close()
}

// quiet waits for the change that is under way and lets no other begin. It
// tells whether it could.
func (v *Vault) quiet(ctx context.Context) bool {
	select {
	case v.change <- struct{}{}:
		return true
	default:
	}
	select {
	case v.change <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// forget clears a loaded page; v.mu is held.
func (v *Vault) forget(n int) {
	if p := v.pages[n]; p != nil {
		p.clear()
		delete(v.pages, n)
	}
}

func (p *loaded) clear() {
	for _, k := range p.keys {
		k.Secret.Clear()
	}
}

// Kind tells where the keys are kept.
func (v *Vault) Kind() keystore.Kind { return v.kept().Kind() }

// Dir returns the data folder.
func (v *Vault) Dir() string { return v.dir }

func (v *Vault) current() *index {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.idx
}

// Accounts returns the live accounts in the user's order. The slice is shared:
// it must not be changed.
func (v *Vault) Accounts() []Account {
	live := v.current().live
	return live[:len(live):len(live)]
}

// Account returns one account, live or removed.
func (v *Vault) Account(id ID) (Account, bool) { return v.current().get(id) }

// Aside returns the entries and pages that cannot be read.
func (v *Vault) Aside() []Aside {
	x := v.current()
	as := make([]Aside, 0, len(x.Aside))
	for _, r := range x.Aside {
		as = append(as, Aside(r))
	}
	return as
}
