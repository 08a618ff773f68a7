// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
)

// The front asks what happens, with six answers first; the others are a word away,
// and the call is left where nothing helps. R58
func TestFront(t *testing.T) {
	r := newRig(t)
	r.says.Profile.Contact = "the desk, 2nd floor"
	r.open()
	r.mustSee("What happens?", "Nothing helps?", "Your workspace’s contact: the desk, 2nd floor")
	if len(r.p.Doors) != guide.FirstTopics {
		t.Fatalf("%d answers", len(r.p.Doors))
	}
	r.press("More")
	g, _ := guide.Recover()
	if len(r.p.Doors) != len(g.Entries) {
		t.Fatalf("%d of %d answers", len(r.p.Doors), len(g.Entries))
	}
	if f := r.w.Canvas().Focused(); f != fyne.Focusable(r.p.Doors[guide.FirstTopics]) {
		t.Errorf("the keyboard is on %T", f)
	}
	for i, e := range g.Entries {
		if topicIcons[e.Name] == "" {
			t.Errorf("%s has no icon", e.Name)
		}
		r.p.Doors[i].Tapped(nil)
		r.settle()
		r.at(e.First)
		r.mustSee(e.Title)
		r.p.Key(fyne.KeyEscape)
		r.at("")
	}
	r.p.Open("none")
	r.at("")
	r.press("Call your helpdesk")
	r.at("call")
	r.mustSee("Nothing helps?", "Your workspace’s contact: the desk, 2nd floor")
	r.p.Back()
	r.at("")
	if r.p.Key(fyne.KeyEscape) {
		t.Error("Escape leads on from the front")
	}
}

// One of the six answers is for a device that is lost or new, and asks which. R60
func TestLostOrNew(t *testing.T) {
	for label, to := range map[string]string{
		"It is lost or broken": "gone", "It is new, and the old one still works": "in-new", "It is new, and the old one is gone": "gone",
	} {
		r := newRig(t)
		if len(r.p.Doors) != 6 || !strings.HasPrefix(r.p.Doors[2].AccessibilityLabel(), "My phone or computer is lost or new.") {
			t.Fatalf("the third of %d answers is %q", len(r.p.Doors), r.p.Doors[2].AccessibilityLabel())
		}
		r.press("My phone or computer is lost or new")
		r.at("gone-which")
		r.press(label)
		r.at(to)
	}
	r := newRig(t) // both names are reached by links, as ever
	r.p.Open(guide.NewDevice)
	r.at("new-device")
	r.p.Open(guide.Lost)
	r.at("gone-which")
}

// The checks run by themselves, and say what is found: one line each, and one next
// thing to do. R53 to R56
func TestChecks(t *testing.T) {
	seen := func(s link.Status, told ...link.Event) *link.Linked {
		return &link.Linked{Seen: s, SeenAt: noon, Untold: told}
	}
	for _, c := range []struct {
		name, topic string
		set         func(*rig)
		says, main  string
		leads       string // the step, or what the window was asked for
	}{
		{"no account", guide.Refused, func(*rig) {}, "The account is not in this app.", "Look for it", "empty-search"},
		{"a clock that is slow", guide.Refused, func(r *rig) { r.clockIs(47 * time.Second) }, "47 seconds slow", "Check or correct it", "clock"},
		{"a clock that is right", guide.Refused, func(r *rig) { r.clockIs(0) }, "Your clock is right", "Show my code", "refused-next"},
		{"a key that is locked", guide.Refused, func(r *rig) { r.says.StoreErr = keystore.ErrLocked }, "Its key is locked", "Open the lock now", "unlock"},
		{"no keyring", guide.KeysLocked, func(r *rig) { r.says.StoreErr = keystore.ErrNoService }, "No keyring answers", "Open the lock now", "unlock"},
		{"denied", guide.NoCodes, func(r *rig) { r.says.StoreErr = keystore.ErrDenied }, "The system did not let this app read its keys.", "Open the lock now", "unlock"},
		{"a key that is gone", guide.KeysLocked, func(r *rig) { r.says.StoreErr = vault.ErrKeysGone }, "Its key is no longer on this device.", "Use a backup code", "backup"},
		{"a folder that is read only", guide.KeysLocked, func(r *rig) { r.says.StoreErr = vault.ErrReadOnly }, "Its key is here and makes codes.", "Show my code", "locked-code"},
		{"removed", guide.Empty, (*rig).remove, "The account was removed from this app not long ago.", "Bring it back", "back"},
		{"several", guide.WrongAccount, func(r *rig) { r.add("work@example.com", keyB) }, "There is another account", "Compare the names", "wrong-line"},
		{"by text message", guide.NoText, func(r *rig) { r.says.Linked = seen(link.Status{Enabled: true, Method: link.SMS}) }, "The service sends your codes by text message.", "Go through the steps", "no-text-signal"},
		{"switched off", guide.Refused, func(r *rig) { r.says.Linked = seen(link.Status{}) }, "Two-factor sign-in is off at the service.", "I am signed in", "in-again"},
		{"reset", guide.Refused, func(r *rig) { r.says.Linked = seen(link.Status{EnrolBy: noon.Add(time.Hour)}) }, "An administrator has reset", "I am signed in", "in-again"},
		{"blocked", guide.Refused, func(r *rig) { r.says.Linked = seen(link.Status{Enabled: true, Method: link.TOTP, Blocked: true}) }, "The service accepts no codes for now", "Use a backup code", "backup"},
		{"set up elsewhere", guide.Refused, func(r *rig) {
			r.vault.list[0].Verified = noon.Add(-time.Hour)
			r.says.Linked = seen(link.Status{Enabled: true, Method: link.TOTP, Since: noon}, link.SwitchedToApp)
		}, "the key here is an old one", "Use a backup code", "backup"},
		{"codes that are noted", guide.NoCodes, func(r *rig) {
			r.says.Sets = []backupcodes.Set{{Title: "Kutano", Account: "a1", Where: "in the safe at home", Place: backupcodes.Elsewhere}}
		}, "in the safe at home", "Use a backup code", "backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			if c.name != "no account" {
				r.add("ana@example.com", keyA)
			}
			c.set(r)
			r.p.Refresh()
			r.settle()
			r.p.Open(c.topic)
			r.settle()
			r.mustSee(c.says)
			if r.p.Main == nil || r.p.Main.Text != c.main {
				t.Fatalf("the next thing is %+v: %q", r.p.Main, r.texts())
			}
			at := r.p.Step()
			r.press(c.main)
			switch c.leads {
			case "clock":
				if len(r.went) != 1 || r.went[0] != "clock" {
					t.Errorf("it leads to %q", r.went)
				}
			case "unlock":
				if r.unlocks != 1 {
					t.Error("nothing was unlocked")
				}
				r.at(at)
				r.mustSee("Its key is here and makes codes.")
			case "back":
				r.at(at)
				r.mustSee("Kutano · ana@example.com is in this app.")
			default:
				r.at(c.leads)
			}
			r.mustNotSee("!")
		})
	}
}

// What keeps the lock shut is said, and the way by hand is left.
func TestUnlockFails(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.says.StoreErr, r.unlock = keystore.ErrLocked, keystore.ErrDenied
	r.p.Open(guide.KeysLocked)
	r.settle()
	r.press("Open the lock now")
	r.mustSee("Its key is locked")
	r.press("Show me how")
	r.at("locked-which")
}

// Nothing of the network is thought of unless the user allowed measuring.
func TestClockUnasked(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.p.Open(guide.Refused)
	r.settle()
	if r.p.Main.Text == "Check my clock" {
		t.Error("it wants the clock measured though nobody allowed that")
	}
	r.press("Check my clock") // whoever wants it can
	if len(r.went) != 1 {
		t.Error("the clock cannot be seen to")
	}
}

// A code that is refused counts, and one that is accepted is noted. R54 R56
func TestTypedCodes(t *testing.T) {
	r := newRig(t)
	a := r.add("ana@example.com", keyA)
	r.clockIs(0)
	before, _ := r.p.standing()
	r.p.Open(guide.Refused)
	r.settle()
	r.press("Show my code")
	r.tick()
	r.mustSee("217 874", "Kutano support will never ask you for this code.")
	r.press("It was refused")
	r.at("refused-rescan")
	if after, _ := r.p.standing(); after == before {
		t.Error("how things stand does not know of it")
	}
	r.p.Back()
	r.p.Back()
	r.settle()
	r.at("refused")
	r.press("Go through the steps")
	r.press("The clock is right now")
	r.tick()
	r.press("Kutano accepted it")
	r.at("in-fixed")
	r.settle()
	if len(r.vault.verified) != 1 || r.vault.verified[0] != a.ID {
		t.Errorf("verified: %q", r.vault.verified)
	}
	r.press("Look over my two-factor sign-in")
	if len(r.went) != 1 || r.went[0] != guide.Review {
		t.Errorf("it leads to %q", r.went)
	}
	r.at("")
}

// R58 R59: the call has whom to ask, what to have at hand, and the check phrase,
// which changes with how things stand.
func TestCall(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.p.OpenCall()
	r.settle()
	r.at("call")
	r.mustSee("Say which e-mail address you sign in with.", "Kutano support will never ask you for a code", "Your check phrase")
	st, _ := r.p.standing()
	words := func() []string {
		st, _ = r.p.standing()
		ph, err := phrase.Encode(st)
		if err != nil {
			t.Fatal(err)
		}
		return append(ph.Words("en"), ph.Digits()...)
	}
	before := words()
	r.mustSee(before...)
	r.clockIs(47 * time.Second)
	r.says.StoreErr = keystore.ErrLocked
	r.pass(lookEvery)
	after := words()
	if strings.Join(before, " ") == strings.Join(after, " ") {
		t.Fatal("the words are the same")
	}
	r.mustSee(after...)
	r.press("What the words mean")
	r.mustSee("Your clock is 30 to 59 seconds slow.")
	r.pass(lookEvery) // it stays open
	r.mustSee("Your clock is 30 to 59 seconds slow.")
}

// Without the accounts open the place works by what stands in the folder.
func TestClosed(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.closed = true
	r.says.StoreErr = keystore.ErrSealed
	left := 0
	r.around.Return = func() { left++ }
	r.around.ShowClock, r.around.ShowCodes, r.around.Scan = nil, nil, nil
	r.open()
	for _, e := range guide.Topics() {
		r.p.Open(e)
		r.settle()
		if e == guide.Lost {
			r.press("It is lost or broken")
			r.at("gone")
		}
		if e != guide.NoText && r.p.Main.Text != "Open the lock now" {
			t.Errorf("%s: the next thing is %q", e, r.p.Main.Text)
		}
		r.p.home()
	}
	r.p.Open(guide.Refused)
	r.settle()
	r.press("Go through the steps")
	r.at("refused-clock")
	r.press("The clock is right now")
	r.mustSee("Your accounts are locked, so no code can be shown.")
	r.p.OpenCall()
	r.settle()
	r.mustSee("Your check phrase")
	for range 9 {
		r.p.Key(fyne.KeyEscape)
	}
	if left == 0 {
		t.Error("there is no way back out")
	}
}

// Where one stopped, one goes on after a restart; at an end there is nothing to go
// on with.
func TestGoesOnAfterARestart(t *testing.T) {
	r := newRig(t)
	r.around.Dir = t.TempDir()
	r.open()
	r.add("ana@example.com", keyA)
	r.p.Open(guide.NoText)
	r.press("Go through the steps")
	r.press("The signal is good")
	r.at("no-text-number")
	r.p.Hide()
	r.open()
	r.at("")
	r.mustSee("You stopped at “Does Kutano have the right number?”.")
	r.p.Key(fyne.KeyReturn)
	r.settle()
	r.at("no-text-number")
	r.p.OpenCall()
	r.settle()
	r.press("I come back later")
	r.at("call-later")
	r.press("Done")
	r.open()
	r.press("Go on where you were")
	r.at("call")
	r.press("My codes work again")
	r.press("That is all for now")
	r.at("")
	r.open()
	if r.p.Resume != nil {
		t.Error("there is something to go on with")
	}
}

// A topic that was opened from a step leads back to it, and leaves nothing to go on
// with.
func TestFromAStep(t *testing.T) {
	r := newRig(t)
	r.around.Dir = t.TempDir()
	left := 0
	r.around.Leave, r.around.Leaves = func() { left++ }, "Back to the step"
	r.open()
	r.p.Open(guide.NoText)
	r.settle()
	r.press("Go through the steps")
	r.p.Key(fyne.KeyEscape)
	r.at("no-text")
	r.press("Back to the step")
	if left != 1 {
		t.Error("it does not lead back")
	}
	if got := files(t, r.around.Dir); len(got) != 0 {
		t.Errorf("it keeps %q", got)
	}
}

// Nothing of a code or of how things stand is left once the window is locked, or
// another place is shown.
func TestNothingIsLeft(t *testing.T) {
	for name, leave := range map[string]func(*rig){
		"locked": func(r *rig) { r.p.Lock() }, "another place": func(r *rig) { r.p.Hide() },
	} {
		for _, step := range []string{"refused-next", "call-two"} {
			r := newRig(t)
			r.add("ana@example.com", keyA)
			run, err := r.p.guide.Restore(guide.State{Entry: guide.Refused, Step: step}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.p.walk(run)
			r.settle()
			r.tick()
			r.mustSee("217 874")
			leave(r)
			r.settle()
			r.p.Tick(r.clock.Now())
			if r.sees("217 874") || r.sees("217874") {
				t.Errorf("%s at %s: the code is still there", name, step)
			}
		}
	}
}
