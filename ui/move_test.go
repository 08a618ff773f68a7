// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// From the sealed file to a real keyring and back, by the settings page.
func TestMoveKeys(t *testing.T) {
	keyringtest.Start(t)
	r := newRig(t, kutanoURI)
	as := r.u.vault.Accounts()
	before, err := r.u.vault.Code(t.Context(), as[0].ID, noon)
	if err != nil {
		t.Fatal(err)
	}
	r.u.Go(placeSettings)
	r.settle()
	r.mustSee("A sealed file under your passphrase")
	r.press("Move them to the keyring")
	r.press("Move my keys")
	r.mustSee("This computer's keyring", "Your keys are in this computer’s keyring now.")
	if kind := r.u.vault.Kind(); kind != keystore.Keyring {
		t.Fatalf("the keys are in %s", kind)
	}

	r.press("Move them to a sealed file")
	r.press("Move my keys")
	r.mustSee("Type your passphrase first.")
	r.entry("Passphrase").SetText("four words for tests")
	r.entry("The same once more").SetText("four words for tests")
	r.press("Move my keys")
	r.mustSee("A sealed file under your passphrase", "Your keys are in the sealed file now.")
	after, err := r.u.vault.Code(t.Context(), as[0].ID, noon)
	if err != nil || after.Value != before.Value || r.u.vault.Kind() != keystore.File {
		t.Errorf("code %s in %s (%v), want %s", after.Value, r.u.vault.Kind(), err, before.Value)
	}
}

// Without a keyring the keys stay where they are, and it is said why.
func TestMoveKeysNowhere(t *testing.T) {
	keyringtest.StartBus(t)
	r := newRig(t, kutanoURI)
	r.u.Go(placeSettings)
	r.settle()
	r.press("Move them to the keyring")
	r.press("Move my keys")
	r.mustSee("There is no keyring running here.", "A sealed file under your passphrase")
	if kind := r.u.vault.Kind(); kind != keystore.File {
		t.Errorf("the keys are in %s", kind)
	}
}

// The first page offers the sealed file where the keys would go into a keyring.
func TestFirstPageOffersSealedFile(t *testing.T) {
	keyringtest.Start(t)
	r := newRig(t)
	if r.u.keysMove.Visible() {
		t.Error("offered what is the case already")
	}
	r.u.moveKeys()
	r.settle()
	r.press("Move my keys")
	r.mustSee("Your keys go into this computer’s keyring, and nowhere else.")
	r.press("Keep them in a sealed file instead")
	r.mustSee("Move your keys to a sealed file?")
}
