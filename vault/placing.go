// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"slices"

	"github.com/kutano/authenticator/vault/keystore"
)

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
		if n == not || info.Opaque || !t.fits(info, size) || slices.Contains(t.drops, n) {
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
		if t.fits(pageInfo{p.gen, p.size(), len(p.entries), false}, size) {
			p.entries = append(p.entries, e)
			t.gained(n)
			return n, nil
		}
	}
}

// inBulk has new accounts put into larger pages, where the store takes them and it
// is worth it. A page that there was before stays as small as it is. Larger ones
// fit under a passphrase, too, and become no larger later.
func (t *tx) inBulk(accounts int) {
	t.bulk = accounts >= bulkFrom && int(t.most) >= bulkRoom
}

// limit is the most that page n may have: one that was made in bulk stays as it is.
func (t *tx) limit(n int) room {
	if t.idx.Pages[n].Size > keystore.MaxItem {
		return t.most
	}
	return t.room
}

var bulkRoom = keystore.Sealed(keystore.MaxBulk)

// fits tells whether an entry of that size has room in a page, and still would when
// its counter grew.
func (t *tx) fits(p pageInfo, size int) bool {
	entries, room := pageEntries, int(t.room)
	if t.bulk {
		entries, room = bulkEntries, bulkRoom
	}
	switch {
	case p.Entries == 0:
		return true
	case t.bulk && p.Gen > 0:
		return false
	}
	return p.Entries < entries && p.Size+size <= room-pageSpare
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
	if p.legal(t.limit(n)) {
		t.gained(n)
		return n, nil
	}
	p.entries = slices.Delete(p.entries, i, i+1)
	t.dropped(n)
	return t.place(ctx, e, n)
}
