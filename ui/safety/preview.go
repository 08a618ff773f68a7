// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// preview shows what a backup holds before any of it is taken in.
func (f *Flow) preview() {
	b := &f.back
	if len(b.pick.found) == 0 {
		f.page(&kit.Sheet{
			Title:   words.T("This backup is empty"),
			Content: kit.NewText(words.T("It opens, and it holds no account. Choose another one.")),
			Main:    kit.NewMainButton(words.T("Choose another"), f.Restore), Others: []*kit.Button{f.cancelButton()},
		})
		return
	}
	main := kit.NewMainButton("", f.confirmed)
	counts := kit.NewText("")
	count := func() {
		s := b.pick.sum()
		counts.SetText(s.sentence())
		main.SetText(s.yes())
		if s.nothing() {
			main.Disable()
		} else {
			main.Enable()
		}
	}
	var list *kit.PickList
	list = kit.NewPickList(func() int { return len(b.pick.found) }, func(i int) kit.Pick { return b.pick.line(i).row() }, false, func(i int) {
		if err := b.pick.found[i].Err; err != nil {
			kit.ShowMessage(f.Canvas(), kit.Look, b.pick.line(i).label(), messageOf(err), nil)
			return
		}
		b.pick.toggle(i)
		list.RefreshItem(i)
		count()
	})
	replace := kit.NewCheck(words.T("Remove accounts that the backup does not have; they can be brought back for 30 days"), func(on bool) {
		b.pick.replace = on
		count()
	})
	replace.Checked = b.pick.replace
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("{name}, made on {time}.", "name", b.name, "time", when(b.doc.Made))),
		list.AsTall(len(b.pick.found), max(3, int((f.Canvas().Size().Height-340)/list.RowHeight()))), // the sheet itself should not have to scroll
	}
	if len(b.pick.here) > 0 {
		rows = append(rows, replace)
	}
	count()
	s := &kit.Sheet{
		Title:   words.N(len(b.pick.found), "1 account in this backup", "{n} accounts in this backup"),
		Content: kit.Rows(kit.Space8, append(rows, counts)...), Width: 640,
		Main: main, Others: []*kit.Button{f.cancelButton()}, First: list,
	}
	if !main.Disabled() {
		s.First = main
	}
	f.page(s)
}

// confirmed asks once more where accounts would be removed.
func (f *Flow) confirmed() {
	s := f.back.pick.sum()
	if s.gone == 0 {
		f.takeIn()
		return
	}
	kit.Confirm(f.Canvas(), words.N(s.gone, "Remove 1 account?", "Remove {n} accounts?"),
		words.T("The backup does not have them. They stay among the removed accounts for 30 days."),
		words.T("Remove and bring back"), true, f.takeIn)
}

// taken says what came of it.
func (f *Flow) taken(t vault.Taken, again bool) {
	m := kit.Message{What: words.N(t.Added, "1 account is back.", "{n} accounts are back.")}
	if t.Added == 0 {
		m.What = words.T("Done.")
	}
	rows := []fyne.CanvasObject{kit.NewMessage(kit.Good, m)}
	for _, s := range summary(t) {
		rows = append(rows, kit.NewText(s))
	}
	if again {
		rows = append(rows, kit.NewText(words.T("Your recovery key is in use again: new snapshots are made for it.")))
	}
	f.page(&kit.Sheet{
		Title: words.T("Your accounts are back"), Content: kit.Rows(0, rows...),
		Main: kit.NewMainButton(words.T("Go to my codes"), func() {
			f.Close()
			f.Codes()
		}),
	})
}
