// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// taken hands codes over as the assistant does, and returns what became of them.
func (r *rig) taken(a vault.Account, text string) *[]Outcome {
	r.t.Helper()
	var all []Outcome
	var codes []secret.Value
	if text != "" {
		codes = codesOf(r.t, text)
	}
	r.s.Take(string(a.ID), "", codes, func(o Outcome) { all = append(all, o) })
	cleared(codes) // the caller's own
	r.settle()
	return &all
}

func (r *rig) ends(got *[]Outcome, want ...Outcome) {
	r.t.Helper()
	r.settle()
	if !slices.Equal(*got, want) {
		r.t.Errorf("the outcomes are %q, want %q", *got, want)
	}
	if len(r.s.draft.codes) > 0 || r.s.draft.pass.Len() > 0 {
		r.t.Error("a secret is still there")
	}
}

func TestTakeAndKeepHere(t *testing.T) {
	r := newRig(t)
	r.made()
	got := r.taken(kutano, tenCodes)
	r.mustSee("Where will you keep the 10 codes?", "The key of this account is on this device.")
	r.press("Keep them here")
	r.mustSee("10 codes are kept here, sealed.", "The key of this account is on this device, too.", "in no snapshot")
	r.press("Done")
	r.ends(got, guide.Kept)
	set := r.only()
	code, err := r.safe.Reveal(set.ID, 9)
	if err != nil || code.Reveal() != "c9vj-5pks" {
		t.Errorf("the last code is %q, %v", code.Reveal(), err)
	}
}

func TestTakeAndNote(t *testing.T) { // R68
	r := newRig(t)
	got := r.taken(kutano, tenCodes)
	r.press("Note where they are")
	// Nobody else has them: they are shown, and can be copied, before they are forgotten.
	codes := strings.Fields(tenCodes)
	r.mustSee("Write these codes down", codes[0], codes[9])
	r.press("Copy all")
	if got := strings.Fields(r.copied); !slices.Equal(got, codes) {
		t.Errorf("copied %q", got)
	}
	r.press("I have them")
	r.press("Note it")
	r.mustSee("Say where they are, so that you find them.")
	r.fill("In the safe at home")
	r.press("Note it")
	r.ends(got, guide.Noted)
	if set := r.only(); set.Place != backupcodes.Elsewhere || set.Where != "In the safe at home" || set.First != 10 || set.Left != 10 || set.Account != "k" {
		t.Errorf("%+v", set)
	}
	if r.safe.Exists() {
		t.Error("a note needs no safe")
	}
	if r.toast.Text() != "Noted: In the safe at home" {
		t.Errorf("the toast says %q", r.toast.Text())
	}
}

func TestTakeAndPrint(t *testing.T) { // R61
	r := newRig(t)
	got := r.taken(kutano, tenCodes)
	r.press("Print them")
	r.press("Print")
	r.mustSee("The page is on its way to the printer.")
	if len(r.paper.printed) != 1 || !strings.Contains(r.paper.printed[0], "k3q9-7hzt") {
		t.Errorf("printed: %q", r.paper.printed)
	}
	r.fill("With the passports")
	r.key("Return")
	r.ends(got, guide.Noted)
	if set := r.only(); set.Where != "With the passports" {
		t.Errorf("%+v", set)
	}
}

func TestTakeAndSavePage(t *testing.T) {
	r := newRig(t)
	r.paper.there = false
	got := r.taken(kutano, tenCodes)
	r.press("Print them")
	r.mustSee("No printer was found.")
	r.press("Save as PDF")
	r.mustSee("This is the drive that your accounts are on.") // tests have no other
	r.press("Save here all the same")
	r.mustSee("The page is saved.")
	if name, data := r.onDisk(); name != "kutano-backup-codes.pdf" || !strings.Contains(string(data), "k3q9-7hzt") {
		t.Errorf("%s: %q", name, data)
	}
	r.press("Cancel")
	r.ends(got, guide.Later)
}

func TestTakeAndSeal(t *testing.T) { // R61, R65
	r := newRig(t)
	got := r.taken(kutano, tenCodes)
	r.press("Encrypted file on another drive")
	r.fill("elevenchars", "elevenchars")
	r.press("Continue")
	r.mustSee("at least 12 characters")
	r.fill(filePass, filePass)
	r.press("Continue")
	r.fill("a/b")
	r.press("Save here all the same")
	r.mustSee("without slashes")
	r.fill("codes.age")
	r.press("Save here all the same")
	r.mustSee("The file is written, and was read back.")
	if !strings.HasSuffix(r.entry(0).Text, "codes.age") {
		t.Errorf("the place is %q", r.entry(0).Text)
	}
	r.press("Note it")
	r.ends(got, guide.Noted)
	_, data := r.onDisk()
	if strings.Contains(string(data), "k3q9") {
		t.Error("the file is not encrypted")
	}
	r.made()
	in, err := r.safe.Import(t.Context(), data, secret.FromString(filePass))
	if err != nil || len(in.Added) != 1 || in.Added[0].First != 10 {
		t.Errorf("%+v, %v", in, err)
	}
}

// Without codes the question comes first, and then the codes as far as needed.
func TestTakeWithoutCodes(t *testing.T) {
	r := newRig(t)
	r.made()
	got := r.taken(kutano, "")
	r.mustSee("Where will you keep them?")
	r.press("Keep them here")
	r.fill(tenCodes)
	r.press("Continue")
	r.press("Continue")
	r.mustSee("10 codes are kept here, sealed.")
	r.press("Done")
	r.ends(got, guide.Kept)

	got = r.taken(github, "")
	r.press("Note where they are")
	r.mustSee("For", "GitHub · ana-example")
	r.fill("GitHub", "On paper", "8")
	r.press("Note it")
	r.ends(got, guide.Noted)
	if set := r.safe.Sets()[0]; set.Account != "g" || set.First != 8 || set.Title != "GitHub" {
		t.Errorf("%+v", set)
	}
}

func TestTakeAndLeave(t *testing.T) {
	r := newRig(t)
	got := r.taken(kutano, tenCodes)
	r.press("Later")
	r.ends(got, guide.Later)
	got = r.taken(kutano, tenCodes)
	r.key("Escape")
	r.ends(got, guide.Later)
	got = r.taken(kutano, tenCodes)
	r.s.Lock()
	r.ends(got, guide.Later)
	first := r.taken(kutano, tenCodes)
	second := r.taken(kutano, tenCodes)
	r.ends2(first, guide.Later)
	r.s.Close()
	r.ends(second, guide.Later)
	if n := len(r.safe.Sets()); n > 0 {
		t.Errorf("%d sets were made", n)
	}
}

func (r *rig) ends2(got *[]Outcome, want ...Outcome) {
	r.t.Helper()
	if !slices.Equal(*got, want) {
		r.t.Errorf("the outcomes are %q, want %q", *got, want)
	}
}

// With new codes the old ones are worth nothing: they go, and can come back. R63.
func TestNewCodesReplaceTheOld(t *testing.T) {
	r := newRig(t)
	old := r.keeps(kutano, tenCodes)
	r.s.Manage(old.ID)
	r.press("New codes in place of these…")
	r.fill("new-one\nnew-two")
	r.press("Continue")
	r.mustSee("They take the place of “Kutano · ana@example.com”")
	r.press("Continue")
	r.press("Keep them here")
	r.mustSee("2 codes are kept here, sealed.")
	if set := r.only(); set.ID == old.ID || set.First != 2 {
		t.Errorf("%+v", set)
	}
	if gone := r.safe.Removed(); len(gone) != 1 || gone[0].ID != old.ID {
		t.Errorf("removed: %+v", gone)
	}
	r.press("Done")

	// The same is offered for the account's next codes, and can be declined.
	r.s.Add()
	r.fill("third")
	r.press("Continue")
	r.press("They take the place of")
	r.press("Continue")
	r.press("Keep them here")
	if n := len(r.safe.Sets()); n != 2 {
		t.Errorf("%d sets", n)
	}
}

func TestPageNotesWithoutCodes(t *testing.T) {
	r := newRig(t)
	r.press("Note where they are")
	r.fill("", "In the safe at home", "")
	r.press("Note it")
	r.mustSee("Say what the codes are for.")
	r.fill("Kutano", "In the safe at home", "65")
	r.press("Note it")
	r.mustSee("Type a number from 1 to 64, or nothing.")
	r.fill("Kutano", strings.Repeat("x", 201), "")
	r.press("Note it")
	r.mustSee("That is too long")
	r.fill("Kutano", "In the safe at home", "")
	r.press("Note it")
	if set := r.only(); set.Known() || set.Account != "k" {
		t.Errorf("%+v", set)
	}
	r.mustSee("Number of codes not noted")
}

// A page that is printed while the choice is on paper comes from what was entered.
func TestPagePrints(t *testing.T) {
	r := newRig(t)
	r.press("Print them")
	r.fill("one\ntwo")
	r.press("Continue")
	r.press("Continue")
	r.mustSee("A page with 2 codes")
	r.press("Back") // to the codes
	r.mustSee("2 codes: is that right?")
	r.press("Continue")
	r.paper.err = backupcodes.ErrReadBack
	r.press("Print")
	r.mustSee("That did not work")
	r.press("Back")
	r.paper.err = nil
	r.press("Print")
	r.mustSee("The page is on its way to the printer.")
}

func TestFileIsNotReplacedUnasked(t *testing.T) {
	r := newRig(t)
	for i := range 2 {
		r.taken(kutano, tenCodes)
		r.press("Print them")
		r.press("Save as PDF")
		r.press("Save here all the same")
		if i == 0 {
			r.press("Cancel")
		}
	}
	r.mustSee("There is already a file kutano-backup-codes.pdf in this folder.")
	if kit.TopSheet(r.w.Canvas()).First.(*kit.Button).Text != "Another name" {
		t.Error("a hasty Enter would replace it")
	}
	r.press("Replace")
	r.mustSee("The page is saved.")
}

// New codes that are kept elsewhere can be noted in the place of old ones, too.
func TestReplaceByNote(t *testing.T) {
	r := newRig(t)
	old := r.notes(kutano, "In the safe at home", 3)
	r.s.Manage(old.ID)
	r.press("New codes in place of these…")
	r.press("Only note the place…")
	r.fill("Kutano", "In the safe at home", "10")
	r.press("Note it")
	if set := r.only(); set.ID == old.ID || set.First != 10 || set.Account != "k" {
		t.Errorf("%+v", set)
	}
}

// Nothing of what was entered is left in the window once it is left.
func TestNothingIsLeftBehind(t *testing.T) {
	for name, do := range map[string]func(r *rig){
		"entered":   func(r *rig) { r.s.Add(); r.fill(tenCodes) },
		"confirmed": func(r *rig) { r.s.Add(); r.fill(tenCodes); r.press("Continue") },
		"offered":   func(r *rig) { r.taken(kutano, tenCodes) },
		"shown":     func(r *rig) { r.s.ShowCode(r.keeps(kutano, tenCodes).ID) },
		"split":     func(r *rig) { shared(r, "Ben\nCleo"); r.handed(); r.press("Test them"); r.fill("K3Q9") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			do(r)
			r.settle()
			on := r.objects()
			r.s.Lock()
			r.settle()
			for _, o := range on {
				text := ""
				switch o := o.(type) {
				case *widget.Label:
					text = o.Text
				case *kit.Entry:
					text = o.Text
				}
				if strings.Contains(strings.ToLower(text), "k3q9") {
					t.Errorf("%T still says %q", o, text)
				}
			}
			d := &r.s.draft
			if d.text.Len() > 0 || len(d.codes) > 0 || len(d.holders) > 0 || len(r.s.joining.shares) > 0 || r.s.shown != nil {
				t.Error("a secret is still there")
			}
		})
	}
}

// A note from the page is for the account that was chosen.
func TestNoteIsForTheChosenAccount(t *testing.T) {
	r := newRig(t)
	r.press("Note where they are")
	r.choice().SetSelectedIndex(1)
	if name := r.entry(0).Text; name != "GitHub · ana-example" {
		t.Errorf("the name is %q", name)
	}
	r.choice().SetSelectedIndex(2)
	r.fill("Forum", "At Ben’s")
	r.press("Note it")
	if set := r.only(); set.Account != "" || set.Title != "Forum" {
		t.Errorf("%+v", set)
	}
}

// onDisk reads the only file that a chooser's folder has.
func (r *rig) onDisk() (name string, data []byte) {
	r.t.Helper()
	all, err := os.ReadDir(r.dir)
	if err != nil || len(all) != 1 {
		r.t.Fatalf("the folder has %v, %v", all, err)
	}
	data, err = os.ReadFile(filepath.Join(r.dir, all[0].Name()))
	if err != nil {
		r.t.Fatal(err)
	}
	return all[0].Name(), data
}

// Another account's codes still work, whatever their set is called.
func TestTakeLeavesOtherAccounts(t *testing.T) {
	r := newRig(t)
	other, err := r.safe.Note(t.Context(), backupcodes.New{Account: "g", Title: nameOf(kutano), Where: "At Ben’s", Count: 9})
	if err != nil {
		t.Fatal(err)
	}
	got := r.taken(kutano, tenCodes)
	r.mustNotSee("They take the place of")
	r.press("Note where they are")
	r.press("I have them")
	r.fill("In the safe at home")
	r.press("Note it")
	r.ends(got, guide.Noted)
	r.set(other.ID)

	// Nor are the assistant's account's, where the note is for another in the end.
	got = r.taken(kutano, "")
	r.mustSee("They take the place of")
	r.press("Note where they are")
	r.choice().SetSelectedIndex(1)
	r.fill("GitHub", "On paper", "8")
	r.press("Note it")
	r.ends(got, guide.Noted)
	if n := len(r.safe.Sets()); n != 3 {
		t.Errorf("%d sets, %+v removed", n, r.safe.Removed())
	}
}

// A set that would be replaced, and that another program removed, is in nobody's way.
func TestKeepInPlaceOfWhatIsGone(t *testing.T) {
	r := newRig(t)
	old := r.keeps(kutano, tenCodes)
	got := r.taken(kutano, "new-one\nnew-two")
	if err := r.safe.Remove(t.Context(), old.ID); err != nil {
		t.Fatal(err)
	}
	r.press("Keep them here")
	r.mustSee("2 codes are kept here, sealed.")
	r.press("Done")
	r.ends(got, guide.Kept)
}
