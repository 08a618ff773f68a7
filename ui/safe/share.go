// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/backupcodes/split"
)

// holder is somebody who gets a share.
type holder struct {
	name  string
	share split.Share
	has   bool // the page was printed or saved
}

// names are the names in a text, one a line, each once.
func names(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if name := strings.TrimSpace(line); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// dividing is the sheet that asks who gets a share.
type dividing struct {
	screen *Screen
	field  *kit.Entry
	need   *kit.Select
}

// askShares asks who gets a share of the codes of the draft.
func (s *Screen) askShares() {
	d := &dividing{screen: s, field: kit.NewTextArea(words.T("One name a line")), need: kit.NewSelect(nil, nil)}
	d.field.SetMinRowsVisible(4)
	d.field.SetText(strings.Join(s.draft.people, "\n"))
	d.field.OnChanged = func(string) { d.offer() }
	d.offer()
	if s.draft.need > split.Least {
		d.need.SetSelectedIndex(s.draft.need - split.Least)
	}
	bad := says()
	submit := func() {
		people := names(d.field.Text)
		if n := len(people); n < split.Least || n > split.Most {
			say(bad, words.T("Name 2 to 10 people, one a line."), s.Showing())
			s.Canvas().Focus(d.field)
			return
		}
		s.draft.people, s.draft.need = people, d.need.SelectedIndex()+split.Least
		s.divide()
	}
	s.pages.Page(&kit.Sheet{
		Title: words.T("Split them among people"), First: d.field,
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("Each person gets a page that is worth nothing alone. When so many of them come together as you choose here, the codes can be read again.")),
			labelled(words.T("Who gets one?"), d.field), labelled(words.T("How many have to come together?"), kit.AtLeft(d.need)), bad,
			kit.NewQuiet(words.T("Choose people who do not live together, and fewer than all: a page can get lost."))),
		Main:   kit.NewMainButton(words.T("Continue"), submit),
		Others: []*kit.Button{s.cancelButton(), kit.NewButton(words.T("Back"), s.beforeShares)},
	})
}

// beforeShares goes back to where splitting was chosen.
func (s *Screen) beforeShares() {
	if s.draft.way == shares && s.draft.from != "" {
		s.Manage(s.draft.from)
		return
	}
	s.toOffers()
}

// offer offers how many are needed, as far as there are people.
func (d *dividing) offer() {
	n := min(max(len(names(d.field.Text)), split.Least+1), split.Most)
	at := max(d.need.SelectedIndex(), 0)
	d.need.Options = nil
	for k := split.Least; k <= n; k++ {
		d.need.Options = append(d.need.Options, words.T("{k} of {n}", "k", k, "n", n))
	}
	d.need.SetSelectedIndex(min(at, len(d.need.Options)-1))
	d.need.Refresh()
}

// divide makes the shares.
func (s *Screen) divide() {
	n := backupcodes.New{Title: s.draft.title, Codes: copied(s.draft.codes)}
	need, people := s.draft.need, s.draft.people
	doing(s, words.T("Splitting the codes…"), func(context.Context, *backupcodes.Safe) ([]split.Share, error) {
		defer cleared(n.Codes)
		return backupcodes.Divide(n, need, len(people))
	}, func(all []split.Share) {
		s.draft.clearHolders()
		for i, share := range all {
			s.draft.holders = append(s.draft.holders, holder{name: people[i], share: share})
		}
		s.handOut("")
	}, s.askShares)
}

// handOut shows who has a page already.
func (s *Screen) handOut(news string) {
	var rows []fyne.CanvasObject
	if news != "" {
		rows = append(rows, kit.NewMessage(kit.Good, kit.Message{What: news}))
	}
	rows = append(rows, kit.NewText(words.T("Print or save a page for each, and hand them over. On each stands how many are needed and how they are put together.")))
	left := 0
	var first fyne.Focusable
	for i := range s.draft.holders {
		h := &s.draft.holders[i]
		b := kit.NewButton(words.T("Page…"), func() { s.pageFor(h) })
		b.Spoken = words.T("Page for {name}", "name", h.name)
		icon, in := kit.IconFile, theme.ColorNamePlaceHolder
		if h.has {
			icon, in = kit.Good.Icon()
			b.SetText(words.T("Once more…"))
		} else {
			left++
			if first == nil {
				first = b
			}
		}
		name := kit.NewLine(words.T("{n} of {all}: {name}", "n", h.share.Index, "all", h.share.Of, "name", h.name))
		rows = append(rows, container.NewBorder(nil, nil, container.NewCenter(kit.NewIcon(icon, in, 24)), container.NewCenter(b), name))
	}
	next := kit.NewMainButton(words.T("Test them"), s.testShares)
	sh := &kit.Sheet{
		Title: words.T("A page for each"), Content: kit.Rows(kit.Space8, rows...), Width: 480, First: first,
		Main: next, Others: []*kit.Button{s.cancelButton(), kit.NewButton(words.T("Without a test"), s.divided)},
	}
	if left > 0 {
		next.Disable()
		sh.Others[1].Disable()
	} else {
		sh.First = next
	}
	s.pages.Page(sh)
}

// pageFor puts one person's share on paper.
func (s *Screen) pageFor(h *holder) {
	made, owner := s.Clock.Now(), s.draft.title
	s.print(printing{
		title: words.T("The page for {name}", "name", h.name), name: fmt.Sprintf("kutano-share-%d.pdf", h.share.Index),
		about: words.N(h.share.Need, "Alone it is worth nothing: {n} of the pages are needed.", "Alone it is worth nothing: {n} of the pages are needed."),
		draw: func() func(context.Context) ([]byte, error) {
			text := h.share.Text()
			return func(ctx context.Context) ([]byte, error) {
				defer text.Clear()
				mine, err := split.Parse(text)
				if err != nil {
					return nil, err
				}
				defer mine.Clear()
				return s.Paper.Share(ctx, sheet.SharePaper{Share: mine, Owner: owner, Holder: h.name, Made: made.Local()})
			}
		},
		done: func(news string) {
			h.has = true
			s.handOut(news)
		},
		back: func() { s.handOut("") },
	})
}

// testShares asks for as many pages as are needed, to see whether they bring
// the codes back.
func (s *Screen) testShares() {
	s.joining.clear()
	s.joining = joining{test: true}
	s.askShare("")
}

// divided notes that the codes are split, once it is known whether they also stay
// here.
func (s *Screen) divided() {
	d := &s.draft
	d.where = words.T("Split among {names}: any {k} of them bring it back", "names", strings.Join(d.people, ", "), "k", d.need)
	if r := []rune(d.where); len(r) > backupcodes.MaxText {
		d.where = string(r[:backupcodes.MaxText-1]) + "…"
	}
	if d.from == "" {
		s.noteNow()
		return
	}
	both := kit.NewDoor(kit.IconSafe, words.T("Here as well"), words.T("Sealed, as before. The pages are for the day when this device is gone."), s.stayHere)
	only := kit.NewDoor(kit.IconQR, words.T("Only on the pages"), words.T("They go from here. For 30 days they can come back."), s.noteNow)
	s.pages.Page(&kit.Sheet{
		Title: words.T("Where shall the codes be now?"), Content: kit.Rows(kit.Space12, both, only), First: both, Width: 480,
		Others: []*kit.Button{s.cancelButton()},
	})
}

// stayHere notes beside a set that is here that it is split as well.
func (s *Screen) stayHere() {
	id, title, where, account := s.draft.from, s.draft.title, s.draft.where, s.draft.account
	s.opened(func() {
		doing(s, words.T("Noting it…"), func(ctx context.Context, safe *backupcodes.Safe) (backupcodes.Set, error) {
			return safe.Edit(ctx, id, title, where, account)
		}, func(backupcodes.Set) {
			s.pages.Close()
			s.Toast().Say(words.T("The codes are split, and stay here as well."), 6)
		}, s.divided)
	}, s.divided)
}

// shareSentence says what is wrong with a share, and what to do.
func shareSentence(err error) string {
	m := messageOf(err)
	return m.What + " " + m.Next
}
