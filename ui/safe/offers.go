// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"slices"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// offer is a way to keep codes as it is offered.
type offer struct {
	icon         kit.IconName
	title, about string
}

// offers are the ways. R61, R65, R68.
func offers() map[way]offer {
	return map[way]offer{
		note: {
			kit.IconEdit, words.T("Note where they are"),
			words.T("You keep them, in a safe or a password manager on another device. Here stands only where."),
		},
		paper: {
			kit.IconFile, words.T("Print them"),
			words.T("A page to lock away, in the safe at home for example."),
		},
		file: {
			kit.IconOut, words.T("Encrypted file on another drive"),
			words.T("On a USB stick or another computer. It opens with a passphrase."),
		},
		here: {
			kit.IconSafe, words.T("Keep them here"),
			words.T("Sealed with a passphrase of their own."),
		},
		shares: {
			kit.IconQR, words.T("Split them among people"),
			words.T("Each gets a page that is worth nothing alone. Some of them together bring the codes back."),
		},
	}
}

// Take asks where codes of an account are to be kept, and keeps them. They are
// copied; the caller clears its own. Without codes they are asked for, as far as
// they are needed. Account may be "", and so may the title. Done is told once what
// became of it, guide.Later also where the question was closed.
func (s *Screen) Take(account, title string, codes []secret.Value, done func(Outcome)) {
	s.pages.Close()
	s.draft = draft{account: account, title: title, done: done, handed: true}
	if title == "" {
		s.draft.title = s.titleOf(account)
	}
	s.draft.setCodes(copied(codes))
	s.replaceLast()
	s.askWhere()
}

// Add asks for codes.
func (s *Screen) Add() {
	s.pages.Close()
	s.enter()
}

// begin begins with codes that will be kept in one way.
func (s *Screen) begin(w way) {
	s.pages.Close()
	s.draft = draft{way: w}
	if w == note {
		s.note("")
		return
	}
	s.enter()
}

// replaceLast has codes replace the last ones of the same account, or of the same
// title where the account's key has come or gone since. At Kutano new codes make the
// old ones worthless.
func (s *Screen) replaceLast() {
	safe, d := s.Safe(), &s.draft
	if safe == nil {
		return
	}
	sets := safe.Sets()
	i := slices.IndexFunc(sets, func(set backupcodes.Set) bool { return d.account != "" && set.Account == d.account })
	if i < 0 {
		i = slices.IndexFunc(sets, func(set backupcodes.Set) bool {
			_, here := accountOf(s.accounts(), set.Account)
			return set.Title == d.title && (d.account == "" || !here)
		})
	}
	if i >= 0 {
		d.replaces, d.replaced = sets[i].ID, sets[i].Title
		d.last, d.lastOf = sets[i].ID, d.account
	}
}

// askWhere asks how the codes of the draft are to be kept.
func (s *Screen) askWhere() {
	if s.draft.way != asked {
		s.keepIn(s.draft.way)
		return
	}
	door := func(w way) *kit.Door {
		o := offers()[w]
		return kit.NewDoor(o.icon, o.title, o.about, func() { s.keepIn(w) })
	}
	beside := s.beside()
	says := words.T("Best on paper, or on another device: you need them on the day when this one is gone.")
	rows := []fyne.CanvasObject{kit.NewText(says)}
	if s.draft.replaced != "" {
		rows = append(rows, kit.NewQuiet(words.T("They take the place of “{title}”, whose codes no longer work.", "title", s.draft.replaced)))
	}
	noteDoor := door(note)
	first := fyne.Focusable(noteDoor)
	moves := s.draft.from != ""
	if !beside && !moves {
		d := door(here)
		first = d
		rows[0] = d
		if len(rows) > 1 {
			rows[0], rows[1] = rows[1], d
		}
	}
	rows = append(rows, noteDoor, door(paper), door(file))
	links := kit.Rows(0, link(kit.IconQR, words.T("Split among people…"), func() { s.keepIn(shares) }))
	if beside && !moves { // R65
		links.Add(link(kit.IconSafe, words.T("Keep them here"), func() { s.keepIn(here) }))
		links.Add(kit.NewQuiet(words.T("The key of this account is on this device. If the device is lost, codes that are kept here are lost with it.")))
	}
	title := words.T("Where will you keep them?")
	if n := len(s.draft.codes); n > 0 {
		title = words.N(n, "Where will you keep the code?", "Where will you keep the {n} codes?")
	}
	sh := &kit.Sheet{
		Title: title, First: first,
		Content: kit.Rows(kit.Space12, append(rows, links)...),
		Others:  []*kit.Button{s.cancelButton()},
	}
	if s.draft.handed {
		sh.Others[0].Text = words.T("Later")
	}
	if s.draft.text.Len() > 0 {
		sh.Others = append(sh.Others, kit.NewButton(words.T("Back"), s.check))
	}
	s.pages.Page(sh)
}

// beside reports whether the codes of the draft would be kept beside the key of
// their account. R65.
func (s *Screen) beside() bool {
	if s.draft.account == "" && s.draft.text.Len() > 0 {
		return false // it was said that the account is not in this app
	}
	return keyHere(s.accounts(), s.draft.account)
}

// keepIn keeps the codes of the draft in a way.
func (s *Screen) keepIn(w way) {
	if len(s.draft.codes) == 0 && w != note {
		s.draft.way = w
		s.enter()
		return
	}
	if w == note && s.draft.onlyHere() {
		s.writeDown()
		return
	}
	switch w {
	case note:
		s.note("")
	case paper:
		s.askPaper(s.toOffers)
	case file:
		s.askFilePassphrase()
	case shares:
		s.askShares()
	default:
		s.opened(s.keep, s.toOffers)
	}
}

// toOffers goes back to the question where the codes are to be kept, or to
// what came before it.
func (s *Screen) toOffers() {
	switch {
	case s.draft.way == asked:
		s.askWhere()
	case s.draft.text.Len() > 0:
		s.check()
	default:
		s.pages.Close()
	}
}

// titleOf is what codes of an account are called.
func (s *Screen) titleOf(account string) string {
	if a, ok := accountOf(s.accounts(), account); ok {
		return nameOf(a)
	}
	return words.T("Kutano")
}

// newSet is the draft as the safe takes it in.
func (d *draft) newSet() backupcodes.New {
	return backupcodes.New{Account: d.account, Title: d.title, Where: d.where, Count: d.count}
}
