// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// subject asks what codes are for: an account, and a name that follows it until
// another one is typed.
type subject struct {
	screen   *Screen
	accounts []vault.Account
	account  *kit.Select
	title    *kit.Entry
	typed    bool   // the name is not the account's
	chose    func() // called when another account was chosen; may be nil
}

// newSubject asks what the codes of the draft are for. Where nothing is known they
// are taken to be for Kutano.
func (s *Screen) newSubject() *subject {
	q := &subject{screen: s, accounts: sorted(s.accounts()), title: kit.NewEntry(words.T("Name of the set"))}
	of, title := s.draft.account, s.draft.title
	if title == "" {
		of = s.firstAccount()
		title = s.titleOf(of)
	}
	q.typed = title != s.titleOf(of)
	q.title.SetText(title)
	q.title.OnChanged = func(string) { q.typed = true }
	q.account = accountChoice(q.accounts, of)
	q.account.OnChanged = func(string) { q.follow() }
	return q
}

// rows are the fields.
func (q *subject) rows() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		labelled(words.T("For"), shrinks(q.account)), labelled(words.T("Name of the set"), q.title),
	}
}

// follow has the name follow the account.
func (q *subject) follow() {
	if !q.typed {
		q.title.SetText(q.screen.titleOf(q.chosen()))
		q.typed = false
	}
	if q.chose != nil {
		q.chose()
	}
}

// chosen is the id of the account, "" for none.
func (q *subject) chosen() string {
	if i := q.account.SelectedIndex(); i >= 0 && i < len(q.accounts) {
		return string(q.accounts[i].ID)
	}
	return ""
}

// accountChoice offers the accounts, and none of them as the last.
func accountChoice(accounts []vault.Account, id string) *kit.Select {
	names, at := make([]string, 0, len(accounts)+1), len(accounts)
	for i, a := range accounts {
		names = append(names, nameOf(a))
		if string(a.ID) == id {
			at = i
		}
	}
	sel := kit.NewSelect(append(names, words.T("An account that is not in this app")), nil)
	sel.SetSelectedIndex(at)
	return sel
}
