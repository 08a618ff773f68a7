// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/backupcodes"
)

func TestNoteIsCounted(t *testing.T) {
	r := newRig(t)
	set := r.notes(kutano, "In the safe at home", 10)
	r.press("I used one")
	if r.toast.Text() != "Noted. 9 codes are left." {
		t.Errorf("the toast says %q", r.toast.Text())
	}
	r.mustSee("9 of 10 left", "new ones are advised")
	r.toast.Press()
	r.settle()
	if got := r.set(set.ID); got.Left != 10 {
		t.Errorf("%+v", got)
	}
	r.s.Manage(set.ID)
	r.mustNotSee("Take back that one was used")
	r.press("Correct the number left…")
	r.fill("11", "10")
	r.press("Save")
	r.mustSee("No more can be left than there were.")
	r.fill("2", "10")
	r.press("Save")
	r.mustSee("Only 2 codes are left.")
	r.s.useNoted(set.ID)
	r.settle()
	r.s.Manage(set.ID)
	r.press("Take back that one was used")
	if got := r.set(set.ID); got.Left != 2 {
		t.Errorf("%+v", got)
	}
}

func TestEdit(t *testing.T) {
	r := newRig(t)
	set := r.notes(kutano, "In the safe at home", 10)
	r.s.Manage(set.ID)
	r.press("Change name or place…")
	r.fill("", "x")
	r.press("Save")
	r.mustSee("Give the set a name first.")
	r.fill("Work", "")
	r.press("Save")
	r.mustSee("Say where they are")
	r.fill("Work", "At Ben’s")
	r.press("Save")
	if got := r.set(set.ID); got.Title != "Work" || got.Where != "At Ben’s" || got.Account != "k" {
		t.Errorf("%+v", got)
	}
	// A set that is here needs the passphrase first, and need not be elsewhere.
	here := r.keeps(github, tenCodes)
	r.safe.Lock()
	r.s.Manage(here.ID)
	r.press("Change name or place…")
	r.fill(passphrase)
	r.press("Unlock")
	r.mustSee("Where is another copy? (may be empty)")
	r.fill("Forge", "")
	r.press("Save")
	if got := r.set(here.ID); got.Title != "Forge" || got.Account != "g" {
		t.Errorf("%+v", got)
	}
	// An account that was removed stays noted.
	r.vault = fakeVault{github}
	r.s.edit(set.ID)
	r.press("Save")
	if got := r.set(set.ID); got.Account != "k" {
		t.Errorf("%+v", got)
	}
}

func TestRemoveAndBringBack(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.safe.Lock()
	remove := func() {
		r.s.Manage(set.ID)
		r.press("Remove…")
		r.key("Return") // the focus is on Cancel
		if r.s.Showing() != nil || len(r.safe.Sets()) != 1 {
			t.Fatal("a hasty Enter removes it")
		}
		r.s.askRemove(set.ID)
		r.press("Remove")
	}
	remove()
	r.fill(passphrase)
	r.press("Unlock")
	if len(r.safe.Sets()) != 0 || r.toast.Text() != "Removed: Kutano · ana@example.com" {
		t.Errorf("%q", r.toast.Text())
	}
	r.toast.Press()
	r.settle()
	r.only()
	remove()
	r.press("More")
	r.press("1 removed set can come back…")
	r.mustSee("goes for good on 2026-12-25")
	r.press("Bring back")
	if got := r.only(); got.Left != 10 {
		t.Errorf("%+v", got)
	}
}

// Printing a set leaves it here; moving it does not, and says so.
func TestPrintAndMove(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	if _, err := r.safe.Use(t.Context(), set.ID, 0); err != nil {
		t.Fatal(err)
	}
	r.s.Manage(set.ID)
	r.press("Print a page…")
	r.mustSee("A page with the 9 codes that are left. They stay here as well.")
	r.press("Print")
	if strings.Contains(r.paper.printed[0], "k3q9") || !strings.Contains(r.paper.printed[0], "m2xw-4p8d") {
		t.Errorf("printed: %q", r.paper.printed)
	}
	r.press("Done")
	r.only()

	r.s.Manage(set.ID)
	r.press("Keep them elsewhere…")
	r.mustNotSee("Keep them here")
	r.press("Print them")
	r.press("Print")
	r.fill("With the passports")
	r.press("Note it")
	if got := r.only(); got.Place != backupcodes.Elsewhere || got.First != 10 || got.Left != 9 || got.Where != "With the passports" {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(r.toast.Text(), "For 30 days they can come back") {
		t.Errorf("the toast says %q", r.toast.Text())
	}
	if _, n := r.safe.Holding(codesOf(t, tenCodes)); n != 0 {
		t.Errorf("%d of the codes are still here", n)
	}
}

// A move that is given up changes nothing.
func TestMoveGivenUp(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.s.Manage(set.ID)
	r.press("Keep them elsewhere…")
	r.press("Print them")
	r.press("Print")
	r.press("Cancel")
	if got := r.only(); got != set {
		t.Errorf("%+v", got)
	}
}

func TestBringHere(t *testing.T) {
	r := newRig(t)
	r.made()
	set := r.notes(kutano, "On the old laptop", 10)
	r.s.Manage(set.ID)
	r.press("Keep the codes here…")
	r.fill(tenCodes)
	r.press("Continue")
	r.mustSee("They take the place of the note “Kutano · ana@example.com”")
	r.press("Continue")
	r.mustSee("10 codes are kept here, sealed.")
	if got := r.only(); got.Place != backupcodes.Here || got.Where != "On the old laptop" {
		t.Errorf("%+v", got)
	}
}

// A set that went meanwhile is said to be gone.
func TestSetThatIsGone(t *testing.T) {
	r := newRig(t)
	set := r.notes(kutano, "In the safe at home", 10)
	if err := r.safe.Remove(t.Context(), set.ID); err != nil {
		t.Fatal(err)
	}
	for _, do := range []func(backupcodes.ID){r.s.Manage, r.s.Replace, r.s.edit, r.s.count, r.s.askRemove, r.s.useNoted} {
		do(set.ID)
		r.mustSee("That did not work")
		r.s.Close()
		r.settle()
	}
}

// A note whose number nobody knows is used and taken back as well. R71.
func TestUnknownNumberIsUsed(t *testing.T) {
	r := newRig(t)
	set := r.notes(kutano, "In the safe at home", 0)
	r.press("I used one")
	if r.toast.Text() != "Noted. New codes are advised." {
		t.Errorf("the toast says %q", r.toast.Text())
	}
	r.mustSee("One was used, so new ones are advised.")
	r.s.Manage(set.ID)
	r.press("Take back that one was used")
	r.mustNotSee("One was used")
}

// A page tells when the codes came, and not when it is printed: of two pages one
// sees which is the newer.
func TestPageTellsWhenTheCodesCame(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.clock.on(90 * 24 * time.Hour)
	for _, begin := range []func(){func() { r.s.printSet(set.ID) }, func() { r.s.move(set.ID); r.press("Print them") }} {
		begin()
		r.press("Print")
		if !r.paper.made.Equal(set.Made) {
			t.Errorf("made on %v, want %v", r.paper.made, set.Made)
		}
	}
	r.taken(github, "new-one")
	r.press("Print them")
	r.press("Print")
	if !r.paper.made.Equal(r.clock.Now()) {
		t.Errorf("new codes: made on %v", r.paper.made)
	}
}

// What was just kept is cleared before it is printed from the safe.
func TestPrintAfterKeeping(t *testing.T) {
	r := newRig(t)
	r.made()
	r.taken(kutano, tenCodes)
	r.press("Keep them here")
	before := slices.Clone(r.s.draft.codes)
	r.press("Print them as well")
	r.mustSee("A page with the 10 codes that are left.")
	for _, c := range before {
		if c.Len() > 0 {
			t.Fatal("a code is left in memory")
		}
	}
}
