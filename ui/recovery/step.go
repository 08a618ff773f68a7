// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// show draws the step at hand.
func (p *Page) show() {
	p.step = p.run.Step()
	if p.piece == nil {
		p.piece = p.live()
	}
	p.Doors, p.Resume, p.Call, p.Desk = nil, nil, nil, nil
	p.screen = guided.Screen{
		Run: p.run, Step: p.step, Piece: p.piece, Title: p.titleOf(p.run), Workspace: p.profile().Name,
		Choose: p.choose, Done: p.finish, Back: p.Back,
		Leave: p.home, Leaves: words.T("Leave; you can go on here later"),
	}
	if p.Around.Leave != nil {
		p.screen.Leaves = p.Leaves
		if !p.run.CanBack() {
			p.screen.Backs = p.Leaves
		}
	}
	if p.step.Live == guide.Checks {
		p.screen.Below = []fyne.CanvasObject{kit.VGap(kit.Space12), p.nothingHelps()}
	}
	p.body.Objects = []fyne.CanvasObject{p.screen.Draw()}
	p.Main, p.Others, p.BackTo = p.screen.Main, p.screen.Others, p.screen.BackTo
	p.body.Refresh()
}

// live makes the piece of the step, nil for a step without.
func (p *Page) live() guided.Piece {
	switch {
	case p.step.Live == guide.Checks:
		return &checksPiece{page: p}
	case p.step.Live == guide.Clock:
		return &clockPiece{page: p}
	case p.step.Live == guide.Code:
		return &codePiece{page: p}
	case p.step.Live == guide.Two:
		return newTwoPiece(p)
	case p.step.Live == guide.Call:
		return newCallPiece(p)
	case p.step.End && !p.step.Pause:
		return &endPiece{page: p}
	}
	return nil
}

// clockPiece says how the clock stands. R53
type clockPiece struct {
	guided.Still
	page  *Page
	shown verdict.Verdict
}

// Draw shows the verdict.
func (c *clockPiece) Draw() guided.Drawn {
	if !c.page.now.at {
		return guided.Drawn{}
	}
	c.shown = c.page.now.verdict()
	return guided.Drawn{Object: guided.ClockCard(c.shown, c.page.ShowClock)}
}

// Tick shows what is known now.
func (c *clockPiece) Tick(time.Time) {
	if v := c.page.now.verdict(); v.Headline != c.shown.Headline || v.Tone != c.shown.Tone {
		c.page.redraw()
	}
}

// codePiece shows the code to type, of each Kutano account that is here.
type codePiece struct {
	guided.Still
	page  *Page
	codes []*guided.Code
	drawn string // for which accounts, and whether they are open
}

// mostCodes is how many accounts have their code on the page; for more there is the
// list.
const mostCodes = 4

// Draw shows the codes, or why there is none.
func (c *codePiece) Draw() guided.Drawn {
	p := c.page
	c.Leave()
	c.drawn = c.state()
	all := p.now.ours()
	switch {
	case len(all) == 0 && !p.now.at:
		return guided.Drawn{}
	case p.vault() == nil || p.now.store() == check.Locked:
		return guided.Drawn{Object: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Your accounts are locked, so no code can be shown."), Next: words.T("Unlock them, and the code stands here."),
		})}
	case len(all) == 0:
		return guided.Drawn{Object: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("The account is not in this app."), Next: words.T("Type the code of the app that has it."),
		})}
	}
	rows := kit.Rows(kit.Space12)
	for _, a := range all[:min(len(all), mostCodes)] {
		code := guided.NewCode(p.Code)
		c.codes = append(c.codes, code)
		rows.Add(code.Card(a))
	}
	if len(all) > mostCodes {
		rows.Add(kit.NewQuiet(words.T("The others stand in the list of your codes.")))
	}
	return guided.Drawn{Object: rows}
}

func (c *codePiece) state() string {
	p := c.page
	s := strconv.Itoa(int(p.now.store()))
	if p.vault() == nil {
		s = "closed"
	}
	for _, a := range p.now.ours() {
		s += " " + string(a.ID)
	}
	return s
}

// Tick shows how the codes are now.
func (c *codePiece) Tick(time.Time) {
	if c.state() != c.drawn {
		c.page.redraw()
		return
	}
	for _, code := range c.codes {
		code.Tick()
	}
}

// Leave leaves no code in what was drawn.
func (c *codePiece) Leave() {
	for _, code := range c.codes {
		code.Forget()
	}
	c.codes = nil
}

// endPiece leads from "You are in" on into the set-up. R60 R71
type endPiece struct {
	guided.Still
	page *Page
}

// Draw shows where it leads.
func (e *endPiece) Draw() guided.Drawn {
	p := e.page
	d := guided.Drawn{Own: true}
	for _, next := range p.run.Next() {
		if p.SetUp == nil {
			break
		}
		b := kit.NewButton(next.Title, func() {
			p.finish()
			p.SetUp(next.Name)
		})
		if d.Main == nil {
			b.SetStyle(kit.Main)
			d.Main = b
			continue
		}
		d.Others = append(d.Others, b)
	}
	done := kit.NewButton(words.T("That is all for now"), p.finish)
	if d.Main == nil {
		done.SetStyle(kit.Main)
		d.Main = done
		return d
	}
	d.Others = append(d.Others, done)
	return d
}
