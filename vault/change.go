// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// How long a change waits for another process, how often it looks, and how
// long a removed account is kept.
const (
	lockWait    = 5 * time.Second
	lockRetry   = 10 * time.Millisecond
	keepRemoved = 30 * 24 * time.Hour
)

type noWait struct{}

// withoutWaiting makes a change give up with ErrBusy at once where another
// process holds the lock.
func withoutWaiting(ctx context.Context) context.Context {
	return context.WithValue(ctx, noWait{}, true)
}

func (v *Vault) indexPath() string { return filepath.Join(v.dir, indexName) }
func (v *Vault) markPath() string  { return filepath.Join(v.dir, markName) }

// lock takes the lock within this process and the one between processes. It
// returns their release.
func (v *Vault) lock(ctx context.Context) (func(), error) {
	select {
	case v.change <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for another change: %w", ctx.Err())
	}
	unlock, err := lockFolder(ctx, v.dir)
	if err != nil {
		<-v.change
		return nil, err
	}
	if !v.swept {
		v.swept = true
		_ = atomicfile.Sweep(v.dir, writtenLocked) // what stays is in nobody's way
	}
	return func() { unlock(); <-v.change }, nil
}

// writtenLocked tells the files that are written under the lock: a temporary
// one beside them was left by a process that was killed. Wrong passphrases are
// counted without the lock; at worst one is not.
func writtenLocked(name string) bool {
	return slices.Contains([]string{indexName, markName, sealedName, recoveryName, escrowName, triesName, intakeName}, name)
}

// lockFolder takes the lock between processes.
func lockFolder(ctx context.Context, dir string) (func(), error) {
	fl := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	wait := lockWait
	if ctx.Value(noWait{}) != nil {
		wait = 0
	}
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	ok, err := fl.TryLock()
	if err == nil && !ok && wait > 0 {
		ok, err = fl.TryLockContext(limited, lockRetry)
	}
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case err == nil && ok:
		return func() { _ = fl.Close() }, nil
	case err == nil, errors.Is(err, context.DeadlineExceeded):
		err = ErrBusy
	}
	_ = fl.Close() // it may have been taken just as ctx ended
	return nil, fmt.Errorf("lock the data folder: %w", readOnly(err))
}

// tx is a change in the making: pages read and altered, an index to come.
// Nothing is stored before commit.
type tx struct {
	v     *Vault
	idx   *index        // what the index will say
	pages map[int]*page // read so far
	gains []int         // pages to be written first
	drops []int         // pages that lost an entry, written last
	ids   []ID          // erased for good, for the mark
	room  room          // of a page
	most  room          // of a page that was made in bulk
	bulk  bool          // new accounts get such pages
	extra []keystore.Item
	minor bool   // says nothing that a snapshot would be missed for
	whole *whole // it is stored as a whole or not at all; nil for most changes

	lastGen uint64 // the highest generation of pages that are gone

	added   map[ID]int  // places of the accounts appended to the index's
	gone    map[ID]bool // accounts that leave it
	removal time.Time   // when those removed are
}

// update runs f as one change: under the locks, on the newest index, stored by
// commit when f succeeds.
func (v *Vault) update(ctx context.Context, what string, f func(*tx) error) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	err = v.apply(ctx, f)
	unlock()
	if err != nil {
		v.noteGuard(err)
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// apply is update under locks that are held.
func (v *Vault) apply(ctx context.Context, f func(*tx) error) error {
	if err := v.settle(ctx); err != nil {
		return err
	}
	if err := v.stays(); err != nil {
		return err
	}
	return v.attempt(ctx, f)
}

// attempt makes the change, on an index that is up to date, and once more where the
// pages show that it is not.
func (v *Vault) attempt(ctx context.Context, f func(*tx) error) error {
	for attempt := 0; ; attempt++ {
		store := v.kept()
		t := &tx{v: v, idx: v.current().clone(), pages: map[int]*page{}, room: room(store.Room()), most: room(store.Bulk())}
		err := f(t)
		if err == nil {
			err = t.commit(ctx)
		}
		t.clear()
		if errors.Is(err, errBehind) && attempt == 0 {
			if err = v.rebuild(ctx, nil); err == nil {
				continue
			}
		}
		if errors.Is(err, errBehind) {
			err = fmt.Errorf("%w: %w", ErrBusy, err)
		}
		if err == nil && !t.minor {
			v.later()
		}
		return err
	}
}

// clear overwrites the keys that the change has read.
func (t *tx) clear() {
	for _, p := range t.pages {
		p.clear()
	}
	clearItems(t.extra)
	t.whole.clear()
}

// Settle finishes a change that was cut short, or takes it back, as the next change
// would: by the lock, or because a process ended. Then Accounts and LastIntake tell
// what is so. Locked it is keystore.ErrSealed where there is something to settle.
func (v *Vault) Settle(ctx context.Context) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	err = errors.Join(v.settle(ctx), v.stays())
	unlock()
	if err != nil {
		v.noteGuard(err)
		return fmt.Errorf("settle: %w", readOnly(err))
	}
	return nil
}

// settle brings the index up to date before a change: what another process
// wrote is taken over, what one left half done is mended. The lock is held.
func (v *Vault) settle(ctx context.Context) error {
	if _, err := v.reload(); err != nil {
		return err
	}
	m, cut := v.readMark()
	if _, err := os.Lstat(v.indexPath()); !cut && !os.IsNotExist(err) {
		return nil
	}
	err := v.rebuild(ctx, m.Erase)
	if errors.Is(err, ErrKeysGone) { // the store was reset: nothing there to be mended
		return v.clearMark()
	}
	if err == nil {
		err = v.resume(ctx)
	}
	return err
}

// page returns page n to be altered, read from the store the first time. A page
// that the store no longer has is ErrKeysGone.
func (t *tx) page(ctx context.Context, n int) (*page, error) {
	if p := t.pages[n]; p != nil {
		return p, nil
	}
	p, err := t.v.readPage(ctx, n)
	if opaque(err) && t.idx.Pages[n].Opaque {
		return nil, fmt.Errorf("%w: %w", ErrAside, err)
	}
	if errors.Is(err, keystore.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", ErrKeysGone, err)
	}
	if opaque(err) {
		return nil, errBehind // the rebuild will set it aside
	}
	if err != nil {
		return nil, err
	}
	if p.gen != t.idx.Pages[n].Gen {
		return nil, errBehind
	}
	t.pages[n] = p
	return p, t.whole.remember(n, p)
}

// commit stores the change: mark, pages, index, unmark. When it fails midway
// the pages tell what was stored, and the index is rebuilt from them.
func (t *tx) commit(ctx context.Context) error {
	v := t.v
	order := append(slices.Clone(t.gains), t.drops...)
	if err := t.settleList(); err != nil {
		return err
	}
	if n := len(t.idx.accounts); n > snapshot.MaxAccounts && n > len(v.current().accounts) {
		return ErrTooMany // there would be no snapshot any more
	}
	if len(order)+len(t.extra) == 0 && t.whole.bare() {
		return v.save(t.idx)
	}
	items, err := t.items(order)
	defer clearItems(items)
	if err != nil {
		return err
	}
	if t.whole != nil {
		return t.commitWhole(ctx, items)
	}
	if err := v.writeMark(mark{Erase: t.ids}, t.spaceNeeded()); err != nil {
		return err
	}
	if err := v.kept().Put(ctx, items...); err != nil {
		v.afterFailure(ctx, t.ids)
		return err
	}
	v.freeMark()
	if err := v.save(t.idx); err != nil {
		// The keys are stored; the mark makes the next start rebuild the index.
		v.keep(t.idx)
		return err
	}
	return v.clearMark()
}

// spaceNeeded is what the index to come may take on the disk, in bytes.
func (t *tx) spaceNeeded() int {
	now := t.v.current()
	return now.room() + max(0, len(t.idx.accounts)-len(now.accounts))*roomEach
}

// items encodes the pages in the order in which they are to be written.
func (t *tx) items(order []int) ([]keystore.Item, error) {
	gen := max(t.idx.generation(), t.lastGen)
	var items []keystore.Item
	for _, it := range t.extra {
		items = append(items, keystore.Item{Name: it.Name, Value: it.Value.Clone()})
	}
	for _, n := range order {
		gen++
		p := t.pages[n]
		p.gen = gen
		t.purge(p)
		t.measure(n)
		value, err := p.encode()
		if err != nil {
			return items, err
		}
		items = append(items, keystore.Item{Name: pageName(n), Value: value})
	}
	return items, t.settleList()
}

// purge drops accounts that were removed long ago.
func (t *tx) purge(p *page) {
	limit := t.v.now().Add(-keepRemoved).Unix()
	p.entries = slices.DeleteFunc(p.entries, func(e entry) bool {
		old := !e.aside && e.removed != 0 && e.removed < limit
		if old {
			t.forget(e.id)
		}
		return old
	})
}

// afterFailure finds out what was stored. Where even that fails, the mark
// stays, and the next change or start does it.
func (v *Vault) afterFailure(ctx context.Context, gone []ID) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockWait)
	defer cancel()
	_ = v.rebuild(limited, gone)
}

func clearItems(items []keystore.Item) {
	for _, it := range items {
		it.Value.Clear()
	}
}

// newEntry is the line of a live account.
func newEntry(id ID, uri secret.Value) entry { return entry{id: id, uri: uri} }

// clearMark ends a change.
func (v *Vault) clearMark() error {
	if err := atomicfile.Remove(v.markPath()); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("end change: %w", readOnly(err))
	}
	return nil
}
