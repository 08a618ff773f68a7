// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
)

// R54: two codes that follow one another, the first, then the second, and never
// both at once for the clipboard. None is left after the step.
func TestTwo(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.p.OpenCall()
	r.settle()
	r.press("I should type two codes")
	r.tick()
	first, second := "217 874", code(t, r, 30*time.Second)
	r.mustSee(first, "Type it now: valid for 20 more seconds", "It comes in 20 seconds.")
	r.mustNotSee(second)
	r.press("Copy the first code")
	r.pass(20)
	r.mustSee(first, second, "Not typed yet? Type it before the other one.", "Type it now: valid for 30 more seconds")
	r.press("Copy the second code")
	if want := []string{strings.ReplaceAll(first, " ", ""), strings.ReplaceAll(second, " ", "")}; strings.Join(r.copied, ",") != strings.Join(want, ",") {
		t.Errorf("copied %q", r.copied)
	}
	piece := r.p.piece.(*twoPiece)
	r.pass(30)
	r.mustNotSee(first, second)
	r.press("Show two new codes")
	r.tick()
	third := code(t, r, 0)
	r.mustSee(third)
	r.veiled = true
	r.tick()
	r.mustNotSee(third)
	r.veiled = false
	r.tick()
	before, _ := r.p.standing()
	r.press("Kutano accepted them")
	r.at("call-next")
	if after, _ := r.p.standing(); len(r.vault.verified) != 0 || after != before {
		t.Errorf("two codes let somebody in: %q, %+v", r.vault.verified, after)
	}
	r.tick()
	r.mustSee(code(t, r, 0))
	r.press("Kutano accepted it")
	r.at("in-fixed")
	if len(r.vault.verified) != 1 {
		t.Errorf("verified: %q", r.vault.verified)
	}
	if piece.pair != (pair{}) || piece.cells[0].code.Shown() != "" {
		t.Error("a code is left after its step")
	}
}

// A code that is over before it is typed is not the first of the two.
func TestTwoWaits(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.pass(17) // 3 seconds left
	old, first := code(t, r, 0), code(t, r, 3*time.Second)
	r.p.OpenCall()
	r.settle()
	r.press("I should type two codes")
	r.tick()
	r.mustSee("Wait a moment: a fresh code comes in 3 seconds.")
	r.mustNotSee(old, first)
	r.pass(3)
	r.mustSee(first)
}

// Of several accounts it can be said which one is meant; while they are locked there
// is no code, and what was shown goes.
func TestTwoOfSeveral(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.add("work@example.com", keyB)
	r.p.OpenCall()
	r.settle()
	r.press("I should type two codes")
	r.tick()
	r.mustSee("Kutano · ana@example.com")
	r.press("Another account")
	r.tick()
	r.mustSee("Kutano · work@example.com")
	r.mustNotSee("217 874")
	r.closed = true
	r.tick()
	r.mustSee("Your accounts are locked, so no code can be shown.")
	r.closed = false
	r.tick()
	r.mustSee("Kutano · work@example.com")
	r.vault.fail = keystore.ErrTimeout
	r.press("Another account")
	r.tick()
	r.vault.fail = nil
	r.press("Show two new codes")
	r.tick()
	r.mustSee("217 874")
}

// code is the code of the first account after a while.
func code(t *testing.T, r *rig, after time.Duration) string {
	t.Helper()
	c, err := r.vault.keys["a1"].Code(r.clock.Now().Add(after))
	if err != nil {
		t.Fatal(err)
	}
	return c.Value[:3] + " " + c.Value[3:]
}
