// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// R65: beside the account's key, keeping codes here is a quiet link under better
// offers; else it is the first of them.
func TestKeepingHereIsQuietBesideTheKey(t *testing.T) {
	doors := func(r *rig) []string {
		var all []string
		for _, o := range r.objects() {
			if d, ok := o.(*kit.Door); ok {
				all = append(all, d.AccessibilityLabel())
			}
		}
		return all
	}
	r := newRig(t)
	if all := doors(r); len(all) != 3 || slices.ContainsFunc(all, func(s string) bool { return s[:9] == "Keep them" }) {
		t.Errorf("with the key here the doors are %q", all)
	}
	r.mustSee("Keep them here", "Kutano’s key is on this device.", "Kutano support will never ask you for these codes.")

	r.vault = fakeVault{github}
	r.s.Refresh()
	if all := doors(r); len(all) != 4 || all[0][:14] != "Keep them here" {
		t.Errorf("without the key the doors are %q", all)
	}
	r.mustNotSee("Kutano’s key is on this device.")

	r.closed = true // nobody knows where the key is
	r.s.Refresh()
	if all := doors(r); len(all) != 3 {
		t.Errorf("while the accounts are closed the doors are %q", all)
	}
}

func TestPageTellsOfEachSet(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.mustSee("Kutano · ana@example.com", "Here, sealed", "10 of 10 left · from today", "The codes are unlocked.", "after 2 minutes without use")
	r.mustNotSee("k3q9-7hzt", "Make new ones")

	r.safe.Lock()
	r.s.Refresh()
	r.mustSee("The codes that are kept here are locked.", "a passphrase of their own, on purpose")

	r.notes(github, "In the safe at home", 4)
	r.mustSee("In the safe at home", "4 of 4 left")
	r.press("I used one") // of the note; the other set has another button
	r.mustSee("3 of 4 left", "Only 3 codes are left.", "Make new ones where you made these")
	if r.changed == 0 {
		t.Error("nobody else was told of a change")
	}
	r.vault = fakeVault{github}
	r.s.Refresh()
	r.mustSee("its account is no longer in this app")
	_ = set
}

func TestLook(t *testing.T) {
	made := noon.Add(-100 * day)
	accounts := []vault.Account{kutano, github}
	for _, c := range []struct {
		name string
		set  backupcodes.Set
		left string
		warn string
		tone kit.Tone
		ours bool
	}{
		{"unknown number", backupcodes.Set{Title: "Kutano", Place: backupcodes.Elsewhere, Made: noon}, "Number of codes not noted · from today", "", kit.Calm, true},
		{"fresh", backupcodes.Set{Account: "k", First: 10, Left: 10, Made: made}, "10 of 10 left · 3 months old", "", kit.Calm, true},
		{"one used", backupcodes.Set{Account: "k", First: 10, Left: 9, Made: made}, "9 of 10 left · 3 months old", "One was used, so new ones are advised.", kit.Calm, true},
		{"four left", backupcodes.Set{Account: "g", First: 10, Left: 4, Made: made}, "4 of 10 left · 3 months old", "One was used, so new ones are advised.", kit.Calm, false},
		{"three left", backupcodes.Set{Account: "g", First: 10, Left: 3, Made: made}, "3 of 10 left · 3 months old", "Only 3 codes are left.", kit.Look, false},
		{"none left", backupcodes.Set{Account: "g", First: 10, Made: made}, "0 of 10 left · 3 months old", "All of them are used.", kit.Fail, false},
		{"of an account that is gone", backupcodes.Set{Account: "x", Title: "Forum", First: 5, Left: 5, Made: noon}, "5 of 5 left · from today · its account is no longer in this app", "", kit.Calm, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := lookOf(c.set, noon, accounts)
			if l.left != c.left || l.warn != c.warn || l.tone != c.tone || l.kutano != c.ours {
				t.Errorf("%+v", l)
			}
			if (l.next != "") != (c.warn != "") {
				t.Errorf("advice %q to %q", l.next, c.warn)
			}
		})
	}
	if l := lookOf(backupcodes.Set{Account: "x", First: 5, Left: 5, Made: noon}, noon, nil); l.left != "5 of 5 left · from today" {
		t.Errorf("while the accounts are closed: %q", l.left)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour: "from today", 23 * time.Hour: "from today", 25 * time.Hour: "1 day old", 59 * day: "59 days old",
		60 * day: "2 months old", 729 * day: "24 months old", 730 * day: "2 years old",
	} {
		if got := ageOf(noon, noon.Add(d)); got != want {
			t.Errorf("after %v: %q, want %q", d, got, want)
		}
	}
}

// The focus stays where it is while the page is shown anew.
func TestFocusStays(t *testing.T) {
	r := newRig(t)
	set := r.notes(kutano, "In the safe at home", 10)
	more := r.s.page.buttons["more/"+string(set.ID)]
	r.w.Canvas().Focus(more)
	r.clock.on(3 * day)
	r.s.Refresh()
	r.mustSee("3 days old")
	if r.w.Canvas().Focused() != more {
		t.Error("the focus is lost")
	}
	r.key("Return")
	if r.s.Showing() == nil {
		t.Error("Enter does not press the button")
	}
	r.key("Escape")
	if r.s.Showing() != nil || r.w.Canvas().Focused() != more {
		t.Error("Esc does not lead back")
	}
}

func TestGuideAndLinks(t *testing.T) {
	r := newRig(t)
	r.press("I have none")
	set := r.keeps(kutano, tenCodes)
	if _, err := r.safe.Use(t.Context(), set.ID, 0); err != nil {
		t.Fatal(err)
	}
	r.s.Refresh()
	r.press("Make new ones") // R63, R71
	if !slices.Equal(r.guided, []string{"new-codes", "new-codes"}) {
		t.Errorf("the guide was opened at %q", r.guided)
	}
}

func TestNothingBeforeItIsOpen(t *testing.T) {
	r := newRig(t)
	safe := r.safe
	r.safe = nil
	r.s.Refresh()
	r.mustSee("Opening the list of backup codes…")
	r.s.Tick(r.clock.Now())
	r.s.Unlock()
	r.mustSee("The backup codes are not open yet.")
	r.key("Escape")
	r.safe = safe
	r.s.Refresh()
	r.mustSee("Where do you keep yours?")
}
