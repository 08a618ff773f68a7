// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

// toWords leads to the page with the words.
func (r *rig) toWords() []string {
	r.t.Helper()
	r.f.MakeKey()
	r.mustSee("Make a recovery key", "It is not kept on this device.")
	r.press("Show me the words")
	all := r.f.draft.key.Words()
	if len(all) != keyWords {
		r.t.Fatalf("%d words", len(all))
	}
	return all
}

// wordsShown counts the words of a key that stand on the screen.
func (r *rig) wordsShown() int {
	n := 0
	for _, o := range r.objects() {
		if w, ok := o.(*Word); ok && w.Text != "" {
			n++
		}
	}
	return n
}

// From the first page to the tested snapshot; the key counts only at the end.
func TestMakeKey(t *testing.T) {
	r := newRig(t)
	all := r.toWords()
	r.mustSee(all...)
	want := r.f.draft.key.Recipient()
	if !r.f.sheet.Main.Disabled() {
		t.Fatal("one can go on without having kept the key")
	}
	r.check("I wrote the words down").SetChecked(true)
	r.press("Continue")
	r.mustSee("Type word 4 and word 11")
	if n := r.wordsShown(); n != 0 {
		t.Errorf("%d words are still on the screen while they are asked for", n)
	}
	if r.w.Canvas().Focused() != r.entry(0) {
		t.Error("the cursor is not in the first field")
	}

	r.press("Finish")
	r.mustSee("Type both words first.")
	r.entry(0).SetText(all[3])
	r.entry(1).SetText("qqqqq")
	r.key(fyne.KeyReturn) // on to the second field
	r.key(fyne.KeyReturn)
	r.mustSee("Word 11 is not right.")
	if len(r.v.set) != 0 {
		t.Fatal("the key is kept although it was not proved")
	}
	r.press("Back to the words")
	r.mustSee(all...)
	r.press("Continue")
	r.entry(0).SetText(" " + strings.ToUpper(all[3]))
	r.entry(1).SetText(all[10][:min(4, len(all[10]))])
	r.press("Finish")
	r.mustSee("Your recovery key is ready", "first snapshot written and tested", grouped(snapshot.Fingerprint(want)))
	if !slices.Equal(r.v.set, []string{want}) {
		t.Error("another key was kept than was shown")
	}
	r.press("Done")
	r.closed()
}

// Wherever the flow is left, nothing is kept and nothing stays on the screen.
func TestMakeKeyLeft(t *testing.T) {
	steps := []func(*rig){
		func(*rig) {},
		func(r *rig) { r.press("Show me the words") },
		func(r *rig) { r.check("I wrote the words down").SetChecked(true); r.press("Continue") },
		func(r *rig) { r.entry(0).SetText("wrong"); r.entry(1).SetText("wrong"); r.press("Finish") },
	}
	for n := range steps {
		for _, leave := range []fyne.KeyName{fyne.KeyEscape, ""} {
			r := newRig(t)
			r.f.MakeKey()
			for _, step := range steps[:n+1] {
				step(r)
			}
			if leave == "" {
				r.f.Close()
			} else {
				r.key(leave)
			}
			r.closed()
			if len(r.v.set) != 0 {
				t.Errorf("step %d: the key is kept", n)
			}
			if shown := r.wordsShown(); shown != 0 {
				t.Errorf("step %d: %d words are still on the screen", n, shown)
			}
			r.settle()
		}
	}
}

// What takes its time is stopped, and what comes of it late is dropped.
func TestMakeKeyStoppedAtTheEnd(t *testing.T) {
	r := newRig(t)
	r.v.hang = true
	r.f.draft = draft{key: snapshot.NewKey()}
	r.f.set()
	r.f.Close()
	r.settle()
	r.closed()
}

func TestMakeKeyFails(t *testing.T) {
	r := newRig(t)
	r.v.setErr = vault.ErrUntested
	r.f.draft = draft{key: snapshot.NewKey()}
	r.f.set()
	r.settle()
	r.mustSee("The first snapshot did not open with the recovery key.")
	r.press("Back")
	r.mustSee("Make a recovery key")
}

func TestNewKeyInPlaceOfOne(t *testing.T) {
	r := newRig(t)
	old := snapshot.NewKey()
	_ = r.v.SetRecovery(t.Context(), old)
	r.f.MakeKey()
	r.mustSee("Make a new recovery key", "Older snapshots open with the old key only.", grouped(snapshot.Fingerprint(old.Recipient())))
	r.press("Not now")
	r.closed()
}

func TestPrint(t *testing.T) {
	r := newRig(t)
	r.toWords()
	r.press("Print")
	if r.paper.printed != 1 || !r.f.draft.copied {
		t.Errorf("printed %d times, kept: %v", r.paper.printed, r.f.draft.copied)
	}
	r.mustSee("on its way to the printer")
	if r.w.Canvas().Focused() != r.f.sheet.Main {
		t.Error("the next step has not the focus")
	}
	r.paper.err = errors.New("out of paper")
	r.press("Print")
	r.mustSee("That did not work")
	r.press("Back")
	r.mustSee("Keep these words")

	r = newRig(t)
	r.paper.printer = false
	r.toWords()
	if r.sees("Print") && !r.sees("Print it, save it") {
		t.Error("printing is offered where there is no printer")
	}
}

// A key file opens what was encrypted to the key, and is for its owner alone.
func TestSaveKeyFile(t *testing.T) {
	r := newRig(t)
	r.toWords()
	want := r.f.draft.key.Recipient()
	r.press("Save a key file")
	r.mustSee("This is the drive that your accounts are on. If it breaks, both are gone.")
	if f := r.w.Canvas().Focused(); f != r.f.sheet.Main || r.f.sheet.Main.Text != "Choose another" {
		t.Error("the focus is not on choosing another folder")
	}
	r.press("Save here all the same")
	r.mustSee("Keep these words", "The key file is saved.")
	path := filepath.Join(r.dir, "kutano-recovery-key.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	k, err := snapshot.ParseKey(string(text))
	if err != nil || k.Recipient() != want {
		t.Errorf("the file holds another key: %v", err)
	}
	if fi, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || fi.Mode().Perm() != 0o600) {
		t.Errorf("others may read it: %v, %v", fi.Mode(), err)
	}

	// A file that is there is replaced only when asked for.
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("Save a key file")
	r.press("Save here all the same")
	r.mustSee("Replace the file?")
	r.press("Cancel")
	if text, _ := os.ReadFile(path); string(text) != "mine" {
		t.Fatal("it was replaced although the user said no")
	}
	r.press("Save here all the same")
	r.press("Replace")
	if text, _ := os.ReadFile(path); !bytes.Contains(text, []byte("AGE-SECRET-KEY-PQ-1")) {
		t.Error("it was not replaced although the user said so")
	}
	if r.f.draft.key.IsZero() {
		t.Error("the key is gone after it was saved")
	}
}

func TestSaveTellsWhatIsWrong(t *testing.T) {
	r := newRig(t)
	r.toWords()
	r.press("Save as PDF")
	for _, bad := range []string{"", "a/b", "..", "."} {
		r.entry(0).SetText(bad)
		r.press("Save here all the same")
		r.mustSee("Type a name for the file, without slashes.")
	}
	r.dir = filepath.Join(r.dir, "gone")
	r.press("Choose another folder", "Choose another")
	r.press("Save here all the same")
	r.mustSee("That did not work", "There is no such file.")
	r.press("Back")
	r.mustSee("Keep these words")
	r.dir = ""
	r.press("Save as PDF")
	r.mustSee("Keep these words")
	if r.f.draft.safe() {
		t.Error("the key counts as kept although nothing was saved")
	}
}
