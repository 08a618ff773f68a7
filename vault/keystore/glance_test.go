// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package keystore

import (
	"errors"
	"testing"

	"github.com/kutano/authenticator/vault/keystore/fakesecrets"
)

// The quick look reads what is plainly there, and leaves the rest alone.
func TestGlance(t *testing.T) {
	fake, s := misbehave(t)
	user, err := s.user("old")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := glance(user); err != nil || v.Reveal() != "old value" {
		t.Errorf("an item that is there: %v", err)
	}
	if _, err := glance("nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an item that is not there: %v", err)
	}
	fake.Lock()
	for _, name := range []string{user, "nothing"} {
		if _, err := glance(name); !errors.Is(err, errUnsure) || fake.Prompts() != 0 {
			t.Errorf("%s while locked: %v, %d prompts", name, err, fake.Prompts())
		}
	}
	fake.Set(fakesecrets.Deny)
	if _, err := glance(user); !errors.Is(err, errUnsure) {
		t.Errorf("denied: %v", err)
	}
	fake.Set(fakesecrets.Normal)
	if _, err := s.Get(Prompting(t.Context()), "old"); err != nil { // unlocks
		t.Fatal(err)
	}
	fake.Plant(attributes(user), "a twin's value")
	if _, err := glance(user); !errors.Is(err, errUnsure) {
		t.Errorf("one of two items of the same name: %v", err)
	}
	if err := s.Delete(t.Context(), "old"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), text("old", "old value")); err != nil {
		t.Fatal(err)
	}
}
