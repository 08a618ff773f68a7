// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"image"
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

// handed prints a page for each, and returns the texts of their shares.
func (r *rig) handed() []string {
	r.t.Helper()
	var texts []string
	for i := range r.s.draft.holders {
		r.press("Page…")
		r.press("Print")
		page := r.paper.printed[len(r.paper.printed)-1]
		_, text, _ := strings.Cut(page, "\n")
		if !strings.Contains(page, r.s.draft.holders[i].name) {
			r.t.Errorf("the page of %s is %q", r.s.draft.holders[i].name, page)
		}
		texts = append(texts, text)
	}
	return texts
}

func TestSplitAndTest(t *testing.T) {
	r := newRig(t)
	got := r.taken(kutano, tenCodes)
	r.press("Split among people…")
	r.fill("Ben\nBen")
	r.press("Continue")
	r.mustSee("Name 2 to 10 people, one a line.")
	r.fill("Ben\nCleo\n\nDan")
	r.mustSee("worth nothing alone")
	r.press("Continue")
	texts := r.handed()
	if len(texts) != 3 {
		t.Fatalf("%d pages", len(texts))
	}
	r.press("Test them")
	r.fill(texts[2])
	r.press("Add it")
	r.mustSee("1 more share is needed.", "Page 3 of 3")
	r.fill(texts[0])
	r.press("Add it")
	r.mustSee("All 10 codes came back from them, as they were split.")
	r.press("Continue")
	r.ends(got, guide.Noted)
	if set := r.only(); set.Where != "Split among Ben, Cleo, Dan: any 2 of them bring it back" || set.Left != 10 {
		t.Errorf("%+v", set)
	}
}

func TestSplitWhatIsHere(t *testing.T) {
	for choice, place := range map[string]backupcodes.Place{"Here as well": backupcodes.Here, "Only on the pages": backupcodes.Elsewhere} {
		t.Run(choice, func(t *testing.T) {
			r := newRig(t)
			set := r.keeps(kutano, tenCodes)
			r.s.Manage(set.ID)
			r.press("Split among people…")
			r.fill("Ben\nCleo\nDan")
			r.press("Continue")
			r.handed()
			r.s.PutAway() // at the printer for long: the pages must not become worthless
			r.press("Without a test")
			r.press(choice)
			r.fill(passphrase)
			r.press("Unlock")
			if got := r.only(); got.Place != place || !strings.Contains(got.Where, "Ben, Cleo, Dan") {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	r := newRig(t)
	shared(r, "Ben\nCleo\nDan")
	texts := r.handed()
	r.s.Close()
	shared(r, "Ben\nCleo")
	foreign := r.handed()
	r.s.Close()

	r.s.Join()
	r.press("Add it")
	r.mustSee("Type the letters of a share first, or scan one.")
	r.fill("hello")
	r.press("Add it")
	r.mustSee("This is not a share of backup codes.")
	last := len(texts[0]) - 1
	other := "A"
	if texts[0][last:] == other {
		other = "B"
	}
	r.fill(texts[0][:last] + other)
	r.press("Add it")
	r.mustSee("There is a mistake in the letters of this share.")
	img, err := scan.Draw(texts[0], 600)
	if err != nil {
		t.Fatal(err)
	}
	r.eyes.screens = []image.Image{img}
	r.press("Scan the screen")
	r.mustSee("1 more share is needed.", "Page 1 of 3")
	r.eyes.clip = clipboard.Clip{Text: texts[0]}
	r.press("Paste")
	r.mustSee("One share is there twice.")
	r.fill(foreign[0])
	r.press("Add it")
	r.mustSee("Share 2 belongs to another splitting than the others.")
	for i, o := range r.s.joining.shares { // the foreign one is taken out
		if o.Of == 2 {
			r.s.joining.shares = append(r.s.joining.shares[:i:i], r.s.joining.shares[i+1:]...)
			break
		}
	}
	r.picture, err = scan.Draw(texts[2], 600)
	if err != nil {
		t.Fatal(err)
	}
	r.press("Open a picture…")
	r.mustSee("10 codes: is that right?", "c9vj-5pks")
	r.press("Continue")
	r.mustSee("Where will you keep the 10 codes?")
	r.s.Close()
	if len(r.s.joining.shares) > 0 || len(r.s.draft.codes) > 0 {
		t.Error("a secret is still there")
	}
}
