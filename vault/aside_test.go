// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/otpauth"
)

// breakLine changes one page of the store and has the vault notice.
func breakLine(t *testing.T, dir string, m *memStore, page, old, bad string) *Vault {
	t.Helper()
	was := m.items[page]
	m.items[page] = strings.Replace(was, old, bad, 1)
	if m.items[page] == was {
		t.Fatalf("%s does not have %q", page, old)
	}
	v := openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v
}

// wantKey checks that an account makes the codes of a key, also once everything
// was written and read again and the list made anew.
func wantKey(t *testing.T, dir string, m *memStore, a Account, want otpauth.Key) {
	t.Helper()
	for _, step := range []string{"at once", "opened again", "verified", "without its list"} {
		v := openMem(t, dir, m)
		switch step {
		case "verified":
			if err := v.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
		case "without its list":
			removeIndex(t, dir)
			v = openMem(t, dir, m)
		}
		var found int
		for _, b := range v.Accounts() {
			if !b.named(a.Issuer, a.Name) {
				continue
			}
			found++
			k, err := v.Key(t.Context(), b.ID)
			if err != nil || !k.Same(want) {
				t.Errorf("%s: key of %s: %v", step, b.Label(), err)
			}
		}
		if found != 1 {
			t.Errorf("%s: %d accounts of the name %s", step, found, a.Label())
		}
	}
}

// An account whose line was set aside is restored: its line is mended in place
// where it is a damaged copy, and never wins over the good one elsewhere.
func TestRestoreAccountSetAside(t *testing.T) {
	for name, c := range map[string]struct {
		n        int
		old, bad string
		mended   bool
	}{
		"a bad byte, room in the page":   {3, "otpauth", "otpauch", true},
		"a bad byte, page full":          {pageEntries, "otpauth", "otpauch", true},
		"another line, room in the page": {3, "secret=", "digits=99&secret=", false},
		"another line, page full":        {pageEntries, "secret=", "digits=99&secret=", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			as, err := v.AddAll(t.Context(), keys(t, c.n))
			if err != nil {
				t.Fatal(err)
			}
			d := documentOf(t, v)
			v = breakLine(t, dir, m, "page-0", c.old, c.bad)
			if len(v.Aside()) != 1 || len(v.Accounts()) != c.n-1 {
				t.Fatalf("%d set aside, %d accounts", len(v.Aside()), len(v.Accounts()))
			}
			if done := takeIn(t, v, preview(t, v, d), Take{}); !done.is(Taken{Added: 1, Same: c.n - 1}) {
				t.Errorf("%+v", done)
			}
			if got := len(v.Aside()); got != map[bool]int{true: 0, false: 1}[c.mended] {
				t.Errorf("%d set aside", got)
			}
			if _, ok := v.Account(as[0].ID); ok != c.mended {
				t.Errorf("the account has its old id: %v", ok)
			}
			wantKey(t, dir, m, as[0], numbered(t, 0))
			v = openMem(t, dir, m)
			mustAdd(t, v, numbered(t, 90)) // a change to the page, so that it is the newer one
			if err := v.Remove(t.Context(), as[1].ID); err != nil {
				t.Fatal(err)
			}
			wantKey(t, dir, m, as[0], numbered(t, 0))
		})
	}
}

// A line that cannot be read never wins over one that can, in whichever page.
func TestGoodLineWins(t *testing.T) {
	good := "abcdefghijkl " + numbered(t, 1).URI().Reveal()
	bad := "abcdefghijkl otpauth://totp/x?secret=!"
	other := "mnopqrstuvwx " + numbered(t, 2).URI().Reveal()
	for name, pages := range map[string][2]string{
		"bad is newer":      {"kutano1 5\n" + good + "\n", "kutano1 9\n" + bad + "\n" + other + "\n"},
		"bad is first":      {"kutano1 9\n" + bad + "\n" + other + "\n", "kutano1 5\n" + good + "\n"},
		"one page":          {"kutano1 9\n" + bad + "\n" + good + "\n", "kutano1 5\n" + other + "\n"},
		"one page, reverse": {"kutano1 9\n" + good + "\n" + bad + "\n", "kutano1 5\n" + other + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			m.items["page-0"], m.items["page-1"] = pages[0], pages[1]
			v := openMem(t, dir, m)
			if err := v.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantLabels(t, v, labels(v.Accounts())...)
			if len(v.Accounts()) != 2 || len(v.Aside()) != 1 || !strings.Contains(m.text(), bad) {
				t.Fatalf("%d accounts, %d set aside", len(v.Accounts()), len(v.Aside()))
			}
			a, _ := v.Account("abcdefghijkl")
			wantKey(t, dir, m, a, numbered(t, 1))
			if d := documentOf(t, v); len(d.Accounts) != 2 || len(d.Aside) != 1 {
				t.Errorf("a backup has %d accounts and %d set aside", len(d.Accounts), len(d.Aside))
			}
		})
	}
}

// Two good lines of one id in one page: the first counts, everywhere.
func TestTwoLinesOfOneAccount(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	other := numbered(t, 2)
	other.Issuer, other.Account = numbered(t, 1).Issuer, numbered(t, 1).Account
	m.items["page-0"] = "kutano1 9\nabcdefghijkl " + numbered(t, 1).URI().Reveal() + "\nabcdefghijkl " + other.URI().Reveal() + "\n"
	v := openMem(t, dir, m)
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, _ := v.Account("abcdefghijkl")
	wantKey(t, dir, m, a, numbered(t, 1))
	if len(v.Aside()) != 1 {
		t.Errorf("%d set aside", len(v.Aside()))
	}
}

// A line goes bad while the account is listed: it says so, and everything that
// can be done about it can be done.
func TestLineGoneBad(t *testing.T) {
	for name, act := range map[string]func(*Vault, Account) error{
		"replace": func(v *Vault, a Account) error {
			_, err := v.Replace(t.Context(), a.ID, numbered(t, 0))
			return err
		},
		"remove": func(v *Vault, a Account) error { return v.Remove(t.Context(), a.ID) },
		"take in": func(v *Vault, _ Account) error {
			w := openMem(t, t.TempDir(), newMemStore())
			mustAdd(t, w, numbered(t, 0))
			done, err := v.TakeIn(t.Context(), preview(t, v, documentOf(t, w)), Take{})
			if err == nil && done.Added != 1 {
				t.Errorf("%+v", done)
			}
			return err
		},
	} {
		for how, bad := range map[string]string{"a byte": "otpauch", "much": "what is this?"} {
			t.Run(name+", "+how, func(t *testing.T) {
				dir, m := t.TempDir(), newMemStore()
				v := openMem(t, dir, m)
				as, err := v.AddAll(t.Context(), keys(t, 3))
				if err != nil {
					t.Fatal(err)
				}
				m.items["page-0"] = strings.Replace(m.items["page-0"], "otpauth", bad, 1)
				v = openMem(t, dir, m)
				if _, err := v.Code(t.Context(), as[0].ID, testNow); !errors.Is(err, ErrAside) {
					t.Fatalf("code: %v", err)
				}
				if _, err := v.Update(t.Context(), as[0].ID, Details{Issuer: "x"}); !errors.Is(err, ErrAside) {
					t.Errorf("rename: %v", err)
				}
				if err := act(v, as[0]); err != nil {
					t.Fatal(err)
				}
				if name == "remove" {
					if len(v.Accounts()) != 2 || len(v.Aside()) != 1 || !strings.Contains(m.text(), bad) {
						t.Errorf("%d accounts, %d set aside", len(v.Accounts()), len(v.Aside()))
					}
					return
				}
				if want := map[string]int{"a byte": 0, "much": 1}[how]; len(v.Aside()) != want {
					t.Errorf("%d set aside, want %d", len(v.Aside()), want)
				}
				if _, ok := v.Account(as[0].ID); !ok {
					t.Error("the account has another id")
				}
				wantKey(t, dir, m, as[0], numbered(t, 0))
			})
		}
	}
}
