// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

func (r *rig) shortcut(k fyne.KeyName) {
	r.t.Helper()
	for _, s := range r.u.shortcuts() {
		if s.keys.KeyName == k && s.keys.Modifier == (&desktop.CustomShortcut{Modifier: fyne.KeyModifierShortcutDefault}).Modifier {
			s.run(r.u)
			r.settle()
			return
		}
	}
	r.t.Fatalf("there is no shortcut %s", k)
}

// drop drops files onto the window.
func (r *rig) drop(paths ...string) {
	uris := make([]fyne.URI, 0, len(paths))
	for _, p := range paths {
		uris = append(uris, storage.NewFileURI(p))
	}
	r.u.Dropped(uris)
	r.settle()
}

func (r *rig) write(name, text string) string {
	r.t.Helper()
	path := filepath.Join(r.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// From the first screen, by a file that is dropped, into the list; and taken back.
func TestBringFromAnotherApp(t *testing.T) {
	r := newRig(t)
	r.press("Bring accounts from another app")
	if !r.sees("Which app it is from is found out by itself.") {
		t.Fatal("the ways in are not shown")
	}
	r.drop(r.write("keys.txt", kutanoURI+"\notpauth://totp/GitHub:ana?secret="+otherKey+"&issuer=GitHub"))
	r.mustSee("2 accounts were found")
	r.press("Add 2 accounts")
	r.mustSee("2 accounts are in.")
	r.press("Undo")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("The import is undone", "Your accounts are as they were before.")
	if n := len(r.vault.Accounts()); n != 0 {
		t.Fatalf("%d accounts are left", n)
	}
	r.press("Done")
	r.drop(r.write("keys.txt", "otpauth://totp/GitHub:ana?secret="+otherKey+"&issuer=GitHub\n"+kutanoURI))
	r.press("Add 2 accounts")
	r.press("Go to my codes")
	if as := r.vault.Accounts(); len(as) != 2 || !as[0].Kutano {
		t.Fatalf("Kutano is not first among %d", len(as))
	}
	if n := len(r.vault.Accounts()); n != 2 || r.u.shell.Selected() != placeCodes {
		t.Fatalf("%d accounts, at %s", n, r.u.shell.Selected())
	}
	r.drop(r.write("keys.txt", kutanoURI))
	r.mustSee("1 is here already.", "Nothing to add")
	r.press("Cancel")
	r.mustSee("No account came in.")
	r.press("Close")
}

// What is pasted goes where it belongs: one address to the card with its code, a
// file's text and very many addresses to the list.
func TestPasteGoesWhereItBelongs(t *testing.T) {
	r := newRig(t, kutanoURI)
	paste := func(text string) {
		t.Helper()
		r.eyes.clip = clipboard.Clip{Text: text}
		r.u.command(r.u.adding.Paste)
		r.settle()
	}
	w, err := exchange.Write(t.Context(), "2fas", []foreign.Entry{foreign.FromURI(kutanoURI)}, secret.Value{})
	if err != nil {
		t.Fatal(err)
	}
	paste(string(w.Files[0].Data))
	r.mustSee("1 account was found", "This is a backup of 2FAS.")
	r.press("Cancel")
	r.press("Close")
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("otpauth://totp/Service:ana%d?secret=%s", i, otherKey))
	}
	paste(strings.Join(many, "\n"))
	r.mustSee("30 accounts were found", "This is a text with key addresses.")
	r.press("Cancel")
	r.press("Close")
	paste(many[0])
	r.press("Add this account")
	r.mustSee("The account is kept")
}

// The keyboard opens both ways, and the lock closes them.
func TestWaysByKeyboardAndLock(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.shortcut(fyne.KeyO)
	r.mustSee("Bring accounts from another app")
	r.key(fyne.KeyEscape)
	r.shortcut(fyne.KeyE)
	r.mustSee("Where should your accounts go?")
	r.u.Lock()
	r.settle()
	if kit.TopSheet(r.w.Canvas()) != nil || r.u.takeout.Showing() != nil {
		t.Error("the way out is still open while the app is locked")
	}
	r.drop(r.write("keys.txt", kutanoURI))
	if r.u.bring.Showing() != nil {
		t.Error("a file is read while the app is locked")
	}
}

// A QR code of a move goes from the screen when another window comes to the front.
func TestMoveIsVeiled(t *testing.T) {
	r := newRig(t, kutanoURI)
	s := r.u.Settings.Get()
	s.HideUnfocused = true
	if err := r.u.Settings.Set(s); err != nil {
		t.Fatal(err)
	}
	r.shortcut(fyne.KeyE)
	r.press("QR codes on this screen")
	r.press("Continue")
	r.press("Show them")
	r.mustSee("QR code 1 of 1")
	r.u.inBack()
	r.settle()
	r.mustSee("The QR codes are hidden")
}

// The add page leads there, too, and the settings.
func TestOtherWaysIn(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.adding.Open()
	r.press("Bring accounts from another app")
	r.mustSee("How to get the file out of your app")
	r.key(fyne.KeyEscape)
	r.u.Go(placeSettings)
	r.settle()
	r.press("Bring accounts in…")
	r.mustSee("How to get the file out of your app")
	r.press("Cancel")
	r.press("Take accounts out…")
	r.mustSee("Where should your accounts go?")
}

// Who is locked out while accounts come in is told after the unlock.
func TestLockedWhileAccountsComeIn(t *testing.T) {
	r := newRig(t)
	r.drop(r.write("keys.txt", kutanoURI))
	r.u.bring.Showing().Main.Tapped(nil)
	r.u.Lock()
	r.settle()
	if kit.TopSheet(r.w.Canvas()) != nil {
		t.Fatal("a sheet is over the lock's page")
	}
	r.unlock(fourWords)
	r.settle()
	if n := len(r.vault.Accounts()); n > 1 || r.sees("1 account is in.") != (n == 1) || r.sees("No account came in.") != (n == 0) {
		t.Errorf("%d accounts are in, and it is not said", n)
	}
	r.key(fyne.KeyReturn)
	if kit.TopSheet(r.w.Canvas()) != nil {
		t.Error("it cannot be left")
	}
}
