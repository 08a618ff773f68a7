// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// whatIsThere says all that a vault holds, in order.
func whatIsThere(t testing.TB, v *Vault) string {
	t.Helper()
	var b strings.Builder
	for _, a := range v.current().accounts {
		k, err := v.Key(t.Context(), a.ID)
		fmt.Fprintf(&b, "%s %q %v %d %v used %d verified %d removed %d %q %v\n", a.ID, strings.Trim(a.Label(), "fF"), a.Tags, a.Counter, a.live(),
			unixSeconds(a.LastUsed), unixSeconds(a.Verified), unixSeconds(a.Removed), k.Secret.Reveal()[10:], err)
	}
	for _, a := range v.Aside() {
		fmt.Fprintf(&b, "%s %s\n", a.Name, a.Reason)
	}
	return b.String()
}

// various is a vault with a bit of everything that an intake can meet, and that
// intake.
func various(t *testing.T, dir string, m *memStore) (*Vault, snapshot.Document, Take) {
	t.Helper()
	v := openMem(t, dir, m)
	ks := make([]otpauth.Key, 18)
	for i := range ks {
		ks[i] = filler(t, i, 60+i)
	}
	as, err := v.AddAll(t.Context(), ks)
	if err != nil {
		t.Fatal(err)
	}
	brought := documentOf(t, v).Accounts[2]
	if _, err := v.Update(t.Context(), as[4].ID, Details{Issuer: as[4].Issuer, Name: as[4].Name, Tags: []string{"work"}, Note: "a note"}); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(v.MarkVerified(t.Context(), as[4].ID, testNow), v.Remove(t.Context(), as[2].ID), v.Remove(t.Context(), as[7].ID))
	if err != nil {
		t.Fatal(err)
	}
	d := snapshot.Document{Made: testNow}
	for i := range 20 { // new, and twins of each other
		k := filler(t, 100+i, 50)
		k.Issuer = fmt.Sprintf("New%d", i/3)
		d.Accounts = append(d.Accounts, snapshot.Entry{URI: k.URI(), Tags: []string{"imported"}})
	}
	for _, i := range []int{4, 5, 11} { // another key, under a name that takes more room
		k := filler(t, i, 60+i)
		k.Secret = numbered(t, 300+i).Secret
		k.Account = strings.ToUpper(k.Account)
		d.Accounts = append(d.Accounts, snapshot.Entry{URI: k.URI()})
	}
	hotp := key(t, "otpauth://hotp/Counter:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Counter&counter=7")
	d.Accounts = append(d.Accounts, brought, snapshot.Entry{URI: hotp.URI()},
		snapshot.Entry{URI: filler(t, 1, 61).URI()}, // is here
		snapshot.Entry{URI: filler(t, 200, 10).URI(), Removed: testNow.Add(-time.Hour)})
	how := Take{}
	for range d.Accounts {
		how.Use = append(how.Use, true)
	}
	return v, d, how
}

// unlike names the lines that only one of two has, - before the one's.
func unlike(got, want string) string {
	var b strings.Builder
	for _, one := range []struct{ sign, text, other string }{{"+", got, want}, {"-", want, got}} {
		for l := range strings.Lines(one.text) {
			if !strings.Contains(one.other, l) {
				b.WriteString(one.sign + l)
			}
		}
	}
	if b.Len() == 0 && got != want {
		return "another order"
	}
	return b.String()
}

func mustUndo(t testing.TB, v *Vault) Undone {
	t.Helper()
	done, err := v.UndoIntake(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if last, ok := v.LastIntake(); ok {
		t.Errorf("undone, there is %+v", last)
	}
	if _, err := v.UndoIntake(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undone twice: %v", err)
	}
	if _, err := v.PlanUndo(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undone, it could be again: %v", err)
	}
	return done
}

func TestUndoIntake(t *testing.T) {
	for _, replace := range []bool{false, true} {
		dir, m := t.TempDir(), newMemStore()
		v, d, how := various(t, dir, m)
		how.Replace = replace
		if _, ok := v.LastIntake(); ok {
			t.Error("there is an intake before any")
		}
		if _, err := v.UndoIntake(t.Context()); !errors.Is(err, ErrNothingToUndo) {
			t.Errorf("before any: %v", err)
		}
		if replace {
			d.Aside = []snapshot.Aside{{Name: "odd", Reason: "odd", Line: secret.FromString("an odd line")}}
		}
		before := whatIsThere(t, v)
		done := takeIn(t, v, preview(t, v, d), how)
		want := Intake{At: testNow, Added: 22, Replaced: 3, Back: 1, Removed: done.Removed}
		v = openMem(t, dir, m)
		if last, ok := v.LastIntake(); !ok || last != want {
			t.Errorf("last intake %+v, want %+v", last, want)
		}
		if done.Added != 23 || done.Replaced != 3 || (done.Removed > 0) != replace {
			t.Errorf("%+v", done)
		}
		undone := mustUndo(t, v)
		if undone != (Undone{Gone: 22, Removed: 1, Replaced: 3, Returned: done.Removed}) {
			t.Errorf("%+v", undone)
		}
		if got := whatIsThere(t, v); got != before {
			t.Errorf("undone, it is\n%s", unlike(got, before))
		}
		removeIndex(t, dir)
		if w := openMem(t, dir, m); len(w.Accounts()) != len(v.Accounts()) || len(w.Removed()) != len(v.Removed()) || len(w.Aside()) != 0 {
			t.Error("the pages say something else")
		}
	}
}

// A backup of one's own that is restored is undone likewise, and by another process.
func TestUndoRestore(t *testing.T) {
	d := documentOf(t, ample(t))
	dir, m := t.TempDir(), newMemStore()
	v, w := openMem(t, dir, m), openMem(t, dir, m)
	mustAdd(t, v, numbered(t, 500))
	before := whatIsThere(t, v)
	takeIn(t, v, preview(t, v, d), Take{Replace: true})
	if last, ok := w.LastIntake(); !ok || last.Added != len(d.Accounts) || last.Removed != 1 {
		t.Errorf("the other process sees %+v", last)
	}
	mustUndo(t, w)
	if got := whatIsThere(t, w); got != before {
		t.Errorf("it is\n%s", unlike(got, before))
	}
	if _, err := v.UndoIntake(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undone by the other: %v", err)
	}
	if got := whatIsThere(t, v); got != before {
		t.Error("the first process sees something else")
	}
}

// What was changed since stays as it is.
func TestUndoLeavesWhatWasChanged(t *testing.T) {
	hotp := key(t, "otpauth://hotp/Counter:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Counter&counter=7")
	fresh := numbered(t, 77)
	for name, c := range map[string]struct {
		change func(v *Vault, added, counter, replaced, back ID) error
		want   Undone
	}{
		"nothing":        {func(*Vault, ID, ID, ID, ID) error { return nil }, Undone{Gone: 2, Replaced: 1, Removed: 1}},
		"another key":    {func(v *Vault, a, _, _, _ ID) error { _, err := v.Replace(t.Context(), a, fresh); return err }, Undone{Gone: 1, Replaced: 1, Removed: 1, Left: 1}},
		"removed":        {func(v *Vault, a, _, _, _ ID) error { return v.Remove(t.Context(), a) }, Undone{Gone: 1, Replaced: 1, Removed: 1, Left: 1}},
		"counter moved":  {func(v *Vault, _, a, _, _ ID) error { _, err := v.Advance(t.Context(), a); return err }, Undone{Gone: 1, Replaced: 1, Removed: 1, Left: 1}},
		"replaced again": {func(v *Vault, _, _, a, _ ID) error { _, err := v.Replace(t.Context(), a, fresh); return err }, Undone{Gone: 2, Removed: 1, Left: 1}},
		"old key back": {func(v *Vault, _, _, a, _ ID) error {
			for _, r := range v.Removed() {
				if r.of == a {
					return v.Restore(t.Context(), r.ID)
				}
			}
			return ErrUnknown
		}, Undone{Gone: 2, Removed: 1, Left: 1}},
		"removed again": {func(v *Vault, _, _, _, a ID) error { return v.Remove(t.Context(), a) }, Undone{Gone: 2, Replaced: 1, Left: 1}},
		"renamed and described": {func(v *Vault, a, _, b, _ ID) error {
			_, err := v.Update(t.Context(), a, Details{Issuer: "Other", Name: "name", Note: "a note"})
			_, berr := v.Update(t.Context(), b, Details{Issuer: "Third", Name: "name", Note: "a note"})
			return errors.Join(err, berr)
		}, Undone{Gone: 2, Replaced: 1, Removed: 1}},
		"others changed": {func(v *Vault, _, _, _, _ ID) error {
			_, err := v.AddAll(t.Context(), keys(t, 40))
			return err
		}, Undone{Gone: 2, Replaced: 1, Removed: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			replaced, back := mustAdd(t, v, twin(t, 0)), mustAdd(t, v, numbered(t, 300))
			d := imported(numbered(t, 301), hotp, twin(t, 1))
			d.Accounts = append(d.Accounts, documentOf(t, v).Accounts[1])
			if err := v.Remove(t.Context(), back.ID); err != nil {
				t.Fatal(err)
			}
			ids := takeIn(t, v, preview(t, v, d), Take{Use: []bool{true, true, true, true}}).IDs
			if ids[2] != replaced.ID || ids[3] != back.ID {
				t.Fatal(ids)
			}
			if err := c.change(v, ids[0], ids[1], ids[2], ids[3]); err != nil {
				t.Fatal(err)
			}
			there := map[string]bool{}
			for _, a := range v.current().accounts {
				there[secretOf(t, v, a.ID)] = true
			}
			before := whatIsThere(t, v)
			if plan, err := v.PlanUndo(t.Context()); err != nil || plan != c.want {
				t.Errorf("planned %+v, want %+v, %v", plan, c.want, err)
			}
			if got := whatIsThere(t, v); got != before {
				t.Errorf("a plan changed it:\n%s", unlike(got, before))
			}
			if got := mustUndo(t, v); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if k, err := v.Key(t.Context(), replaced.ID); c.want.Replaced == 1 && (err != nil || !k.Same(twin(t, 0)) || k.Issuer != "Twin") {
				t.Errorf("the old key is not back: %v", err)
			}
			if c.want.Left > 0 { // of what was left no key is gone
				for _, a := range v.current().accounts {
					delete(there, secretOf(t, v, a.ID))
				}
				if len(there) > c.want.Gone+c.want.Replaced {
					t.Errorf("%d keys are gone", len(there))
				}
			}
			if err := v.Verify(t.Context()); err != nil || len(v.Aside()) != 0 {
				t.Error(err)
			}
		})
	}
}

// An account that got its lost key back keeps it.
func TestUndoLeavesKeysThatCameBack(t *testing.T) {
	dir := t.TempDir()
	v := openMem(t, dir, newMemStore())
	stock(t, v, 3)
	d := documentOf(t, v)
	m := newMemStore()
	v = openMem(t, dir, m)
	d.Accounts = append(d.Accounts, snapshot.Entry{URI: numbered(t, 50).URI()})
	takeIn(t, v, preview(t, v, d), Take{})
	if got := mustUndo(t, v); got != (Undone{Gone: 1, Left: 3}) {
		t.Errorf("%+v", got)
	}
	wantAll(t, v, 3)
}

// Whatever becomes of the note, nothing is undone but what was taken in.
func TestDamagedIntakeNote(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	stock(t, v, 3)
	takeIn(t, v, preview(t, v, imported(numbered(t, 50), numbered(t, 51))), Take{})
	good, err := os.ReadFile(v.intakePath())
	if err != nil {
		t.Fatal(err)
	}
	before, text := whatIsThere(t, v), m.text()
	notes := map[string]string{
		"empty": "", "no JSON": "{", "no note": "[]", "nothing": `{"version":1}`, "version 0": strings.Replace(string(good), ":1,", ":0,", 1),
		"another's account": strings.Replace(string(good), string(v.Accounts()[3].ID), string(v.Accounts()[0].ID), 1),
		"a blank more":      string(good) + " ",
	}
	for i := range good {
		flipped := []byte(string(good))
		flipped[i] ^= 1
		notes[fmt.Sprint("bit of byte ", i)] = string(flipped)
	}
	for name, note := range notes {
		if err := os.WriteFile(v.intakePath(), []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := v.UndoIntake(t.Context()); !errors.Is(err, ErrNothingToUndo) && !errors.Is(err, ErrNewer) {
			t.Fatalf("%s: %v", name, err)
		}
		if m.text() != text {
			t.Fatalf("%s: the store was changed", name)
		}
		if _, ok := v.LastIntake(); ok {
			t.Errorf("%s: it can still be undone", name)
		}
	}
	if got := whatIsThere(t, v); got != before {
		t.Errorf("it is\n%s", unlike(got, before))
	}
	if err := os.WriteFile(v.intakePath(), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustUndo(t, v); got.Gone != 2 {
		t.Errorf("the good note: %+v", got)
	}
	// An old note that is put back is none any more.
	if err := os.WriteFile(v.intakePath(), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := v.UndoIntake(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("an old note: %v", err)
	}
}

// Whoever can write the folder makes a mark that says that an intake was cut
// short: it is not undone.
func TestForgedIntakeMark(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	takeIn(t, v, preview(t, v, imported(numbered(t, 50), numbered(t, 51))), Take{})
	before := whatIsThere(t, v)
	if err := os.WriteFile(v.markPath(), []byte(`{"intake":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	v = openMem(t, dir, m)
	if got := whatIsThere(t, v); got != before {
		t.Errorf("it is\n%s", unlike(got, before))
	}
	if _, cut := v.readMark(); cut {
		t.Error("the mark stays")
	}
	if last, ok := v.LastIntake(); !ok || last.Added != 2 {
		t.Errorf("%+v", last)
	}
}

// The keys go under a passphrase, and to another store: what was taken in can
// still be undone.
func TestUndoElsewhere(t *testing.T) {
	for name, change := range map[string]func(v *Vault) error{
		"passphrase": func(v *Vault) error { return v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase) },
		"moved":      func(v *Vault) error { return v.MoveTo(t.Context(), keystore.File, firstPhrase) },
	} {
		t.Run(name, func(t *testing.T) {
			keyringtest.Start(t)
			v, err := Open(t.Context(), Options{Dir: t.TempDir(), Store: keystore.Keyring, Now: func() time.Time { return testNow }})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = v.Close() }()
			stock(t, v, 3)
			takeIn(t, v, preview(t, v, imported(numbered(t, 50), twin(t, 1), twin(t, 2))), Take{})
			if err := change(v); err != nil {
				t.Fatal(err)
			}
			if got := mustUndo(t, v); got != (Undone{Gone: 3}) {
				t.Errorf("%+v", got)
			}
			wantAll(t, v, 3)
		})
	}
}

// A note of version 1 is read for ever.
func TestGoldenIntake(t *testing.T) {
	const golden = "testdata/intake-v1.json"
	want := &intakeNote{
		Version: 1, At: testNow.Unix(), Stay: 2,
		Added:    []noted{{ID: "aaaaaaaaaaaa", Key: tag{1, 2, 3}}, {ID: "aaaaaaaaaaab", Key: tag{4}, Removed: 1_700_000_000}},
		Back:     []noted{{ID: "bbbbbbbbbbbb", Key: tag{5}, Old: "bbbbbbbbbbbc", Removed: 1_700_000_001}},
		Replaced: []noted{{ID: "cccccccccccc", Key: tag{6}, Old: "cccccccccccd"}},
		Removed:  []noted{{ID: "dddddddddddd", Removed: 1_700_000_002}},
		Lines:    []tag{{7}}, Order: []ID{"dddddddddddd", "cccccccccccc"},
	}
	text, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	if *updateGolden {
		if err := os.WriteFile(golden, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeIntake(file)
	if err != nil || !reflect.DeepEqual(got, want) || !bytes.Equal(text, file) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	newer := bytes.Replace(file, []byte(`"version":1`), []byte(`"version":2`), 1)
	if _, err := decodeIntake(newer); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer one: %v", err)
	}
}
