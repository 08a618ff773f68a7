// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
)

// missingPages is how many pages in a row may be missing before a rebuild
// without an index stops looking: one lost page must not hide those behind it.
const missingPages = 3

// Verify reads every page and mends the index where it differs: accounts that
// it did not know appear, entries that cannot be read are set aside. Where the
// store has no page at all but the index lists some, it changes nothing and
// returns ErrKeysGone.
func (v *Vault) Verify(ctx context.Context) error {
	unlock, err := v.lock(ctx)
	if err != nil {
		return fmt.Errorf("verify accounts: %w", err)
	}
	_, err = v.reload()
	if err == nil {
		m, _ := v.readMark()
		err = v.rebuild(ctx, m.Erase)
	}
	if err == nil {
		err = v.resume(ctx)
	}
	unlock()
	if err != nil {
		v.noteGuard(err)
		return fmt.Errorf("verify accounts: %w", err)
	}
	return nil
}

// survey is what a rebuild finds in the store.
type survey struct {
	pages map[int]*page
	bad   map[int]error // pages that cannot be read as a whole
	count int           // one more than the last page there is
	place map[ID]int    // where each account's entry is
	aside map[ID]bool   // accounts with a line that is set aside
	stale []int         // pages holding an entry that stands newer elsewhere
}

// rebuild makes the index anew from the pages, keeping what only the old index
// knows. gone are accounts that an interrupted change was erasing. The lock is held.
func (v *Vault) rebuild(ctx context.Context, gone []ID) error {
	old := v.current()
	s, err := v.survey(ctx, len(old.Pages))
	if err != nil {
		return err
	}
	defer s.clear()
	if s.count == 0 && len(old.Pages) > 0 {
		return fmt.Errorf("no page of accounts is left: %w", ErrKeysGone)
	}
	_, cut := v.readMark()
	if cut {
		s.dropCopies(old)
	}
	x := &index{Version: indexVersion, Store: old.Store, Space: old.Space, Guard: old.Guard, Leaving: old.Leaving, Notices: slices.Clone(old.Notices)}
	if !cut {
		x.notice(s.rolledBack(old), v.now())
	}
	if err := v.dropStale(ctx, s, gone); err != nil {
		return err
	}
	s.infos(x)
	keyed := s.accounts(x)
	x.Above = s.above(old)
	x.accounts = merge(old, x, keyed, s, gone)
	if err := x.seal(); err != nil {
		return err
	}
	if _, cut := v.readMark(); !cut && v.saved() && old.says(x) {
		return nil // all is as it was: nobody needs to be told
	}
	if err := v.save(x); err != nil {
		v.keep(x) // a full disk does not stop codes from being made
		return err
	}
	return v.rebuilt()
}

// survey reads the pages in order until several in a row are missing.
func (v *Vault) survey(ctx context.Context, known int) (*survey, error) {
	s := &survey{pages: map[int]*page{}, bad: map[int]error{}, place: map[ID]int{}, aside: map[ID]bool{}}
	for n := 0; n < known || n < s.count+missingPages; n++ {
		p, err := v.readPage(ctx, n)
		switch {
		case errors.Is(err, keystore.ErrNotFound):
			continue
		case opaque(err):
			s.bad[n] = err
		case err != nil:
			return nil, err
		default:
			s.pages[n] = p
			s.locate(n, p)
		}
		s.count = n + 1
	}
	return s, nil
}

// clear overwrites the keys read.
func (s *survey) clear() {
	for _, p := range s.pages {
		p.clear()
	}
}

// locate notes where the page's accounts are. Of two entries for one account
// the one in the page written later counts. One that cannot be read never does.
func (s *survey) locate(n int, p *page) {
	for _, e := range p.entries {
		if e.aside {
			s.aside[e.whose] = true
			continue
		}
		m, twice := s.place[e.id]
		switch {
		case !twice || m == n:
			s.place[e.id] = n
		case p.gen > s.pages[m].gen:
			s.place[e.id] = n
			s.stale = append(s.stale, m)
		default:
			s.stale = append(s.stale, n)
		}
	}
}

// dropCopies finds what a Replace that was cut short has left: the old key, kept
// as a removed account in one page, when it is still the account's own in another.
func (s *survey) dropCopies(old *index) {
	live := map[string]bool{}
	for n, p := range s.pages {
		for _, e := range p.entries {
			if !e.aside && e.removed == 0 && s.place[e.id] == n {
				live[e.uri.Reveal()] = true
			}
		}
	}
	for n, p := range s.pages {
		for _, e := range p.entries {
			_, known := old.at[e.id]
			if !e.aside && e.removed != 0 && !known && s.place[e.id] == n && live[e.uri.Reveal()] {
				s.place[e.id] = nowhere
				s.stale = append(s.stale, n)
			}
		}
	}
}

// nowhere is the place of an entry that is to go.
const nowhere = -1

// dropStale takes entries that stand newer elsewhere out of their pages, so
// that they cannot come back when the newer one is erased.
func (v *Vault) dropStale(ctx context.Context, s *survey, gone []ID) error {
	if len(s.stale) == 0 {
		return nil
	}
	// Were this cut short, the pages would look newer than the index for no reason.
	m, _ := v.readMark()
	m.Erase = gone
	if err := v.writeMark(m, 0); err != nil {
		return err
	}
	slices.Sort(s.stale)
	for _, n := range slices.Compact(s.stale) {
		p := s.pages[n]
		p.entries = slices.DeleteFunc(p.entries, func(e entry) bool { return !e.aside && s.place[e.id] != n })
		for _, q := range s.pages {
			p.gen = max(p.gen, q.gen)
		}
		p.gen++
		value, err := p.encode()
		if err != nil {
			return err
		}
		err = v.kept().Put(ctx, keystore.Item{Name: pageName(n), Value: value})
		value.Clear()
		if err != nil {
			return err
		}
	}
	return nil
}

// infos fills the index's list of pages.
func (s *survey) infos(x *index) {
	x.Pages = make([]pageInfo, s.count)
	for n := range x.Pages {
		switch p := s.pages[n]; {
		case p != nil:
			x.Pages[n] = pageInfo{Gen: p.gen, Size: p.size(), Entries: len(p.entries)}
		case s.bad[n] != nil:
			x.Pages[n].Opaque = true
			x.Aside = append(x.Aside, asideRecord{Page: n, Reason: s.bad[n].Error()})
		}
	}
}

// unknownWrites is how often a page may have been written that cannot be read and
// that no index knows.
const unknownWrites = 1 << 20

// above is a generation that no page that cannot be read exceeds.
func (s *survey) above(old *index) uint64 {
	g := old.Above
	for n := range s.bad {
		if n < len(old.Pages) && old.Pages[n] != (pageInfo{}) {
			g = max(g, old.generation())
			continue
		}
		for _, p := range s.pages {
			g = max(g, p.gen+unknownWrites)
		}
		g = max(g, unknownWrites)
	}
	return min(g, lastGen)
}

// accounts reads the entries in order and lists those that are set aside.
func (s *survey) accounts(x *index) []Account {
	var as []Account
	seen := map[ID]bool{}
	for n := range s.count {
		if s.pages[n] == nil {
			continue
		}
		x.tellAside(n, s.pages[n])
		for _, e := range s.pages[n].entries {
			if e.aside || seen[e.id] {
				continue
			}
			k, err := e.key()
			if err != nil {
				continue // decodeEntry has read it
			}
			seen[e.id] = true
			a := fromKey(e.id, k)
			k.Secret.Clear()
			a.page, a.Removed = n, unixTime(e.removed)
			as = append(as, a)
		}
	}
	return as
}

// merge puts the accounts found into the order of the old index and adds what
// only it knows. Accounts that are nowhere any more stay listed, without a key.
func merge(old, x *index, found []Account, s *survey, gone []ID) []Account {
	byID := make(map[ID]Account, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	var as []Account
	for _, o := range old.accounts {
		a, ok := byID[o.ID]
		delete(byID, o.ID)
		switch {
		case ok:
			a.Tags, a.Note, a.Icon, a.Favourite = o.Tags, o.Note, o.Icon, o.Favourite
			a.LastUsed, a.Verified = o.LastUsed, o.Verified
			if !a.live() {
				a.of = o.of
			}
		case slices.Contains(gone, o.ID) || !o.live():
			continue
		case o.page >= 0 && o.page < len(x.Pages) && x.Pages[o.page].Opaque:
			a = o
		case s.aside[o.ID]:
			continue // its entry is set aside, and named there
		default:
			a, a.page = o, -1
		}
		as = append(as, a)
	}
	for _, a := range found {
		if _, isNew := byID[a.ID]; isNew {
			as = append(as, a)
		}
	}
	return as
}

// mark is what the file of that name holds while a change is being stored.
type mark struct {
	Erase  []ID `json:"erase,omitempty"`
	Intake bool `json:"intake,omitempty"` // something was being taken in or undone, see resume
}

// roomEach is about what an account takes in the index, in bytes.
const roomEach = 512

func (x *index) room() int {
	n := 4096 + 48*len(x.Pages)
	for i := range x.accounts {
		a := &x.accounts[i]
		n += 256 + len(a.Issuer) + len(a.Name) + len(a.Note)
	}
	return n
}

// writeMark begins a change. The mark takes as much of the disk as the index
// will need, so that a full disk is found out before anything is changed.
func (v *Vault) writeMark(m mark, room int) error {
	b, err := json.Marshal(m)
	if err == nil {
		b = append(b, bytes.Repeat([]byte{' '}, room)...)
		err = atomicfile.Write(v.markPath(), b)
	}
	if err != nil {
		return fmt.Errorf("begin change: %w", readOnly(err))
	}
	return nil
}

// freeMark gives the index the room that the mark has kept.
func (v *Vault) freeMark() {
	if b, err := os.ReadFile(v.markPath()); err == nil {
		_ = os.Truncate(v.markPath(), int64(len(bytes.TrimRight(b, " "))))
	}
}

// readMark tells whether a change was cut short, and what it was doing.
func (v *Vault) readMark() (m mark, cut bool) {
	b, err := os.ReadFile(v.markPath())
	if err != nil {
		return mark{}, false
	}
	if json.Unmarshal(b, &m) != nil {
		m = mark{} // it still says that there was a change
	}
	return m, true
}

// rebuilt ends what a change that was cut short has left, but for one that resume
// has to go on with.
func (v *Vault) rebuilt() error {
	if m, _ := v.readMark(); m.Intake {
		return nil
	}
	return v.clearMark()
}
