// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

// R36, R41, R19: from the first page to the code, by pressing buttons only.
func TestFirstStartScanAddDone(t *testing.T) {
	r := newRig(t)
	r.mustSee("Your sign-in codes, on this device", "sealed with your passphrase")
	if len(r.u.doors) != 3 {
		t.Fatalf("%d doors", len(r.u.doors))
	}
	r.eyes.screens = append(r.eyes.screens, screenWith(t, kutanoURI))
	r.press("Scan my Kutano QR code")
	r.mustSee("Found 1 account", "ana@example.com")
	if len(r.vault.Accounts()) != 0 {
		t.Fatal("the account was kept before it was confirmed")
	}
	r.press("Add this account")
	want := grouped(codeOf(t, kutanoURI, noon))
	r.mustSee("Now go back to Kutano, press Continue and type", want, "valid for 20 more seconds")
	// The card follows the time into the next step.
	r.tick(noon.Add(20 * time.Second))
	r.mustSee(grouped(codeOf(t, kutanoURI, noon.Add(20*time.Second))), "valid for 30 more seconds")
	r.press("Done")
	if kit.TopSheet(r.w.Canvas()) != nil {
		t.Error("a sheet is still there")
	}
	r.mustSee("Kutano", "ana@example.com", "Kutano support will never ask you for these codes.")
}

// R55: the same issuer and account with another key is a question.
func TestReplaceIsAsked(t *testing.T) {
	r := newRig(t, kutanoURI)
	other := strings.Replace(kutanoURI, kutanoKey, otherKey, 1)
	r.eyes.screens = append(r.eyes.screens, screenWith(t, other))
	id := r.vault.Accounts()[0].ID
	r.u.adding.Scan()
	r.settle()
	r.mustSee("Replace the key of this account?")
	r.press("Keep the old key")
	if c, _ := r.vault.Code(t.Context(), id, noon); c.Value != codeOf(t, kutanoURI, noon) {
		t.Fatal("the key was replaced although the user said no")
	}
	r.u.adding.Scan()
	r.settle()
	r.press("Replace the key")
	r.mustSee("The key is replaced", grouped(codeOf(t, other, noon)))
	if n := len(r.vault.Accounts()); n != 1 {
		t.Errorf("%d accounts after replacing", n)
	}
	if n := len(r.vault.Removed()); n != 1 {
		t.Errorf("%d old keys kept, want 1", n)
	}
	r.press("Done")
	r.mustSee(grouped(codeOf(t, other, noon)))
	if r.sees(grouped(codeOf(t, kutanoURI, noon))) {
		t.Error("the old key's code is still shown")
	}
}

func TestSameAccountIsSaid(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.eyes.clip = clipboard.Clip{Text: "  " + kutanoURI + "\n"}
	r.u.adding.Paste()
	r.settle()
	r.mustSee("This account is here already, with the same key.")
	r.press("Show its code")
	if r.u.codes.Selected() != r.vault.Accounts()[0].ID {
		t.Error("its row is not marked")
	}
}

// R20: several accounts of other services, ticked one by one.
func TestSeveralWithTicks(t *testing.T) {
	r := newRig(t, kutanoURI)
	github := "otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub"
	mail := "otpauth://totp/Mail:ana?secret=" + otherKey + "&issuer=Mail"
	r.eyes.screens = append(r.eyes.screens, screenWith(t, kutanoURI, github), screenWith(t, mail, "https://example.com"))
	r.u.adding.Scan()
	r.settle()
	r.mustSee("Looked at 2 screens: found 3 accounts", "Here already, with the same key", "Add 2 accounts")
	for _, o := range r.objects() {
		if c, ok := o.(*kit.Check); ok && c.Visible() && !c.Disabled() {
			c.SetChecked(false)
			break
		}
	}
	r.press("Add 1 account")
	r.press("Done")
	as := r.vault.Accounts()
	if len(as) != 2 || as[1].Issuer != "Mail" {
		t.Errorf("accounts %v", as)
	}
}

func TestNothingFoundHelps(t *testing.T) {
	r := newRig(t)
	r.eyes.screens = append(r.eyes.screens, screenWith(t))
	r.u.adding.Scan()
	r.settle()
	r.mustSee("No QR code found", "all four corners", "Scan the screen again")
	r.eyes.screens[0] = screenWith(t, "https://example.com/menu")
	r.press("Scan the screen again")
	r.mustSee("A QR code, but not one for an authenticator")
	r.key(fyne.KeyEscape)
	r.eyes.clip.Text = "hello"
	r.u.adding.Paste()
	r.settle()
	r.mustSee("No account in this text")
}

func TestScanErrorsAndCancel(t *testing.T) {
	r := newRig(t)
	r.eyes.err = scan.ErrNoScreen
	r.u.adding.Scan()
	r.settle()
	r.mustSee("That did not work", "Another way")
	r.press("Another way")
	r.mustSee("Add an account")
	r.eyes.err, r.eyes.hang = nil, true
	r.u.adding.Scan()
	if !r.sees("Looking at your screen…") {
		t.Error("scanning does not say what it does")
	}
	r.key(fyne.KeyEscape) // settles: the work must end by itself
	if kit.TopSheet(r.w.Canvas()) != nil {
		t.Error("Esc does not cancel a scan that hangs")
	}
}

// R36: a key typed in by hand.
func TestTypedForm(t *testing.T) {
	r := newRig(t)
	r.u.adding.Open()
	r.press("Type it in")
	r.entry("Kutano, GitHub, …").SetText("GitHub")
	r.entry("Your e-mail address there").SetText("ana")
	key := r.entry("Letters and digits; blanks do not matter")
	key.SetText("JBSW Y3D1")
	r.mustSee("A key has only the letters A to Z and the digits 2 to 7.")
	key.SetText("jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp")
	if r.sees("A key has only the letters") {
		t.Error("the sentence stays although the key is right now")
	}
	r.press("More choices")
	r.entry("6").SetText("12")
	r.mustSee("A code has 4 to 10 digits, most often 6.")
	r.entry("6").SetText("8")
	r.press("Add this account")
	uri := "otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub&digits=8"
	r.mustSee("Now go back to GitHub and type", grouped(codeOf(t, uri, noon)))
}

func TestPictureFilesAndDrop(t *testing.T) {
	r := newRig(t)
	path := writePNG(t, screenWith(t, kutanoURI))
	text := writeText(t, "not a picture")
	r.u.Dropped([]fyne.URI{storage.NewFileURI(path), storage.NewFileURI(text)})
	r.settle()
	r.mustSee("Found 1 account")
	r.key(fyne.KeyEscape)
	r.u.Dropped([]fyne.URI{storage.NewFileURI(text)})
	r.settle()
	r.mustSee("That did not work")
}

func TestChoosingAPictureCanBeLeft(t *testing.T) {
	r := newRig(t)
	r.u.adding.Open()
	r.press("Open a picture")
	if r.u.chooser == nil || kit.TopSheet(r.w.Canvas()) != nil {
		t.Fatal("no file dialog, or a sheet over it")
	}
	r.key(fyne.KeyEscape)
	if r.u.chooser != nil {
		t.Error("Esc does not close the file dialog")
	}
	r.mustSee("Add an account")
}

func TestArgumentFromAnotherStart(t *testing.T) {
	r := newRig(t)
	r.u.Take(kutanoURI)
	r.settle()
	r.mustSee("Found 1 account")
	r.key(fyne.KeyReturn)
	if n := len(r.vault.Accounts()); n != 1 {
		t.Errorf("%d accounts after Enter", n)
	}
	r.u.Take("otpauth://totp/x?secret=1")
	r.settle()
	r.mustSee("This code cannot be used")
}
