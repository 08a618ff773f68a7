// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// KeyLength fails as Code does.
func (q *quiet) KeyLength(ctx context.Context, id vault.ID) (int, error) {
	q.mu.Lock()
	err := q.fail
	q.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return q.Vault.KeyLength(ctx, id)
}

// The checks see the accounts and the clock of this window, their button leads to the
// clock and back to the topic, and the code stands there. R53 R54 R56
func TestGetBackIn(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Go(placeRecovery)
	r.settle()
	r.press("Kutano does not accept my code")
	r.mustSee("Kutano · ana@example.com is in this app.", "Its key is here and makes codes.", "Nobody has checked this clock yet.")
	r.press("Check my clock")
	if !r.u.truth.Shown() {
		t.Fatal("it does not lead to the clock")
	}
	r.take(slow) // it was measured meanwhile, and codes are corrected
	r.key(fyne.KeyEscape)
	if r.u.truth.Shown() || r.u.shell.Selected() != placeRecovery {
		t.Fatal("it does not lead back")
	}
	r.mustSee("Your clock is 47 seconds slow. Your codes are corrected, so they work.")
	r.press("Show my code")
	r.pass(10 * time.Second)
	r.u.model.Settle()
	r.pass(0) // with the code that the first one asked for
	r.mustSee(grouped(codeOf(t, kutanoURI, noon.Add(slow+10*time.Second))))
	r.key(fyne.KeyEscape)
	r.mustSee("Why was the code refused?")
	r.key(fyne.KeyReturn) // what has the keyboard is the obvious next step
	r.mustSee("Type the next code")
	r.u.Go(placeCodes)
	r.u.Go(placeRecovery)
	r.settle()
	r.mustSee("Type the next code")
	r.press("Kutano accepted it")
	r.mustSee("You are in: now keep it that way")
	r.press("Look over my two-factor sign-in")
	if r.u.shell.Selected() != placeSetup || r.u.setup.Step() == "" {
		t.Errorf("it leads to %s, %q", r.u.shell.Selected(), r.u.setup.Step())
	}
	if v := r.u.vault.Accounts()[0].Verified; v.IsZero() {
		t.Error("it is not noted that a code was accepted")
	}
}

// Locking leaves nothing of a code there, and the step stays.
func TestGetBackInIsLocked(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.take(0)
	r.u.Go(placeRecovery)
	r.u.recovery.Open(guide.Refused)
	r.settle()
	r.press("Show my code")
	r.tick(noon.Add(time.Second))
	r.mustSee(grouped(codeOf(t, kutanoURI, noon)))
	r.lock()
	r.mustBeSealed(kutanoURI)
	r.unlock(fourWords)
	r.settle()
	r.tick(noon.Add(2 * time.Second))
	r.mustSee("Type the next code", grouped(codeOf(t, kutanoURI, noon)))
}

// While the accounts are locked there is help, too: by what stands in the folder, and
// it goes on in the set-up once they are open.
func TestGetBackInWhileLocked(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.lock()
	r.press("I can’t get in")
	r.mustSee("What happens?")
	r.typed("q") // it is nobody's passphrase
	r.press("My keys or this app are locked")
	r.mustSee("Its key is locked, so this app makes no codes now.", "The account is in this app.")
	if r.sees(grouped(codeOf(t, kutanoURI, noon))) || r.sees("ana@example.com is in this app") {
		t.Error("a code, or whose it is, is to be seen")
	}
	r.press("Call your helpdesk")
	r.mustSee("Your check phrase")
	// What ends late in another room puts nothing over the lock, here either.
	told := false
	kit.ShowMessage(r.w.Canvas(), kit.Good, "A code for them", kit.Message{What: "KTNA 7F3Q"}, func() { told = true })
	if r.settle(); kit.TopSheet(r.w.Canvas()) != nil || r.sees("KTNA 7F3Q") || !told {
		t.Error("a sheet of another room came over the lock")
	}
	r.press("Save a report")
	r.mustSee("Report of Kutano Authenticator")
	r.key(fyne.KeyEscape)
	r.key(fyne.KeyEscape)
	r.mustSee("What is locked?")
	r.press("Open the lock now")
	r.mustSee("Locked. Type your passphrase to see your codes.")
	if r.w.Canvas().Focused() != r.entry("Passphrase") || r.entry("Passphrase").Text != "" {
		t.Error("the passphrase has not the keyboard, or was typed into elsewhere")
	}
	r.press("I can’t get in")
	r.key(fyne.KeyEscape)
	r.mustSee("Locked. Type your passphrase to see your codes.")

	r.press("I can’t get in")
	r.press("Call your helpdesk")
	r.press("They gave me a code, or reset it")
	r.press("I am in")
	r.press("Set up two-factor for Kutano")
	r.mustSee("Locked. Type your passphrase to see your codes.")
	r.unlock(fourWords)
	r.settle()
	if r.u.shell.Selected() != placeSetup || r.u.setup.Step() == "" {
		t.Errorf("it does not go on in the set-up but in %s", r.u.shell.Selected())
	}
}

// The checks measure the clock of this window at one press, where the user lets it be
// measured. R53
func TestGetBackInMeasures(t *testing.T) {
	r := newRig(t, kutanoURI)
	asked := 0
	r.u.Measure = func(context.Context, func(string, bool)) error {
		asked++
		return r.true.Take(r.measured(slow))
	}
	r.u.truth.Measure = r.u.Measure
	if err := r.true.Allow(clock.OnDemand, nil); err != nil {
		t.Fatal(err)
	}
	r.u.stuck(guide.Refused)
	r.settle()
	if asked != 0 {
		t.Fatal("it asks by itself")
	}
	r.press("Check my clock")
	r.mustSee("Your clock is 47 seconds slow. Your codes are corrected, so they work. (Checked at ")
	if asked != 1 || r.u.truth.Shown() {
		t.Errorf("asked %d times, on the clock's page %v", asked, r.u.truth.Shown())
	}
}

// Where the accounts cannot be opened at all, there is help.
func TestGetBackInWithoutAStore(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Stop()
	r.run(func(context.Context, func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		return nil, keystore.ErrNoService
	})
	r.mustSee("Your accounts could not be opened")
	r.press("Get back in")
	r.press("Kutano does not accept my code")
	r.mustSee("No keyring answers on this device")
	r.key(fyne.KeyEscape)
	r.key(fyne.KeyEscape)
	r.mustSee("Your accounts could not be opened")
}

// A keyring that is locked is opened from the checks.
func TestGetBackInUnlocks(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.vault.setFail(keystore.ErrLocked)
	r.u.Go(placeRecovery)
	r.u.recovery.Open(guide.Refused)
	r.settle()
	r.mustSee("Its key is locked, so this app makes no codes now.")
	r.press("Open the lock now") // and the user does not
	r.mustSee("Its key is locked, so this app makes no codes now.")
	r.vault.setFail(nil)
	r.press("Open the lock now")
	r.mustSee("Its key is here and makes codes.")
}

// The clock's page over a topic over a step leads back to the topic as it was.
func TestStuckStaysAtItsStep(t *testing.T) {
	r := newRig(t)
	r.u.openGuide(guide.Setup)
	r.settle()
	r.press("Begin")
	r.u.stuck(guide.Refused)
	r.settle()
	r.press("Go through the steps")
	r.mustSee("Is the clock right?")
	r.press("Check my clock")
	r.key(fyne.KeyEscape)
	r.mustSee("Is the clock right?")
	r.key(fyne.KeyEscape)
	r.mustSee("Why was the code refused?")
	r.key(fyne.KeyEscape)
	r.mustSee("Have your phone at hand")
	if r.u.help.stuck != nil || r.u.helper() != nil {
		t.Error("the topic is still there")
	}
	r.u.stuck(guide.NoCodes)
	r.settle()
	r.press("I am in")
	r.press("Look over my two-factor sign-in")
	if top := kit.TopSheet(r.w.Canvas()); top != nil {
		r.key(fyne.KeyEscape) // whether the set-up may be forgotten
	}
	if r.u.shell.HasOver() || r.u.shell.Selected() != placeSetup {
		t.Error("it does not lead into the set-up")
	}
}
