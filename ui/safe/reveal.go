// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// shown is the code on the screen.
type shown struct {
	id    backupcodes.ID
	at    int // which of the set's codes
	codes []backupcodes.Code
	open  bool // it can be read now
	until time.Time
	busy  bool
	news  string // what was just done
	spent int    // the code that was just marked as used, to be undone; -1 is none

	code   *widget.Label
	left   *widget.Label
	width  int
	toggle *kit.Button
}

// ShowCode shows one unused code of a set.
func (s *Screen) ShowCode(id backupcodes.ID) {
	s.opened(func() {
		s.shown = &shown{id: id, at: -1, spent: -1}
		s.showNext(1)
	}, s.pages.Close)
}

// load looks which codes of the set there are.
func (s *Screen) load() error {
	safe := s.Safe()
	if safe == nil {
		return errNotOpen
	}
	codes, err := safe.Codes(s.shown.id)
	if err != nil {
		return err
	}
	s.shown.codes = codes
	return nil
}

// showNext shows the next unused code in one direction, 1 or -1, and begins again
// at the end.
func (s *Screen) showNext(by int) {
	if err := s.load(); err != nil {
		s.failed(err, nil)
		return
	}
	q, n := s.shown, len(s.shown.codes)
	at := q.at
	for range n {
		at = (at + by + n) % n
		if q.codes[at].Used.IsZero() {
			q.at, q.open = at, true
			s.showSheet()
			return
		}
	}
	q.at, q.open = -1, false
	s.showSheet()
}

// showSheet shows where the set stands, with the code at hand where it is open.
func (s *Screen) showSheet() {
	q, safe := s.shown, s.Safe()
	set, err := safe.Set(q.id)
	if err != nil {
		s.failed(err, nil)
		return
	}
	s.touch()
	open := q.open // the sheet before hides its code when it goes
	q.code = nil
	sh := &kit.Sheet{Title: set.Title, Width: 480}
	rows := s.newsRows(set)
	if q.at >= 0 {
		rows = append(rows, s.codeRows(set, sh)...)
	} else {
		rows = append(rows, kit.NewText(words.T("No code is left to show.")))
		sh.Main = s.doneButton()
	}
	rows = append(rows, s.usedRows()...)
	sh.Content = kit.Rows(kit.Space8, append(rows, neverAsked())...)
	code := q.code
	s.pages.Page(sh, func() {
		if code != nil {
			code.SetText("")
		}
	})
	if code != nil && open {
		s.reveal()
	}
}

// codeRows are the code, what is done with it, and the way to the next.
func (s *Screen) codeRows(set backupcodes.Set, sh *kit.Sheet) []fyne.CanvasObject {
	q := s.shown
	q.code, q.left = newBigCode(), centred(kit.NewQuiet(""))
	place := centred(kit.NewQuiet(words.T("Code {n} of {all} · {left} unused", "n", q.at+1, "all", len(q.codes), "left", set.Left)))
	q.toggle = kit.NewButton("", s.toggle)
	copies := kit.NewButton(words.T("Copy"), s.copy)
	copies.SetIcon(kit.IconCopy)
	used := kit.NewButton(words.T("I used it"), s.useShown)
	used.SetIcon(kit.IconCheck)
	s.setToggle()
	sh.Main = s.doneButton()
	sh.First = sh.Main // a hasty Enter must mark nothing as used
	rows := []fyne.CanvasObject{
		place, kit.NewCard(q.code), q.left,
		kit.AdaptiveGap(340, kit.Space8, used, q.toggle, copies),
	}
	if set.Left > 1 {
		back := kit.NewQuietButton(words.T("Previous"), func() { s.turnTo(-1) })
		next := kit.NewQuietButton(words.T("Next"), func() { s.turnTo(1) })
		rows = append(rows, container.NewCenter(kit.Cols(kit.Space8, back, next)))
	}
	return rows
}

func (s *Screen) turnTo(by int) {
	s.shown.news, s.shown.spent = "", -1
	s.showNext(by)
}

// newsRows say what was just done, and advise new codes after one was used. R71.
func (s *Screen) newsRows(set backupcodes.Set) []fyne.CanvasObject {
	q := s.shown
	if q.news == "" {
		return nil
	}
	m := kit.Message{What: q.news}
	links := kit.Rows(-kit.Space4)
	if q.spent >= 0 {
		spent := q.spent
		links.Add(link(kit.IconUndo, words.T("Take it back"), func() { s.unuse(spent) }))
		l := lookOf(set, s.Clock.Now(), s.accounts())
		m.Next = l.next
		if l.kutano {
			links.Add(link(kit.IconNext, words.T("Make new ones"), s.toGuide))
		}
	}
	return []fyne.CanvasObject{kit.NewMessage(kit.Good, m), kit.Inset(links, 0, 0, kit.Space24, 0)}
}

// usedRows list the used codes with their dates, folded away. The codes
// themselves are not shown: they are worth nothing.
func (s *Screen) usedRows() []fyne.CanvasObject {
	rows := kit.Rows(0)
	for i, c := range s.shown.codes {
		if c.Used.IsZero() {
			continue
		}
		back := kit.NewQuietButton(words.T("Take it back"), func() { s.unuse(i) })
		back.Spoken = words.T("Take back that code {n} was used", "n", i+1)
		rows.Add(container.NewBorder(nil, nil, nil, back,
			kit.NewLine(words.T("Code {n}: used on {date}", "n", i+1, "date", dateOf(c.Used)))))
	}
	n := len(rows.Objects)
	if n == 0 {
		return nil
	}
	fold := kit.NewFold(words.N(n, "1 code was used", "{n} codes were used"), rows)
	fold.Changed = func(bool) { s.Showing().Fit() }
	return []fyne.CanvasObject{fold.Object()}
}

// newBigCode is a code in large letters that are told apart well. A long one
// takes several lines.
func newBigCode() *widget.Label {
	l := centred(widget.NewLabel(""))
	l.SizeName = kit.SizeCode
	l.TextStyle.Monospace = true
	l.Wrapping = fyne.TextWrapBreak
	return l
}

func centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	return l
}

func (s *Screen) setToggle() {
	q := s.shown
	q.toggle.Text, q.toggle.Icon = words.T("Hide"), kit.IconEyeOff
	if !q.open {
		q.toggle.Text, q.toggle.Icon = words.T("Show"), kit.IconEye
	}
	q.toggle.Refresh()
}

// reveal puts the code on the screen for a while.
func (s *Screen) reveal() {
	q := s.shown
	if s.Veiled != nil && s.Veiled() {
		s.hideCode()
		return
	}
	code, err := s.Safe().Reveal(q.id, q.at)
	if err != nil {
		s.failed(err, nil)
		return
	}
	defer code.Clear()
	q.open, q.until = true, s.Clock.Now().Add(showFor)
	q.width = len([]rune(code.Reveal()))
	q.code.SetText(kit.GroupCode(code.Reveal()))
	s.setToggle()
	s.tickShown(s.Clock.Now())
}

// hideCode takes the code off the screen.
func (s *Screen) hideCode() {
	q := s.shown
	if q == nil || q.code == nil {
		return
	}
	q.open = false
	q.code.SetText(dots(q.width))
	q.left.SetText("")
	s.setToggle()
}

// dots stand for a code with so many letters.
func dots(width int) string { return strings.Repeat("•", max(min(width, 12), 6)) }

// Veil takes codes off the screen, because another window is in front.
func (s *Screen) Veil() {
	s.hideCode()
	s.veilGrid()
}

func (s *Screen) toggle() {
	s.touch()
	if s.shown.open {
		s.hideCode()
		return
	}
	s.reveal()
}

// tickShown counts down how long the code stays.
func (s *Screen) tickShown(now time.Time) {
	q := s.shown
	if q == nil || q.code == nil || !q.open {
		return
	}
	left := q.until.Sub(now)
	if left <= 0 || left > showFor {
		s.hideCode()
		return
	}
	secs := int((left + time.Second - 1) / time.Second)
	q.left.SetText(words.N(secs, "Hides in 1 second", "Hides in {n} seconds"))
}

// copy puts the code into the clipboard, which is cleared after a while.
func (s *Screen) copy() {
	s.touch()
	code, err := s.Safe().Reveal(s.shown.id, s.shown.at)
	if err != nil {
		s.failed(err, nil)
		return
	}
	defer code.Clear()
	s.Copy(code.Reveal())
	s.sayCopied()
}

// useShown notes that the code on the screen was used.
func (s *Screen) useShown() {
	at := s.shown.at
	s.mark(at, func(ctx context.Context, safe *backupcodes.Safe, id backupcodes.ID) (backupcodes.Set, error) {
		return safe.Use(ctx, id, at)
	}, func(set backupcodes.Set) {
		s.shown.news, s.shown.spent = words.N(set.Left, "Noted as used. 1 code is left.", "Noted as used. {n} codes are left."), at
	})
}

// unuse takes back that a code was used.
func (s *Screen) unuse(at int) {
	s.mark(at, func(ctx context.Context, safe *backupcodes.Safe, id backupcodes.ID) (backupcodes.Set, error) {
		return safe.Unuse(ctx, id, at)
	}, func(backupcodes.Set) {
		s.shown.news, s.shown.spent = words.T("Code {n} counts as unused again.", "n", at+1), -1
	})
}

// mark changes whether a code was used. It goes on when the sheet is left
// meanwhile, since it was asked for.
func (s *Screen) mark(at int, work func(context.Context, *backupcodes.Safe, backupcodes.ID) (backupcodes.Set, error), then func(backupcodes.Set)) {
	q, safe := s.shown, s.Safe()
	if q.busy || safe == nil {
		return
	}
	id := q.id
	q.busy = true
	s.hideCode()
	s.pages.Busy(words.T("One moment"), words.T("Noting it…"), s.pages.Close)
	kit.Work(&s.pages, func(ctx context.Context) (backupcodes.Set, error) {
		return work(context.WithoutCancel(ctx), safe, id)
	}, func(set backupcodes.Set, err error) {
		q.busy = false
		s.changed()
		if err != nil {
			s.failed(err, nil)
			return
		}
		then(set)
		q.at, q.open = at, false
		s.afterMark()
	}, func(backupcodes.Set) { s.changed() })
}

// afterMark shows the set again, with the next code hidden.
func (s *Screen) afterMark() {
	if err := s.load(); err != nil {
		s.failed(err, nil)
		return
	}
	q, n := s.shown, len(s.shown.codes)
	for i := range n {
		if at := (q.at + i) % n; q.codes[at].Used.IsZero() {
			q.at = at
			s.showSheet()
			s.hideCode()
			return
		}
	}
	q.at = -1
	s.showSheet()
}
