// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// keep takes the codes of the draft into the safe, which is unlocked.
func (s *Screen) keep() {
	n, old := s.draft.newSet(), s.draft.replaces
	n.Codes = copied(s.draft.codes)
	doing(s, words.T("Sealing the codes…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
		defer cleared(n.Codes)
		if _, err := safe.Set(old); err != nil {
			old = "" // removed meanwhile
		}
		if old != "" {
			return safe.Replace(ctx, old, n)
		}
		return safe.Keep(ctx, n)
	}, s.kept, s.toOffers)
}

// kept says that codes are here now.
func (s *Screen) kept(set backupcodes.Set) {
	s.draft.end(guide.Kept)
	m := kit.Message{
		What: words.N(set.First, "1 code is kept here, sealed.", "{n} codes are kept here, sealed."),
		Safe: words.T("They are in no snapshot and in no backup of your accounts."),
	}
	if _, beside := accountOf(s.accounts(), set.Account); beside { // R65
		m.Next = words.T("The key of this account is on this device, too. Print the codes as well, or save an encrypted copy on another drive.")
	}
	more := kit.NewButton(words.T("Print them as well"), func() { s.printSet(set.ID) })
	s.pages.Page(&kit.Sheet{
		Title: words.T("The codes are kept"), Content: kit.Rows(kit.Space8, kit.NewMessage(kit.Good, m), neverAsked()),
		Main: s.doneButton(), Others: []*kit.Button{more},
	})
}

// noting is the sheet that asks where codes are.
type noting struct {
	screen *Screen
	of     *subject // nil where it is known
	where  *kit.Entry
	count  *kit.Entry // nil where it is known
}

// note asks where the codes are; news is what was just done with them.
func (s *Screen) note(news string) {
	d := &s.draft
	n := &noting{screen: s, where: kit.NewEntry(words.T("In the safe at home"))}
	n.where.SetText(d.where)
	bad := says()
	var rows []fyne.CanvasObject
	if news != "" {
		rows = append(rows, kit.NewMessage(kit.Good, kit.Message{What: news}))
	}
	if len(d.codes) == 0 {
		n.of, n.count = s.newSubject(), kit.NewEntry("10")
		rows = append(rows, n.of.rows()...)
	}
	rows = append(rows, labelled(words.T("Where are they?"), n.where))
	if n.count != nil {
		rows = append(rows, labelled(words.T("How many are left? (may be empty)"), n.count))
	}
	submit := func() {
		if wrong, field := n.take(); wrong != "" {
			say(bad, wrong, s.Showing())
			s.Canvas().Focus(field)
			return
		}
		s.noteNow()
	}
	rows = append(rows, bad, kit.NewQuiet(words.T("The codes themselves are not kept here. Choose a place that you can reach when this device and your phone are gone.")))
	fields := []*kit.Entry{n.where}
	if n.of != nil {
		fields = append(fields, n.of.title, n.count)
	}
	for _, f := range fields {
		f.OnSubmitted = func(string) { submit() }
	}
	sh := &kit.Sheet{
		Title: words.T("Where are the codes?"), Content: kit.Rows(kit.Space8, rows...), First: n.where, Width: 480,
		Main: kit.NewMainButton(words.T("Note it"), submit), Others: []*kit.Button{s.cancelButton()},
	}
	if len(d.codes) > 0 && news == "" {
		sh.Others = append(sh.Others, kit.NewButton(words.T("Back"), s.toOffers))
	}
	s.pages.Page(sh)
}

// firstAccount is the account that codes are most likely for, "" for none.
func (s *Screen) firstAccount() string {
	for _, a := range sorted(s.accounts()) {
		if a.Kutano {
			return string(a.ID)
		}
	}
	return ""
}

// take takes over what was typed, or says what is wrong and where.
func (n *noting) take() (wrong string, at *kit.Entry) {
	d := &n.screen.draft
	if n.of != nil {
		title := strings.TrimSpace(n.of.title.Text)
		if title == "" {
			return words.T("Say what the codes are for."), n.of.title
		}
		account := n.of.chosen()
		if d.replaced != "" && account != d.account { // those of another account still work
			d.replaces, d.replaced = "", ""
		}
		d.title, d.account = title, account
	}
	d.where = strings.TrimSpace(n.where.Text)
	switch {
	case d.where == "":
		return words.T("Say where they are, so that you find them."), n.where
	case len([]rune(d.where)) > backupcodes.MaxText || len([]rune(d.title)) > backupcodes.MaxText:
		return words.T("That is too long: 200 characters are the most."), n.where
	case n.count == nil:
		return "", nil
	}
	count := strings.TrimSpace(n.count.Text)
	if count == "" {
		d.count = 0
		return "", nil
	}
	c, err := strconv.Atoi(count)
	if err != nil || c < 1 || c > backupcodes.MaxCodes {
		return words.T("Type a number from 1 to 64, or nothing."), n.count
	}
	d.count = c
	return "", nil
}

// noteNow notes where the codes of the draft are. Where they, or those that they
// replace, were here, the safe is unlocked first.
func (s *Screen) noteNow() {
	safe := s.Safe()
	if safe == nil {
		s.failed(errNotOpen, nil)
		return
	}
	old := s.draft.replaces
	if set, err := safe.Set(old); err != nil {
		old = ""
	} else if set.Place == backupcodes.Here && safe.Locked() {
		s.opened(s.noteNow, s.beforeNote)
		return
	}
	n := s.draft.newSet()
	if s.draft.first > n.Count {
		n.First = s.draft.first
	}
	doing(s, words.T("Noting it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
		if old == "" {
			return safe.Note(ctx, n)
		}
		return safe.Replace(ctx, old, n)
	}, s.noted, s.beforeNote)
}

// beforeNote goes back to what led to a note.
func (s *Screen) beforeNote() {
	if len(s.draft.holders) > 0 {
		s.divided()
		return
	}
	s.note("")
}

// noted says that it is noted.
func (s *Screen) noted(set backupcodes.Set) {
	moved := s.draft.from != ""
	s.draft.end(guide.Noted)
	s.pages.Close()
	if moved {
		s.Toast().Say(words.T("They are no longer here. For 30 days they can come back, under “More”."), 10)
		return
	}
	s.Toast().Say(words.T("Noted: {place}", "place", set.Where), 6)
}
