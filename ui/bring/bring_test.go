// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// three are a list of key addresses, the last of which cannot come in.
func three() string {
	return strings.Join([]string{uri("Kutano", "ana", keyA), uri("GitHub", "ana", keyB), "otpauth://totp/Bank:ana?secret=" + keyA + "&algorithm=MD2"}, "\n")
}

// aegisFile makes an export of Aegis under a password.
func (r *rig) aegisFile(name, pass string, n int) string {
	r.t.Helper()
	var all []foreign.Entry
	for i := range n {
		all = append(all, entry("Service", fmt.Sprint("ana", i)))
	}
	w, err := exchange.Write(r.t.Context(), "aegis", all, secret.FromString(pass))
	if err != nil {
		r.t.Fatal(err)
	}
	return r.file(name, string(w.Files[0].Data))
}

// A file: recognised, shown, taken in, and told what came of it; then undone.
func TestFileComesIn(t *testing.T) {
	r := newRig(t)
	r.path = r.file("keys.txt", three())
	r.f.Open()
	r.press("Open a file…")
	r.mustSee("3 accounts were found", "keys.txt", "This is a text with key addresses.",
		"Kutano · ana", "New", "Cannot come in:", "2 accounts come in. 1 cannot come in.")
	if len(r.v.taken) > 0 {
		t.Fatal("accounts came in before it was said")
	}
	r.press("Add 2 accounts")
	r.mustSee("2 accounts are in.", "1 could not come in.", "Keep the old app until these are set up again.", "What did not come in (1)")
	if r.sees("Delete the file…") {
		t.Error("a file of which not all came in is offered to be deleted")
	}
	if len(r.v.order) != 2 || r.v.order[0] != "k" {
		t.Errorf("the first Kutano account is not on top: %v", r.v.order)
	}
	r.press("Copy this list")
	if !strings.Contains(r.copied, "Bank") || strings.Contains(r.copied, keyA) {
		t.Errorf("the list says %q", r.copied)
	}
	r.press("Undo")
	r.mustSee("Take it back?")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("The import is undone")
	if r.v.undone != 1 {
		t.Error("it was not undone")
	}
	r.press("Done")
	r.closed()

	r.v.taken, r.v.stay = make([]vault.Take, 2), 1
	r.f.Open()
	r.press("Undo the last import or restore…")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("1 account stays as it is")
	r.press("Done")
	r.v.taken, r.v.undoErr = make([]vault.Take, 2), vault.ErrBusy
	r.f.Open()
	r.press("Undo the last import or restore…")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("That did not work")
}

// Only what the user did not untick comes in.
func TestChoices(t *testing.T) {
	r := newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 1400))
	previewOf(r, 9)
	r.mustSee("Here already, with the same key", "Here with another key. Both are kept", "Was in the other app’s bin")
	r.mustSee("1 of 2 with this name", "2 of 2 with this name")
	r.list().Select(2) // differs
	r.press("Take the imported key")
	r.mustSee("Here with another key, which is replaced.", "1 key is replaced.")
	r.list().Select(5) // in the bin
	r.mustSee("1 comes in as removed.")
	r.list().Select(0)
	r.list().Select(1) // the same: nothing to choose
	r.mustSee("1 is left out.", "1 is here already.")
	r.press("Add 6 accounts")
	take := r.v.taken[0]
	want := []bool{false, false, true, true, true, true, true, true} // without the refused one
	for i, use := range take.Use {
		if use != want[i] || take.Beside[i] {
			t.Errorf("entry %d: use %v beside %v", i, use, take.Beside[i])
		}
	}
	r.press("Go to my codes")
	if r.shown != 1 {
		t.Error("the codes are not shown")
	}
	r.closed()
}

func TestTicksAndFilter(t *testing.T) {
	r := newRig(t)
	r.v.here = []string{uri("Mail", "ana", keyB), uri("Chat", "ana", keyB)}
	gone := entry("Old", "ana")
	gone.Trashed = true
	r.f.job.entries = []foreign.Entry{entry("Mail", "ana"), entry("Chat", "ana"), gone}
	for i := range 20 {
		r.f.job.entries = append(r.f.job.entries, entry(fmt.Sprint("Service", i), "ana"))
	}
	r.f.job.files = []exchange.File{{Name: "x", Format: aegis, To: len(r.f.job.entries)}}
	r.f.compare()
	r.settle()
	r.press("Tick none")
	r.mustSee("Nothing to add", "23 are left out.")
	r.choices(0).SetSelected("With another key here (2)")
	r.press("Tick all")
	r.mustSee("2 accounts come in. 21 are left out.")
	r.choices(1).SetSelected("take the imported keys")
	r.mustSee("2 keys are replaced.", "Replace 2 keys")
	r.choices(0).SetSelected("All (23)")
	r.press("Tick all")
	r.mustSee("20 accounts come in. 2 keys are replaced. 1 is left out.")
	if r.f.job.pick.items[2].use != leave {
		t.Error("what was in the bin came in without being asked for")
	}
}

// A password is asked for, again when it is wrong, and leaving a file out leaves
// the others in.
func TestPassword(t *testing.T) {
	r := newRig(t)
	first, second := r.aegisFile("a.json", "first password", 2), r.aegisFile("b.json", "second password", 3)
	r.f.Paths([]string{first, second, r.file("keys.txt", uri("Kutano", "ana", keyA))})
	r.settle()
	r.mustSee("Type the file’s password", "a.json", "This is a backup of Aegis.")
	r.press("Open")
	r.mustSee("Type the password first.")
	r.entry().SetText("wrong")
	r.press("Open")
	r.mustSee("That password does not open this file", "a.json")
	r.entry().SetText("first password")
	r.key(fyne.KeyReturn)
	r.mustSee("b.json")
	if r.sees("That password does not open this file") {
		t.Error("a password that was never typed for a file is called wrong")
	}
	r.press("Leave this file out")
	r.mustSee("3 accounts were found", "2 files, from Aegis, a list of key addresses.", "b.json: This file needs its password.")
	r.press("Add 3 accounts")
	r.mustSee("3 accounts are in.", "keys.txt", "Delete the file…")
	r.press("Go to my codes")
	r.closed()
}

// One password opens all files that it fits.
func TestOnePasswordForAll(t *testing.T) {
	r := newRig(t)
	r.f.Paths([]string{r.aegisFile("a.json", "the same", 2), r.aegisFile("b.json", "the same", 3)})
	r.settle()
	r.entry().SetText("the same")
	r.press("Open")
	r.mustSee("5 accounts were found")
	r.press("Cancel")
	r.mustSee("No account came in.")
	r.press("Close")
	r.closed()
}

// Stopping at any point leaves the accounts as they were, and says so.
func TestStop(t *testing.T) {
	r := newRig(t)
	path := r.file("keys.txt", three())
	load := r.f.Load
	r.f.Load = func(ctx context.Context, paths []string) ([]*foreign.Source, []exchange.File, error) {
		<-ctx.Done()
		return load(context.WithoutCancel(ctx), paths) // what was read all the same
	}
	r.f.Paths([]string{path})
	pressCancel(r)
	r.settle()
	r.mustSee("No account came in.", "Your accounts are as they were")
	r.f.Load = load
	r.press("Begin again")
	r.f.Paths([]string{path})
	r.settle()
	r.v.hang = true
	r.f.Showing().Main.Tapped(nil)
	pressCancel(r)
	r.settle()
	r.mustSee("No account came in.")
	if len(r.v.taken) > 0 {
		t.Error("accounts came in")
	}
	r.press("Close")
	r.closed()

	r.f.Paths([]string{path})
	r.f.Close() // locked meanwhile
	r.settle()
	r.closed()
}

// pressCancel presses the button while work is under way: nothing may wait for it.
func pressCancel(r *rig) {
	r.t.Helper()
	r.f.Showing().Others[0].Tapped(nil)
}

// What came in before it could be stopped is said, and can be undone.
func TestTooLateToStop(t *testing.T) {
	r := newRig(t)
	r.f.Paths([]string{r.file("keys.txt", three())})
	r.settle()
	r.f.Showing().Main.Tapped(nil)
	kit.Settle() // it is in, and nobody has been told
	pressCancel(r)
	r.settle()
	r.mustSee("2 accounts are in.", "It was too late to stop.")
	r.press("Go to my codes")
}

func TestWhatGoesWrong(t *testing.T) {
	r := newRig(t)
	r.f.Paths([]string{r.file("holiday.doc", "Dear all")})
	r.settle()
	r.mustSee("No account was found", "holiday.doc: ")
	r.press("Choose another file")
	r.mustSee("Bring accounts from another app")
	r.v.takeErr = vault.ErrReadOnly
	r.f.Paths([]string{r.file("keys.txt", three())})
	r.settle()
	r.press("Add 2 accounts")
	r.mustSee("The data folder cannot be written.")
	r.press("Close")
	r.f.Vault = func() Vault { return nil }
	r.f.Paths([]string{r.path})
	r.f.Text("x")
	r.mustSee("Your accounts are not open yet.")
	r.press("Close")
	r.closed()
}

// A backup of this app's own goes the way that it always goes.
func TestOwnBackup(t *testing.T) {
	r := newRig(t)
	k := snapshot.NewKey()
	file, err := snapshot.Encrypt(snapshot.Document{Made: noon}, snapshot.Lock{Recipients: []string{k.Recipient()}})
	if err != nil {
		t.Fatal(err)
	}
	own := r.file("kutano-backup.age", string(file))
	r.f.Paths([]string{own})
	r.settle()
	if string(r.own) != string(file) {
		t.Error("it is not restored")
	}
	r.closed()
	r.f.Paths([]string{r.file("keys.txt", three()), own})
	r.settle()
	r.mustSee("3 accounts were found", "kutano-backup.age: This is a backup of this app’s own.")
}

// The clipboard may hold a file's text, the screen and pictures QR codes.
func TestPasteAndPictures(t *testing.T) {
	r := newRig(t)
	r.eyes.clip = clipboard.Clip{Text: three()}
	r.f.Open()
	r.press("Paste")
	r.mustSee("3 accounts were found", "Pasted text")
	r.press("Cancel")
	r.press("Close")

	codes := move(r, 25)
	r.path = r.picture("first.png", codes[0])
	r.f.Google()
	r.press("Open a picture…")
	r.mustSee("Of the 3 QR codes of this move these are missing: 2, 3.")
	r.path = r.picture("third.png", codes[2])
	r.press("Add their pictures…")
	r.mustSee("these are missing: 2.")
	img, err := scan.Draw(codes[1], 900)
	if err != nil {
		t.Fatal(err)
	}
	r.eyes.screens = []image.Image{img}
	r.press("Scan the screen")
	if r.sees("are missing") || r.away != 1 {
		t.Errorf("with all three something is missing, or our window was in the way: %d", r.away)
	}
	r.mustSee("25 accounts were found")
	r.press("Cancel")
	r.press("Close")
	r.closed()
	r.eyes.screens = nil
	r.f.Scan()
	r.settle()
	r.mustSee("No account was found")
}

// picture writes a picture of a QR code.
func (r *rig) picture(name, text string) string {
	r.t.Helper()
	img, err := scan.Draw(text, 900)
	if err != nil {
		r.t.Fatal(err)
	}
	path := filepath.Join(r.dir, name)
	writePNG(r.t, path, img)
	return path
}

// The file is deleted only when that was asked and confirmed.
func TestShred(t *testing.T) {
	r := newRig(t)
	path := r.file("keys.txt", uri("Kutano", "ana", keyA))
	r.f.Paths([]string{path})
	r.settle()
	r.press("Add 1 account")
	r.press("Delete the file…")
	r.mustSee("nor what a flash drive or an SSD may keep inside")
	if len(r.shred) > 0 {
		t.Fatal("the file went before it was confirmed")
	}
	r.gone = errors.New("no")
	r.press("Delete")
	r.mustSee("The file is still there")
	kit.TopSheet(r.w.Canvas()).Close()
	r.gone = nil
	r.press("Delete the file…")
	r.press("Delete")
	if len(r.shred) != 2 || r.shred[1] != path {
		t.Errorf("deleted %q", r.shred)
	}
	if r.sees("Delete the file…") {
		t.Error("a file that has gone is still offered")
	}
	r.press("Go to my codes")
	r.closed()
}

// A folder says which files were no exports, without naming thousands.
func TestFolder(t *testing.T) {
	r := newRig(t)
	for i := range 30 {
		r.file(fmt.Sprint("note", i, ".txt"), "nothing")
	}
	r.file("keys.txt", uri("Kutano", "ana", keyA))
	r.path = r.dir
	r.f.Open()
	r.press("Open a folder…")
	r.mustSee("1 account was found", "30 other files could not be read as exports.")
	r.press("Add 1 account")
	if _, err := os.Stat(filepath.Join(r.dir, "keys.txt")); err != nil {
		t.Error(err)
	}
}

// Choosing can be left at any time.
func TestChooserIsLeft(t *testing.T) {
	r := newRig(t)
	r.f.Open()
	r.press("Open a file…")
	r.mustSee("Bring accounts from another app")
	previewOf(r, 5)
	r.press("Add another file…")
	r.mustSee("5 accounts were found")
	r.key(fyne.KeyEscape)
	r.closed()
}

// Ten thousand entries are a list of a few rows, and the list leaves Enter and Esc
// to the sheet.
func TestLongList(t *testing.T) {
	r := newRig(t)
	previewOf(r, 10_000)
	rows := 0
	for _, o := range r.objects() {
		if _, ok := o.(*kit.PickRow); ok {
			rows++
		}
	}
	if rows == 0 || rows > 40 {
		t.Errorf("%d rows are built", rows)
	}
	r.w.Canvas().Focus(r.list())
	r.key(fyne.KeySpace)
	if r.f.job.pick.items[0].use != leave {
		t.Error("Space does not untick")
	}
	r.key(fyne.KeyEscape)
	r.closed()
}

// No secret stands in any widget on the way.
func TestNoSecretIsShown(t *testing.T) {
	r := newRig(t)
	look := func() {
		t.Helper()
		for _, s := range r.texts() {
			if strings.Contains(s, keyA) || strings.Contains(s, keyB) || strings.Contains(s, "12345678901234567890") {
				t.Errorf("the window says %q", s)
			}
		}
	}
	r.f.Paths([]string{r.file("keys.txt", three())})
	r.settle()
	look()
	r.list().Select(2)
	look()
	kit.TopSheet(r.w.Canvas()).Close()
	r.press("Add 2 accounts")
	look()
}
