// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"slices"
	"testing"

	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

// TestRights holds all rights: for each role and action, what it is for a user, an
// auditor, a helpdesk, an admin, an owner, and for oneself: . allowed, F forbidden, Y not for oneself.
func TestRights(t *testing.T) {
	const never = "FFFFFF"
	for agent, want := range map[people.Role]map[desk.Action]string{
		people.Member:  {},
		people.Auditor: {"read-audit": ".....Y"},
		people.Helpdesk: {
			desk.LookUp: "...FF.", desk.SignOut: "...FFY", desk.Unlock: "...FFY", desk.Resync: "...FFY", desk.Bypass: "...FFY",
		},
		people.Admin: {
			desk.LookUp: "......", desk.SignOut: ".....Y", desk.Unlock: ".....Y", desk.Resync: ".....Y", desk.Bypass: "...FFY", desk.Reset: ".....Y",
			desk.Suspend: "...FFY", desk.Restore: "...FFY",
			"approve": ".....Y", "clear-report": ".....Y", "set-contact": ".....Y", "add-user": ".....Y", "read-audit": ".....Y",
		},
		people.Owner: {
			desk.LookUp: "......", desk.SignOut: ".....Y", desk.Unlock: ".....Y", desk.Resync: ".....Y", desk.Bypass: "...FFY", desk.Reset: ".....Y",
			desk.Suspend: ".....Y", desk.Restore: ".....Y",
			"approve": ".....Y", "clear-report": ".....Y", "set-contact": ".....Y", "add-user": ".....Y", "read-audit": ".....Y",
		},
		"nobody": {},
	} {
		for _, action := range append(slices.Clone(desk.Actions), "unheard-of") {
			row := want[action]
			if row == "" {
				row = never
			}
			for i := range row {
				subject, self := agent, true
				if i < len(people.Roles) {
					subject, self = people.Roles[i], false
				}
				why := map[byte]refusal.Kind{'.': "", 'F': refusal.Forbidden, 'Y': refusal.Yourself}[row[i]]
				if got := desk.MayNot(agent, action, subject, self); got != why {
					t.Errorf("%s, %s for %s (oneself: %v): %q, want %q", agent, action, subject, self, got, why)
				}
			}
		}
	}
}

// TestRoleRights: only owners change roles, and only owners make administrators.
func TestRoleRights(t *testing.T) {
	for _, agent := range append(slices.Clone(people.Roles), "nobody") {
		for _, from := range append(slices.Clone(people.Roles), "") {
			for _, to := range people.Roles {
				want := agent == people.Owner ||
					agent == people.Admin && from == "" && to != people.Admin && to != people.Owner
				if got := desk.MayNotGive(agent, from, to) == ""; got != want {
					t.Errorf("%s makes %q a %s: %v", agent, from, to, got)
				}
			}
		}
	}
}
