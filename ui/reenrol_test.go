// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// From "You are in" the set-up takes the old entry's place, and everything that goes
// with it is renewed: the snapshot, the backup codes and the reminders. R48 R60 R63 R71
func TestReenrolment(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.makeKey()
	id := r.vault.Accounts()[0].ID
	if _, err := r.u.care.safe.Note(t.Context(), backupcodes.New{
		Account: string(id), Title: "Kutano · ana@example.com", Where: "in the old diary", Count: 8,
	}); err != nil {
		t.Fatal(err)
	}
	old, err := r.vault.Snapshots().Read("latest")
	if err != nil {
		t.Fatal(err)
	}
	began := r.u.care.state.SetUp
	r.pass(time.Hour)

	r.u.Go(placeRecovery)
	r.press("Call your helpdesk")
	r.press("They gave me a code, or reset it")
	r.press("I am in")
	r.press("Set up two-factor for Kutano")
	for range 12 {
		if r.u.setup.Step() == "scan" {
			break
		}
		r.u.setup.Main.Tapped(nil) // it opens the browser, and is another then
		r.settle()
	}
	r.eyes.screens = append(r.eyes.screens, screenWith(t, strings.Replace(kutanoURI, kutanoKey, otherKey, 1)))
	r.press("Scan my screen now")
	r.press("Replace the key")
	r.pass(0)
	r.press("Kutano accepted it")
	r.u.setup.Main.Tapped(nil) // on to the codes
	r.settle()
	r.u.setup.Main.Tapped(nil)
	r.settle()
	r.press("Choose where")
	r.press("Note where they are")
	r.entry("In the safe at home").SetText("in the new diary")
	r.press("Note it")
	for range 3 {
		if r.u.setup.Step() == "summary" {
			break
		}
		r.u.setup.Main.Tapped(nil)
		r.settle()
	}

	// The old entry is retired: its place has the new key.
	all := r.vault.Accounts()
	if len(all) != 1 || all[0].ID != id {
		t.Fatalf("here: %+v", all)
	}
	c, err := r.vault.Code(t.Context(), id, r.clock.Now())
	if want := codeOf(t, strings.Replace(kutanoURI, kutanoKey, otherKey, 1), r.clock.Now()); err != nil || c.Value != want {
		t.Errorf("the code is the old key’s: %v", err)
	}
	if !all[0].Verified.Equal(r.clock.Now()) {
		t.Errorf("accepted at %v", all[0].Verified)
	}
	// The snapshot has it.
	fresh, err := r.vault.Snapshots().Read("latest")
	if err != nil || bytes.Equal(old, fresh) {
		t.Errorf("the newest snapshot is the old one: %v", err)
	}
	// The old backup codes are gone, and the new ones are noted.
	sets := r.u.care.safe.Sets()
	if len(sets) != 1 || sets[0].Where != "in the new diary" || sets[0].Account != string(id) {
		t.Errorf("backup codes: %+v", sets)
	}
	// The reminders begin anew.
	if s := r.u.care.state; s.SetUp.Time().Before(began.Time().Add(time.Minute)) || s.Reviewed != s.SetUp || s.Method != readiness.App {
		t.Errorf("reminders: %+v, before %v", s, began.Time())
	}
}
