// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"os"
	"testing"

	"github.com/kutano/authenticator/vault/snapshot"
)

// A backup taken in where pages are full and keys differ, cut short at each
// write: every account is there, and every key that was.
func TestTakeInCutShortInFullPages(t *testing.T) {
	for _, length := range []int{10, 90, 400} {
		for fail := 1; ; fail++ {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			var d snapshot.Document
			for i := range 20 {
				k := filler(t, i, length+i)
				mustAdd(t, v, k)
				k.Secret = numbered(t, 300+i).Secret
				if i%3 == 0 {
					d.Accounts = append(d.Accounts, snapshot.Entry{ID: string(newID()), URI: k.URI()})
				}
				d.Accounts = append(d.Accounts, snapshot.Entry{ID: string(newID()), URI: filler(t, 100+i, length).URI()})
			}
			found := preview(t, v, d)
			use := make([]bool, len(found))
			for i := range use {
				use[i] = true
			}
			m.fail = m.puts + fail
			_, err := v.TakeIn(t.Context(), found, Take{Use: use})
			m.fail = 0
			if err != nil && !errors.Is(err, errInjected) {
				t.Fatal(err)
			}
			for range 2 {
				v = openMem(t, dir, m)
				wantKeys(t, v, length, fail)
				_ = os.Remove(v.indexPath())
			}
			if err == nil {
				break
			}
		}
	}
}

// wantKeys checks that each of the first twenty keys is there, once.
func wantKeys(t *testing.T, v *Vault, length, fail int) {
	t.Helper()
	times := map[string]int{}
	for _, a := range append(append([]Account{}, v.Accounts()...), v.Removed()...) {
		k, err := v.Key(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		times[k.Secret.Reveal()+k.Issuer]++
	}
	for i := range 20 {
		k := numbered(t, i)
		if n := times[k.Secret.Reveal()+k.Issuer]; n != 1 {
			t.Fatalf("names of %d, failing at write %d: key %d is there %d times", length, fail, i, n)
		}
	}
}

// A Replace that keeps the old key in another page and is then cut short: the
// account has its key, once.
func TestReplaceCutShortLeavesNoCopy(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, pageEntries))
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(v.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	good := m.items["page-0"]
	if _, err := v.Replace(t.Context(), as[3].ID, numbered(t, 500)); err != nil {
		t.Fatal(err)
	}
	m.items["page-0"] = good // was to be written second
	if err := errors.Join(os.WriteFile(v.indexPath(), before, 0o600), os.WriteFile(v.markPath(), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		v = openMem(t, dir, m)
		if n := len(v.Removed()); n != 0 || len(v.Accounts()) != pageEntries {
			t.Errorf("%d accounts and %d removed", len(v.Accounts()), n)
		}
		want, _ := numbered(t, 3).Code(testNow)
		if got := codeOf(t, v, as[3].ID, testNow); got != want.Value {
			t.Errorf("code %s", got)
		}
	}
}
