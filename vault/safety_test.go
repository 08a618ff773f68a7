// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

func keys(t testing.TB, n int) []otpauth.Key {
	t.Helper()
	ks := make([]otpauth.Key, n)
	for i := range ks {
		ks[i] = numbered(t, i)
	}
	return ks
}

func TestPagesArePacked(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 100))
	if err != nil || len(as) != 100 {
		t.Fatalf("%d added, %v", len(as), err)
	}
	if m.puts > 7 || len(m.items) > 7 {
		t.Errorf("100 accounts took %d writes to %d items", m.puts, len(m.items))
	}
	for name, s := range m.items {
		if len(s) > keystore.MaxItem {
			t.Errorf("%s has %d bytes", name, len(s))
		}
	}
	m.gets = 0
	v = openMem(t, dir, m)
	codeOf(t, v, as[99].ID, testNow)
	if m.gets != 1 {
		t.Errorf("one code took %d reads of the store", m.gets)
	}
	m.gets = 0
	for _, a := range as {
		codeOf(t, v, a.ID, testNow)
	}
	if m.gets > 7 {
		t.Errorf("100 codes took %d reads of the store", m.gets)
	}
}

func TestAddAllIsOneChange(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	mustAdd(t, v, numbered(t, 3))
	_, err := v.AddAll(t.Context(), keys(t, 5))
	var exists *ExistsError
	if !errors.As(err, &exists) || !exists.Same || len(v.Accounts()) != 1 {
		t.Errorf("%v; %d accounts", err, len(v.Accounts()))
	}
	_, err = v.AddAll(t.Context(), []otpauth.Key{numbered(t, 7), numbered(t, 7)})
	if !errors.As(err, &exists) || len(v.Accounts()) != 1 {
		t.Errorf("twice in one call: %v; %d accounts", err, len(v.Accounts()))
	}
	long := numbered(t, 8)
	long.Account = strings.Repeat("x", keystore.MaxItem)
	if _, err = v.Add(t.Context(), long); !errors.Is(err, ErrTooLarge) || len(v.Accounts()) != 1 {
		t.Errorf("account too long for a page: %v", err)
	}
}

// TestGrownEntryMoves renames an account in a full page to a name it has no room for.
func TestGrownEntryMoves(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 40))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("long-name-", 120)
	d := as[3].Details()
	d.Name = long
	code := codeOf(t, v, as[3].ID, testNow)
	if _, err := v.Update(t.Context(), as[3].ID, d); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(m.text(), string(as[3].ID)); n != 1 {
		t.Errorf("the account stands in the store %d times", n)
	}
	removeIndex(t, dir)
	v = openMem(t, dir, m)
	a, ok := v.Account(as[3].ID)
	if !ok || a.Name != long || codeOf(t, v, a.ID, testNow) != code || len(v.Accounts()) != 40 {
		t.Errorf("after moving: %v, %d accounts", ok, len(v.Accounts()))
	}
}

func TestTwoVaultsOneFolder(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	var wg sync.WaitGroup
	for p := range 3 {
		v := openMem(t, dir, m)
		wg.Go(func() {
			for i := range 20 {
				if _, err := v.Add(t.Context(), numbered(t, 100*p+i)); err != nil {
					t.Errorf("add %d.%d: %v", p, i, err)
				}
			}
		})
	}
	wg.Wait()
	v := openMem(t, dir, m)
	if n := len(v.Accounts()); n != 60 {
		t.Errorf("%d accounts, want 60", n)
	}
	for _, a := range v.Accounts() {
		codeOf(t, v, a.ID, testNow)
	}
}

func TestStaleIndexIsNoticed(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v, w := openMem(t, dir, m), openMem(t, dir, m)
	a := mustAdd(t, v, numbered(t, 1))
	mustAdd(t, w, numbered(t, 2)) // takes over what v wrote
	wantLabels(t, w, "Service001:ana@example.com", "Service002:ana@example.com")
	codeOf(t, v, a.ID, testNow) // its page has changed meanwhile
	if _, err := w.Replace(t.Context(), a.ID, key(t, "otpauth://totp/Service001:ana@example.com?secret=MFRGGZDFMZTWQ2LK&issuer=Service001")); err != nil {
		t.Fatal(err)
	}
	if _, err := v.reload(); err != nil {
		t.Fatal(err)
	}
	if codeOf(t, v, a.ID, testNow) != codeOf(t, w, a.ID, testNow) {
		t.Error("an old key is used after another process replaced it")
	}
	// An old copy of the index: the pages win.
	path := filepath.Join(dir, indexName)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, v, numbered(t, 3))
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	u := openMem(t, dir, m)
	codeOf(t, u, a.ID, testNow)
	if len(u.Accounts()) != 3 {
		t.Errorf("accounts after an old index was put back: %q", labels(u.Accounts()))
	}
}

func TestBusy(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v, w := openMem(t, dir, m), openMem(t, dir, m)
	unlock, err := v.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Verify(withoutWaiting(t.Context())); !errors.Is(err, ErrBusy) {
		t.Errorf("while locked: %v", err)
	}
	time.AfterFunc(50*time.Millisecond, unlock)
	mustAdd(t, w, numbered(t, 1)) // waits
}

func TestWatch(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v, w := openMem(t, dir, m), openMem(t, dir, m)
	c, err := v.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, w, numbered(t, 1))
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("no signal")
	}
	wantLabels(t, v, "Service001:ana@example.com")
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	for range c { // ends: Close closes the channel
	}
}

func TestEntriesSetAside(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	broken := "aaaaaaaaaaaa otpauth://totp/Old%20Bank:eve?secret=CANARY1&digits=99"
	m.items["page-0"] += broken + "\nwhat is this\n"
	m.items["page-1"] = "kutano7 sealed in a way to come\n"
	m.items["page-2"] = "garbage"
	removeIndex(t, dir)
	v = openMem(t, dir, m)
	if n := len(v.Accounts()); n != 3 {
		t.Errorf("%d accounts, want 3", n)
	}
	aside := v.Aside()
	if len(aside) != 4 || !slices.ContainsFunc(aside, func(a Aside) bool { return a.Name == "Old Bank:eve" }) {
		t.Errorf("set aside: %+v", aside)
	}
	if strings.Contains(fmt.Sprint(aside), "CANARY") {
		t.Error("the reason holds the key")
	}
	// Changes leave what cannot be read as it is.
	if err := v.Remove(t.Context(), as[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := v.AddAll(t.Context(), keys(t, 60)[3:]); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.items["page-0"], broken+"\nwhat is this\n") ||
		m.items["page-1"] != "kutano7 sealed in a way to come\n" || m.items["page-2"] != "garbage" {
		t.Errorf("an unreadable entry was changed:\n%s", m.text())
	}
	v = openMem(t, dir, m)
	if len(v.Accounts()) != 59 || len(v.Aside()) != 4 {
		t.Errorf("%d accounts, %d set aside", len(v.Accounts()), len(v.Aside()))
	}
}

func TestPageGoneBad(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 40))
	if err != nil {
		t.Fatal(err)
	}
	m.items["page-1"] = "flipped" + m.items["page-1"]
	v = openMem(t, dir, m)
	if _, err := v.Code(t.Context(), as[20].ID, testNow); !errors.Is(err, ErrAside) {
		t.Errorf("code from a bad page: %v", err)
	}
	codeOf(t, v, as[0].ID, testNow)
	codeOf(t, v, as[39].ID, testNow)
	if len(v.Accounts()) != 40 || len(v.Aside()) != 1 {
		t.Errorf("%d accounts, %d set aside", len(v.Accounts()), len(v.Aside()))
	}
	mustAdd(t, v, numbered(t, 77))
}

func TestKeyringReset(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	as, err := v.AddAll(t.Context(), keys(t, 20))
	if err != nil {
		t.Fatal(err)
	}
	before := m.items
	m.items = map[string]string{}
	v = openMem(t, dir, m)
	if _, err := v.Code(t.Context(), as[0].ID, testNow); !errors.Is(err, ErrKeysGone) {
		t.Errorf("code without the key: %v", err)
	}
	if err := v.Verify(t.Context()); !errors.Is(err, ErrKeysGone) || len(v.Accounts()) != 20 {
		t.Errorf("verify: %v, %d accounts", err, len(v.Accounts()))
	}
	// The user scans one again, and adds another: both work, the rest is still named.
	if _, err := v.Replace(t.Context(), as[0].ID, numbered(t, 0)); err != nil {
		t.Fatal(err)
	}
	added := mustAdd(t, v, numbered(t, 50))
	codeOf(t, v, as[0].ID, testNow)
	if len(v.Accounts()) != 21 || len(m.items) != 1 || m.items["page-0"] == "" {
		t.Errorf("%d accounts in %d pages", len(v.Accounts()), len(m.items))
	}
	if err := v.Remove(t.Context(), as[5].ID); err != nil {
		t.Errorf("remove an account without its key: %v", err)
	}
	// The old keyring comes back: its accounts have their keys again.
	m.items = before
	v = openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	codeOf(t, v, as[7].ID, testNow)
	if _, err := v.Code(t.Context(), added.ID, testNow); !errors.Is(err, ErrKeysGone) {
		t.Errorf("the account kept meanwhile: %v", err)
	}
}

func TestOnePageMissing(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, 60)); err != nil {
		t.Fatal(err)
	}
	delete(m.items, "page-1")
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(v.Accounts()) != 60 {
		t.Errorf("%d accounts are still named, want 60", len(v.Accounts()))
	}
	removeIndex(t, dir) // and without the index those behind the hole are found
	v = openMem(t, dir, m)
	if n := len(v.Accounts()); n != 44 {
		t.Errorf("%d accounts, want 44", n)
	}
}

// TestCrashAnywhere stops each kind of change before each write to the store
// and before the index, and opens the vault again.
func TestCrashAnywhere(t *testing.T) {
	changes := map[string]func(*Vault, []Account) error{
		"add":     func(v *Vault, _ []Account) error { _, err := v.Add(t.Context(), numbered(t, 500)); return err },
		"add all": func(v *Vault, _ []Account) error { _, err := v.AddAll(t.Context(), keys(t, 400)[300:]); return err },
		"replace": func(v *Vault, as []Account) error {
			k := numbered(t, 5)
			k.Digits = 8
			_, err := v.Replace(t.Context(), as[5].ID, k)
			return err
		},
		"move": func(v *Vault, as []Account) error {
			_, err := v.Update(t.Context(), as[5].ID, Details{Issuer: as[5].Issuer, Name: strings.Repeat("n", 900)})
			return err
		},
		"remove": func(v *Vault, as []Account) error { return v.Remove(t.Context(), as[5].ID) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			for fail := 1; fail < 12; fail++ {
				dir, m := t.TempDir(), newMemStore()
				v := openMem(t, dir, m)
				as, err := v.AddAll(t.Context(), keys(t, 40))
				if err != nil {
					t.Fatal(err)
				}
				index, err := os.ReadFile(filepath.Join(dir, indexName))
				if err != nil {
					t.Fatal(err)
				}
				m.fail = m.puts + fail
				err = change(v, as)
				if err == nil { // stopped before the index instead
					if werr := errors.Join(os.WriteFile(filepath.Join(dir, indexName), index, 0o600),
						os.WriteFile(filepath.Join(dir, markName), nil, 0o600)); werr != nil {
						t.Fatal(werr)
					}
				}
				m.fail = 0
				checkAll(t, openMem(t, dir, m), as, name)
				if err == nil {
					return
				}
			}
			t.Error("never came to an end")
		})
	}
}

// checkAll checks that every earlier account is there and makes its code; the
// one that was being changed may be as before or after.
func checkAll(t *testing.T, v *Vault, as []Account, change string) {
	t.Helper()
	for i, a := range as {
		b, ok := v.Account(a.ID)
		if !ok {
			t.Errorf("%s: account %d is lost", change, i)
			continue
		}
		c, err := v.Code(t.Context(), a.ID, testNow)
		want, _ := numbered(t, i).Code(testNow)
		if err != nil || i != 5 && c.Value != want.Value || !strings.HasSuffix(c.Value, want.Value) {
			t.Errorf("%s: account %d (%d characters): code %s, %v", change, i, len(b.Name), c.Value, err)
		}
	}
	if _, err := os.Stat(v.markPath()); err == nil {
		t.Errorf("%s: the mark was left behind", change)
	}
	seen := map[ID]bool{}
	for _, a := range v.Accounts() {
		if seen[a.ID] {
			t.Errorf("%s: %s stands twice", change, a.ID)
		}
		seen[a.ID] = true
	}
}

// A look that finds all as it should be writes nothing and tells nobody.
func TestVerifyIsQuiet(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	if _, err := v.AddAll(t.Context(), keys(t, 20)); err != nil {
		t.Fatal(err)
	}
	before, err := stampOf(v.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if i == 1 { // something was added that the index does not know
			m.items["page-1"] += "aaaaaaaaaaaa otpauth://totp/Lost:one?secret=MFRGGZDFMZTWQ2LK&issuer=Lost\n"
		}
		if err := v.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after, err := stampOf(v.indexPath()); err != nil || (after == before) != want {
			t.Errorf("%d: the index stayed as it was: %v, want %v (%v)", i, after == before, want, err)
		}
	}
	if n := len(v.Accounts()); n != 21 {
		t.Errorf("%d accounts, want 21", n)
	}
}
