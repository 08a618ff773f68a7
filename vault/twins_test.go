// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// twin is the nth key under the name that all twins have.
func twin(t testing.TB, n int) otpauth.Key {
	t.Helper()
	k := numbered(t, n)
	k.Issuer, k.Account = "Twin", "ana@example.com"
	return k
}

// imported is what another app's file gives: no ids.
func imported(ks ...otpauth.Key) snapshot.Document {
	d := snapshot.Document{Made: testNow}
	for _, k := range ks {
		d.Accounts = append(d.Accounts, snapshot.Entry{URI: k.URI()})
	}
	return d
}

// wantSecrets checks that each ID is a live account with the key beside it, and
// that there are no others.
func wantSecrets(t testing.TB, v *Vault, ids []ID, ks ...otpauth.Key) {
	t.Helper()
	if len(v.Accounts()) != len(ks) {
		t.Errorf("%d accounts, want %d", len(v.Accounts()), len(ks))
	}
	for i, id := range ids {
		a, ok := v.Account(id)
		k, err := v.Key(t.Context(), id)
		if !ok || !a.live() || err != nil || !k.Same(ks[i]) || k.Issuer != ks[i].Issuer || k.Account != ks[i].Account {
			t.Errorf("account %d is %s: live %v, key %v", i, a.Label(), a.live(), err)
		}
	}
}

func TestImportTwins(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	ks := []otpauth.Key{twin(t, 0), twin(t, 1), numbered(t, 7), twin(t, 2)}
	shouted := twin(t, 1)
	shouted.Issuer = "TWIN"
	d := imported(ks[0], ks[1], ks[2], ks[1], ks[3], shouted)
	found := preview(t, v, d)
	if got := statuses(found); got != "NNNSNS" {
		t.Fatalf("statuses %s", got)
	}
	done := takeIn(t, v, found, Take{})
	if !done.is(Taken{Added: 4, Same: 2}) {
		t.Errorf("%+v", done)
	}
	ids := done.IDs
	if ids[3] != ids[1] || ids[5] != ids[1] {
		t.Errorf("the same entries are %q", ids)
	}
	one := []ID{ids[0], ids[1], ids[2], ids[4]}
	wantSecrets(t, v, one, ks...)
	if got := statuses(preview(t, v, d)); got != "SSSSSS" {
		t.Errorf("again: %s", got)
	}
	removeIndex(t, dir)
	v = openMem(t, dir, m)
	wantSecrets(t, v, one, ks...)
	if n := len(Search(v.Accounts(), "twin")); n != 3 {
		t.Errorf("%d found", n)
	}
	if s, a, err := v.Compare(t.Context(), ks[3]); s != Same || a.ID != ids[4] || err != nil {
		t.Errorf("compare: %v %s %v", s, a.ID, err)
	}
}

// A backup with twins restores fully, whichever of them is here.
func TestTwinHereStandsInNoWay(t *testing.T) {
	ks := []otpauth.Key{twin(t, 0), twin(t, 1), twin(t, 2)}
	w := openMem(t, t.TempDir(), newMemStore())
	takeIn(t, w, preview(t, w, imported(ks...)), Take{})
	for name, d := range map[string]snapshot.Document{"import": imported(ks...), "backup": documentOf(t, w)} {
		for here := range ks {
			v := openMem(t, t.TempDir(), newMemStore())
			a := mustAdd(t, v, ks[here])
			found := preview(t, v, d)
			want := []byte("NNN")
			want[here] = 'S'
			if got := statuses(found); got != string(want) {
				t.Fatalf("%s, %d here: statuses %s", name, here, got)
			}
			done := takeIn(t, v, found, Take{})
			wantSecrets(t, v, done.IDs, ks...)
			if done.IDs[here] != a.ID {
				t.Errorf("%s, %d here: it is %s now", name, here, done.IDs[here])
			}
		}
	}
}

// An account here that no entry is: every entry of its name differs from it.
func TestTakeInBeside(t *testing.T) {
	own := twin(t, 9)
	ks := []otpauth.Key{twin(t, 0), twin(t, 1)}
	for name, c := range map[string]struct {
		how  Take
		want Taken
		live []otpauth.Key // but for own
		gone int
	}{
		"left":                  {Take{}, Taken{Left: 2}, nil, 0},
		"beside":                {Take{Beside: []bool{true, true}}, Taken{Added: 2}, ks, 0},
		"one beside":            {Take{Beside: []bool{false, true}}, Taken{Added: 1, Left: 1}, ks[1:], 0},
		"in place":              {Take{Use: []bool{true}}, Taken{Replaced: 1, Left: 1}, ks[:1], 1},
		"both in place":         {Take{Use: []bool{true, true}}, Taken{Replaced: 1, Added: 1}, ks, 1},
		"in place and beside":   {Take{Use: []bool{true, true}, Beside: []bool{false, true}}, Taken{Replaced: 1, Added: 1}, ks, 1},
		"beside, then in place": {Take{Use: []bool{true, true}, Beside: []bool{true}}, Taken{Replaced: 1, Added: 1}, ks, 1},
		"no more than these":    {Take{Beside: []bool{true, true}, Replace: true}, Taken{Added: 2}, ks, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v := openMem(t, t.TempDir(), newMemStore())
			here := mustAdd(t, v, own)
			found := preview(t, v, imported(ks...))
			if got := statuses(found); got != "DD" || found[1].Account.ID != here.ID {
				t.Fatalf("statuses %s", got)
			}
			done := takeIn(t, v, found, c.how)
			if !done.is(c.want) || len(done.IDs) != 2 {
				t.Errorf("%+v", done)
			}
			live := slices.Clone(c.live)
			if c.gone == 0 {
				live = append(live, own)
			}
			ids := slices.DeleteFunc(slices.Clone(done.IDs), func(id ID) bool { return id == "" })
			wantSecrets(t, v, ids, live...)
			if c.gone == 0 {
				if k, err := v.Key(t.Context(), here.ID); err != nil || !k.Same(own) {
					t.Errorf("the one here: %v", err)
				}
			}
			if n := len(v.Removed()); n != c.gone {
				t.Errorf("%d removed", n)
			}
		})
	}
}

// The higher counter counts: below it, codes were used.
func TestImportTwinCounters(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	hotp := func(counter uint64) otpauth.Key {
		k := twin(t, 0)
		k.Type, k.Period, k.Counter = otpauth.HOTP, 0, counter
		return k
	}
	found := preview(t, v, imported(hotp(5), hotp(9), hotp(7)))
	if got := statuses(found); got != "NSS" {
		t.Fatalf("statuses %s", got)
	}
	done := takeIn(t, v, found, Take{})
	if a, _ := v.Account(done.IDs[0]); a.Counter != 9 || len(v.Accounts()) != 1 {
		t.Errorf("counter %d of %d accounts", a.Counter, len(v.Accounts()))
	}
}

// Accounts that lost their keys get them back, each its own.
func TestTwinsAfterLoss(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	ks := []otpauth.Key{twin(t, 0), twin(t, 1), twin(t, 2)}
	takeIn(t, v, preview(t, v, imported(ks...)), Take{})
	as := slices.Clone(v.Accounts())
	fresh := twin(t, 5)
	if _, err := v.Replace(t.Context(), as[1].ID, fresh); err != nil { // its old key is among the removed
		t.Fatal(err)
	}
	ks[1] = fresh
	d := documentOf(t, v)
	for name, d := range map[string]snapshot.Document{"backup": d, "import": imported(ks...)} {
		without := t.TempDir()
		if err := os.CopyFS(without, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		v := openMem(t, without, newMemStore())
		found := preview(t, v, d)
		if got := statuses(found)[:3]; got != "kkk" {
			t.Fatalf("%s: statuses %s", name, got)
		}
		done := takeIn(t, v, found, Take{})
		wantSecrets(t, v, done.IDs[:3], ks...)
		for i, a := range as {
			if name == "backup" && done.IDs[i] != a.ID {
				t.Errorf("account %d is %s now", i, done.IDs[i])
			}
		}
	}
}

// A removed account comes back beside a live one of its names, unless the keys
// are the same, too.
func TestBringBackBeside(t *testing.T) {
	for name, c := range map[string]struct {
		live   otpauth.Key
		status string
		want   Taken
		both   bool
	}{
		"another key": {twin(t, 1), "k", Taken{Added: 1}, true},
		"the key":     {twin(t, 0), "S", Taken{Same: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := openMem(t, t.TempDir(), newMemStore())
			a := mustAdd(t, v, twin(t, 0))
			d := documentOf(t, v)
			if err := v.Remove(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
			b := mustAdd(t, v, c.live)
			found := preview(t, v, d)
			if got := statuses(found); got != c.status {
				t.Fatalf("statuses %s", got)
			}
			done := takeIn(t, v, found, Take{})
			if !done.is(c.want) {
				t.Errorf("%+v", done)
			}
			if c.both {
				wantSecrets(t, v, []ID{b.ID, a.ID}, twin(t, 1), twin(t, 0))
			} else if done.IDs[0] != b.ID || len(v.Accounts()) != 1 {
				t.Errorf("%s of %d", done.IDs[0], len(v.Accounts()))
			}
		})
	}
}

// What is done between the preview and the taking in does not make two of one.
func TestTakeInOfStalePreview(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	found := preview(t, v, imported(twin(t, 0), twin(t, 1)))
	a := mustAdd(t, v, twin(t, 1))
	done := takeIn(t, v, found, Take{})
	if !done.is(Taken{Added: 1, Same: 1}) || done.IDs[1] != a.ID || len(v.Accounts()) != 2 {
		t.Errorf("%+v", done)
	}
}

// One of two twins that is removed comes back without the other one going; an old
// key comes back in the place of the new one, and the new one likewise.
func TestRestoreTwin(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	done := takeIn(t, v, preview(t, v, imported(twin(t, 0), twin(t, 1))), Take{})
	for _, id := range done.IDs {
		if err := v.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if err := v.Restore(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		wantSecrets(t, v, done.IDs, twin(t, 0), twin(t, 1))
	}
	if _, err := v.Replace(t.Context(), done.IDs[0], twin(t, 2)); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 2, 0} {
		old := v.Removed()
		if len(old) != 1 {
			t.Fatalf("%d removed", len(old))
		}
		if err := v.Restore(t.Context(), old[0].ID); err != nil {
			t.Fatal(err)
		}
		wantSecrets(t, v, []ID{old[0].ID, done.IDs[1]}, twin(t, n), twin(t, 1))
	}
}

// What an app had in its bin stands among the removed once, however often it is imported.
func TestImportTrash(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	for i := range 3 {
		d := imported(twin(t, 0), twin(t, 0))
		d.Accounts[0].Removed = testNow.Add(time.Duration(i) * time.Second)
		d.Accounts[1].Removed = time.Time{}
		takeIn(t, v, preview(t, v, d), Take{})
		if len(v.Accounts()) != 1 || len(v.Removed()) != 1 {
			t.Errorf("%d: %d accounts and %d removed", i, len(v.Accounts()), len(v.Removed()))
		}
	}
}

// An entry that is too long to be kept leaves nothing behind.
func TestImportTooLong(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	long := filler(t, 1, 1990)
	found := preview(t, v, imported(twin(t, 0), long, long))
	done := takeIn(t, v, found, Take{})
	if !done.is(Taken{Added: 1, Refused: 1, Unkept: 1, Same: 1}) || done.IDs[1] != "" || done.IDs[2] != "" || len(v.Aside()) != 0 {
		t.Errorf("%+v, %d aside", done, len(v.Aside()))
	}
}

// Whatever is here and whatever comes: no key is lost, no account stands twice,
// and every entry that was asked for is the account that is said.
func TestModelOfImports(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, m := t.TempDir(), newMemStore()
		v := openMem(t, dir, m)
		draw := rapid.Custom(func(r *rapid.T) otpauth.Key {
			k := numbered(t, rapid.IntRange(0, 3).Draw(r, "key"))
			k.Issuer = rapid.SampledFrom([]string{"A", "a", "B"}).Draw(r, "issuer")
			return k
		})
		had := map[string]bool{}
		for round := range 3 {
			d := snapshot.Document{Made: testNow}
			for _, k := range rapid.SliceOfN(draw, 0, 8).Draw(r, "entries") {
				e := snapshot.Entry{URI: k.URI()}
				if as := v.current().accounts; len(as) > 0 && rapid.IntRange(0, 3).Draw(r, "id") == 0 {
					e.ID = string(as[rapid.IntRange(0, len(as)-1).Draw(r, "whose")].ID)
				}
				if rapid.IntRange(0, 5).Draw(r, "removed") == 0 {
					e.Removed = testNow
				}
				d.Accounts = append(d.Accounts, e)
			}
			found := preview(t, v, d)
			how := Take{}
			for range found {
				how.Use = append(how.Use, rapid.Bool().Draw(r, "use"))
				how.Beside = append(how.Beside, rapid.Bool().Draw(r, "beside"))
			}
			done := takeIn(t, v, found, how)
			checkImport(t, r, v, found, how, done)
			for _, a := range v.current().accounts {
				had[secretOf(t, v, a.ID)] = true
			}
			if round == 1 && len(v.Accounts()) > 0 {
				if err := v.Remove(t.Context(), v.Accounts()[0].ID); err != nil {
					r.Fatal(err)
				}
			}
			for _, a := range v.current().accounts {
				delete(had, secretOf(t, v, a.ID))
			}
			if len(had) > 0 {
				r.Fatal("a key is lost")
			}
			if rapid.Bool().Draw(r, "reopen") {
				removeIndex(t, dir)
				v = openMem(t, dir, m)
			}
		}
	})
}

func secretOf(t testing.TB, v *Vault, id ID) string {
	t.Helper()
	k, err := v.Key(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s", nameKey(k.Issuer, k.Account), k.Secret.Reveal())
}

func checkImport(t *testing.T, r *rapid.T, v *Vault, found []Found, how Take, done Taken) {
	t.Helper()
	for i, f := range found {
		asked := how.Use[i] && f.Status != Same || f.Status == Differs && how.Beside[i] || f.Status == Same && f.Account.ID != ""
		id := done.IDs[i]
		if id == "" && asked {
			r.Fatalf("entry %d was asked for and is none", i)
		}
		if id == "" {
			continue
		}
		k, err := v.Key(t.Context(), id)
		if err != nil {
			r.Fatal(err)
		}
		if a, _ := v.Account(id); !k.Same(f.Key) || !f.Removed && !a.live() {
			r.Fatalf("entry %d is not account %s", i, id)
		}
	}
	if n := done.Added + done.Replaced + done.Same + done.Left + done.Refused; n != len(found) {
		r.Fatalf("%d of %d entries counted", n, len(found))
	}
	seen := map[string]bool{}
	for _, a := range v.Accounts() {
		text := secretOf(t, v, a.ID)
		if seen[text] {
			r.Fatalf("%s stands twice", a.Label())
		}
		seen[text] = true
	}
}
