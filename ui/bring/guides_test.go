// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import "testing"

// The pages of advice lead on and back.
func TestGuides(t *testing.T) {
	r := newRig(t)
	r.f.Open()
	r.press("How to get the file out of your app")
	r.mustSee("as of 2026; your screen may differ", "Aegis", "Raivo")
	r.press("Authy, Microsoft Authenticator")
	r.mustSee("Authy and Microsoft Authenticator do not let you take your accounts out.", "User Settings, Security", "Keep the old app.")
	r.press("Back")
	r.press("From Google Authenticator")
	r.mustSee("Transfer accounts")
	r.press("Close")
	r.closed()
}

// Each guide says something, and none stands there twice.
func TestGuidesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range GuidesOf() {
		if g.App == "" || seen[g.App] || len(g.Lines) == 0 {
			t.Errorf("the guide of %q is empty or there twice", g.App)
		}
		seen[g.App] = true
	}
}
