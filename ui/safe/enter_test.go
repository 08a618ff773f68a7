// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/clipboard"
)

func TestEnterCountsAsYouType(t *testing.T) {
	r := newRig(t)
	r.s.Add()
	r.mustSee("No code yet")
	for text, says := range map[string]string{
		"abc":                             "1 code",
		tenCodes:                          "10 codes",
		"1234 5678\n2345 6789\n3456 7890": "3 codes or 6, which is asked next",
		strings.Repeat("x", 65):           "longer than a backup code can be",
		"a\x07b":                          "cannot be typed",
		" , ; ":                           "There are no codes in it.",
	} {
		r.fill(text)
		r.mustSee(says)
	}
	r.fill(many(65))
	r.mustSee("more than 64 codes")
	r.press("Continue")
	r.mustSee("more than 64 codes", "Enter the backup codes") // it stays, to be put right
	r.fill("")
	r.press("Continue")
	r.mustSee("There are no codes in it.")
	r.fill(many(64))
	r.press("Continue")
	r.mustSee("64 codes: is that right?")
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("code-")
		b.WriteByte(byte('a' + i/26))
		b.WriteByte(byte('a' + i%26))
		b.WriteByte('\n')
	}
	return b.String()
}

// Both readings of a text with blanks are shown, with what comes of them.
func TestTwoReadings(t *testing.T) {
	for _, c := range []struct {
		choose, title string
		want          int
	}{
		{"3 codes: a blank belongs to the code", "3 codes: is that right?", 3},
		{"6 codes: a blank parts two codes", "6 codes: is that right?", 6},
	} {
		t.Run(c.choose, func(t *testing.T) {
			r := newRig(t)
			r.s.Add()
			r.fill("1234 5678\n2345 6780\n3456 7890")
			r.press("Continue")
			r.mustSee("How are they to be read?", "“1234 5678”, “2345 6780”", "“1234”, “5678”")
			r.press(c.choose)
			r.mustSee(c.title)
			if n := len(r.s.draft.codes); n != c.want {
				t.Errorf("%d codes", n)
			}
			r.press("Back") // and it can be thought over
			r.press("Continue")
			r.mustSee("How are they to be read?")
		})
	}
}

func TestOddCodesAreSaid(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.s.Add()
	r.fill("k3q9-7hzt\nm2xw-4p8d\nnew-one\nnew-one")
	r.press("Continue")
	r.mustSee("3 codes: is that right?", "1 code stood there more than once.",
		"2 of these codes are in “Kutano · ana@example.com” already.", "Kutano support will never ask you for these codes.")
	r.press("Back")
	r.fill(tenCodes)
	r.press("Continue")
	r.mustSee("All of these codes are in “Kutano · ana@example.com” already.", "You need not keep them again.")
}

func TestPasteAndFiles(t *testing.T) {
	r := newRig(t)
	r.s.Add()
	r.press("Paste")
	r.mustSee("There is no text in the clipboard.")
	r.eyes.clip = clipboard.Clip{Text: "k3q9-7hzt\nm2xw-4p8d\n"}
	r.press("Paste")
	r.mustSee("2 codes")
	r.file = []byte("9vfc-t6sj\r\nb7rn-2ykg\r\n")
	r.press("Open a text file…")
	r.mustSee("4 codes")
	r.file = []byte("\x00\x01\x02binary")
	r.press("Open a text file…")
	r.mustSee("Not taken in:", "4 codes")
	r.file = nil // thought better of it
	r.press("Open a text file…")
	r.mustSee("4 codes")
	r.file = make([]byte, maxText+1)
	r.press("Open a text file…")
	r.mustSee("Not taken in:", "4 codes")
	r.s.Close()
	if r.s.draft.text.Len() > 0 {
		t.Error("the text is still there")
	}
}

func TestPictureBesideTheField(t *testing.T) {
	r := newRig(t)
	r.s.Add()
	r.fill("k3q9-7hzt")
	r.press("Type over a picture…")
	r.mustSee("1 code")
	r.picture = list(300, 400)
	r.press("Type over a picture…")
	r.mustSee("1 code", "Larger", "Turn", "Another picture…")
	r.fill("k3q9-7hzt\nm2xw-4p8d")
	p := newPicture(r.picture, r.w.Canvas().Size())
	p.frame.Resize(p.frame.MinSize())
	p.scale(zoomStep)
	if m := p.view.MinSize(); m.Width <= p.frame.Size().Width {
		t.Errorf("larger is %v in %v", m, p.frame.Size())
	}
	p.turn()
	if b := p.view.Image.Bounds(); b.Dx() != 400 || b.Dy() != 300 {
		t.Errorf("turned it is %v", b)
	}
	r.press("Paste") // the picture stays while more is read
	r.mustSee("Larger", "2 codes")
	r.press("Continue")
	r.mustSee("2 codes: is that right?")
}

func TestTurned(t *testing.T) {
	img := list(300, 400)
	for by, at := range map[int][2]int{0: {40, 45}, 1: {354, 40}, 2: {259, 354}, 3: {45, 259}} {
		if turned := (turned{img, by}); turned.At(at[0], at[1]) != img.At(40, 45) {
			t.Errorf("turned by %d, the point is not at %v", by, at)
		}
	}
}

func TestChoosingTheAccount(t *testing.T) {
	r := newRig(t)
	r.s.Add()
	r.fill(tenCodes)
	r.press("Continue")
	choice := r.choice()
	if choice.Selected != "Kutano · ana@example.com" || r.entry(0).Text != "Kutano · ana@example.com" {
		t.Fatalf("it is for %q, named %q", choice.Selected, r.entry(0).Text)
	}
	choice.SetSelectedIndex(1)
	if r.entry(0).Text != "GitHub · ana-example" {
		t.Errorf("the name does not follow: %q", r.entry(0).Text)
	}
	r.fill("Work")
	choice.SetSelectedIndex(2)
	if r.entry(0).Text != "Work" {
		t.Errorf("what was typed is gone: %q", r.entry(0).Text)
	}
	r.fill("")
	r.press("Continue")
	r.mustSee("Give the set a name first.")
	r.fill(strings.Repeat("x", 201))
	r.press("Continue")
	r.mustSee("The name is too long")
	r.fill("Work")
	r.press("Continue")
	r.mustSee("Where will you keep the 10 codes?")
	r.mustNotSee("The key of this account is on this device.") // it is of no account here
}

// choice returns the choice on the sheet.
func (r *rig) choice() *kit.Select {
	r.t.Helper()
	for _, o := range r.objects() {
		if s, ok := o.(*kit.Select); ok {
			return s
		}
	}
	r.t.Fatal("there is no choice")
	return nil
}
