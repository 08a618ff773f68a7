// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

// sample is one of each kind of record.
func sample() (here, notes []record) {
	here = []record{
		{ID: "0123456789abcdef", Account: "k3x7", Title: "Kutano", Place: Here, Where: "a copy in the desk", Made: 1795617130, Codes: []code{
			{Text: text{secret.FromString("1234 5678")}, Used: 1795703530}, {Text: text{secret.FromString("<ä&\"\\>")}}, {Text: text{secret.FromString("ABCD-EFGH")}},
		}},
		{ID: "00000000000000aa", Title: "Removed", Place: Here, Made: 1, Removed: 1795617131, Codes: []code{{Text: text{secret.FromString("x")}}}},
	}
	notes = []record{
		{ID: "fedcba9876543210", Account: "k3x7", Title: "Kutano on paper", Place: Elsewhere, Where: "In the safe at home", First: 10, Left: 8, Made: 1795617130, Used: []int64{1795617200, 1795703530}},
		{ID: "00000000000000bb", Title: "Bücher", Place: Elsewhere, Made: 1795617130},
		{ID: "00000000000000cc", Title: "Old", Place: Elsewhere, Made: 1795617130, Removed: 1795617131},
	}
	return here, notes
}

// same compares records with their codes.
func same(a, b []record) bool {
	show := func(rs []record) (out []string) {
		for _, r := range rs {
			var cs []string
			for _, c := range r.Codes {
				cs = append(cs, fmt.Sprintf("%q %d", c.Text.Reveal(), c.Used))
			}
			r.Codes = nil
			out = append(out, fmt.Sprintf("%+v %q", r, cs))
		}
		return out
	}
	return slices.Equal(show(a), show(b))
}

func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	name = "testdata/" + name
	if *update {
		check(t, os.WriteFile(name, got, 0o600))
	}
	b, err := os.ReadFile(name)
	check(t, err)
	return b
}

// The files of version 1 are read for ever. They were made by this test with -update.
func TestGoldenFiles(t *testing.T) {
	here, notes := sample()
	register := merged(notes, here)
	b, err := encodeRegister(register, false)
	check(t, err)
	file := golden(t, "register-v1.json", b)
	if got, incomplete, err := decodeRegister(file); err != nil || incomplete || !same(got, register) || !bytes.Equal(file, b) {
		t.Errorf("%+v, %v", got, err)
	}
	all := append(slices.Clone(here), notes...)
	plain, err := encodeSealed(all)
	check(t, err)
	file = golden(t, "codes-v1.json", append(bytes.TrimRight(plain.Bytes(), "\n"), '\n'))
	if got, err := decodeSealed(file); err != nil || !same(got, all) || !bytes.Equal(bytes.TrimRight(file, "\n"), bytes.TrimRight(plain.Bytes(), "\n")) {
		t.Errorf("%v", err)
	}
	var sealed []byte
	if *update {
		sealed, err = seal(t.Context(), all, pass("correct horse"))
		check(t, err)
	}
	if got, err := unseal(t.Context(), golden(t, "safe-v1.age", sealed), pass("correct horse")); err != nil || !same(got, all) {
		t.Errorf("%v", err)
	}
}

// Nothing of the register is secret, and nothing of it prints a code.
func TestNothingShown(t *testing.T) {
	here, notes := sample()
	b, err := encodeRegister(merged(notes, here), true)
	check(t, err)
	for what, s := range map[string]string{"register": string(b), "print": fmt.Sprintf("%v %+v %#v", here, here, here)} {
		for _, c := range here[0].Codes {
			if strings.Contains(s, c.Text.Reveal()) {
				t.Errorf("%s shows a code", what)
			}
		}
	}
	if _, incomplete, err := decodeRegister(b); err != nil || !incomplete {
		t.Errorf("incomplete %v, %v", incomplete, err)
	}
}

func drawRecord(t *rapid.T, place Place) record {
	when := rapid.Int64Range(0, lastSecond)
	r := record{
		ID: ID(rapid.StringMatching("[0-9a-f]{16}").Draw(t, "id")), Account: rapid.StringMatching("[a-z2-7]{0,12}").Draw(t, "account"),
		Title: rapid.StringMatching(`[\pL \pN]{1,50}`).Draw(t, "title"), Where: rapid.StringMatching(`[\pL \pN"\\<>]{0,50}`).Draw(t, "where"),
		Place: place, Made: when.Draw(t, "made"), Removed: when.Draw(t, "removed"),
	}
	if place == Elsewhere {
		r.First = rapid.IntRange(0, MaxCodes).Draw(t, "first")
		r.Left = rapid.IntRange(0, r.First).Draw(t, "left")
		if used := rapid.SliceOfN(when, 0, 5).Draw(t, "used"); len(used) > 0 {
			r.Used = used
		}
		return r
	}
	for range rapid.IntRange(1, MaxCodes).Draw(t, "codes") {
		r.Codes = append(r.Codes, code{Text: text{secret.FromString(rapid.StringMatching(`[\pL\pN\pS\pP]{1,64}`).Draw(t, "code"))}, Used: when.Draw(t, "used")})
	}
	return r
}

// What is written is read as it was.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var here, notes []record
		for i := range rapid.IntRange(0, 4).Draw(t, "sets") {
			r := drawRecord(t, []Place{Here, Elsewhere}[i%2])
			r.ID = ID(fmt.Sprintf("%016x", i))
			if r.Place == Here {
				here = append(here, r)
			} else {
				notes = append(notes, r)
			}
		}
		all := append(slices.Clone(here), notes...)
		b, err := encodeSealed(all)
		if err != nil || b.Len()%padding != 0 {
			t.Fatalf("%d bytes, %v", b.Len(), err)
		}
		if got, err := decodeSealed(b.Bytes()); err != nil || !same(got, all) {
			t.Errorf("codes: %v", err)
		}
		list, err := encodeRegister(merged(notes, here), false)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := decodeRegister(list); err != nil || !same(got, merged(notes, here)) {
			t.Errorf("register: %v", err)
		}
	})
}

func FuzzRegister(f *testing.F) {
	here, notes := sample()
	b, err := encodeRegister(merged(notes, here), true)
	check(f, err)
	f.Add(b)
	f.Add([]byte(`{"version":1,"sets":[{"id":"0123456789abcdef","title":"x","place":"here","first":-1,"made":1e30}]}`))
	f.Add([]byte(`{"version":1e9}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		rs, incomplete, err := decodeRegister(b)
		if err != nil {
			if !errors.Is(err, ErrRegister) && !errors.Is(err, ErrNewer) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		for i := range rs {
			s := rs[i].set()
			_, _ = s.Made.MarshalText()
			if s.Left > s.First || s.Title == "" {
				t.Errorf("%+v", s)
			}
		}
		again, err := encodeRegister(rs, incomplete)
		check(t, err)
		if back, _, err := decodeRegister(again); err != nil || !same(back, rs) {
			t.Errorf("not the same again: %v", err)
		}
	})
}

func FuzzSealed(f *testing.F) {
	here, notes := sample()
	b, err := encodeSealed(append(here, notes...))
	check(f, err)
	f.Add(bytes.TrimSpace(b.Bytes()))
	f.Add([]byte(`{"format":"kutano-backup-codes","version":1,"sets":[{"id":"0123456789abcdef","title":"x","place":"here","codes":[{"code":"\u0000"}]}]}`))
	f.Add([]byte(`{"format":"kutano-backup-codes","version":1,"sets":[{"id":"0123456789abcdef","title":"x","place":"here","codes":[{"code":null}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		rs, err := decodeSealed(b)
		if err != nil {
			if !errors.Is(err, ErrNotSafe) && !errors.Is(err, ErrNewer) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		for _, r := range rs {
			for _, c := range r.Codes {
				if c.Text.Len() == 0 || !reflect.DeepEqual(checkCode(c.Text.Value), nil) {
					t.Error("a code that cannot be")
				}
			}
		}
	})
}

// A whole file, with its header: it is refused with a sentinel, or opens.
func FuzzUnseal(f *testing.F) {
	here, _ := sample()
	file, err := seal(f.Context(), here, pass("one"))
	check(f, err)
	f.Add(file)
	f.Add(file[:100])
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAA 20\n"))
	known := []error{ErrPassphrase, ErrDamaged, ErrNotSafe, ErrNewer, ErrTooCostly, ErrTooLarge}
	f.Fuzz(func(t *testing.T, b []byte) {
		if bytes.Contains(b, []byte("scrypt")) && !bytes.Contains(b, []byte(" 1\n")) {
			return // trying a passphrase may take seconds
		}
		rs, err := unseal(t.Context(), b, pass("one"))
		if err != nil && !slices.ContainsFunc(known, func(k error) bool { return errors.Is(err, k) }) {
			t.Errorf("unclassed: %v", err)
		}
		if err == nil && !same(rs, here) {
			t.Error("opens as something else")
		}
	})
}

// Without the work against guessing, opening and closing the largest safe takes
// no more than 50 ms.
func BenchmarkUnlock(b *testing.B) {
	w := &watch{start}
	s := open(b, b.TempDir(), w.now)
	check(b, s.Create(b.Context(), pass("one")))
	for range 50 {
		keep(b, s, "a", ten(string(newID()))...)
	}
	for b.Loop() {
		s.Lock()
		check(b, s.Unlock(b.Context(), pass("one")))
	}
	if per := b.Elapsed() / time.Duration(b.N); per > 50*time.Millisecond {
		b.Errorf("%v", per)
	}
}
