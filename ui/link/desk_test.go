// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"slices"
	"testing"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// The permission to work at a desk is asked for at the address that is known, or asked
// for; it links nothing, and who asked goes on once no sheet is there any more.
func TestAllowDesk(t *testing.T) {
	r := newRig(t)
	ended := []bool{}
	r.f.AllowDesk("https://linked.example", func(ok bool) {
		if kit.TopSheet(r.w.Canvas()) != nil {
			t.Error("a sheet is in the way")
		}
		ended = append(ended, ok)
	})
	r.until()
	r.allows()
	if r.asked != "https://linked.example" || r.home.desk != 1 || r.home.ok || r.home.asked != 0 || !slices.Equal(ended, []bool{true}) {
		t.Errorf("asked %q, %d permissions, linked %t, told %v", r.asked, r.home.desk, r.home.ok, ended)
	}

	r = newRig(t)
	ended = nil
	r.f.AllowDesk("", func(ok bool) { ended = append(ended, ok) })
	r.mustSee("Work at the service’s desk", "that takes a role at the service’s desk")
	r.press("Open my browser")
	r.until()
	r.press("Cancel")
	r.settle()
	if !slices.Equal(ended, []bool{false}) || r.home.desk != 0 {
		t.Errorf("told %v", ended)
	}

	r = newRig(t)
	r.home.takeErr = link.ErrOtherUser
	r.f.AllowDesk("https://linked.example", nil)
	r.until()
	r.allows()
	r.mustSee("Another user than the linked one allowed it.")

	r = newRig(t)
	r.shut = true
	r.f.AllowDesk("https://linked.example", nil)
	r.mustSee("Your accounts are not open yet.")
}
