// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// readinessFacts are what the window knows, with what was said here.
func (p *Page) readinessFacts() readiness.Facts {
	var f readiness.Facts
	if p.Readiness != nil {
		f = p.Readiness()
	}
	if f.Method == readiness.Unknown {
		f.Method = p.upkeep.Method
	}
	f.OtherDevice = p.upkeep.OtherDevice
	f.KeyHere = f.KeyHere || len(p.accounts()) > 0
	return f
}

// readinessCard counts the ways back in, and leads to the one that is missing.
// R58 R67 R68
func (p *Page) readinessCard() fyne.CanvasObject {
	c := readiness.Of(p.readinessFacts())
	tone := kit.Look
	if c.Good || p.readinessFacts().Method == readiness.Off {
		tone = kit.Good
	}
	name, in := tone.Icon()
	headline := kit.NewText(c.Headline)
	headline.TextStyle.Bold = true
	rows := kit.Rows(0, container.NewBorder(nil, nil, guided.Signed(kit.NewIcon(name, in, 22)), nil, headline))
	for _, w := range c.Ways {
		rows.Add(wayLine(w))
	}
	if c.Missing != "" {
		rows.Add(kit.VGap(kit.Space8))
		rows.Add(kit.NewText(c.Missing))
		if do := p.leadTo(c.Next); do != nil {
			rows.Add(kit.Inset(guided.Line(kit.NewButton(leadWord(c.Next), do)), kit.Space4, 0, kit.Space4, 0))
		}
	}
	return kit.NewCard(rows)
}

func wayLine(w readiness.Way) fyne.CanvasObject {
	var sign fyne.CanvasObject = kit.NewIcon(kit.IconCheck, theme.ColorNameSuccess, 18)
	if !w.Have {
		dash := widget.NewLabel("–")
		dash.Alignment = fyne.TextAlignCenter
		sign = container.NewGridWrap(fyne.NewSize(18, 18), container.NewCenter(dash))
	}
	title := kit.NewText(w.Name)
	why := kit.NewQuiet(w.Why)
	return container.NewBorder(nil, nil, kit.Inset(guided.Signed(sign), 0, 0, 2, 2), nil, kit.Rows(-kit.Space12-2, title, why))
}

func leadWord(k readiness.Kind) string {
	switch k {
	case readiness.Codes:
		return words.T("See to the backup codes")
	case readiness.Device:
		return words.T("Answer now")
	case readiness.Recovery:
		return words.T("See to the recovery key")
	}
	return words.T("How to reach them")
}

// leadTo returns what makes a missing way back in, or nil.
func (p *Page) leadTo(k readiness.Kind) func() {
	if k == readiness.Device && p.upkeep.OtherDevice == "" {
		return p.askDevice
	}
	if p.Lead != nil {
		if do := p.Lead(k); do != nil {
			return do
		}
	}
	switch k {
	case readiness.Codes:
		return func() { p.Begin(guide.NewCodes) }
	case readiness.Device:
		return p.askDevice
	}
	return nil
}

// askDevice asks whether another device makes the codes, too. R67
func (p *Page) askDevice() {
	yes := kit.NewMainButton(words.T("Yes"), func() { p.answerDevice(readiness.Yes) })
	title, says := p.deviceQuestion()
	p.pages.Page(&kit.Sheet{
		Title: title, Content: kit.NewText(says), Main: yes,
		Others: []*kit.Button{kit.NewButton(words.T("No"), func() { p.answerDevice(readiness.No) })},
	})
}

func (p *Page) deviceQuestion() (title, says string) {
	if p.readinessFacts().Method == readiness.SMS {
		return words.T("Is your phone another device than this one?"),
			words.T("The text messages come to your phone. If this is not your phone, losing this device locks nobody out.")
	}
	return words.T("Does another device make your codes, too?"),
		words.T("A second phone or computer that has the same key: you scanned the same QR code there, or moved the account.")
}

func (p *Page) answerDevice(a readiness.Answer) {
	p.pages.Close()
	p.remember(func(s *upkeep.State) { s.OtherDevice = a })
	p.refresh()
	p.focus()
}

// summaryPiece is the last page: the ways back in, and in a review the question
// about another device.
type summaryPiece struct {
	guided.Still
	page *Page
}

func (s *summaryPiece) Draw() guided.Drawn {
	p := s.page
	rows := []fyne.CanvasObject{p.readinessCard()}
	if p.run.Entry().Name == guide.Review || p.upkeep.OtherDevice == "" {
		rows = append(rows, s.question())
	}
	codes := kit.NewButton(words.T("Go to my codes"), func() {
		p.finish()
		p.Home()
	})
	return guided.Drawn{
		Object: kit.Rows(kit.Space12, rows...), Own: true,
		Main: kit.NewMainButton(words.T("Done"), p.finish), Others: []*kit.Button{codes},
	}
}

// question asks on the page itself; the answer that was given is marked.
func (s *summaryPiece) question() fyne.CanvasObject {
	p := s.page
	title, says := p.deviceQuestion()
	answer := func(a readiness.Answer, text string) fyne.CanvasObject {
		b := kit.NewButton(text, func() { p.answerDevice(a) })
		if p.upkeep.OtherDevice == a {
			b.SetIcon(kit.IconCheck)
			b.Spoken = words.T("{answer}, as you said before", "answer", text)
		}
		return b
	}
	heading := kit.NewText(title)
	heading.TextStyle.Bold = true
	return kit.NewCard(kit.Rows(0, heading, kit.NewQuiet(says),
		kit.Inset(guided.Line(answer(readiness.Yes, words.T("Yes")), answer(readiness.No, words.T("No"))), kit.Space8, 0, kit.Space4, 0)))
}
