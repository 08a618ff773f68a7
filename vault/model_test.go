// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func TestSearch(t *testing.T) {
	as := []Account{
		{Issuer: "Kutano", Name: "ana@example.com"},
		{Issuer: "GitHub", Name: "Ana", Tags: []string{"Work"}},
		{Issuer: "Müller & Söhne", Name: "ÅNGSTRÖM", Note: "Zürich"},
		{Issuer: "Ōsaka", Name: "東京"},
		{Name: "100% off"},
	}
	for i := range as {
		as[i].folded = foldWide(as[i])
	}
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{0, 1, 2, 3, 4}},
		{"  ", []int{0, 1, 2, 3, 4}},
		{"ANA", []int{0, 1}},
		{"hub work", []int{1}},
		{"work hub", []int{1}},
		{"example kut", []int{0}},
		{"muller", []int{2}},
		{"SÖHNE zurich", []int{2}},
		{"angstrom", []int{2}},
		{"osaka", []int{3}},
		{"東", []int{3}},
		{"%", []int{4}},
		{"nothing", nil},
	} {
		var got []int
		for _, a := range Search(as, c.query) {
			got = append(got, slices.IndexFunc(as, func(b Account) bool { return a.Label() == b.Label() }))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("search %q: %v, want %v", c.query, got, c.want)
		}
	}
}

// TestModel runs random changes against the vault and a plain map, opening it
// anew and losing the index on the way.
func TestModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, m := t.TempDir(), newMemStore()
		v := openMem(t, dir, m)
		live := map[ID]otpauth.Key{}
		pick := func(r *rapid.T) ID {
			as := v.Accounts()
			if len(as) == 0 {
				r.Skip("no accounts")
			}
			return as[rapid.IntRange(0, len(as)-1).Draw(r, "which")].ID
		}
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				k := numbered(t, rapid.IntRange(0, 60).Draw(r, "n"))
				if s, _, err := v.Compare(t.Context(), k); err != nil || s != New {
					r.Skip("there already")
				}
				live[mustAdd(t, v, k).ID] = k
			},
			"replace": func(r *rapid.T) {
				id := pick(r)
				k := live[id]
				k.Digits = 4 + (k.Digits+1)%7
				if _, err := v.Replace(t.Context(), id, k); err != nil {
					r.Fatal(err)
				}
				live[id] = k
			},
			"remove": func(r *rapid.T) {
				id := pick(r)
				if err := v.Remove(t.Context(), id); err != nil {
					r.Fatal(err)
				}
				delete(live, id)
			},
			"rename": func(r *rapid.T) {
				id := pick(r)
				name := rapid.StringOfN(rapid.RuneFrom([]rune("aé: &%")), 1, 300, -1).Draw(r, "name")
				a, err := v.Update(t.Context(), id, Details{Issuer: string(id), Name: "x" + name + "x"})
				if err != nil {
					r.Fatal(err)
				}
				k := live[id]
				k.Issuer, k.Account = a.Issuer, a.Name
				live[id] = k
			},
			"reorder": func(r *rapid.T) {
				as := slices.Clone(v.Accounts())
				slices.Reverse(as)
				var ids []ID
				for _, a := range as {
					ids = append(ids, a.ID)
				}
				if err := v.Reorder(t.Context(), ids); err != nil {
					r.Fatal(err)
				}
			},
			"reopen":     func(*rapid.T) { v = openMem(t, dir, m) },
			"lose index": func(*rapid.T) { removeIndex(t, dir); v = openMem(t, dir, m) },
			"": func(r *rapid.T) {
				as := v.Accounts()
				if len(as) != len(live) || len(v.Aside()) != 0 {
					r.Fatalf("%d accounts, want %d; set aside %v", len(as), len(live), v.Aside())
				}
				for _, a := range as {
					k, err := v.Key(t.Context(), a.ID)
					if err != nil || !k.Same(live[a.ID]) || k.Account != live[a.ID].Account {
						r.Fatalf("key of %s differs: %v", a.Label(), err)
					}
				}
			},
		})
	})
}

func manyAccounts(n int) []Account {
	as := make([]Account, n)
	for i := range as {
		as[i] = Account{
			ID: newID(), Issuer: fmt.Sprintf("Service number %d", i), Name: fmt.Sprintf("ana.%d@example.com", i),
			Type: otpauth.TOTP, Algorithm: otpauth.SHA1, Digits: 6, Period: 30, page: i / 16,
		}
	}
	return as
}

// Ten thousand accounts, one keystroke: at most 5 ms is wanted.
func BenchmarkSearch10000(b *testing.B) {
	as := manyAccounts(10_000)
	for _, q := range []string{"a", "service 99", "nothing there"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Search(as, q)
			}
		})
	}
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		x := &index{Version: 1, Store: "keyring", Pages: make([]pageInfo, n/16+1), accounts: manyAccounts(n)}
		text, err := x.encode()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("read%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := decodeIndex(string(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("write%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := x.encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAdd1000InMemory(b *testing.B) {
	ks := keys(b, 600)
	for b.Loop() {
		v := openMem(b, b.TempDir(), newMemStore())
		if _, err := v.AddAll(b.Context(), ks); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCodeCachedKey(b *testing.B) {
	v := openMem(b, b.TempDir(), newMemStore())
	a := mustAdd(b, v, numbered(b, 1))
	b.ReportAllocs()
	at := time.Unix(59, 0)
	for b.Loop() {
		if _, err := v.Code(b.Context(), a.ID, at); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzIndex(f *testing.F) {
	x := &index{Version: 1, Store: "keyring", Pages: make([]pageInfo, 2), accounts: manyAccounts(3)}
	text, err := x.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"store":"file","pages":[],"accounts":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := decodeIndex(string(b))
		if err != nil {
			return
		}
		y, err := decodeJSON(string(b))
		if err != nil || y.Version != x.Version || len(y.accounts) != len(x.accounts) || len(x.accounts) > 0 && !reflect.DeepEqual(y.accounts, x.accounts) {
			t.Fatalf("the quick way reads what is no JSON, or other JSON: %v", err)
		}
		again, err := x.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeIndex(string(again)); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, again)
		}
	})
}

// What encode writes takes the quick way, and says the same either way.
func TestIndexLines(t *testing.T) {
	as := manyAccounts(50)
	as[3].Name = `a "quoted" \ name`
	as[4].Issuer = "Zürich <&>"
	as[5].Tags = []string{"x", "y"}
	as[6].Favourite = true
	as[7] = Account{ID: as[7].ID, Name: "h", Type: otpauth.HOTP, Algorithm: otpauth.SHA512, Digits: 8, Counter: 1<<64 - 1, Removed: time.Unix(5, 0), page: -1}
	as[8] = Account{ID: as[8].ID, Issuer: " \x7f", Type: otpauth.Steam, Algorithm: otpauth.SHA1, Digits: 5, Period: 30, LastUsed: time.Unix(7, 0), Verified: time.Unix(8, 0)}
	for i := range as {
		as[i].folded, as[i].Kutano = foldWide(as[i]), isKutano(as[i].Issuer)
	}
	x := &index{Version: 1, Store: "file", Space: "0123abcd", Pages: make([]pageInfo, 4), accounts: as}
	text, err := x.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := decodeLines(string(text)); !ok {
		t.Error("our own file is not read the quick way")
	}
	quick, err := decodeIndex(string(text))
	if err != nil {
		t.Fatal(err)
	}
	slow, err := decodeIndex(string(text) + " ")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(quick, slow) || !reflect.DeepEqual(quick.accounts, as) {
		t.Errorf("read differently:\n%+v\n%+v", quick, slow)
	}
}

func FuzzPage(f *testing.F) {
	f.Add("kutano1 7\naaaaaaaaaaaa otpauth://totp/A:b?secret=MFRGGZDFMZTWQ2LK&issuer=A\nbbbbbbbbbbbb -5 otpauth://totp/x?secret=AA\n")
	f.Add("kutano1 0\n\n\n")
	f.Add("kutano1 3\n! \n! ! bbbbbbbbbbbb otpauth://totp/x?secret=AA\nbbbbbbbbbbbb otpauth://totp/x?secret=!\n")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := decodePage(secret.FromString(s))
		if err != nil || p.size() > 2000 {
			return
		}
		v, err := p.encode()
		if err != nil {
			t.Fatal(err)
		}
		if v.Len() != p.size() {
			t.Fatalf("size %d, encoded %d", p.size(), v.Len())
		}
		q, err := decodePage(v)
		if err != nil || len(q.entries) != len(p.entries) {
			t.Fatalf("what was written reads differently: %v", err)
		}
		for i := range p.entries {
			if p.entries[i].id != q.entries[i].id || !p.entries[i].uri.Equal(q.entries[i].uri) {
				t.Fatalf("entry %d differs", i)
			}
		}
		l, err := decodeKeys(v)
		if err != nil || l.gen != p.gen {
			t.Fatalf("keys alone: %v", err)
		}
		for _, e := range p.entries {
			k, there := l.keys[e.id]
			if want, err := e.key(); !e.aside && (err != nil || !there || !k.Same(want)) || e.aside && !e.foreign && l.bad[e.whose] == nil {
				t.Fatalf("entry %s alone differs: %v", e.id, err)
			}
		}
	})
}
