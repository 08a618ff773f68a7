// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// forgotten says plainly what is lost with a passphrase and what is not, and
// leads to a new safe.
func (s *Screen) forgotten(then, back func()) {
	again := kit.NewButton(words.T("Try again"), func() { s.unlock("", then, back) })
	s.pages.Page(&kit.Sheet{
		Title: words.T("The passphrase is forgotten"),
		Content: kit.Rows(kit.Space8,
			kit.NewMessage(kit.Fail, kit.Message{
				What: words.T("The codes that are kept here cannot be read without it."),
				Safe: words.T("Nobody can open them, not Kutano either, and no recovery key helps."),
			}),
			kit.NewMessage(kit.Good, kit.Message{
				What: words.T("Nothing else is lost."),
				Safe: words.T("Your accounts and their codes work as before, and so does signing in. Notes of where other codes are stay."),
			}),
			kit.NewMessage(kit.Calm, kit.Message{
				What: words.T("Make new backup codes, and start a new safe for them."),
				Safe: words.T("New codes replace the lost ones at Kutano. The old file is put aside, not deleted: if the passphrase comes back to you, the file can be brought in."),
			})),
		Main: kit.NewMainButton(words.T("Start a new safe"), func() { s.startAnew(then, back) }),
		Others: []*kit.Button{
			again, kit.NewButton(words.T("Make new codes"), s.toGuide),
		},
		First: again,
	})
}

// missing says that the sealed file is gone.
func (s *Screen) missing(then, back func()) {
	s.pages.Page(&kit.Sheet{
		Title: words.T("The file of backup codes is missing"),
		Content: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("There were codes kept here, but their file is gone."),
			Safe: words.T("Your accounts are not touched. If you have a copy of backup-codes.age, put it back into the data folder."),
			Next: words.T("Otherwise make new backup codes, and start a new safe for them."),
		}),
		Main:   kit.NewMainButton(words.T("Start a new safe"), func() { s.startAnew(then, back) }),
		Others: []*kit.Button{kit.NewButton(words.T("Cancel"), back)},
	})
}

// unreadable says that the sealed file does not open, whatever the passphrase.
func (s *Screen) unreadable(err error, then, back func()) {
	leave := kit.NewButton(words.T("Cancel"), back)
	s.pages.Page(&kit.Sheet{
		Title: words.T("The file of backup codes does not open"), Content: kit.NewMessage(kit.Fail, messageOf(err)),
		Main: kit.NewMainButton(words.T("Start a new safe"), func() { s.startAnew(then, back) }), First: leave,
		Others: []*kit.Button{leave, kit.NewButton(words.T("Make new codes"), s.toGuide)},
	})
}

// startAnew puts the old file aside and makes an empty safe.
func (s *Screen) startAnew(then, back func()) {
	s.askFresh(fresh{
		title: words.T("Start a new safe"), yes: words.T("Start it"), least: leastHere, back: back,
		about: []fyne.CanvasObject{
			kit.NewText(words.T("The new safe is empty. Choose a passphrase for it, another one than the app’s.")),
		},
		with: func(_, pass secret.Value) {
			doing(s, words.T("Making the safe…"), func(ctx context.Context, safe *backupcodes.Safe) (string, error) {
				defer pass.Clear()
				return safe.StartAnew(ctx, pass)
			}, func(aside string) { s.anew(aside, then) }, func() { s.startAnew(then, back) })
		},
	})
}

// anew says where the old file is.
func (s *Screen) anew(aside string, then func()) {
	m := kit.Message{What: words.T("The new safe is ready, and open.")}
	if aside != "" {
		m.Safe = words.T("The old file is put aside as {name}.", "name", filepath.Base(aside))
	}
	next := kit.NewMainButton(words.T("Continue"), then)
	s.pages.Page(&kit.Sheet{
		Title: words.T("A new safe"), Content: kit.NewMessage(kit.Good, m),
		Main: next, First: next, Others: []*kit.Button{kit.NewButton(words.T("Make new codes"), s.toGuide)},
	})
}

// toGuide leads to how new codes are made.
func (s *Screen) toGuide() {
	s.pages.Close()
	s.Guide(EntryNewCodes)
}
