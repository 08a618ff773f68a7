// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"slices"
)

// setAside finds the account's line among those that cannot be read.
func (p *page) setAside(id ID) int {
	return slices.IndexFunc(p.entries, func(e entry) bool { return e.aside && e.whose == id })
}

// tellAside lists anew what is set aside in a page.
func (x *index) tellAside(n int, p *page) {
	x.Aside = slices.DeleteFunc(x.Aside, func(r asideRecord) bool { return r.Page == n })
	at := slices.IndexFunc(x.Aside, func(r asideRecord) bool { return r.Page > n })
	if at < 0 {
		at = len(x.Aside)
	}
	var here []asideRecord
	for _, e := range p.entries {
		if e.aside {
			here = append(here, asideRecord{Page: n, Name: nameIn(e.uri.Bytes()), Reason: e.reason})
		}
	}
	x.Aside = slices.Insert(x.Aside, at, here...)
}

// mostDamage is how many bytes of a line may be wrong for it to be a damaged
// copy of another: any two keys differ in more.
const mostDamage = 3

// copyOf tells whether the line that is set aside is a damaged copy of the entry:
// what it says stands there whole.
func (e entry) copyOf(good entry) bool {
	line := good.appendTo(make([]byte, 0, good.size()))
	defer clear(line)
	had := e.uri.Bytes()
	if len(line) != len(had)+1 {
		return false
	}
	wrong := 0
	for i := range had {
		if line[i] != had[i] {
			wrong++
		}
	}
	return wrong <= mostDamage
}

// mend puts an entry into the place of its line in page n that is set aside,
// where that is a damaged copy of it. It tells whether it did.
func (t *tx) mend(ctx context.Context, n int, good entry) (bool, error) {
	p, err := t.page(ctx, n)
	if err != nil {
		return false, err
	}
	i := p.setAside(good.id)
	if i < 0 || p.find(good.id) >= 0 || !p.entries[i].copyOf(good) {
		return false, nil
	}
	p.entries[i].uri.Clear()
	p.entries[i] = good // as long as it was
	t.gained(n)
	t.idx.tellAside(n, p)
	return true, nil
}

// supersede gives a listed account a key in place of its line in page n, which
// cannot be read any more: in its place if it is a damaged copy, and else beside
// it. Then the line is kept as one that never again counts for the account.
func (t *tx) supersede(ctx context.Context, n int, fresh entry) (int, error) {
	if mended, err := t.mend(ctx, n, fresh); mended || err != nil {
		return n, err
	}
	p := t.pages[n]
	i := p.setAside(fresh.id)
	old := foreignEntry(p.entries[i].uri.Bytes())
	if old.size() > t.room.entry() {
		return 0, ErrTooLarge
	}
	p.entries[i].uri.Clear()
	if p.entries[i] = old; p.legal(t.limit(n)) {
		t.gained(n)
	} else {
		p.entries = slices.Delete(p.entries, i, i+1)
		t.dropped(n)
		m, err := t.place(ctx, old, n)
		if err != nil {
			return 0, err
		}
		t.idx.tellAside(m, t.pages[m])
	}
	t.idx.tellAside(n, p)
	return t.place(ctx, fresh, -1)
}
