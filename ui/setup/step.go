// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// show draws the step at hand.
func (p *Page) show() {
	p.step = p.run.Step()
	if p.piece == nil {
		p.piece = p.live(p.step.Live)
	}
	p.Doors, p.Resume = nil, nil
	p.screen = guided.Screen{
		Run: p.run, Step: p.step, Piece: p.piece, Workspace: p.profile().Fill.Workspace, Ordered: ordered[p.step.ID],
		Choose: p.choose, Done: p.finish, Back: p.Back,
		Leave: p.home, Leaves: words.T("Leave; you can go on here later"),
	}
	if topic := p.step.Stuck; topic != "" && p.Stuck != nil {
		p.screen.Help = func() { p.Stuck(topic) }
	}
	if p.differs() {
		p.screen.Below = []fyne.CanvasObject{kit.NewQuiet(words.T("As published; your screen may differ."))}
	}
	p.body.Objects = []fyne.CanvasObject{p.screen.Draw()}
	p.Main, p.Others, p.BackTo, p.Help = p.screen.Main, p.screen.Others, p.screen.BackTo, p.screen.Helper
	p.body.Refresh()
}

// ordered are the steps whose points are tried one after the other.
var ordered = map[string]bool{"sms-nothing": true, "other-refused": true}

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
