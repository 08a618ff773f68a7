// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// sizes returns how many items there are, and the largest one's size.
func (m *memStore) sizes() (n, largest int) {
	for _, s := range m.items {
		largest = max(largest, len(s))
	}
	return len(m.items), largest
}

// Many accounts at once get large pages, which are changed like any other and
// become no larger; what comes alone later gets a small one.
func TestBulkPages(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	m.bulk = keystore.MaxBulk
	v := openMem(t, dir, m)
	mustAdd(t, v, filler(t, 600, 10))
	as, err := v.AddAll(t.Context(), keys(t, 400))
	if err != nil {
		t.Fatal(err)
	}
	n, largest := m.sizes()
	if n > 6 || largest <= keystore.MaxItem || largest > bulkRoom {
		t.Errorf("%d items, the largest has %d bytes", n, largest)
	}
	for i := range 20 {
		mustAdd(t, v, filler(t, 601+i, 10))
	}
	d := as[7].Details()
	d.Name = strings.Repeat("long", 100)
	if _, err := v.Update(t.Context(), as[7].ID, d); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Replace(t.Context(), as[8].ID, numbered(t, 500)); err != nil {
		t.Fatal(err)
	}
	if err := v.Remove(t.Context(), as[9].ID); err != nil {
		t.Fatal(err)
	}
	if _, now := m.sizes(); now > largest+400 {
		t.Errorf("the largest item has %d bytes now", now)
	}
	for _, lose := range []bool{false, true} {
		if lose {
			removeIndex(t, dir)
		}
		v = openMem(t, dir, m)
		if len(v.Accounts()) != 420 || len(v.Removed()) != 2 || len(v.Aside()) != 0 {
			t.Fatalf("%d accounts, %d removed", len(v.Accounts()), len(v.Removed()))
		}
		for _, i := range []int{0, 7, 10, 399} {
			want, _ := numbered(t, i).Code(testNow)
			if got := codeOf(t, v, as[i].ID, testNow); got != want.Value {
				t.Errorf("code of %d: %s", i, got)
			}
		}
	}
	// On a system whose keyring takes less they become small before they move there.
	if err := v.shrinkPages(t.Context(), keystore.MaxItem); err != nil {
		t.Fatal(err)
	}
	if _, now := m.sizes(); now > keystore.MaxItem {
		t.Errorf("the largest item has %d bytes still", now)
	}
	if v = openMem(t, dir, m); len(v.Accounts()) != 420 || len(v.Removed()) != 2 {
		t.Errorf("%d accounts, %d removed", len(v.Accounts()), len(v.Removed()))
	}
}

// An intake with large pages, cut short anywhere.
func TestBulkIntakeCutShort(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	m.bulk = keystore.MaxBulk
	v := openMem(t, dir, m)
	stock(t, v, 5)
	before := whatIsThere(t, v)
	var ks []otpauth.Key
	for i := range 300 {
		ks = append(ks, filler(t, 200+i, 10))
	}
	found := preview(t, v, imported(ks...))
	all := moments(t, dir, m, func() { takeIn(t, v, found, Take{}) })
	after := whatIsThere(t, v)
	for i, c := range append(all, moments(t, dir, m, func() { mustUndo(t, v) })...) {
		w, _ := c.open(t)
		if got := whatIsThere(t, w); got != before && got != after {
			t.Fatalf("cut at %d: it is neither as before nor as after", i)
		}
	}
	if got := whatIsThere(t, v); got != before {
		t.Error(unlike(got, before))
	}
}

// A user who gives up after hundreds of items.
func TestGiveUpHundreds(t *testing.T) {
	m := newMemStore()
	v := openMem(t, t.TempDir(), m)
	stock(t, v, 3)
	var ks []otpauth.Key
	for i := range 5000 {
		ks = append(ks, twin(t, i%676))
		ks[i].Digits = 4 + i/676%7
		ks[i].Period = 30 + i/4732
	}
	found := preview(t, v, imported(ks...))
	before := maps.Clone(m.items)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	at := m.puts + 280
	m.watch = func() {
		if m.puts == at {
			cancel()
		}
	}
	if _, err := v.TakeIn(ctx, found, Take{}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	m.watch = nil
	if !maps.Equal(m.items, before) {
		t.Errorf("%d items, there were %d", len(m.items), len(before))
	}
	wantAll(t, v, 3)
}

// No backup holds more than twenty thousand accounts, and none are kept without one.
func TestTooManyAccounts(t *testing.T) {
	m := newMemStore()
	m.bulk = keystore.MaxBulk
	v := openMem(t, t.TempDir(), m)
	ks := make([]otpauth.Key, snapshot.MaxAccounts+1)
	for i := range ks {
		ks[i] = numbered(t, i%676)
		ks[i].Account = fmt.Sprint(i)
	}
	found := preview(t, v, imported(ks...))
	if _, err := v.TakeIn(t.Context(), found, Take{}); !errors.Is(err, ErrTooMany) || len(m.items) != 0 {
		t.Errorf("%v, %d items", err, len(m.items))
	}
	if done := takeIn(t, v, found[1:], Take{}); done.Added != snapshot.MaxAccounts {
		t.Errorf("%+v", done)
	}
	if _, err := v.Add(t.Context(), ks[0]); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	if err := v.Remove(t.Context(), v.Accounts()[0].ID); err != nil {
		t.Error(err)
	}
}

// Large pages in a real keyring go under a passphrase and to a sealed file.
func TestBulkElsewhere(t *testing.T) {
	keyringtest.Start(t)
	o := Options{Dir: t.TempDir(), Store: keystore.Keyring, Now: memOptions("", nil).Now}
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	if _, err := v.AddAll(t.Context(), keys(t, 300)); err != nil {
		t.Fatal(err)
	}
	pages := len(v.current().Pages)
	if pages > 4 {
		t.Errorf("%d pages", pages)
	}
	if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 300)
	if n := len(v.current().Pages); n != pages {
		t.Errorf("%d pages under a passphrase, %d before", n, pages)
	}
	if err := v.MoveTo(t.Context(), keystore.File, secondPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 300)
}
