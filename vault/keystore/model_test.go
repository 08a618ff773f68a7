// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

const printable = "azAZ09 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// model runs random calls against the store and against a map.
func model(t *rapid.T, s Store, held map[string]string, reopen func() Store) {
	ctx := t.Context()
	name := rapid.SampledFrom([]string{"page-0", "page-1", "page-2", "a", "0", "-", strings.Repeat("z", 31)})
	value := rapid.StringOfN(rapid.RuneFrom([]rune(printable)), 1, MaxItem, -1)
	t.Repeat(map[string]func(*rapid.T){
		"put": func(t *rapid.T) {
			var items []Item
			for range rapid.IntRange(0, 3).Draw(t, "items") {
				it := text(name.Draw(t, "name"), value.Draw(t, "value"))
				items = append(items, it)
				held[it.Name] = it.Value.Reveal()
			}
			if err := s.Put(ctx, items...); err != nil {
				t.Fatal(err)
			}
		},
		"delete": func(t *rapid.T) {
			n := name.Draw(t, "name")
			delete(held, n)
			if err := s.Delete(ctx, n); err != nil {
				t.Fatal(err)
			}
		},
		"reopen": func(*rapid.T) { s = reopen() },
		"": func(t *rapid.T) {
			n := name.Draw(t, "name")
			got, err := s.Get(ctx, n)
			want, ok := held[n]
			switch {
			case !ok && !errors.Is(err, ErrNotFound):
				t.Fatalf("%s is not there, but %v", n, err)
			case ok && (err != nil || got.Reveal() != want):
				t.Fatalf("%s: %q, %v, want %q", n, got.Reveal(), err, want)
			}
		},
	})
}

func TestFileModel(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, rapid.StringMatching("[a-z]{20}").Draw(t, "file"))
		if FileExists(path) {
			t.Skip("drawn before")
		}
		s, err := createFile(path, phrase, cheap)
		if err != nil {
			t.Fatal(err)
		}
		model(t, s, map[string]string{}, func() Store {
			s, err := OpenFile(path, phrase)
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
	})
}

func TestKeyringModel(t *testing.T) {
	keyringtest.Start(t)
	held := map[string]string{}
	space := "0000000a"
	rounds := 0
	rapid.Check(t, func(t *rapid.T) {
		if rounds++; rounds > 5 {
			return // a real keyring takes its time
		}
		open := func() Store {
			s, err := OpenKeyring(space)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		model(t, open(), held, open)
	})
}

// What encodes decodes to the same items, and fills whole units.
func TestItemsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOfN(rapid.StringMatching("[a-z0-9-]{1,40}"), rapid.StringN(0, 300, MaxItem), 0, 40).Draw(t, "items")
		items := map[string]secret.Value{}
		for name, v := range m {
			items[name] = secret.FromString(v)
		}
		b := encodeItems(items)
		if len(b) == 0 || len(b)%padding != 0 {
			t.Fatalf("%d bytes", len(b))
		}
		got, err := decodeItems(b)
		if err != nil || len(got) != len(m) {
			t.Fatalf("%d items of %d, %v", len(got), len(m), err)
		}
		for name, v := range m {
			if got[name].Reveal() != v {
				t.Fatalf("%s: %q, want %q", name, got[name].Reveal(), v)
			}
		}
	})
}
