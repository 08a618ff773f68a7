// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// sealedStore has pages that cannot be opened, as if a character of them had
// been changed under a passphrase.
type sealedStore struct {
	*memStore
	bad map[string]bool
}

func (s *sealedStore) Get(ctx context.Context, name string) (secret.Value, error) {
	if s.bad[name] {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, keystore.ErrUnreadable)
	}
	return s.memStore.Get(ctx, name)
}

func openSealed(t *testing.T, dir string, s *sealedStore) *Vault {
	t.Helper()
	o := memOptions(dir, s.memStore)
	o.open = func(keystore.Kind, string) (keystore.Store, error) { return s, nil }
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

// What a vault sets aside itself is not added to it by its own backup.
func TestOwnAsideLines(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	stock(t, v, 40)
	m.items["page-0"] += "what is this\n"
	m.items["page-1"] = "garbage\n" + m.items["page-1"]
	v = openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	was := len(v.Aside())
	d := documentOf(t, v)
	if done := takeIn(t, v, preview(t, v, d), Take{}); done.Unkept != 0 {
		t.Errorf("%+v", done)
	}
	if got := len(v.Aside()); got != was {
		t.Errorf("%d set aside, not %d", got, was)
	}
	wantAll(t, v, 40) // those on the bad page come back, of its own lines
}

// Accounts on a page that cannot be opened come back from a backup, can be
// replaced and removed, and what was done stands when the page can be opened again.
func TestPageThatCannotBeOpened(t *testing.T) {
	const n = 40
	for name, c := range map[string]struct {
		act  func(*Vault, []Found, []Account) error
		want int // accounts on the bad page with a key afterwards
	}{
		"take in": {func(v *Vault, found []Found, as []Account) error {
			done, err := v.TakeIn(t.Context(), found, Take{})
			if err == nil && (done.Added == 0 || done.Added+done.Same != n || len(as) != done.Added) {
				return fmt.Errorf("%+v", done)
			}
			return err
		}, -1},
		"take in all, replacing": {func(v *Vault, found []Found, _ []Account) error {
			_, err := v.TakeIn(t.Context(), found, Take{Use: slices.Repeat([]bool{true}, n), Replace: true})
			return err
		}, -1},
		"become empty": {func(v *Vault, _ []Found, as []Account) error {
			done, err := v.TakeIn(t.Context(), nil, Take{Replace: true})
			if err == nil && (done.Removed != n || len(v.Accounts()) != 0 || len(v.Removed()) != n-len(as)) {
				return fmt.Errorf("%+v, %d removed", done, len(v.Removed()))
			}
			return err
		}, 0},
		"replace": {func(v *Vault, _ []Found, as []Account) error {
			k := numbered(t, 0)
			k.Digits = 8
			_, err := v.Replace(t.Context(), as[0].ID, k)
			return err
		}, 1},
		"remove": {func(v *Vault, _ []Found, as []Account) error {
			if err := v.Remove(t.Context(), as[0].ID); err != nil {
				return err
			}
			if _, ok := v.Account(as[0].ID); ok || len(v.Accounts()) != n-1 {
				return errors.New("still listed")
			}
			return nil
		}, 0},
	} {
		for _, lostList := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", list lost: ", lostList), func(t *testing.T) {
				dir, s := t.TempDir(), &sealedStore{newMemStore(), map[string]bool{}}
				v := openSealed(t, dir, s)
				stock(t, v, n)
				for range 5 { // the bad page is the newest by far
					if _, err := v.Update(t.Context(), v.Accounts()[0].ID, Details{Issuer: "Service000", Name: v.Accounts()[0].Name + "x"}); err != nil {
						t.Fatal(err)
					}
				}
				d := documentOf(t, v)
				var as []Account
				for _, a := range v.Accounts() {
					if a.page == 0 {
						as = append(as, a)
						i := slices.IndexFunc(d.Accounts, func(e snapshot.Entry) bool { return e.ID == string(a.ID) })
						k := key(t, d.Accounts[i].URI.Reveal())
						k.Digits = 8 // tells the backup's from the one on the page
						d.Accounts[i].URI = k.URI()
					}
				}
				s.bad["page-0"] = true
				if lostList {
					removeIndex(t, dir)
				}
				v = openSealed(t, dir, s)
				if err := v.Verify(t.Context()); err != nil {
					t.Fatal(err)
				}
				found := preview(t, v, d)
				for i, f := range found {
					bad := slices.ContainsFunc(as, func(a Account) bool { return string(a.ID) == f.Entry.ID })
					if bad != (f.Status == New) || !lostList && bad != (f.Account.ID != "" && f.Status == New) {
						t.Errorf("account %d: status %d, %v", i, f.Status, f.Account.ID)
					}
				}
				if lostList && name != "take in" {
					return // there is nothing listed to be acted on
				}
				if err := c.act(v, found, as); err != nil {
					t.Fatal(err)
				}
				if c.want < 0 {
					c.want = len(as)
				}
				had := 0
				for _, a := range as {
					if _, err := v.Code(t.Context(), a.ID, testNow); err == nil {
						had++
					}
				}
				if had != c.want {
					t.Errorf("%d of %d make codes, want %d", had, len(as), c.want)
				}
				openAgain(t, dir, s, v)
			})
		}
	}
}

// openAgain checks that what makes codes now still makes the same ones once the
// page can be opened, also after its stale entries were dropped.
func openAgain(t *testing.T, dir string, s *sealedStore, v *Vault) {
	t.Helper()
	codes := map[ID]string{}
	for _, a := range v.Accounts() {
		if c, err := v.Code(t.Context(), a.ID, testNow); err == nil {
			codes[a.ID] = c.Value
		}
	}
	clear(s.bad)
	for _, lost := range []bool{false, true} {
		if lost {
			removeIndex(t, dir)
		}
		v = openSealed(t, dir, s)
		for range 2 {
			for id, want := range codes {
				if got := codeOf(t, v, id, testNow); got != want {
					t.Errorf("code of %s: %s, want %s", id, got, want)
				}
			}
			if err := v.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(v.Aside()) != 0 {
			t.Errorf("%d set aside", len(v.Aside()))
		}
		if n := v.Notices(); len(n) != 0 {
			t.Errorf("noticed: %v", n)
		}
	}
}
