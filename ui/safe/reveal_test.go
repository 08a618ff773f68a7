// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"testing"
	"time"
)

func TestShowOneCode(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.press("Show a code")
	r.mustSee("k3q9-7hzt", "Code 1 of 10 · 10 unused", "Hides in 30 seconds", "Kutano support will never ask you for these codes.")
	r.mustNotSee("m2xw-4p8d")
	r.press("Next")
	r.mustSee("m2xw-4p8d", "Code 2 of 10")
	r.mustNotSee("k3q9-7hzt")
	r.press("Previous")
	r.press("Previous")
	r.mustSee("c9vj-5pks", "Code 10 of 10")
	r.press("Copy")
	if r.copied != "c9vj-5pks" || r.toast.Text() != "Copied · clears in 30 s" {
		t.Errorf("copied %q, %q", r.copied, r.toast.Text())
	}
	r.press("Hide")
	r.mustNotSee("c9vj-5pks", "Hides in")
	r.press("Show")
	r.mustSee("c9vj-5pks")
	r.tick(29 * time.Second)
	r.mustSee("Hides in 1 second")
	r.tick(time.Second)
	r.mustNotSee("c9vj-5pks")
	r.mustSee("Show")
	r.key("Return") // a hasty Enter marks nothing
	if r.set(set.ID).Left != 10 || r.s.Showing() != nil {
		t.Error("Enter did something")
	}
}

// A code is not on the screen while another window is in front.
func TestVeil(t *testing.T) {
	r := newRig(t)
	id := r.keeps(kutano, tenCodes).ID
	r.s.ShowCode(id)
	r.settle()
	r.s.Veil()
	r.mustNotSee("k3q9-7hzt")
	r.veiled = true
	r.press("Show")
	r.mustNotSee("k3q9-7hzt")
	r.veiled = false
	r.press("Show")
	r.mustSee("k3q9-7hzt")
	r.s.Close()
	r.s.Veil() // there is nothing to hide
}

// Nor are codes that come in; those of the assistant are back with the window.
func TestVeilOfCodesThatComeIn(t *testing.T) {
	r := newRig(t)
	r.taken(kutano, tenCodes)
	r.press("Note where they are")
	r.mustSee("k3q9-7hzt", "c9vj-5pks")
	r.veiled = true
	r.s.Veil()
	r.mustNotSee("k3q9-7hzt", "c9vj-5pks")
	r.tick(time.Second)
	r.mustNotSee("k3q9-7hzt")
	r.veiled = false
	r.tick(time.Second)
	r.mustSee("k3q9-7hzt", "c9vj-5pks")
	r.veiled = true
	r.press("Back")
	r.press("Note where they are")
	r.mustNotSee("k3q9-7hzt")
	r.s.Close()
	r.veiled = false
	r.tick(time.Second)

	r.s.Add()
	r.fill(tenCodes)
	r.press("Continue")
	r.mustSee("k3q9-7hzt")
	r.veiled = true
	r.s.Veil()
	r.mustNotSee("k3q9-7hzt")
}

func TestUseAndTakeBack(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.s.ShowCode(set.ID)
	r.press("Next")
	r.press("I used it")
	r.mustSee("Noted as used. 9 codes are left.", "Make new ones in Kutano’s settings", "Make new ones", "1 code was used", "Code 3 of 10 · 9 unused") // R71
	r.mustNotSee("m2xw-4p8d", "9vfc-t6sj")
	if got := r.set(set.ID); got.Left != 9 || !got.LastUsed.Equal(noon) {
		t.Errorf("%+v", got)
	}
	r.press("1 code was used")
	r.mustSee("Code 2: used on 2026-11-25")
	r.press("Previous")
	r.mustSee("k3q9-7hzt") // the used one is left out
	r.press("Next")
	r.mustSee("9vfc-t6sj")
	r.press("1 code was used")
	r.press("Take it back")
	r.mustSee("Code 2 counts as unused again.", "Code 2 of 10 · 10 unused")
	if got := r.set(set.ID); got.Left != 10 {
		t.Errorf("%+v", got)
	}
}

func TestUseTheLast(t *testing.T) {
	r := newRig(t)
	set := r.keeps(github, "only")
	r.s.ShowCode(set.ID)
	r.mustNotSee("Next", "Previous")
	r.press("I used it")
	r.mustSee("Noted as used. 0 codes are left.", "No code is left to show.", "where you made these")
	r.press("Take it back")
	r.mustSee("Code 1 of 1 · 1 unused")
	r.press("I used it")
	r.press("Done")
	r.mustSee("All of them are used.")
	r.press("Show a code") // to take it back
	r.mustSee("No code is left to show.", "1 code was used")
}

// Leaving the sheet does not undo what was asked for.
func TestUseGoesOnWhenLeft(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.s.ShowCode(set.ID)
	r.settle()
	r.s.useShown()
	r.s.Close()
	r.settle()
	if got := r.set(set.ID); got.Left != 9 {
		t.Errorf("%+v", got)
	}
	r.mustSee("9 of 10 left")
}

func TestLongCode(t *testing.T) {
	r := newRigIn(t, "light", 100, phone)
	long := strings.Repeat("abcd-efgh-", 6) + "wxyz"
	r.s.ShowCode(r.keeps(kutano, long).ID)
	r.mustSee(long)
	r.keep("long")
}
