// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// prove asks for two of the words, so that nobody ends with a sheet that is
// blank or with words that were written down wrong.
func (f *Flow) prove() {
	if !f.draft.safe() {
		return
	}
	all := f.draft.key.Words()
	f.draft.places = f.Places(len(all))
	var fields [2]*kit.Entry
	for i, at := range f.draft.places {
		fields[i] = kit.NewEntry(words.T("Word {n}", "n", at+1))
	}
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	submit := func() {
		typed := [2]string{fields[0].Text, fields[1].Text}
		if strings.TrimSpace(typed[0]) == "" || strings.TrimSpace(typed[1]) == "" {
			says.SetText(words.T("Type both words first."))
			return
		}
		if wrong := f.draft.check(typed); len(wrong) > 0 {
			says.SetText(notRight(wrong))
			return
		}
		f.set()
	}
	fields[0].OnSubmitted = func(string) { f.focusOn(fields[1]) }
	fields[1].OnSubmitted = func(string) { submit() }
	a, b := f.draft.places[0]+1, f.draft.places[1]+1
	f.page(&kit.Sheet{
		Title: words.T("Type word {a} and word {b}", "a", a, "b", b),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("Read them from your sheet or your file. The first four letters are enough.")),
			labelled(words.T("Word {n}", "n", a), fields[0]),
			labelled(words.T("Word {n}", "n", b), fields[1]), says),
		Main:  kit.NewMainButton(words.T("Finish"), submit),
		First: fields[0],
		Others: []*kit.Button{
			kit.NewButton(words.T("Back to the words"), f.backToWords), f.cancelButton(),
		},
	}, emptied(fields[0], fields[1]))
}

// notRight says which of the two words are not right.
func notRight(wrong []int) string {
	if len(wrong) == 1 {
		return words.T("Word {n} is not right. Look at your sheet again, or go back to the words.", "n", wrong[0])
	}
	return words.T("Word {a} and word {b} are not right. Look at your sheet again, or go back to the words.", "a", wrong[0], "b", wrong[1])
}

// labelled puts a label over what is filled in.
func labelled(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(-kit.Space4, kit.NewQuiet(label), o)
}

// emptied returns what empties fields that held a secret.
func emptied(fields ...*kit.Entry) func() {
	return func() {
		for _, e := range fields {
			e.OnChanged = nil
			e.SetText("")
		}
	}
}

func joined(all []string) string { return strings.Join(all, " ") }
