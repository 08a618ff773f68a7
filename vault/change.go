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
	return slices.Contains([]string{indexName, markName, sealedName, recoveryName, escrowName, triesName}, name)
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
	extra []keystore.Item
	minor bool // says nothing that a snapshot would be missed for

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
	for attempt := 0; ; attempt++ {
		t := &tx{v: v, idx: v.current().clone(), pages: map[int]*page{}, room: room(v.kept().Room())}
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
}

// settle brings the index up to date before a change: what another process
// wrote is taken over, what one left half done is mended. The lock is held.
func (v *Vault) settle(ctx context.Context) error {
	if _, err := v.reload(); err != nil {
		return err
	}
	gone, cut := v.readMark()
	if _, err := os.Lstat(v.indexPath()); !cut && !os.IsNotExist(err) {
		return nil
	}
	err := v.rebuild(ctx, gone)
	if errors.Is(err, ErrKeysGone) { // the store was reset: nothing there to be mended
		return v.clearMark()
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
	return p, nil
}

// place puts an entry into the first page with room and returns the page's
// number. It leaves out page not, and pages that an entry was moved out of:
// those are written last, and an entry moved there would be nowhere until then.
func (t *tx) place(ctx context.Context, e entry, not int) (int, error) {
	size := e.size()
	if size > t.room.entry() {
		return 0, ErrTooLarge
	}
	for n := 0; ; n++ {
		if n == len(t.idx.Pages) {
			t.idx.Pages = append(t.idx.Pages, pageInfo{})
		}
		info := t.idx.Pages[n]
		if n == not || info.Opaque ||
			info.Entries >= pageEntries || info.Size+size > int(t.room)-pageSpare && info.Entries > 0 ||
			slices.Contains(t.drops, n) {
			continue
		}
		p, err := t.pageOrNew(ctx, n)
		if errors.Is(err, errSwept) {
			n = -1 // begin with the first page that can be had
			continue
		}
		if err != nil {
			return 0, err
		}
		if p.fits(size, t.room) {
			p.entries = append(p.entries, e)
			t.gained(n)
			return n, nil
		}
	}
}

// errSwept tells that pages were found to be missing and are free now.
var errSwept = errors.New("pages are missing")

// pageOrNew is page, but a page that was never there starts anew. It is looked
// for all the same: what the index does not know must not be written over.
func (t *tx) pageOrNew(ctx context.Context, n int) (*page, error) {
	p, err := t.page(ctx, n)
	if !errors.Is(err, ErrKeysGone) {
		return p, err
	}
	if t.idx.Pages[n] != (pageInfo{}) {
		return nil, t.sweep(ctx)
	}
	t.pages[n] = &page{}
	return t.pages[n], nil
}

// sweep looks which pages the store has lost and frees their numbers, so that
// the pages can be found one after the other again. Their accounts stay listed
// without their keys. Where all went well it returns errSwept.
func (t *tx) sweep(ctx context.Context) error {
	for n := range t.idx.Pages {
		if t.pages[n] != nil {
			continue
		}
		value, err := t.v.kept().Get(ctx, pageName(n))
		value.Clear()
		if errors.Is(err, keystore.ErrNotFound) {
			t.lastGen = max(t.lastGen, t.idx.Pages[n].Gen)
			t.idx.Pages[n] = pageInfo{}
			t.lose(func(a Account) bool { return a.page == n })
		} else if err != nil {
			return err
		}
	}
	return errSwept
}

func (t *tx) lose(which func(Account) bool) {
	for i, a := range t.idx.accounts {
		if which(a) {
			t.idx.accounts[i].page = -1
		}
	}
}

// gained and dropped note that a page is to be written. A page that an entry
// was moved out of comes after the page that got it, so a page that dropped
// one keeps its place behind, and before those that dropped one earlier.
func (t *tx) gained(n int) {
	if !slices.Contains(t.gains, n) && !slices.Contains(t.drops, n) {
		t.gains = append(t.gains, n)
	}
	t.measure(n)
}

func (t *tx) dropped(n int) {
	t.gains = slices.DeleteFunc(t.gains, func(m int) bool { return m == n })
	if !slices.Contains(t.drops, n) {
		t.drops = slices.Insert(t.drops, 0, n)
	}
	t.measure(n)
}

func (t *tx) measure(n int) {
	p := t.pages[n]
	t.idx.Pages[n] = pageInfo{Gen: p.gen, Size: p.size(), Entries: len(p.entries)}
}

// replace changes the entry of an account in its page; one that has outgrown
// its page moves. It returns the page where the account is now.
func (t *tx) replace(ctx context.Context, n int, e entry) (int, error) {
	p, err := t.page(ctx, n)
	if err != nil {
		return 0, err
	}
	i := p.find(e.id)
	if i < 0 {
		return 0, errBehind
	}
	p.entries[i] = e
	if p.legal(t.room) {
		t.gained(n)
		return n, nil
	}
	p.entries = slices.Delete(p.entries, i, i+1)
	t.dropped(n)
	return t.place(ctx, e, n)
}

// commit stores the change: mark, pages, index, unmark. When it fails midway
// the pages tell what was stored, and the index is rebuilt from them.
func (t *tx) commit(ctx context.Context) error {
	v := t.v
	order := append(slices.Clone(t.gains), t.drops...)
	if err := t.settleList(); err != nil {
		return err
	}
	if len(order)+len(t.extra) == 0 {
		return v.save(t.idx)
	}
	items, err := t.items(order)
	defer clearItems(items)
	if err != nil {
		return err
	}
	room := v.current().room() + max(0, len(t.idx.accounts)-len(v.current().accounts))*roomEach
	if err := v.writeMark(t.ids, room); err != nil {
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
