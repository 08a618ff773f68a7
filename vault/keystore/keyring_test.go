// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"errors"
	"testing"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

func openKeyring(t testing.TB, space string) Store {
	t.Helper()
	s, err := OpenKeyring(space)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R36
func TestKeyringKeeps(t *testing.T) {
	keyringtest.Shared(t)
	ctx := t.Context()
	s := openKeyring(t, "0123abcd")
	if err := Probe(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(ctx, "page-0"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("before: %v", err)
	}
	if err := s.Put(ctx, Item{"page-0", secret.FromString("one")}, Item{"page-1", secret.FromString("two")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"page-0": "one", "page-1": "two"} {
		got, err := s.Get(ctx, name)
		if err != nil || got.Reveal() != want {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
	other := openKeyring(t, "")
	if _, err := other.Get(ctx, "page-0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("in another space: %v", err)
	}
	for range 2 {
		if err := s.Delete(ctx, "page-0"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(ctx, "page-0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after: %v", err)
	}
}
