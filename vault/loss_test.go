// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// shut is a store that cannot open one of its items any more.
type shut struct {
	*memStore
	name string
}

func (s *shut) Get(ctx context.Context, name string) (secret.Value, error) {
	if name == s.name {
		return secret.Value{}, fmt.Errorf("get %s: %w", name, keystore.ErrUnreadable)
	}
	return s.memStore.Get(ctx, name)
}

// Whatever is lost, and however it shows, a snapshot counts it, and the good
// ones from before stay for all that comes after.
func TestLossBeginsEra(t *testing.T) {
	line := func(m *memStore, change func(string) string) {
		lines := strings.Split(m.items["page-0"], "\n")
		lines[2] = change(lines[2])
		m.items["page-0"] = strings.Join(lines, "\n")
	}
	secretOf := func(s string) string { return strings.Replace(s, "secret=GEZ", "secret=1!8", 1) }
	noID := func(s string) string { return "#" + s }
	for name, tc := range map[string]struct {
		damage func(*shut)
		index  bool // it is lost, too
		verify bool // the damage is noticed before the next snapshot
		lost   int  // at least; 0 is none
		live   int  // accounts that the snapshot has with their keys
	}{
		"id, noticed":    {func(s *shut) { line(s.memStore, noID) }, false, true, 1, 19},
		"id, unnoticed":  {func(s *shut) { line(s.memStore, noID) }, false, false, 1, 19},
		"key, noticed":   {func(s *shut) { line(s.memStore, secretOf) }, false, true, 1, 19},
		"key, unnoticed": {func(s *shut) { line(s.memStore, secretOf) }, false, false, 1, 19},
		"no page":        {func(s *shut) { s.items["page-0"] = "hello\nworld" }, false, true, 14, 6},
		"no page, index": {func(s *shut) { s.items["page-0"] = "hello\n\nworld" }, true, true, 1, 6},
		"shut":           {func(s *shut) { s.name = "page-0" }, false, true, 14, 6},
		"shut, index":    {func(s *shut) { s.name = "page-0" }, true, true, 1, 6},
		"gone":           {func(s *shut) { delete(s.items, "page-0") }, false, true, 14, 6},
		"gone, index":    {func(s *shut) { delete(s.items, "page-0") }, true, true, 1, 6},
		"an empty line":  {func(s *shut) { s.items["page-0"] += "\n" }, false, true, 0, 20},
		"nothing at all": {func(*shut) {}, false, true, 0, 20},
		"nothing, index": {func(*shut) {}, true, true, 0, 20},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), &shut{memStore: newMemStore()}
			o := memOptions(dir, m.memStore)
			o.open = func(keystore.Kind, string) (keystore.Store, error) { return m, nil }
			open := func() *Vault {
				v, err := Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = v.Close() })
				return v
			}
			v := open()
			stock(t, v, 20)
			_ = v.Close()
			tc.damage(m)
			if tc.index {
				removeIndex(t, dir)
			}
			v = open()
			if tc.verify {
				if err := v.Verify(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			d, meta, err := v.document(t.Context())
			if err != nil || meta.Lost < tc.lost || tc.lost == 0 && meta.Lost != 0 || meta.Accounts != tc.live {
				t.Errorf("%d lost, %d accounts, %v, want %d and %d", meta.Lost, meta.Accounts, err, tc.lost, tc.live)
			}
			d.Clear()
		})
	}
}

// A page with a damaged line, and a dozen changes after it: the snapshots that
// have the good key are there still.
func TestSnapshotsOutliveDamage(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	stock(t, v, 3)
	want := numbered(t, 1)
	k := withRecovery(t, v)
	_ = v.Close()
	lines := strings.Split(m.items["page-0"], "\n")
	lines[2] = strings.Replace(lines[2], "secret=", "secret=1!8", 1)
	m.items["page-0"] = strings.Join(lines, "\n")
	v = openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		mustAdd(t, v, numbered(t, 60+i))
		if _, err := v.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_ = v.Close()
	list, err := v.Snapshots().List()
	if err != nil {
		t.Fatal(err)
	}
	good := 0
	for _, info := range list {
		file, err := v.Snapshots().Read(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := snapshot.Decrypt(file, snapshot.Opener{Key: k})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range d.Accounts {
			if key, err := (entry{uri: e.URI}).key(); err == nil && key.Secret.Equal(want.Secret) {
				good++
			}
		}
		d.Clear()
	}
	if good == 0 {
		t.Errorf("none of %d snapshots has the key", len(list))
	}
}
