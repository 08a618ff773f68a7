// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package keystore

import (
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
	if v, ok := glance(user); !ok || v.Reveal() != "old value" {
		t.Errorf("an item that is there: %v", ok)
	}
	if _, ok := glance("nothing"); ok {
		t.Error("an item that is not there was read")
	}
	fake.Lock()
	if _, ok := glance(user); ok || fake.Prompts() != 0 {
		t.Errorf("locked: read %v, %d prompts", ok, fake.Prompts())
	}
	fake.Set(fakesecrets.Deny)
	if _, ok := glance(user); ok {
		t.Error("denied: read")
	}
	fake.Set(fakesecrets.Normal)
	if _, err := s.Get(Prompting(t.Context()), "old"); err != nil { // unlocks
		t.Fatal(err)
	}
	fake.Plant(attributes(user), "a twin's value")
	if _, ok := glance(user); ok {
		t.Error("one of two items of the same name was read")
	}
	if err := s.Delete(t.Context(), "old"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), text("old", "old value")); err != nil {
		t.Fatal(err)
	}
}
