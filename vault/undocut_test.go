// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"maps"
	"os"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// moment is a folder and a store as they were on the way.
type moment struct {
	dir   string
	items map[string]string
}

func momentOf(t *testing.T, dir string, m *memStore) moment {
	t.Helper()
	c := moment{t.TempDir(), maps.Clone(m.items)}
	if err := os.CopyFS(c.dir, os.DirFS(dir)); err != nil {
		t.Error(err)
	}
	return c
}

// open opens a copy.
func (c moment) open(t *testing.T) (*Vault, *memStore) {
	t.Helper()
	m := newMemStore()
	m.items = maps.Clone(c.items)
	copied := momentOf(t, c.dir, m)
	return openMem(t, copied.dir, m), m
}

// moments does something and returns what there was before each write.
func moments(t *testing.T, dir string, m *memStore, do func()) []moment {
	t.Helper()
	var all []moment
	note := func() { all = append(all, momentOf(t, dir, m)) }
	m.watch = note
	atomicfile.SetHook(func(op atomicfile.Op) error {
		m.mu.Lock()
		note()
		m.mu.Unlock()
		return op.Do()
	})
	defer func() { m.watch = nil; atomicfile.SetHook(nil) }()
	do()
	return all
}

// A process that ends at any moment of an intake, or of undoing it: the vault is
// as it was before or as it is after.
func TestIntakeCutShortAnywhere(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v, d, how := various(t, dir, m)
	how.Replace = true
	d.Aside = []snapshot.Aside{{Name: "odd", Reason: "odd", Line: secret.FromString("an odd line")}}
	before := whatIsThere(t, v)
	found := preview(t, v, d)
	taking := moments(t, dir, m, func() { takeIn(t, v, found, how) })
	after := whatIsThere(t, v)
	undoing := moments(t, dir, m, func() { mustUndo(t, v) })
	for what, all := range map[string][]moment{"taken in": taking, "undone": undoing} {
		counts := map[string]int{}
		for i, c := range all {
			w, _ := c.open(t)
			got := whatIsThere(t, w)
			if got != before && got != after {
				t.Fatalf("%s, cut at %d of %d: it is neither as before\n%s nor as after\n%s", what, i, len(all), unlike(got, before), unlike(got, after))
			}
			counts[got]++
			if _, cut := w.readMark(); cut {
				t.Errorf("%s, cut at %d: the mark stays", what, i)
			}
			if _, ok := w.LastIntake(); ok != (got == after) {
				t.Errorf("%s, cut at %d: something to undo is %v", what, i, ok)
			}
			mustAdd(t, w, numbered(t, 600))
			if len(w.Notices()) > 0 {
				t.Errorf("%s, cut at %d: %v", what, i, w.Notices())
			}
		}
		if counts[before] < 1 || counts[after] < 1 {
			t.Errorf("%s: %d moments before, %d after", what, counts[before], counts[after])
		}
	}
}

// A store that fails at any moment, or a user who gives up: the vault is as it was.
func TestIntakeGivenUpAnywhere(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v, d, use := various(t, dir, m)
	takeIn(t, v, preview(t, v, imported(numbered(t, 700))), Take{}) // there is a note, too
	before := momentOf(t, dir, m)
	takeIn(t, v, preview(t, v, d), use)
	after := momentOf(t, dir, m)
	for what, c := range map[string]struct {
		from moment
		do   func(ctx context.Context, v *Vault) error
	}{
		"taken in": {before, func(ctx context.Context, v *Vault) error {
			_, err := v.TakeIn(ctx, preview(t, v, d), use)
			return err
		}},
		"undone": {after, func(ctx context.Context, v *Vault) error { _, err := v.UndoIntake(ctx); return err }},
	} {
		for _, fails := range []bool{true, false} {
			n := 1
			for giveUp(t, c.from, n, fails, c.do) {
				n++
			}
			if n < 4 {
				t.Errorf("%s, fails %v: done after %d writes", what, fails, n)
			}
		}
	}
}

// giveUp does something that fails, or is cancelled, at the nth write. It tells
// whether there was one.
func giveUp(t *testing.T, from moment, n int, fails bool, do func(context.Context, *Vault) error) bool {
	t.Helper()
	v, m := from.open(t)
	there := whatIsThere(t, v)
	last, _ := v.LastIntake()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if fails {
		m.fail = n
	} else {
		m.watch = func() {
			if m.puts == n {
				cancel()
			}
		}
	}
	err := do(ctx, v)
	m.fail, m.watch = 0, nil
	if err == nil {
		return false
	}
	if !errors.Is(err, errInjected) && !errors.Is(err, context.Canceled) {
		t.Fatalf("write %d, fails %v: %v", n, fails, err)
	}
	if !maps.Equal(m.items, from.items) {
		t.Fatalf("write %d, fails %v: the store is not as it was", n, fails)
	}
	if got, _ := v.LastIntake(); got != last {
		t.Errorf("write %d, fails %v: last intake %+v, was %+v", n, fails, got, last)
	}
	if got := whatIsThere(t, v); got != there {
		t.Fatalf("write %d, fails %v: it is\n%s", n, fails, unlike(got, there))
	}
	if _, cut := v.readMark(); cut {
		t.Errorf("write %d, fails %v: the mark stays", n, fails)
	}
	return true
}

// The store goes away on the way, as when it is locked, and comes back later: what
// is there is settled without another change.
func TestSettleIntakeCutShort(t *testing.T) {
	for n := 1; n < 6; n++ {
		dir, m := t.TempDir(), newMemStore()
		v, d, use := various(t, dir, m)
		before := whatIsThere(t, v)
		found := preview(t, v, d)
		v.store = &goneStore{memStore: m, left: n}
		if _, err := v.TakeIn(t.Context(), found, use); !errors.Is(err, keystore.ErrNoService) {
			t.Fatal(err)
		}
		if err := v.Settle(t.Context()); n > 1 && !errors.Is(err, keystore.ErrNoService) {
			t.Errorf("gone after %d: settled without the store: %v", n, err)
		}
		v.store = m
		if err := v.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := whatIsThere(t, v); got != before {
			t.Errorf("gone after %d: it is\n%s", n, unlike(got, before))
		}
		if last, ok := v.LastIntake(); ok {
			t.Errorf("gone after %d: there is an intake %+v", n, last)
		}
	}
}

// The store goes away on the way and comes back later.
func TestIntakeWithoutStore(t *testing.T) {
	for n := 1; n < 6; n++ {
		dir, m := t.TempDir(), newMemStore()
		v, d, use := various(t, dir, m)
		before := whatIsThere(t, v)
		found := preview(t, v, d)
		gone := &goneStore{memStore: m, left: n}
		v.store = gone
		if _, err := v.TakeIn(t.Context(), found, use); !errors.Is(err, keystore.ErrNoService) {
			t.Fatal(err)
		}
		w := openMem(t, dir, m)
		if got := whatIsThere(t, w); got != before {
			t.Errorf("gone after %d: it is\n%s", n, unlike(got, before))
		}
		if _, cut := w.readMark(); cut {
			t.Errorf("gone after %d: the mark stays", n)
		}
	}
}

// goneStore is a store that goes away after some items were stored.
type goneStore struct {
	*memStore
	left int
}

func (g *goneStore) Get(ctx context.Context, name string) (secret.Value, error) {
	if g.left <= 0 {
		return secret.Value{}, keystore.ErrNoService
	}
	return g.memStore.Get(ctx, name)
}

func (g *goneStore) Put(ctx context.Context, items ...keystore.Item) error {
	for _, it := range items {
		if g.left--; g.left <= 0 {
			return keystore.ErrNoService
		}
		if err := g.memStore.Put(ctx, it); err != nil {
			return err
		}
	}
	return nil
}

func (g *goneStore) Delete(ctx context.Context, name string) error {
	if g.left <= 0 {
		return keystore.ErrNoService
	}
	return g.memStore.Delete(ctx, name)
}
