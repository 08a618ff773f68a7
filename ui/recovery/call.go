// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// callPiece is the prepared call beside what its step says: the check phrase and the
// report. R58 R59
type callPiece struct {
	guided.Still
	page  *Page
	shown standing.Standing
	seen  time.Time // when the linked service was
	ok    bool
	fold  *kit.Fold
}

func newCallPiece(p *Page) *callPiece { return &callPiece{page: p} }

// standing is how things stand now; ok is false until it was looked.
func (p *Page) standing() (st standing.Standing, ok bool) {
	if !p.now.at {
		return standing.Standing{}, false
	}
	s := p.now.Sources.Sources
	s.Last, s.LinkErr = p.tried.Last, p.asked.or(s)
	return standing.Of(s), true
}

// Tick shows other words once things stand otherwise.
func (c *callPiece) Tick(time.Time) {
	if st, ok := c.page.standing(); ok != c.ok || st != c.shown || ok && !c.page.seenAt().Equal(c.seen) {
		c.page.redraw()
	}
}

// Draw shows the words.
func (c *callPiece) Draw() guided.Drawn {
	p := c.page
	c.shown, c.ok = p.standing()
	if !c.ok {
		return guided.Drawn{Object: kit.NewCard(kit.NewText(words.T("Looking…")))}
	}
	rows := kit.Rows(0,
		kit.NewTitle(words.T("Your check phrase")),
		kit.NewText(words.T("Your helpdesk asks for these six words, in order. They say how things stand here, and nothing secret.")))
	if ph, err := phrase.Encode(c.shown); err != nil {
		rows.Add(guided.Trouble(err))
	} else {
		rows.Add(kit.Inset(phraseTable(ph.Lines(words.Current())), kit.Space8, kit.Space8, kit.Space8, kit.Space8))
		rows.Add(kit.NewText(words.T("Read them aloud like this: the number, then the word. Where a word is not understood, read its three digits one by one.")))
	}
	rows.Add(kit.VGap(kit.Space8))
	rows.Add(c.tells())
	c.seen = p.seenAt()
	if !c.seen.IsZero() {
		rows.Add(kit.NewText(words.T("The words go by what the linked service said at {time}.", "time", c.seen.Local().Format("2006-01-02 15:04"))))
	}
	if trouble := p.askTrouble(); trouble != nil {
		rows.Add(trouble)
	}
	if ask := p.askButton(); ask != nil {
		rows.Add(kit.Inset(guided.Line(ask), kit.Space8, 0, kit.Space4, 0))
	}
	save := kit.NewButton(words.T("Save a report"), p.showReport)
	save.SetIcon(kit.IconFile)
	rows.Add(kit.VGap(kit.Space8))
	rows.Add(kit.NewText(words.T("If there is a ticket, you can add a report without names or keys.")))
	rows.Add(kit.Inset(guided.Line(save), kit.Space8, 0, kit.Space4, 0))
	return guided.Drawn{Object: kit.NewCard(rows)}
}

// tells says what the words say, for who wants to know before it is read out.
func (c *callPiece) tells() fyne.CanvasObject {
	rows := kit.Rows(-kit.Space12)
	for _, l := range standing.Say(c.shown) {
		rows.Add(kit.NewQuiet(words.T("{field}: {value}", "field", l.Name, "value", l.Text)))
	}
	open := c.fold != nil && c.fold.Open()
	c.fold = kit.NewFold(words.T("What the words mean"), rows)
	c.fold.SetOpen(open)
	c.fold.Changed = func(bool) {
		c.page.redraw() // the lines were never laid out while they were away
		c.page.Canvas().Focus(c.fold.Head)
	}
	return c.fold.Object()
}

// phraseTable are the six words in big type, numbered, with their digits.
func phraseTable(lines []phrase.Line) fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, l := range lines {
		number := kit.NewQuiet(strconv.Itoa(l.Place) + ".")
		number.Wrapping = fyne.TextWrapOff
		word := widget.NewLabel(l.Word)
		word.SizeName = sizeWord
		word.TextStyle.Bold = true
		digits := kit.NewQuiet(l.Digits)
		digits.Wrapping, digits.TextStyle.Monospace = fyne.TextWrapOff, true
		all = append(all, kit.Rows(-kit.Space12, number, word, digits))
	}
	return cells(all)
}

// showReport shows the whole report before it can be saved.
func (p *Page) showReport() {
	if p.Look == nil {
		return
	}
	p.pages.Busy(words.T("Report for your helpdesk"), words.T("Looking…"), p.pages.Close)
	look, last := p.Look(true), p.tried.Last
	kit.Work(&p.pages, look, func(s report.Sources, err error) {
		if err != nil {
			p.failed(err)
			return
		}
		s.Last, s.LinkErr = last, p.asked.or(s.Sources)
		p.reportPage(report.New(s))
	}, nil)
}
