// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"testing"
)

// Who would rather keep the old ones beside the new, and comes back, is asked once
// more, and what was said stays.
func TestRefusedAndOfferedAgain(t *testing.T) {
	r := newRig(t)
	old := r.keeps(kutano, tenCodes)
	r.s.Manage(old.ID)
	r.press("New codes in place of these…")
	r.fill("new-one\nnew-two")
	r.press("Continue")
	r.press("They take the place of")
	r.press("Continue")
	r.mustSee("Keep them here")
	r.press("Back")
	r.mustSee("They take the place of “Kutano · ana@example.com”")
	if r.s.draft.refused != old.ID {
		t.Errorf("refused: %q", r.s.draft.refused)
	}
	r.press("Continue") // as it was left
	r.press("Back")
	r.press("They take the place of")
	r.press("Continue")
	r.press("Keep them here")
	if set := r.only(); set.ID == old.ID || set.First != 2 {
		t.Errorf("%+v", set)
	}
}
