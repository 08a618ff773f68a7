// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// It is one goroutine at a time, where the race detector takes minutes and has nothing
// to find: the step calm of .ci/test runs it without.

package helpdesk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
)

func (r *rig) heard(want standing.Standing) {
	r.t.Helper()
	if got, ok := r.r.Call().Heard(); !ok || got != want {
		r.t.Errorf("heard %+v, %t", got, ok)
	}
}

// Words are typed with blanks between them, by their first letters, in digits, in
// another language, and pasted; each is marked as it is known.
func TestWords(t *testing.T) {
	all := wordsOf(t, wrong())
	p, err := phrase.Encode(wrong())
	if err != nil {
		t.Fatal(err)
	}
	short := make([]string, len(all))
	for i, w := range all {
		short[i] = strings.ToUpper(w[:4])
	}
	mixed := append(p.Digits()[:3:3], all[3:]...)
	for name, typed := range map[string][]string{"words": all, "four letters": short, "digits": p.Digits(), "German": p.Words("de"), "mixed": mixed} {
		r := newRig(t)
		r.typeAll(typed...)
		r.heard(wrong())
		for i, f := range r.r.typed.fields {
			if !f.looked.Known || !f.mark.Visible() {
				t.Errorf("%s: word %d is not marked", name, i+1)
			}
		}
		r.mustSee("The clock is 30 to 59 seconds slow.", "Have the caller set the clock to automatic.", "Say to the caller", "On their device, Windows:")
	}
	for name, pasted := range map[string]string{
		"a line": strings.Join(all, " "), "a list": "1. " + strings.Join(all, "\n2. "), "commas": strings.Join(all, ", "),
	} {
		r := newRig(t)
		r.r.typed.fields[2].entry.SetText(pasted) // wherever the cursor is
		r.heard(wrong())
		if t.Failed() {
			t.Log(name)
		}
	}
}

func TestWordsThatAreNotRight(t *testing.T) {
	all := wordsOf(t, wrong())
	r := newRig(t)
	r.typeAll(all[0], "hyd")
	if r.r.typed.fields[1].mark.Visible() {
		t.Error("a word is judged while it is typed")
	}
	r.r.typed.clear()
	near := phrase.Look(all[1][:3]+"qq", "en").Near
	r.typeAll(append([]string{all[0], all[1][:3] + "qq"}, all[2:]...)...)
	r.mustSee("Word 2 is not on the list. Ask whether it is one of these:")
	if _, ok := r.r.Call().Heard(); ok || len(near) == 0 {
		t.Fatalf("heard what is not a phrase; near is %q", near)
	}
	r.r.typed.set(1, all[1])
	r.r.decode(true)
	r.heard(wrong())

	r = newRig(t)
	swapped := append([]string{all[1], all[0]}, all[2:]...)
	r.typeAll(swapped...)
	r.mustSee("The six words do not fit together", "Ask for words 1 and 2 again: were they swapped?")
	if _, ok := r.r.Call().Heard(); ok {
		t.Error("two swapped words were heard")
	}

	r = newRig(t)
	r.typeAll(all[:5]...)
	r.key(fyne.KeyReturn) // to the last
	r.key(fyne.KeyReturn)
	r.mustSee("The check phrase is not complete: one of its six words is missing.")
	r.keys(all[5])
	r.heard(wrong())
	r.mustNotSee("The check phrase is not complete")

	r = newRig(t)
	r.r.typed.fields[0].entry.SetText(strings.Join(all, " ") + " " + all[0])
	r.mustSee("more than the six words")
}

// A choice of the nearest words is taken by pressing it.
func TestNearWordIsTaken(t *testing.T) {
	all := wordsOf(t, wrong())
	r := newRig(t)
	r.typeAll(append([]string{all[0][:len(all[0])-1] + "q"}, all[1:]...)...) // the first letters are enough
	r.heard(wrong())
	r.r.forget()
	for i, f := range r.r.typed.fields {
		if f.entry.Text != "" || f.mark.Visible() {
			t.Errorf("field %d has %q and a mark after the call", i+1, f.entry.Text)
		}
	}
	r.typeAll(append([]string{"x" + all[0]}, all[1:]...)...)
	near := r.r.typed.fields[0].looked.Near
	if len(near) == 0 {
		t.Fatal("there is nothing near")
	}
	r.press(near[0])
	if r.r.typed.fields[0].entry.Text != near[0] {
		t.Errorf("%q", r.r.typed.fields[0].entry.Text)
	}
}

// The words of after a fix are compared with those of before.
func TestAskAgain(t *testing.T) {
	r := newRig(t)
	r.mustNotSee("Ask for the six words again")
	r.hear(wrong())
	r.press("Ask for the six words again")
	if r.r.typed.text() != "     " {
		t.Errorf("the fields say %q", r.r.typed.text())
	}
	r.mustSee("The clock is 30 to 59 seconds slow. Codes will be refused.") // until they are read
	r.hear(wrong())
	r.mustSee("Nothing has changed.")
	r.press("Ask for the six words again")
	r.hear(right())
	r.mustSee("The clock is right. What was wrong has been put right.")
	r.press("Ask for the six words again")
	other := right()
	other.Platform = standing.Android
	r.hear(other)
	r.mustSee("These words are from a different device")
}

func TestEndForgets(t *testing.T) {
	r := newCallAt(t, "hana")
	r.hear(wrong())
	r.meet("ben")
	r.tick(helpdesk.Step, helpdesk.Boss)
	r.r.ticket = "T-12"
	r.press("End the call")
	if r.sheet() != "End the call?" {
		t.Fatalf("%q", r.sheet())
	}
	r.press("Cancel")
	r.mustSee("ben@example.com")
	r.press("End the call")
	r.press("End the call")
	r.mustNotSee("ben@example.com", "Ben", "30 to 59 seconds")
	if _, ok := r.r.Call().Heard(); ok || r.r.begun() || r.r.ticket != "" || strings.TrimSpace(r.r.typed.text()) != "" {
		t.Error("something of the call is left")
	}
	if s := r.r.who; s.found != nil || s.query.Text != "" {
		t.Errorf("the search is left: %+v", s)
	}
	if r.swept == 0 || r.sheet() != "" {
		t.Error("memory is not swept, or a sheet is left")
	}
	r.press("End the call") // there is nothing to lose
	if r.sheet() != "" {
		t.Errorf("%q", r.sheet())
	}
}
