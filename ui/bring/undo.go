// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// offerUndo offers to take the last import back, where it can be. To find out is
// to read a file.
func (f *Flow) offerUndo(s *kit.Sheet, links *fyne.Container) {
	v := f.Vault()
	if v == nil {
		return
	}
	kit.Work(&f.pages, func(context.Context) (vault.Intake, error) {
		last, _ := v.LastIntake()
		return last, nil
	}, func(last vault.Intake, err error) {
		if last == (vault.Intake{}) || err != nil || f.Showing() != s {
			return
		}
		links.Add(link(kit.IconUndo, words.T("Undo the last import or restore…"), func() { f.undo(about(last)) }))
		s.Fit()
	}, nil)
}

// about says what the last import or restore was.
func about(last vault.Intake) string {
	text := words.T("The last import or restore was on {date}.", "date", last.At.Local().Format("2006-01-02 15:04"))
	for _, part := range []struct {
		n    int
		says func(int) string
	}{
		{last.Added, func(n int) string { return words.N(n, "1 account was added.", "{n} accounts were added.") }},
		{last.Replaced, func(n int) string { return words.N(n, "1 account got another key.", "{n} accounts got other keys.") }},
		{last.Back, func(n int) string {
			return words.N(n, "1 removed account came back.", "{n} removed accounts came back.")
		}},
		{last.Removed, func(n int) string { return words.N(n, "1 account was removed.", "{n} accounts were removed.") }},
	} {
		if part.n > 0 {
			text += " " + part.says(part.n)
		}
	}
	return text + "\n\n"
}

// undo asks, and takes the last import back. Before says what it was.
func (f *Flow) undo(before string) {
	kit.Confirm(f.Canvas(), words.T("Take it back?"),
		before+words.T("What came in goes for good, so have the other app or its file still. Keys that were replaced and accounts that were removed come back. Accounts that have got another key since stay as they are."),
		words.T("Undo"), true, f.takeBack)
}

// undoing is what ended an undoing.
type undoing struct {
	vault.Undone
	done bool
}

func (f *Flow) takeBack() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.pages.Busy(words.T("One moment"), words.T("Taking it back…"), f.pages.Cancel)
	kit.Work(&f.pages, func(ctx context.Context) (undoing, error) {
		u, err := v.UndoIntake(ctx)
		return undoing{u, err == nil}, err
	}, func(u undoing, err error) {
		f.Reload()
		if err != nil && !errors.Is(err, context.Canceled) {
			f.failed(err)
			return
		}
		f.pages.Page(&kit.Sheet{
			Title: u.title(), Content: kit.NewMessage(u.tone(), u.message()),
			Main: kit.NewMainButton(words.T("Done"), f.Close),
		})
	}, func(u undoing) { // locked or closed meanwhile
		f.Reload()
		f.tell(func(Vault) kit.Message { return u.message() })
	})
}

func (u undoing) title() string {
	if u.done {
		return words.T("The import is undone")
	}
	return words.T("Stopped")
}

func (u undoing) tone() kit.Tone {
	if u.done {
		return kit.Good
	}
	return kit.Calm
}

// message says what became of it.
func (u undoing) message() kit.Message {
	switch {
	case !u.done:
		return kit.Message{What: words.T("Nothing was taken back."), Safe: words.T("Your accounts are as they were.")}
	case u.Left > 0:
		return kit.Message{
			What: words.T("What came in is gone again."),
			Safe: words.N(u.Left, "1 account stays as it is: it was changed or used since.", "{n} accounts stay as they are: they were changed or used since."),
			Next: words.T("The other app is not touched."),
		}
	}
	return kit.Message{
		What: words.T("Your accounts are as they were before."),
		Next: words.T("The other app is not touched."),
	}
}
