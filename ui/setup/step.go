// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
)

// show draws the step at hand.
func (p *Page) show() {
	p.step = p.run.Step()
	if p.piece == nil {
		p.piece = p.live(p.step.Live)
	}
	p.Doors, p.Resume = nil, nil
	d := p.drawn()
	rows := []fyne.CanvasObject{p.head(), container.New(&beside{}, p.words(), kit.NewPicture(string(p.step.Picture)))}
	if p.step.Picture == "" {
		rows[1] = p.words()
	}
	if d.object != nil {
		rows = append(rows, d.object)
	}
	p.Main, p.Others = d.main, d.others
	bs := p.buttons()
	if len(p.step.Cards) > 0 {
		rows = append(rows, p.cards())
	}
	if len(bs) > 0 {
		rows = append(rows, kit.Inset(container.New(&line{}, bs...), 0, 0, kit.Space8, kit.Space8))
	}
	rows = append(rows, p.foot())
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space16, rows...)}
	p.body.Refresh()
}

// drawn is what the live piece shows, with the step's own choices where it has no
// buttons.
func (p *Page) drawn() drawn {
	var d drawn
	if p.piece != nil {
		d = p.piece.draw()
	}
	if d.own {
		return d
	}
	for _, c := range p.step.Choices {
		if c.Main && d.main == nil {
			d.main = kit.NewMainButton(c.Label, func() { p.choose(c) })
			continue
		}
		d.others = append(d.others, kit.NewButton(c.Label, func() { p.choose(c) }))
	}
	if p.step.End && d.main == nil {
		d.main = kit.NewMainButton(words.T("Done"), p.finish)
	}
	return d
}

func (p *Page) buttons() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	if p.Main != nil {
		all = append(all, p.Main)
	}
	for _, b := range p.Others {
		all = append(all, b)
	}
	for _, b := range all {
		b.(*kit.Button).Wrap = true
	}
	return all
}

// head says where the person is, and leads out.
func (p *Page) head() fyne.CanvasObject {
	at, of := p.run.Progress()
	says := words.T("Step {n} of about {all}", "n", at, "all", of)
	if p.run.Ended() {
		says = words.T("Step {n}, the last", "n", at)
	}
	entry := kit.NewText(p.run.Entry().Title)
	entry.TextStyle.Bold = true
	leave := kit.NewIconButton(kit.IconClose, words.T("Leave; you can go on here later"), p.home)
	dots := kit.Inset(container.NewCenter(newDots(at, of)), 0, 0, kit.Space8, 0)
	return kit.Rows(-kit.Space8, container.NewBorder(nil, nil, nil, container.NewVBox(leave), entry),
		container.NewBorder(nil, nil, dots, nil, kit.NewQuiet(says)))
}

// words are the title, the sentences and the points.
func (p *Page) words() fyne.CanvasObject {
	rows := kit.Rows(-kit.Space4, kit.NewTitle(p.step.Title))
	if p.run.Restarted() && !p.run.CanBack() {
		rows.Add(kit.NewQuiet(words.T("The guide has changed since. It begins again here; what you did stays done.")))
	}
	for _, t := range p.step.Text {
		rows.Add(kit.NewText(t))
	}
	for i, t := range p.step.Points {
		sign := "•"
		if ordered[p.step.ID] {
			sign = strconv.Itoa(i+1) + "."
		}
		rows.Add(listed(sign, t))
	}
	if len(p.step.Notes) > 0 {
		rows.Add(kit.VGap(kit.Space12))
		rows.Add(p.notes())
	}
	return rows
}

// notes are the workspace's own words.
func (p *Page) notes() fyne.CanvasObject {
	from := words.T("Your workspace says:")
	if name := p.profile().Fill.Workspace; name != "" {
		from = words.T("{workspace} says:", "workspace", name)
	}
	rows := kit.Rows(-kit.Space8, kit.NewStrong(from))
	for _, n := range p.step.Notes {
		rows.Add(kit.NewText(n))
	}
	return container.NewStack(kit.NewSoftGround(kit.ColorCalmSoft), kit.Pad(rows, kit.Space4))
}

// cards are the two methods. R13 to R18
func (p *Page) cards() fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, c := range p.step.Cards {
		all = append(all, p.card(c))
	}
	return kit.Adaptive(520, all...)
}

func (p *Page) card(c guide.Card) fyne.CanvasObject {
	use := kit.NewButton(c.Choice.Label, func() { p.choose(c.Choice) })
	rows := kit.Rows(-kit.Space4, kit.NewTitle(c.Title))
	if c.Recommended {
		use.SetStyle(kit.Main)
		p.Main = use
		l := kit.NewQuiet(words.T("Recommended"))
		l.Importance = widget.HighImportance
		rows.Add(l)
	}
	rows.Add(kit.NewText(c.Best))
	for _, s := range c.Pros {
		rows.Add(point(kit.IconCheck, theme.ColorNamePrimary, s))
	}
	for _, s := range c.Cons {
		rows.Add(point(kit.IconWarning, theme.ColorNameWarning, s))
	}
	return kit.NewCard(container.NewBorder(nil, kit.Inset(use, kit.Space8, 0, 0, 0), nil, nil, rows))
}

// ordered are the steps whose points are tried one after the other.
var ordered = map[string]bool{"sms-nothing": true, "other-refused": true}

// listed is a sentence of a list.
func listed(sign, text string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel(sign)), nil, kit.NewText(text))
}

// point is a sentence behind a sign.
func point(icon kit.IconName, in fyne.ThemeColorName, text string) fyne.CanvasObject {
	sign := container.NewVBox(kit.Inset(kit.NewIcon(icon, in, 16), kit.Space8+2, 0, kit.Space8, 0))
	return container.NewBorder(nil, nil, sign, nil, kit.NewText(text))
}

// foot leads back, or to help.
func (p *Page) foot() fyne.CanvasObject {
	p.BackTo = kit.NewQuietButton(words.T("Back"), p.Back)
	p.BackTo.SetIcon(kit.IconBack)
	row := []fyne.CanvasObject{p.BackTo}
	p.Help = nil
	if p.step.Stuck != "" && p.Stuck != nil {
		topic := p.step.Stuck
		p.Help = kit.NewQuietButton(words.T("I’m stuck"), func() { p.Stuck(topic) })
		p.Help.SetIcon(kit.IconHelp)
		row = append(row, p.Help)
	}
	rows := kit.Rows(0, kit.Inset(kit.Cols(kit.Space8, row...), 0, 0, kit.Space4, 0))
	if p.differs() {
		rows.Add(kit.NewQuiet(words.T("As published; your screen may differ.")))
	}
	return rows
}

// differs tells that the step is the first of the run that says what to press in
// Kutano, of which only what was published is known.
func (p *Page) differs() bool {
	for _, id := range append(p.run.State().History, p.step.ID) {
		if s, ok := p.guide.Step(id); ok && s.Live == guide.Open {
			return id == p.step.ID
		}
	}
	return false
}
