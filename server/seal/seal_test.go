// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/seal"
)

var place = seal.Place{Table: "factors", Row: "u1", Column: "secret"}

func master(b byte) []byte { return bytes.Repeat([]byte{b}, seal.KeySize) }

func keys(t testing.TB, masters ...[]byte) *seal.Keys {
	t.Helper()
	k, err := seal.New(masters...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A value opens where it was sealed, and nowhere else: who can write to the
// database cannot put one user's key in another's place (ASVS 11.3.3).
func TestSealedForOnePlace(t *testing.T) {
	k := keys(t, master(1))
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringN(0, 12, -1)
		draw := func(name string) seal.Place {
			return seal.Place{Table: part.Draw(t, name+" table"), Row: part.Draw(t, name+" row"), Column: part.Draw(t, name+" column")}
		}
		here, there := draw("here"), draw("there")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed := k.Seal(here, plain)
		if got, err := k.Open(here, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("it does not open: %v", err)
		}
		if _, err := k.Open(there, sealed); (err == nil) != (here == there) {
			t.Fatalf("sealed for %q, opened for %q: %v", here, there, err)
		}
	})
	sealed := k.Seal(seal.Place{Table: "ab", Row: "c"}, nil)
	if _, err := k.Open(seal.Place{Table: "a", Row: "bc"}, sealed); !errors.Is(err, seal.ErrOpen) {
		t.Fatal("the parts of a place run into each other")
	}
}

// No changed bit is taken, wherever it is, and nothing readable is left.
func TestSealedIsWhole(t *testing.T) {
	k := keys(t, master(1))
	plain := []byte("JBSWY3DPEHPK3PXP")
	sealed := k.Seal(place, plain)
	if bytes.Contains(sealed, plain[:4]) {
		t.Fatal("the plain text can be read")
	}
	if bytes.Equal(sealed, k.Seal(place, plain)) {
		t.Fatal("the same nonce twice")
	}
	for i := range sealed {
		for bit := range 8 {
			bent := bytes.Clone(sealed)
			bent[i] ^= 1 << bit
			if _, err := k.Open(place, bent); !errors.Is(err, seal.ErrOpen) {
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			}
		}
		if _, err := k.Open(place, sealed[:i]); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
}

// A new key seals, the old ones open, and without them nothing opens (ASVS 11.2.2).
func TestKeysChange(t *testing.T) {
	before := keys(t, master(1))
	both := keys(t, master(2), master(1))
	after := keys(t, master(2))
	old, mac := before.Seal(place, []byte("x")), before.MAC("use", "a")
	if _, err := both.Open(place, old); err != nil || !both.Match(mac, "use", "a") {
		t.Fatalf("the old key does not open: %v", err)
	}
	renewed := both.Seal(place, []byte("x"))
	if id, ok := seal.SealedWith(renewed); !ok || id != both.Current() || id != after.Current() || id == before.Current() {
		t.Fatal("it was not sealed with the first key")
	}
	if _, err := after.Open(place, renewed); err != nil {
		t.Fatal(err)
	}
	if _, err := after.Open(place, old); !errors.Is(err, seal.ErrOpen) || after.Match(mac, "use", "a") {
		t.Fatalf("what the old key sealed opens without it: %v", err)
	}
	if prints := both.Fingerprints("use", "a"); len(prints) != 2 || !bytes.Equal(prints[1], mac) {
		t.Fatal("a row by the old key is not found")
	}
}

// Which key a value or a hash needs can be told, so that one that is gone can be named.
func TestKeysAreTold(t *testing.T) {
	one, both := keys(t, master(1)), keys(t, master(2), master(1))
	id, ok := seal.MACKey(one.MAC("use"))
	if !ok || id != one.Current() || !both.Has(id) || !both.Has(both.Current()) || one.Has(both.Current()) {
		t.Fatalf("key %x", id)
	}
	if _, ok := seal.MACKey([]byte{1, 2, 3}); ok {
		t.Fatal("three bytes name a key")
	}
}

func TestNewRefusesKeys(t *testing.T) {
	for name, masters := range map[string][][]byte{
		"none": nil, "short": {master(1)[1:]}, "long": {append(master(1), 1)}, "twice": {master(1), master(2), master(1)},
	} {
		if _, err := seal.New(masters...); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// A keyed hash is right for its use and its parts as they were, and for nothing else.
func TestMACIsBound(t *testing.T) {
	k, other := keys(t, master(1)), keys(t, master(2))
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringN(0, 6, -1)
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		mac := k.MAC("use", a, b)
		if !k.Match(mac, "use", a, b) {
			t.Fatal("not recognised")
		}
		if k.Match(mac, "other use", a, b) || other.Match(mac, "use", a, b) || k.Match(mac, "use", a+b) || k.Match(mac[:len(mac)-1], "use", a, b) {
			t.Fatal("recognised as something else")
		}
		if c := part.Draw(t, "c"); c != b && k.Match(mac, "use", a, c) {
			t.Fatal("other parts are recognised")
		}
	})
	if k.Match(nil, "use") || k.Match([]byte{1, 2, 3, 4}, "use") {
		t.Fatal("nothing is recognised")
	}
}

// ASVS 7.2.3, 11.5.1: 256 random bits for what must not be guessed, 128 for ids.
func TestTokensAreLongAndNew(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token, id := seal.Token(), seal.NewID()
		if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != 32 {
			t.Fatalf("a token of %d bytes: %v", len(raw), err)
		}
		if len(id) != 32 {
			t.Fatalf("an id of %d hexadecimal digits", len(id))
		}
		if seen[token] || seen[id] {
			t.Fatal("one came twice")
		}
		seen[token], seen[id] = true, true
	}
	if token := seal.Token(); bytes.Contains([]byte(token), seal.Hash(token)) || len(seal.Hash(token)) != 32 {
		t.Fatal("what is kept of a token is no hash of 256 bits")
	}
}

// Nothing but what was sealed opens, whatever it looks like.
func FuzzOpen(f *testing.F) {
	k := keys(f, master(1))
	f.Add(k.Seal(place, []byte("x")))
	f.Add([]byte{})
	f.Add([]byte{1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := k.Open(place, sealed); err == nil && string(plain) != "x" || err != nil && !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("%q, %v", plain, err)
		}
	})
}
