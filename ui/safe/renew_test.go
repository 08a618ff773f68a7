// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"testing"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/vault"
)

// The assistant's codes are the newest of their account, and it says so.
func TestTakeReplacesTheLast(t *testing.T) { // R63
	for _, a := range []vault.Account{kutano, {Issuer: "Kutano"}} {
		r := newRig(t)
		old := r.notes(a, "In the safe at home", 10)
		got := r.taken(a, "new-one\nnew-two")
		r.mustSee("They take the place of “" + old.Title + "”, whose codes no longer work.")
		r.press("Note where they are")
		r.press("I have them")
		r.fill("With the passports")
		r.press("Note it")
		r.ends(got, guide.Noted)
		if set := r.only(); set.Where != "With the passports" || set.First != 2 {
			t.Errorf("%+v", set)
		}
	}
}

// Likewise where they are typed in here, also for an account that is not in the app.
func TestTakeTypedReplacesTheLast(t *testing.T) { // R63
	for _, a := range []vault.Account{kutano, {Issuer: "Kutano"}} {
		r := newRig(t)
		r.made()
		old := r.notes(a, "In the safe at home", 10)
		got := r.taken(a, "")
		r.press("Keep them here")
		r.mustSee("Enter the new backup codes")
		r.fill(tenCodes)
		r.press("Continue")
		r.mustSee("They take the place of “" + old.Title + "”")
		r.press("Continue")
		r.press("Done")
		r.ends(got, guide.Kept)
		if set := r.only(); set.ID == old.ID || set.First != 10 {
			t.Errorf("%+v", set)
		}
	}
}
