// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"cmp"
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// The least that passphrases have. A file for another place travels, so it is
// tried at leisure by whoever finds it.
const (
	leastHere = 8
	leastFile = 12
)

// newPassphrase says what is wrong with a passphrase that was typed twice.
func newPassphrase(least int, first, again string) string {
	switch {
	case first == "":
		return words.T("Type a passphrase first.")
	case len([]rune(first)) < least:
		return words.N(least, "Make it longer: at least 1 character. Four words that do not belong together are good and easy to remember.",
			"Make it longer: at least {n} characters. Four words that do not belong together are good and easy to remember.")
	case first != again:
		return words.T("The two are not the same. Type the second one again.")
	}
	return ""
}

// opened goes on with then once the codes are unlocked: it asks for the passphrase,
// or for a first one. Back is where somebody goes who thinks better of it.
func (s *Screen) opened(then, back func()) {
	s.touch()
	safe := s.Safe()
	switch {
	case safe == nil:
		s.failed(errNotOpen, nil)
	case !safe.Locked():
		then()
	case safe.Exists():
		s.unlock("", then, back)
	case errors.Is(safe.Problem(), backupcodes.ErrMissing):
		s.missing(then, back)
	default:
		s.create(then, back)
	}
}

// Unlock asks for the passphrase of the codes.
func (s *Screen) Unlock() { s.opened(s.pages.Close, s.pages.Close) }

// unlock asks for the passphrase; wrong is what was wrong with the one before.
func (s *Screen) unlock(wrong string, then, back func()) {
	pass := kit.NewPasswordEntry(words.T("Passphrase of the backup codes"))
	bad := says()
	say(bad, wrong, nil)
	submit := func() {
		if pass.Text == "" {
			say(bad, words.T("Type the passphrase first."), s.Showing())
			return
		}
		s.unlockWith(secret.FromString(pass.Text), then, back)
	}
	pass.OnSubmitted = func(string) { submit() }
	s.pages.Page(&kit.Sheet{
		Title: words.T("Unlock the backup codes"), Width: 440, First: pass,
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("They have a passphrase of their own, on purpose: whoever can open your accounts cannot open these.")),
			kit.Rows(-kit.Space4, pass, bad),
			link(kit.IconHelp, words.T("I forgot it"), func() { s.forgotten(then, back) })),
		Main:   kit.NewMainButton(words.T("Unlock"), submit),
		Others: []*kit.Button{kit.NewButton(words.T("Cancel"), back)},
	}, emptied(pass))
}

func (s *Screen) unlockWith(pass secret.Value, then, back func()) {
	safe := s.Safe()
	again := func() { s.unlock("", then, back) }
	s.pages.Busy(words.T("One moment"), words.T("Opening the backup codes…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (bool, error) {
		defer pass.Clear()
		return true, safe.Unlock(ctx, pass)
	}, func(_ bool, err error) {
		s.changed()
		switch {
		case errors.Is(err, context.Canceled):
			again()
		case errors.Is(err, backupcodes.ErrPassphrase):
			s.unlock(words.T("That is not the passphrase. It is not the app’s, but the one of the backup codes."), then, back)
		case errors.Is(err, backupcodes.ErrDamaged), errors.Is(err, backupcodes.ErrNotSafe):
			s.unreadable(err, then, back)
		case err != nil:
			s.failed(err, again)
		default:
			then()
		}
	}, func(bool) {
		// Who left has not seen them open, and would leave them so.
		s.lockSafe()
	})
}

// twoFields ask for a new passphrase, twice.
type twoFields struct{ first, again *kit.Entry }

func newTwoFields() twoFields {
	return twoFields{kit.NewPasswordEntry(words.T("New passphrase")), kit.NewPasswordEntry(words.T("The same once more"))}
}

// rows are the fields with the advice about them.
func (t twoFields) rows(bad fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(kit.Space8,
		kit.NewQuiet(words.T("Four words that do not belong together are good and easy to remember.")),
		t.first, kit.Rows(-kit.Space4, t.again, bad))
}

// fresh is a sheet that asks for a new passphrase.
type fresh struct {
	title, yes string
	about      []fyne.CanvasObject
	old        *kit.Entry // asked for as well; nil is not
	least      int
	back       func()
	leave      string // on the button that goes back; "" is Cancel
	// with gets both and clears them; the old one is empty where none was asked for.
	with func(old, pass secret.Value)
}

func (s *Screen) askFresh(q fresh) {
	two, bad := newTwoFields(), says()
	submit := func() {
		wrong := newPassphrase(q.least, two.first.Text, two.again.Text)
		if q.old != nil && q.old.Text == "" {
			wrong = words.T("Type the passphrase until now first.")
		}
		if wrong != "" {
			say(bad, wrong, s.Showing())
			return
		}
		var old secret.Value
		if q.old != nil {
			old = secret.FromString(q.old.Text)
		}
		q.with(old, secret.FromString(two.first.Text))
	}
	fields := []*kit.Entry{two.first, two.again}
	rows := q.about
	if q.old != nil {
		fields = append([]*kit.Entry{q.old}, fields...)
		rows = append(rows, q.old)
	}
	for i, f := range fields {
		f.OnSubmitted = func(string) { submit() }
		if i+1 < len(fields) {
			f.OnSubmitted = func(string) { s.Canvas().Focus(fields[i+1]) }
		}
	}
	s.pages.Page(&kit.Sheet{
		Title: q.title, Width: 480, First: fields[0],
		Content: kit.Rows(kit.Space8, append(rows, two.rows(bad))...),
		Main:    kit.NewMainButton(q.yes, submit),
		Others:  []*kit.Button{kit.NewButton(cmp.Or(q.leave, words.T("Cancel")), q.back)},
	}, emptied(fields...))
}

// create makes the safe under a first passphrase.
func (s *Screen) create(then, back func()) {
	s.askFresh(fresh{
		title: words.T("A passphrase for the backup codes"), yes: words.T("Set it"), least: leastHere, back: back,
		about: []fyne.CanvasObject{
			kit.NewText(words.T("Codes that are kept here get a passphrase of their own. Choose another one than the app’s: then whoever can open your accounts cannot open these.")),
			kit.NewText(words.T("Nobody can tell it to you if you forget it, and a recovery key does not open these codes.")),
		},
		with: func(_, pass secret.Value) {
			doing(s, words.T("Making the safe…"), func(ctx context.Context, safe *backupcodes.Safe) (bool, error) {
				defer pass.Clear()
				return true, safe.Create(ctx, pass)
			}, func(bool) { then() }, func() { s.create(then, back) })
		},
	})
}

// ChangePassphrase asks for the passphrase until now and for another.
func (s *Screen) ChangePassphrase() {
	s.askFresh(fresh{
		title: words.T("Change the passphrase of the backup codes"), yes: words.T("Change it"), least: leastHere, back: s.pages.Close,
		old: kit.NewPasswordEntry(words.T("The passphrase until now")),
		about: []fyne.CanvasObject{
			kit.NewQuiet(words.T("Encrypted copies that you saved elsewhere still open with the passphrase that you gave them.")),
		},
		with: func(old, pass secret.Value) {
			doing(s, words.T("Sealing the codes anew…"), func(ctx context.Context, safe *backupcodes.Safe) (bool, error) {
				defer old.Clear()
				defer pass.Clear()
				return true, safe.ChangePassphrase(ctx, old, pass)
			}, func(bool) {
				s.pages.Close()
				s.Toast().Say(words.T("The passphrase of the backup codes is changed."), 6)
			}, s.ChangePassphrase)
		},
	})
}
