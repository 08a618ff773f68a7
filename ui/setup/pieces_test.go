// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

const settingsPage = "https://app.example.com/settings/security"

// R11: the settings page opens in the browser, and where there is none, or Kutano
// is on another device, its address is shown.
func TestOpen(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "open")
	r.mustSee("As published; your screen may differ.")
	r.press("Open my Kutano settings")
	if len(r.opened) != 1 || r.opened[0] != settingsPage {
		t.Errorf("opened %q", r.opened)
	}
	if r.p.Main.Text != "The window is open" {
		t.Errorf("the obvious next step is %q", r.p.Main.Text)
	}
	r.mustNotSee(settingsPage)
	r.press("On another device")
	r.mustSee(settingsPage)
	r.openErr = errors.New("no browser")
	r.press("Open it again")
	r.mustSee("No browser could be opened here.")
	if r.p.piece.(*openPiece).qr == nil {
		t.Error("there is no QR code of the address")
	}
	r.press("The window is open")
	r.at("method")
	r.press("Use an app")
	r.press("Use this app")
	r.mustNotSee("As published; your screen may differ.") // once is enough
}

func TestOpenHostileAddress(t *testing.T) {
	for _, address := range []string{"file:///etc/passwd", "javascript:alert(1)", "::", ""} {
		r := newRig(t)
		r.around.Profile = func() Profile { return Profile{Fill: guide.Fill{Settings: address}} }
		r.open()
		r.to(guide.Setup, "open")
		for _, b := range r.ways() {
			if b.Text == "Open my Kutano settings" {
				b.Tapped(nil)
				r.settle()
			}
		}
		if len(r.opened) != 0 {
			t.Errorf("opened %q", r.opened)
		}
		r.press("The window is open")
		r.at("method")
	}
}

// R48: the dead account is removed only when the person says so.
func TestRetire(t *testing.T) {
	r := newRig(t)
	a := r.add("Kutano", "ana@example.com", keyA)
	r.add("GitHub", "ana", keyB)
	r.to(guide.SwitchToSMS, "sms-retire")
	r.mustSee("Kutano · ana@example.com")
	r.press("Keep it")
	r.at("codes")
	if len(r.vault.list) != 2 {
		t.Fatal("it was removed")
	}
	r.p.Back()
	r.vault.fail = errors.New("read only")
	r.press("Remove it")
	r.at("sms-retire")
	r.vault.fail = nil
	r.press("Remove it")
	r.at("codes")
	if len(r.vault.list) != 1 || len(r.vault.removed) != 1 || r.vault.removed[0].ID != a.ID {
		t.Errorf("here %+v, removed %+v", r.vault.list, r.vault.removed)
	}
	r.p.Back()
	r.mustSee("No Kutano account is left in this app.")
	r.press("Continue")
	r.at("codes")
}

func TestRetireOneOfSeveral(t *testing.T) {
	r := newRig(t)
	r.add("Kutano", "ana@example.com", keyA)
	r.add("Kutano", "work@example.com", keyB)
	r.to(guide.Disable, "off-retire")
	r.p.run.SetAccount("")
	r.p.piece = nil
	r.p.redraw()
	r.press("Choose the account")
	r.press("Kutano · work@example.com")
	r.press("Remove it")
	r.at("off-done")
	if len(r.vault.list) != 1 || r.vault.list[0].Name != "ana@example.com" {
		t.Errorf("left: %+v", r.vault.list)
	}
	if r.upkeep.state.Method != readiness.Off {
		t.Errorf("the method is %q", r.upkeep.state.Method)
	}
}

func TestKeepCodes(t *testing.T) {
	r := newRig(t)
	r.add("Kutano", "ana@example.com", keyA)
	r.to(guide.Setup, "keep")
	r.takeAs = guide.Later // the question was closed
	r.press("Choose where")
	r.at("later")
	if r.upkeep.state.SetUp == 0 {
		t.Error("nothing reminds of them before something is pressed")
	}
	r.press("Remind me in a week")
	if f, ok := r.w.Canvas().Focused().(*kit.Check); !ok || f.Text != "Remind me in a week" || !f.Checked {
		t.Errorf("the keyboard is on %T", r.w.Canvas().Focused())
	}
	if off := r.upkeep.state.PutOff[upkeep.Unsaved]; off == 0 || r.upkeep.state.SetUp == 0 {
		t.Errorf("put off until %v", off)
	}
	r.press("Remind me tomorrow")
	if off := r.upkeep.state.PutOff[upkeep.Unsaved]; off != 0 {
		t.Errorf("still put off until %v", off)
	}
	r.press("Keep them now")
	r.takeAs = guide.Kept
	r.press("Choose where")
	r.at("habits")

	// Without a safe, the person's word is enough.
	r.around.TakeCodes = nil
	r.open()
	r.to(guide.Setup, "keep")
	r.press("They are in a safe place")
	r.at("habits")
}

// R66 R72: a number that has changed is remembered until Kutano was told.
func TestChangedNumber(t *testing.T) {
	r := newRig(t)
	r.p.Begin(guide.ChangedNumber)
	r.press("My number")
	r.press("By text message")
	if r.upkeep.state.NumberChanged == 0 {
		t.Error("it is not remembered")
	}
	for _, b := range []string{"I am signed in", "The window is open", "Begin", "Get started", "I pressed it", "I pressed it", "Kutano accepted it"} {
		r.press(b)
	}
	r.at("sms-on")
	if r.upkeep.state.NumberChanged != 0 || r.upkeep.state.Method != readiness.SMS {
		t.Errorf("%+v", r.upkeep.state)
	}
}

// R58 R67 R68: the last page counts the ways back in, asks about another device,
// and notes that it was looked at.
func TestSummary(t *testing.T) {
	r := newRig(t)
	r.add("Kutano", "ana@example.com", keyA)
	r.to(guide.Review, "summary")
	r.mustSee("If this device is lost, there is no way back in yet.")
	if r.upkeep.state.Reviewed == 0 {
		t.Error("the review is not noted")
	}
	r.press("Yes")
	r.mustSee("If this device is lost, you have 1 way back in.")
	if r.upkeep.state.OtherDevice != readiness.Yes {
		t.Errorf("the answer is %q", r.upkeep.state.OtherDevice)
	}
	r.press("No")
	if r.upkeep.state.OtherDevice != readiness.No {
		t.Errorf("the answer is %q", r.upkeep.state.OtherDevice)
	}
	r.press("See to the backup codes")
	r.at("new-codes")
	r.p.home()
	r.to(guide.Setup, "summary")
	if r.upkeep.state.SetUp == 0 {
		t.Error("the set-up is not noted")
	}
	r.press("Go to my codes")
	if r.home != 1 || r.p.Step() != "" {
		t.Error("it does not lead to the codes")
	}
}

func TestHome(t *testing.T) {
	r := newRig(t)
	if len(r.p.Doors) != len(r.p.guide.Entries) || r.p.Resume != nil {
		t.Errorf("%d doors", len(r.p.Doors))
	}
	r.mustNotSee("Connected as")
	r.mustNotSee("way back in")
	r.press("Set up two-factor for Kutano")
	r.at("reasons")
	r.p.Key(fyne.KeyEscape)
	r.at("")
	r.mustSee("You stopped at “Why two-factor sign-in?”.")

	r.linked = true
	r.add("Kutano", "ana@example.com", keyA)
	r.mustSee("Connected as ana@example.com")
	led := readiness.Kind("")
	r.p.Lead = func(k readiness.Kind) func() { return func() { led = k } }
	r.p.Refresh()
	r.press("See to the backup codes")
	if led != readiness.Codes {
		t.Errorf("it led to %q", led)
	}
	r.p.Readiness = func() readiness.Facts { return readiness.Facts{CodesKnown: true, CodesLeft: 0} }
	r.p.Refresh()
	r.mustSee("All of them are used.")
}

// The question that the card leads to.
func TestAnotherDevice(t *testing.T) {
	r := newRig(t)
	r.add("Kutano", "ana@example.com", keyA)
	r.p.askDevice()
	r.mustSee("Does another device make your codes, too?")
	r.press("Yes")
	if r.upkeep.state.OtherDevice != readiness.Yes || kit.TopSheet(r.w.Canvas()) != nil {
		t.Errorf("the answer is %q", r.upkeep.state.OtherDevice)
	}
}

// The workspace's own words stand in the step, as its.
func TestNotes(t *testing.T) {
	r := newRig(t)
	r.around.Profile = func() Profile {
		return Profile{Fill: guide.Fill{Workspace: "Acme", Contact: "help@acme.example", Notes: map[string][]string{"app": {"Take the company phone."}}}}
	}
	r.open()
	r.to(guide.Setup, "app")
	r.mustSee("Acme says:")
	r.mustSee("Take the company phone.")
	r.to(guide.Setup, "help")
	r.mustSee("help@acme.example")
}

// Nothing stays on the window while the app is locked, and the step is there
// afterwards.
func TestLock(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	r.locked = true
	r.p.Lock()
	if len(r.texts()) != 0 {
		t.Errorf("still there: %q", r.texts())
	}
	r.locked = false
	r.p.Show()
	r.tick()
	r.at("code")
	r.mustSee("Kutano · ana@example.com")
}

// An account that the assistant was about and that has gone is no trouble.
func TestAccountGone(t *testing.T) {
	r := newRig(t)
	r.to(guide.Setup, "code")
	r.vault.list = nil
	r.reload()
	r.mustSee("The account is not in this app any more.")
	r.press("Kutano accepted it") // another app's code was
	r.at("app-on")
	if len(r.vault.verified) != 0 {
		t.Error("an account was noted as verified")
	}
	if got := guided.NameOf(vault.Account{Name: "ana"}); !strings.Contains(got, "ana") {
		t.Errorf("it is called %q", got)
	}
}
