// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

func (r *rig) open() {
	r.t.Helper()
	r.f.Open()
	r.settle()
	r.mustSee("Where should your accounts go?")
}

// read reads a file back as anybody's.
func (r *rig) read(path string) exchange.Result {
	r.t.Helper()
	sources, failed, err := exchange.Load(r.t.Context(), []string{path})
	if err != nil || len(failed) > 0 {
		r.t.Fatalf("%v, %v", failed, err)
	}
	res, err := exchange.Read(r.t.Context(), sources, nil, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return res
}

// A plain file: the warning comes before, chosen accounts are in it, and what was
// written reads back.
func TestPlainFile(t *testing.T) {
	r := newRig(t)
	r.open()
	r.press("List of key addresses")
	r.mustSee("Which accounts?", "3 accounts are chosen.", "GitHub · ana-example")
	r.list().Select(1)
	r.mustSee("2 accounts are chosen.")
	r.press("Continue")
	r.mustSee("Anyone who gets this file has all your codes.")
	if all, _ := os.ReadDir(r.dir); len(all) > 0 {
		t.Fatal("a file was written before the warning was answered")
	}
	r.press("Write it all the same")
	r.mustSee("kutano-uris-2026-11-25.txt")
	r.press("Save")
	r.mustSee("2 accounts are in it. It was read back and is complete.", "Delete it once the other app has read it.")
	res := r.read(filepath.Join(r.dir, "kutano-uris-2026-11-25.txt"))
	if len(res.Entries) != 2 || res.Entries[0].Key.Issuer != "Kutano" || res.Entries[1].Key.Period != 45 {
		t.Errorf("%d entries came out", len(res.Entries))
	}
	r.press("Done")
	r.closed()
}

// A file with a password: typed twice, long enough, and worthless without.
func TestFileWithPassword(t *testing.T) {
	r := newRig(t)
	r.v.uris = r.v.uris[:2]
	r.open()
	r.press("Aegis")
	r.press("Continue")
	r.press("With a password")
	r.press("Continue")
	r.mustSee("Type a password first.")
	r.entry(0).SetText("too short")
	r.press("Continue")
	r.mustSee("at least 12 characters")
	r.entry(0).SetText("four words for tests")
	r.entry(1).SetText("four words for tets")
	r.press("Continue")
	r.mustSee("The two are not the same.")
	r.entry(1).SetText("four words for tests")
	r.press("Continue")
	r.press("Save")
	r.mustSee("2 accounts are in it. It was read back and is complete.", "In Aegis")
	if r.sees("Anyone who gets this file") {
		t.Error("an encrypted file is called open to anyone")
	}
	r.press("Done")
	r.closed()
	data, err := os.ReadFile(filepath.Join(r.dir, "kutano-aegis-2026-11-25.json"))
	if err != nil || bytes.Contains(data, []byte("Kutano")) || bytes.Contains(data, []byte(keyA)) {
		t.Errorf("the file is not encrypted: %v", err)
	}
}

// What has no place there is said before anything is written.
func TestNoPlace(t *testing.T) {
	r := newRig(t)
	r.open()
	r.press("Pictures of QR codes")
	r.mustSee("1 account has no place there.", "The other app does not have codes of this length.", "2 accounts are chosen.")
	r.list().Select(2)
	r.mustSee("Choose another format")
	kit.TopSheet(r.w.Canvas()).Close()
	r.press("Tick none")
	r.mustSee("0 accounts are chosen.")
	if !r.f.Showing().Main.Disabled() {
		t.Error("one can go on with nothing")
	}
	r.press("Tick all")
	r.press("Continue")
	r.press("Write it all the same")
	r.press("Save")
	r.mustSee("2 accounts are in it", "1 account is not in it:", "Mail:ana.with")
}

// A file that is there is replaced only when that was asked.
func TestReplaceIsAsked(t *testing.T) {
	r := newRig(t)
	old := filepath.Join(r.dir, "kutano-uris-2026-11-25.txt")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.open()
	r.press("List of key addresses")
	r.press("Continue")
	r.press("Write it all the same")
	r.press("Save")
	r.mustSee("Replace the file?")
	if data, _ := os.ReadFile(old); string(data) != "old" {
		t.Fatal("the file was replaced before it was asked")
	}
	r.press("Another name")
	r.entry(0).SetText("no/slash")
	r.press("Save")
	r.mustSee("without slashes")
	r.entry(0).SetText(filepath.Base(old))
	r.press("Save")
	r.press("Replace")
	r.mustSee("3 accounts are in it.")
	if res := r.read(old); len(res.Entries) != 3 {
		t.Errorf("%d entries came out", len(res.Entries))
	}
}

// The QR codes on the screen are a move that a phone reads; they go by themselves,
// when nobody is there, and when the app is locked.
func TestOnScreen(t *testing.T) {
	r := newRig(t)
	r.v.uris = several(14)
	r.open()
	r.press("QR codes on this screen")
	r.press("Continue")
	r.mustSee("Whoever sees or photographs them can make your codes from then on.")
	if r.picture() {
		t.Fatal("a code is shown before the warning was answered")
	}
	r.press("Show them")
	r.mustSee("QR code 1 of 2", "Closes in 60 seconds")
	texts := []string{r.decode()}
	r.press("Next")
	texts = append(texts, r.decode())
	if n := len(otpauth.Find(strings.Join(texts, "\n"))); n != 13 || len(otpauth.Incomplete(texts)) > 0 {
		t.Errorf("a phone finds %d accounts, want 13", n)
	}
	r.press("Previous")
	r.clock.now = noon.Add(showFor)
	r.f.Tick(r.clock.Now())
	r.mustSee("The QR codes are hidden", "You were at number 1 of 2.")
	if r.picture() {
		t.Error("a code is still shown after a minute")
	}
	r.press("Show it again")
	r.f.Veil()
	if r.picture() {
		t.Error("a code is still shown while another window is in front")
	}
	r.press("Show it again")
	r.press("Next")
	r.press("Done")
	r.mustSee("The phone should have 13 accounts more now.")
	r.press("Done")
	r.closed()
}

// decode reads the QR code on the window as a phone does.
func (r *rig) decode() string {
	r.t.Helper()
	var img image.Image
	for _, o := range r.objects() {
		if i, ok := o.(*canvas.Image); ok && i.Image != nil && i.Image.Bounds().Dx() > 150 {
			img = i.Image
		}
	}
	if img == nil {
		r.t.Fatal("there is no QR code")
	}
	texts, err := scan.Decode(r.t.Context(), img)
	if err != nil || len(texts) != 1 {
		r.t.Fatalf("%d codes, %v", len(texts), err)
	}
	return texts[0]
}

// A code that was drawn while another window came to the front is not shown.
func TestDrawnBehind(t *testing.T) {
	r := newRig(t)
	r.open()
	r.press("QR codes on this screen")
	r.press("Continue")
	r.veiled = true
	r.press("Show them")
	r.mustSee("The QR codes are hidden", "You were at number 1 of 1.")
	if r.picture() {
		t.Fatal("a code is shown while another window is in front")
	}
	r.veiled = false
	r.press("Show it again")
	r.mustSee("Closes in 60 seconds")
	r.f.Close()
	r.closed()
}

// Who stops the writing has no file, and is told so.
func TestWritingIsStopped(t *testing.T) {
	r := newRig(t)
	save := func() {
		t.Helper()
		r.press("Continue")
		r.press("Write it all the same")
		r.f.Showing().Main.Tapped(nil)
		kit.Settle() // it is written, and nobody has been told
	}
	r.open()
	r.press("List of key addresses")
	save()
	r.f.Showing().Others[0].Tapped(nil)
	r.settle()
	r.mustSee("Your accounts are taken out") // it was too late
	r.press("Done")
	if err := os.Remove(filepath.Join(r.dir, "kutano-uris-2026-11-25.txt")); err != nil {
		t.Fatal(err)
	}
	r.open()
	r.press("List of key addresses")
	save()
	r.f.Close() // locked, or Esc
	r.settle()
	if all, _ := os.ReadDir(r.dir); len(all) > 0 {
		t.Error("a file that nobody was told of is left")
	}
	r.closed()
	r.open()
	r.press("List of key addresses")
	r.press("Continue")
	r.press("Write it all the same")
	r.f.Showing().Main.Tapped(nil)
	r.f.Showing().Others[0].Tapped(nil)
	r.settle()
	if all, _ := os.ReadDir(r.dir); len(all) > 0 != r.sees("Your accounts are taken out") || len(all) == 0 != r.sees("No file was written.") {
		t.Errorf("%d files, and the window says %q", len(all), r.texts())
	}
}

func TestLockedMeanwhile(t *testing.T) {
	r := newRig(t)
	r.open()
	r.press("QR codes on this screen")
	r.press("Continue")
	r.press("Show them")
	kit.HoldSheets(r.w.Canvas(), true)
	r.f.Close()
	r.settle()
	r.closed()
	r.f.Tick(noon.Add(showFor)) // nothing is left to be hidden
	kit.HoldSheets(r.w.Canvas(), false)
}

func TestPaper(t *testing.T) {
	r := newRig(t)
	r.open()
	r.press("Paper")
	r.mustSee("3 accounts are chosen.")
	r.press("Continue")
	r.mustSee("Anyone who gets these pages has all your codes.")
	r.printer.err = errBroken
	r.press("Print")
	r.mustSee("That did not work")
	r.printer.err = nil
	r.press("Back")
	r.press("Print")
	r.mustSee("The pages are at the printer", "3 accounts are on the pages.")
	if len(r.printer.pages) != 2 || !bytes.HasPrefix(r.printer.pages[1], []byte("%PDF")) {
		t.Error("no pages were printed")
	}
	r.press("Done")
	r.closed()

	r.printer.there = false
	r.open()
	r.press("Paper")
	r.press("Continue")
	if r.sees("Print") {
		t.Error("printing is offered without a printer")
	}
	r.press("Save as PDF")
	r.press("Save")
	r.mustSee("Print the pages, then delete the file.")
	pdf, err := os.ReadFile(filepath.Join(r.dir, "kutano-paper-2026-11-25.pdf"))
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("no pages were saved: %v", err)
	}
}

// What goes wrong is said, and nothing is left behind.
func TestWhatGoesWrong(t *testing.T) {
	r := newRig(t)
	v := r.v
	r.v = nil
	r.f.Open()
	r.mustSee("Your accounts are not open yet.")
	r.press("OK")
	r.v = v
	v.err = keystore.ErrLocked
	r.f.Open()
	r.settle()
	r.mustSee("That did not work")
	r.press("OK")
	v.err, v.uris = nil, nil
	r.f.Open()
	r.settle()
	r.mustSee("There are no accounts here yet.")
	r.press("OK")
	v.uris, v.aside = append(several(3), "otpauth://totp/x?secret=1"), 1
	r.open()
	r.press("List of key addresses")
	r.mustSee("2 entries that cannot be read do not go along.")
	r.press("Continue")
	r.dir = ""
	r.press("Write it all the same")
	r.mustSee("Write a file that is not encrypted?") // the chooser was left
	r.dir = filepath.Join(t.TempDir(), "gone")
	r.press("Write it all the same")
	r.press("Save")
	r.mustSee("That did not work")
	r.press("Back")
	r.mustSee("Which accounts?")
	r.press("Back")
	r.press("Cancel")
	r.closed()
}

// Ten thousand accounts are a list of a few rows.
func TestLongList(t *testing.T) {
	r := newRig(t)
	r.v.uris = several(10_000)
	r.open()
	r.press("List of key addresses")
	r.mustSee("10000 accounts are chosen.")
	rows := 0
	for _, o := range r.objects() {
		if _, ok := o.(*kit.PickRow); ok {
			rows++
		}
	}
	if rows == 0 || rows > 40 {
		t.Errorf("%d rows are built", rows)
	}
}

// Each target has a name, a sentence and what to do next.
func TestPlaces(t *testing.T) {
	ids := map[string]bool{}
	for _, p := range places() {
		ids[p.ID] = true
		if p.title == "" || p.about == "" || p.icon == "" || p.way == asFile && p.then == "" {
			t.Errorf("%s is not told in full: %+v", p.ID, p)
		}
		if p.Locking == foreign.NeverLocked && p.way == asFile && !strings.Contains(p.about, "not encrypted") {
			t.Errorf("%s does not say that it is not encrypted", p.ID)
		}
	}
	for _, want := range exchange.Targets() {
		if !ids[want.ID] {
			t.Errorf("%s is not offered", want.ID)
		}
	}
}

var _ Vault = (*vault.Vault)(nil)
