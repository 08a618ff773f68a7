// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// Manage shows what can be done with a set.
func (s *Screen) Manage(id backupcodes.ID) {
	safe := s.Safe()
	if safe == nil {
		s.failed(errNotOpen, nil)
		return
	}
	set, err := safe.Set(id)
	if err != nil {
		s.failed(err, nil)
		return
	}
	s.pages.Close()
	l := lookOf(set, s.Clock.Now(), s.accounts())
	facts := kit.Rows(-kit.Space12, kit.NewText(l.place), kit.NewQuiet(l.left+" · "+words.T("entered on {date}", "date", dateOf(set.Made))))
	if !set.LastUsed.IsZero() {
		facts.Add(kit.NewQuiet(words.T("A code was used on {date}", "date", dateOf(set.LastUsed))))
	}
	links := kit.Rows(0, link(kit.IconNext, words.T("New codes in place of these…"), func() { s.Replace(id) }))
	add := func(icon kit.IconName, text string, do func()) { links.Add(link(icon, text, do)) }
	if set.Place == backupcodes.Here {
		if set.Left > 0 {
			add(kit.IconFile, words.T("Print a page…"), func() { s.printSet(id) })
			add(kit.IconOut, words.T("Save an encrypted copy…"), func() { s.export(id) })
			add(kit.IconSafe, words.T("Keep them elsewhere…"), func() { s.move(id) })
			add(kit.IconQR, words.T("Split among people…"), func() { s.split(id) })
		}
	} else {
		if !set.LastUsed.IsZero() {
			add(kit.IconUndo, words.T("Take back that one was used"), func() { s.unuseNoted(id) })
		}
		add(kit.IconCodes, words.T("Correct the number left…"), func() { s.count(id) })
		add(kit.IconSafe, words.T("Keep the codes here…"), func() { s.bringHere(id) })
	}
	add(kit.IconEdit, words.T("Change name or place…"), func() { s.edit(id) })
	add(kit.IconRemove, words.T("Remove…"), func() { s.askRemove(id) })
	s.pages.Page(&kit.Sheet{
		Title: set.Title, Width: 480, Content: kit.Rows(kit.Space8, facts, links),
		Others: []*kit.Button{kit.NewButton(words.T("Close"), s.pages.Close)},
	})
}

// Replace asks for new codes in the place of a set.
func (s *Screen) Replace(id backupcodes.ID) {
	if set, ok := s.begun(id, asked); ok {
		s.draft.title, s.draft.account = set.Title, set.Account
		s.enter()
	}
}

// bringHere asks for the codes of a note, to keep them here.
func (s *Screen) bringHere(id backupcodes.ID) {
	if set, ok := s.begun(id, here); ok {
		s.draft.title, s.draft.account, s.draft.where, s.draft.moves = set.Title, set.Account, set.Where, true
		s.enter()
	}
}

// begun begins a draft that takes the place of a set.
func (s *Screen) begun(id backupcodes.ID, w way) (backupcodes.Set, bool) {
	safe := s.Safe()
	if safe == nil {
		s.failed(errNotOpen, nil)
		return backupcodes.Set{}, false
	}
	set, err := safe.Set(id)
	if err != nil {
		s.failed(err, nil)
		return set, false
	}
	s.pages.Close()
	s.draft = draft{way: w, replaces: id, begun: id}
	return set, true
}

// move takes the codes of a set somewhere else.
func (s *Screen) move(id backupcodes.ID) {
	s.opened(func() {
		if s.takeOut(id) {
			s.askWhere()
		}
	}, s.pages.Close)
}

// split takes the codes of a set apart.
func (s *Screen) split(id backupcodes.ID) {
	s.opened(func() {
		if s.takeOut(id) {
			s.draft.way = shares
			s.askShares()
		}
	}, s.pages.Close)
}

// takeOut puts the unused codes of a set into the draft.
func (s *Screen) takeOut(id backupcodes.ID) bool {
	set, codes, err := s.unused(id)
	if err != nil {
		s.failed(err, nil)
		return false
	}
	s.draft.clear()
	s.draft = draft{title: set.Title, account: set.Account, replaces: id, begun: id, from: id, first: set.First, made: set.Made}
	s.draft.setCodes(codes)
	return true
}

// edit changes what a set is called, what it is for and where it is.
func (s *Screen) edit(id backupcodes.ID) {
	safe := s.Safe()
	set, err := safe.Set(id)
	if err != nil {
		s.failed(err, nil)
		return
	}
	if set.Place == backupcodes.Here && safe.Locked() {
		s.opened(func() { s.edit(id) }, s.pages.Close)
		return
	}
	title, where, bad := kit.NewEntry(words.T("Name of the set")), kit.NewEntry(words.T("In the safe at home")), says()
	title.SetText(set.Title)
	where.SetText(set.Where)
	accounts := sorted(s.accounts())
	account := accountChoice(accounts, set.Account)
	label := words.T("Where are they?")
	if set.Place == backupcodes.Here {
		label = words.T("Where is another copy? (may be empty)")
	}
	submit := func() {
		t, w := strings.TrimSpace(title.Text), strings.TrimSpace(where.Text)
		switch {
		case t == "":
			say(bad, words.T("Give the set a name first."), s.Showing())
			return
		case w == "" && set.Place == backupcodes.Elsewhere:
			say(bad, words.T("Say where they are, so that you find them."), s.Showing())
			return
		}
		of := set.Account
		if i := account.SelectedIndex(); i < len(accounts) {
			of = string(accounts[i].ID)
		} else if _, here := accountOf(accounts, of); here {
			of = ""
		}
		doing(s, words.T("Changing it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
			return safe.Edit(ctx, id, t, w, of)
		}, func(backupcodes.Set) { s.pages.Close() }, func() { s.edit(id) })
	}
	title.OnSubmitted = func(string) { submit() }
	where.OnSubmitted = func(string) { submit() }
	s.pages.Page(&kit.Sheet{
		Title: words.T("Change name or place"), Width: 480, First: title,
		Content: kit.Rows(kit.Space8, labelled(words.T("Name of the set"), title), labelled(words.T("For"), shrinks(account)),
			labelled(label, where), bad),
		Main: kit.NewMainButton(words.T("Save"), submit), Others: []*kit.Button{s.cancelButton()},
	})
}

// askRemove asks, and removes a set for 30 days.
func (s *Screen) askRemove(id backupcodes.ID) {
	set, err := s.Safe().Set(id)
	if err != nil {
		s.failed(err, nil)
		return
	}
	says := words.T("It can be brought back for 30 days, under “More”. The codes go on working at the service until new ones are made there.")
	cancel := s.cancelButton()
	s.pages.Page(&kit.Sheet{
		Title: words.T("Remove {title}?", "title", set.Title), Content: kit.NewText(says), Width: 480,
		Main: kit.NewDangerButton(words.T("Remove"), func() { s.remove(set) }), Others: []*kit.Button{cancel}, First: cancel,
	})
}

func (s *Screen) remove(set backupcodes.Set) {
	do := func() {
		doing(s, words.T("Removing it…"), func(ctx context.Context, safe *backupcodes.Safe) (bool, error) {
			return true, safe.Remove(ctx, set.ID)
		}, func(bool) {
			s.pages.Close()
			s.Toast().Offer(words.T("Removed: {title}", "title", set.Title), words.T("Undo"), func() { s.restore(set) }, 10)
		}, s.pages.Close)
	}
	s.openedFor(set, do)
}

// openedFor goes on once the safe is unlocked, where a set needs it.
func (s *Screen) openedFor(set backupcodes.Set, do func()) {
	if set.Place == backupcodes.Here {
		s.opened(do, s.pages.Close)
		return
	}
	do()
}

// restore brings a removed set back.
func (s *Screen) restore(set backupcodes.Set) {
	s.openedFor(set, func() {
		doing(s, words.T("Bringing it back…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
			return safe.Restore(ctx, set.ID)
		}, func(set backupcodes.Set) {
			s.pages.Close()
			s.Toast().Say(words.T("{name} is back", "name", set.Title), 3)
		}, s.pages.Close)
	})
}

// Removed lists the sets that can be brought back.
func (s *Screen) Removed() {
	s.pages.Close()
	safe := s.Safe()
	if safe == nil {
		s.failed(errNotOpen, nil)
		return
	}
	var rows []fyne.CanvasObject
	for _, set := range safe.Removed() {
		back := kit.NewButton(words.T("Bring back"), func() { s.restore(set) })
		back.Spoken = words.T("Bring back {title}", "title", set.Title)
		texts := kit.Rows(-kit.Space12, bold(set.Title), kit.NewQuiet(leftOf(set)+" · "+words.T("goes for good on {date}", "date", dateOf(set.Until()))))
		rows = append(rows, container.NewBorder(nil, nil, nil, container.NewCenter(back), texts))
	}
	s.pages.Page(&kit.Sheet{
		Title: words.T("Removed sets"), Content: kit.Rows(kit.Space12, rows...), Width: 480,
		Others: []*kit.Button{kit.NewButton(words.T("Close"), s.pages.Close)},
	})
}

// useNoted counts down a note.
func (s *Screen) useNoted(id backupcodes.ID) {
	doing(s, words.T("Noting it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
		return safe.UseNoted(ctx, id)
	}, func(set backupcodes.Set) {
		s.pages.Close()
		text := words.T("Noted. New codes are advised.")
		if set.Known() {
			text = words.N(set.Left, "Noted. 1 code is left.", "Noted. {n} codes are left.")
		}
		s.Toast().Offer(text, words.T("Undo"), func() { s.unuseNoted(id) }, 10)
	}, s.pages.Close)
}

func (s *Screen) unuseNoted(id backupcodes.ID) {
	doing(s, words.T("Noting it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
		return safe.UnuseNoted(ctx, id)
	}, func(set backupcodes.Set) {
		s.pages.Close()
		text := words.T("It counts as unused again.")
		if set.Known() {
			text = words.N(set.Left, "1 code is left again.", "{n} codes are left again.")
		}
		s.Toast().Say(text, 4)
	}, s.pages.Close)
}

// count asks how many codes of a note are left.
func (s *Screen) count(id backupcodes.ID) {
	set, err := s.Safe().Set(id)
	if err != nil {
		s.failed(err, nil)
		return
	}
	left, all, bad := kit.NewEntry(""), kit.NewEntry(""), says()
	if set.Known() {
		left.SetText(strconv.Itoa(set.Left))
		all.SetText(strconv.Itoa(set.First))
	}
	submit := func() {
		l, errL := strconv.Atoi(strings.TrimSpace(left.Text))
		a, errA := strconv.Atoi(strings.TrimSpace(all.Text))
		if errL != nil || errA != nil || l < 0 || a < max(l, 1) || a > backupcodes.MaxCodes {
			say(bad, words.T("Type two numbers up to 64. No more can be left than there were."), s.Showing())
			return
		}
		doing(s, words.T("Noting it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
			return safe.Count(ctx, id, a, l)
		}, func(backupcodes.Set) { s.pages.Close() }, func() { s.count(id) })
	}
	left.OnSubmitted = func(string) { s.Canvas().Focus(all) }
	all.OnSubmitted = func(string) { submit() }
	s.pages.Page(&kit.Sheet{
		Title: words.T("How many are left?"), Width: 400, First: left,
		Content: kit.Rows(kit.Space8, kit.AdaptiveGap(300, kit.Space8, labelled(words.T("Left"), left), labelled(words.T("At first"), all)), bad),
		Main:    kit.NewMainButton(words.T("Save"), submit), Others: []*kit.Button{s.cancelButton()},
	})
}
