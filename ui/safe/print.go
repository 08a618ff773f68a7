// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// printing is a page that somebody wants on paper.
type printing struct {
	title, about string
	name         string // suggested for a file
	// draw is called on the user interface's goroutine, and returns the work that
	// draws the page with what it was given then.
	draw func() func(context.Context) ([]byte, error)
	done func(news string)
	back func()
}

// print asks whether to print a page or to save it. Whether there is a printer
// takes a moment to find out.
func (s *Screen) print(p printing) {
	s.pages.Busy(words.T("One moment"), words.T("Looking for a printer…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (bool, error) {
		return s.Paper.CanPrint(ctx), ctx.Err()
	}, func(can bool, err error) {
		if err != nil {
			p.back()
			return
		}
		s.askPrint(p, can)
	}, nil)
}

func (s *Screen) askPrint(p printing, can bool) {
	save := kit.NewMainButton(words.T("Save as PDF"), func() { s.savePage(p) })
	sh := &kit.Sheet{
		Title: p.title, Width: 480, Main: save,
		Others: []*kit.Button{kit.NewButton(words.T("Back"), p.back)},
	}
	next := words.T("No printer was found. Save the page, print it elsewhere, then delete the file.")
	if can {
		next = words.T("A printer may keep a copy for a day. A saved page can be read by anybody who finds it.")
		sh.Main = kit.NewMainButton(words.T("Print"), func() { s.printPage(p) })
		sh.Others = append(sh.Others, save)
		save.SetStyle(kit.Plain)
	}
	sh.Content = kit.Rows(kit.Space8, kit.NewText(p.about), kit.NewQuiet(next))
	sh.First = sh.Main
	s.pages.Page(sh)
}

func (s *Screen) printPage(p printing) {
	draw := p.draw()
	doing(s, words.T("Printing…"), func(ctx context.Context, _ *backupcodes.Safe) (bool, error) {
		pdf, err := draw(ctx)
		defer clear(pdf)
		if err != nil {
			return false, err
		}
		return true, s.Paper.Print(ctx, pdf)
	}, func(bool) {
		p.done(words.T("The page is on its way to the printer. Look whether it came out, and whether it can be read."))
	}, func() { s.print(p) })
}

func (s *Screen) savePage(p printing) {
	s.save(saving{
		title: words.T("Save the page"), name: p.name, secret: true,
		data: p.draw,
		done: func(string) {
			p.done(words.T("The page is saved. Print it from there, then delete the file."))
		},
		back: func() { s.print(p) },
	})
}

// codesPage is a page with the codes of the draft, which stay there.
func (s *Screen) codesPage() func() func(context.Context) ([]byte, error) {
	page := sheet.CodeList{Title: s.draft.title, Made: s.Clock.Now().Local()}
	if !s.draft.made.IsZero() {
		page.Made = s.draft.made.Local()
	}
	if a, ok := accountOf(s.accounts(), s.draft.account); ok && !strings.Contains(page.Title, a.Name) {
		page.Account = a.Name
	}
	return func() func(context.Context) ([]byte, error) {
		l := page
		l.Codes = copied(s.draft.codes)
		return func(context.Context) ([]byte, error) {
			defer cleared(l.Codes)
			return s.Paper.Codes(l)
		}
	}
}

// askPaper puts the codes of the draft on paper, then asks where that is.
func (s *Screen) askPaper(back func()) {
	n := len(s.draft.codes)
	s.print(printing{
		title: words.T("Print the codes"), name: "kutano-backup-codes.pdf", back: back,
		about: words.N(n, "A page with 1 code and how to use it. Lock it away where you can reach it without this device.",
			"A page with {n} codes and how to use them. Lock it away where you can reach it without this device."),
		draw: s.codesPage(), done: s.note,
	})
}

// printSet puts the unused codes of a set that is here on paper. They stay here.
func (s *Screen) printSet(id backupcodes.ID) {
	s.opened(func() {
		set, codes, err := s.unused(id)
		if err != nil {
			s.failed(err, s.pages.Close)
			return
		}
		s.draft.clear()
		s.draft = draft{title: set.Title, account: set.Account, from: id, made: set.Made}
		s.draft.setCodes(codes)
		s.print(printing{
			title: words.T("Print the codes"), name: "kutano-backup-codes.pdf", back: s.pages.Close,
			about: words.N(len(codes), "A page with the 1 code that is left. It stays here as well.",
				"A page with the {n} codes that are left. They stay here as well."),
			draw: s.codesPage(),
			done: func(news string) { s.told(words.T("Print the codes"), news) },
		})
	}, s.pages.Close)
}

// told ends with what was done.
func (s *Screen) told(title, news string) {
	s.pages.Page(&kit.Sheet{
		Title: title, Content: kit.NewMessage(kit.Good, kit.Message{What: news}), Main: s.doneButton(), Width: 480,
	})
}

// unused returns the codes of a set that were not used. The caller clears them.
func (s *Screen) unused(id backupcodes.ID) (backupcodes.Set, []secret.Value, error) {
	safe := s.Safe()
	if safe == nil {
		return backupcodes.Set{}, nil, errNotOpen
	}
	set, err := safe.Set(id)
	if err != nil {
		return set, nil, err
	}
	codes, err := safe.Codes(id)
	if err != nil {
		return set, nil, err
	}
	var all []secret.Value
	for i, c := range codes {
		if !c.Used.IsZero() {
			continue
		}
		code, err := safe.Reveal(id, i)
		if err != nil {
			cleared(all)
			return set, nil, err
		}
		all = append(all, code)
	}
	if len(all) == 0 {
		return set, nil, backupcodes.ErrNoneLeft
	}
	return set, all, nil
}
