// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// What was ticked stays when another file is wanted, comes, or cannot be had.
func TestChoicesStay(t *testing.T) {
	r := newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 1400))
	previewOf(r, 9)
	r.list().Select(0)
	r.list().Select(2) // differs
	r.press("Take the imported key")
	stays := func(after string) {
		t.Helper()
		if i := r.f.job.pick.items; i[0].use != leave || i[2].use != instead {
			t.Errorf("%s: the choices are lost", after)
		}
		r.mustSee("1 key is replaced.", "2 are left out.") // one was in the other app's bin
	}
	r.press("Add another file…")
	stays("no file was chosen")
	r.path = r.file("keys.txt", uri("Another", "ana", keyA))
	r.press("Add another file…")
	r.mustSee("10 accounts were found")
	stays("another file")
	r.eyes.err = errors.New("no portal")
	r.f.Scan()
	r.settle()
	r.mustSee("That did not work")
	r.press("Back")
	stays("the screen could not be seen")
	r.f.Paths([]string{r.aegisFile("a.json", "a password", 1)})
	r.settle()
	r.press("Cancel") // the password
	stays("without its password")
	r.f.Paths([]string{r.path})
	pressCancel(r)
	r.settle()
	stays("reading was stopped")
	r.v.takeErr = vault.ErrReadOnly
	r.f.Showing().Main.Tapped(nil)
	r.settle()
	r.mustSee("That did not work")
	r.press("Back")
	stays("they could not be kept")
	r.key(fyne.KeyEscape)
	r.closed()
}

// Two presses are one import, and a file that is dropped meanwhile does not end it.
func TestPressedTwice(t *testing.T) {
	r := newRig(t)
	path := r.file("keys.txt", three())
	r.f.Paths([]string{path})
	r.settle()
	add := r.f.Showing().Main
	add.Tapped(nil)
	add.Tapped(nil)
	r.f.Paths([]string{path})
	r.settle()
	r.mustSee("2 accounts are in.")
	if len(r.v.taken) != 1 {
		t.Errorf("taken in %d times", len(r.v.taken))
	}
	r.press("Go to my codes")
	r.closed()
}

// Whoever leaves while accounts come in, or is locked out, is told what became of it.
func TestLeftMeanwhile(t *testing.T) {
	r := newRig(t)
	path := r.file("keys.txt", three())
	begin := func() {
		t.Helper()
		r.f.Paths([]string{path})
		r.settle()
		r.f.Showing().Main.Tapped(nil)
	}
	begin()
	kit.Settle() // it is in, and nobody has been told
	r.key(fyne.KeyEscape)
	r.mustSee("2 accounts are in.", "it can be undone")
	r.key(fyne.KeyReturn)
	r.closed()

	r.v.hang = true
	begin()
	r.key(fyne.KeyEscape)
	r.mustSee("No account came in.")
	r.key(fyne.KeyReturn)
	r.closed()

	begin()
	open := r.f.Vault
	r.f.Vault = func() Vault { return nil }
	r.f.Close() // as the lock does
	r.settle()
	r.closed()
	r.f.Vault = open
	r.f.Unlocked()
	r.f.Vault = func() Vault { return nil } // locked again before it is known
	r.settle()
	r.closed()
	r.f.Vault = open
	r.f.Unlocked()
	r.settle()
	r.mustSee("No account came in.")
	r.key(fyne.KeyReturn)
	r.f.Unlocked()
	r.settle()
	r.closed()

	r.f.takeBack()
	pressCancel(r)
	r.settle()
	r.mustSee("Nothing was taken back.")
	r.press("Done")
	r.f.takeBack()
	r.key(fyne.KeyEscape)
	r.mustSee("Nothing was taken back.")
}

// Where nothing came in, Undo would undo the import before.
func TestNothingToUndo(t *testing.T) {
	r := newRig(t)
	r.v.refuse = true
	r.f.Paths([]string{r.file("keys.txt", three())})
	r.settle()
	r.press("Add 2 accounts")
	r.mustSee("Nothing has changed", "No account came in.", "3 could not come in.")
	if r.sees("Undo") || r.sees("Delete the file…") {
		t.Errorf("the window says %q", r.texts())
	}
}

// What comes in as removed is not counted as an account that can be used.
func TestBinIsCountedApart(t *testing.T) {
	r := newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 1400))
	previewOf(r, 9)
	r.press("Tick none")
	r.list().Select(0)
	r.list().Select(5)
	r.press("Add 2 accounts")
	r.mustSee("1 account is in.", "1 came in as removed.")
}

// Files that hold more than accounts, were met in a folder or have changed since are
// not deleted.
func TestWhatIsNotShredded(t *testing.T) {
	r := newRig(t)
	csv := `"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"
"Root","Kutano","ana","secret words","","","` + uri("Kutano", "ana", keyA) + `","0","2026-01-01T00:00:00Z","2026-01-01T00:00:00Z"`
	for _, path := range []string{
		r.file("passwords.csv", csv), r.file("diary.txt", "Dear diary\n"+uri("Kutano", "ana", keyA)), r.dir,
	} {
		r.f.Paths([]string{path})
		r.settle()
		r.f.Showing().Main.Tapped(nil)
		r.settle()
		r.mustSee("Your accounts are in")
		if r.sees("Delete the file") {
			t.Errorf("%s is offered to be deleted", filepath.Base(path))
		}
		r.f.Close()
	}
	one, two := r.file("one.txt", uri("Kutano", "ana", keyA)), r.file("two.txt", uri("GitHub", "ana", keyB))
	r.f.Paths([]string{one, two})
	r.settle()
	r.press("Add 2 accounts")
	r.mustSee("one.txt, two.txt", "These 2 files are not encrypted")
	if err := os.WriteFile(two, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("Delete the files…")
	r.press("Delete")
	r.mustSee("The file is still there", "It was changed since it was read.")
	if strings.Join(r.shred, " ") != one {
		t.Errorf("deleted %q", r.shred)
	}
	kit.TopSheet(r.w.Canvas()).Close()
	if err := os.Remove(two); err != nil {
		t.Fatal(err)
	}
	r.press("Delete the file…")
	r.press("Delete")
	if r.sees("still there") || r.sees("Delete the file…") {
		t.Error("a file that somebody deleted is offered still")
	}
}
