// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// A store that lost its first page only: adding accounts must not write over
// the pages that are still there.
func TestFirstPageMissing(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	delete(m.items, "page-0")
	v = openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, 160)[100:]); err != nil {
		t.Fatal(err)
	}
	for _, lost := range []bool{false, true} {
		if lost {
			removeIndex(t, dir)
			v = openMem(t, dir, m)
		}
		for i := 20; i < 60; i++ {
			want, _ := numbered(t, i).Code(testNow)
			if got := codeOf(t, v, as[i].ID, testNow); got != want.Value {
				t.Fatalf("account %d: code %s, want %s", i, got, want.Value)
			}
		}
	}
}

// An index that knows fewer pages than there are: a page that it does not know
// is found, not written over.
func TestUnknownPageIsNotWrittenOver(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, pageEntries)); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(v.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	a := mustAdd(t, v, numbered(t, 100))
	if err := os.WriteFile(v.indexPath(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	v = openMem(t, dir, m)
	mustAdd(t, v, numbered(t, 101))
	codeOf(t, v, a.ID, testNow)
}

// big returns a key whose entry is near the most that a page takes: the
// longest name that Add accepts.
func big(t *testing.T, v *Vault, uri string) Account {
	t.Helper()
	k := key(t, uri)
	for n := keystore.MaxItem; n > 0; n-- {
		k.Account = strings.Repeat("x", n)
		a, err := v.Add(t.Context(), k)
		if err == nil {
			return a
		}
		if !errors.Is(err, ErrTooLarge) {
			t.Fatal(err)
		}
	}
	t.Fatal("no name fits")
	return Account{}
}

// The largest account can be changed in every way, whatever grows: its marker
// when it is removed, its counter, the page's generation.
func TestLargestAccount(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := big(t, v, "otpauth://hotp/Bank:7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0&issuer=Bank")
	for range 12 {
		if _, err := v.Advance(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
	}
	m.items["page-0"] = strings.NewReplacer("counter=12", fmt.Sprintf("counter=%d", uint64(math.MaxUint64-1)),
		m.items["page-0"][:strings.Index(m.items["page-0"], "\n")], fmt.Sprintf("kutano1 %d", uint64(1<<61))).Replace(m.items["page-0"])
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Advance(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	// The counter is at its end: no code is given a second time.
	if c, err := v.Advance(t.Context(), a.ID); err == nil {
		b, _ := v.Account(a.ID)
		t.Errorf("past the last counter: code %q, counter now %d", c.Value, b.Counter)
	}
	if err := v.Remove(t.Context(), a.ID); err != nil {
		t.Fatalf("remove: %v", err)
	}
	if err := v.Restore(t.Context(), a.ID); err != nil {
		t.Fatalf("restore: %v", err)
	}
	b := big(t, v, "otpauth://totp/Bank:7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Other")
	k, err := v.Key(t.Context(), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Replace(t.Context(), b.ID, k); err != nil {
		t.Fatalf("replace: %v", err)
	}
	for name, s := range m.items {
		if len(s) > keystore.MaxItem {
			t.Errorf("%s has %d bytes", name, len(s))
		}
	}
}

// A keyring that was reset and a change that was then cut short must not keep
// the vault shut for ever.
func TestResetThenCutShort(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, 3)); err != nil {
		t.Fatal(err)
	}
	m.items = map[string]string{}
	m.fail = m.puts + 1
	if _, err := v.Add(t.Context(), numbered(t, 9)); !errors.Is(err, errInjected) {
		t.Fatalf("add: %v", err)
	}
	a := mustAdd(t, v, numbered(t, 9))
	codeOf(t, v, a.ID, testNow)
	if err := os.WriteFile(v.markPath(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	m.items = map[string]string{}
	v = openMem(t, dir, m)
	if len(v.Accounts()) != 4 {
		t.Errorf("%d accounts are listed, want 4", len(v.Accounts()))
	}
	mustAdd(t, v, numbered(t, 10))
}

// A change was cut short and now the keyring is locked: the list is shown all the same.
func TestCutShortThenLocked(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	mustAdd(t, v, numbered(t, 1))
	if err := os.WriteFile(v.markPath(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	locked := &lockedStore{memStore: m, locked: true}
	o := memOptions(dir, m)
	o.open = func(keystore.Kind, string) (keystore.Store, error) { return locked, nil }
	w, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	wantLabels(t, w, "Service001:ana@example.com")
	if _, err := w.Add(t.Context(), numbered(t, 2)); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("add while locked: %v", err)
	}
	locked.locked = false
	mustAdd(t, w, numbered(t, 2))
}

type lockedStore struct {
	*memStore
	locked bool
}

func (s *lockedStore) Get(ctx context.Context, name string) (secret.Value, error) {
	if s.locked {
		return secret.Value{}, keystore.ErrLocked
	}
	return s.memStore.Get(ctx, name)
}

// Changes to an account in a page that cannot be read say so. It can be removed,
// and its key stays where it is.
func TestChangeInBadPage(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := mustAdd(t, v, numbered(t, 1))
	good := m.items["page-0"]
	m.items["page-0"] = "kutano2 of a version to come\n"
	if _, err := v.Update(t.Context(), a.ID, Details{Name: "x"}); !errors.Is(err, ErrAside) {
		t.Errorf("rename: %v", err)
	}
	if err := v.Remove(t.Context(), a.ID); err != nil || len(v.Accounts()) != 0 {
		t.Errorf("remove: %v", err)
	}
	m.items["page-0"] = good // it can be read again: after an update, say
	v = openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	codeOf(t, v, a.ID, testNow)
}

// The clock is wrong: what is removed is removed and can come back.
func TestRemoveAtOddTimes(t *testing.T) {
	for _, now := range []time.Time{time.Unix(-5, 0), time.Unix(0, 0), {}, time.Unix(1<<33, 0)} {
		dir, m := t.TempDir(), newMemStore()
		o := memOptions(dir, m)
		o.Now = func() time.Time { return now }
		v, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		a := mustAdd(t, v, numbered(t, 1))
		if err := v.Remove(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		removeIndex(t, dir)
		w, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(w.Accounts()) != 0 || len(w.Removed()) != 1 || len(w.Aside()) != 0 {
			t.Errorf("at %v: %d accounts, %d removed, %d aside", now, len(w.Accounts()), len(w.Removed()), len(w.Aside()))
			continue
		}
		if err := w.Restore(t.Context(), a.ID); err != nil {
			t.Error(err)
		}
		codeOf(t, w, a.ID, testNow)
		_ = errors.Join(v.Close(), w.Close())
	}
}

// A removed account whose key is gone can be erased.
func TestEraseWithoutKey(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	a := mustAdd(t, v, numbered(t, 1))
	if err := v.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	v.store.(*memStore).items = map[string]string{}
	if err := v.Erase(t.Context(), a.ID); err != nil || len(v.Removed()) != 0 {
		t.Errorf("erase: %v, %d removed", err, len(v.Removed()))
	}
}

// Someone has made the index say what cannot be.
func TestHostileIndex(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"huge generation": func(s string) string { return strings.Replace(s, `"gen":1`, `"gen":18446744073709551615`, 1) },
		"negative sizes":  func(s string) string { return strings.Replace(s, `"entries":3`, `"entries":-3000000`, 1) },
		"huge file":       func(s string) string { return s + strings.Repeat(" ", 65<<20) },
		"twice": func(s string) string {
			return strings.Replace(s, "\n,{", ",{\"id\":\"aaaaaaaaaaaa\"},{\"id\":\"aaaaaaaaaaaa\"},{", 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			as, err := v.AddAll(t.Context(), keys(t, 3))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, indexName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			bad := edit(string(b))
			if bad == string(b) {
				t.Fatal("nothing was edited")
			}
			if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			v = openMem(t, dir, m)
			if _, err := os.Stat(path + ".damaged"); err != nil {
				t.Errorf("it was taken for good: %v", err)
			}
			mustAdd(t, v, numbered(t, 50))
			removeIndex(t, dir)
			v = openMem(t, dir, m)
			for _, a := range as {
				codeOf(t, v, a.ID, testNow)
			}
		})
	}
}

// A page at the last generation there can be: the change is refused, and nothing lost.
func TestLastGeneration(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := mustAdd(t, v, numbered(t, 1))
	for _, gen := range []uint64{1<<62 - 1, 1 << 62, math.MaxUint64} {
		_, rest, _ := strings.Cut(m.items["page-0"], "\n")
		m.items["page-0"] = fmt.Sprintf("kutano1 %d\n%s", gen, rest)
		removeIndex(t, dir)
		v = openMem(t, dir, m)
		_, _ = v.Add(t.Context(), numbered(t, 2))
		if !strings.Contains(m.text(), string(a.ID)) {
			t.Fatalf("generation %d: the key is gone", gen)
		}
		removeIndex(t, dir)
		v = openMem(t, dir, m)
		if _, ok := v.Account(a.ID); !ok && len(v.Aside()) == 0 {
			t.Errorf("generation %d: the account is neither listed nor set aside", gen)
		}
	}
}

// Waiting for another change of this process ends with the context.
func TestCancelWhileChanging(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	inside, done := make(chan struct{}), make(chan struct{})
	go func() {
		_ = v.update(t.Context(), "slow", func(*tx) error { close(inside); <-done; return nil })
	}()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	result := make(chan error, 1)
	go func() { _, err := v.Add(ctx, numbered(t, 1)); result <- err }()
	select {
	case err := <-result:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	case <-time.After(3 * time.Second):
		t.Error("the call outlives its context")
	}
	close(done)
}

// Mixed operations from several goroutines on two vaults in one folder.
func TestStress(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	vs := []*Vault{openMem(t, dir, m), nil}
	stay, err := vs[0].AddAll(t.Context(), keys(t, 30))
	if err != nil {
		t.Fatal(err)
	}
	vs[1] = openMem(t, dir, m)
	for _, v := range vs {
		if _, err := v.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for g := range 4 {
		v := vs[g%2]
		wg.Go(func() {
			for i := range 12 {
				a, err := v.Add(t.Context(), numbered(t, 100+50*g+i))
				if err != nil {
					t.Error(err)
					return
				}
				_ = v.MarkUsed(t.Context(), stay[i].ID, testNow)
				if err := errors.Join(v.Remove(t.Context(), a.ID), v.Restore(t.Context(), a.ID), v.Remove(t.Context(), a.ID)); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					if err := v.Erase(t.Context(), a.ID); err != nil {
						t.Error(err)
					}
				}
			}
		})
		wg.Go(func() {
			for i := range 200 {
				a := stay[i%30]
				if c, err := v.Code(t.Context(), a.ID, testNow); err != nil && !errors.Is(err, ErrBusy) {
					t.Error(err)
				} else if want, _ := numbered(t, i%30).Code(testNow); err == nil && c.Value != want.Value {
					t.Errorf("account %d: code %s, want %s", i%30, c.Value, want.Value)
				}
				v.Accounts()
			}
		})
	}
	wg.Wait()
	v := openMem(t, dir, m)
	if n := len(v.Accounts()); n != 30 || len(v.Removed()) != 24 {
		t.Errorf("%d accounts and %d removed, want 30 and 24", n, len(v.Removed()))
	}
}

// fillers are keys of about n bytes each.
func filler(t *testing.T, i, n int) otpauth.Key {
	t.Helper()
	k := numbered(t, i)
	k.Account = strings.Repeat("f", n)
	return k
}

// A change that moves an account writes it where it goes before it is taken
// from where it was, also where that page gets another account.
func TestCrashWhileSwapping(t *testing.T) {
	for size := 100; size < 1000; size += 60 {
		for fail := 1; fail < 5; fail++ {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			var as []Account
			for i := range 8 {
				as = append(as, mustAdd(t, v, filler(t, i, size/3+i)))
			}
			fresh := numbered(t, 3)
			fresh.Account = strings.Repeat("n", size)
			fresh.Digits = 8
			old, _ := numbered(t, 3).Code(testNow)
			m.fail = m.puts + fail
			_, err := v.Replace(t.Context(), as[3].ID, fresh)
			m.fail = 0
			removeIndex(t, dir)
			v = openMem(t, dir, m)
			for _, a := range as {
				if _, ok := v.Account(a.ID); !ok {
					t.Fatalf("size %d, failing at write %d: an account is lost (%v)", size, fail, err)
				}
			}
			found := false
			for _, a := range append(v.Accounts(), v.Removed()...) {
				found = found || codeOf(t, v, a.ID, testNow) == old.Value
			}
			if !found {
				t.Fatalf("size %d, failing at write %d: the old key is lost (%v)", size, fail, err)
			}
		}
	}
}
