// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// topicIcons stand on the doors.
var topicIcons = map[string]kit.IconName{
	guide.Refused: kit.IconClock, guide.NoText: kit.IconMessage, guide.Lost: kit.IconPhone,
	guide.NoCodes: kit.IconSafe, guide.KeysLocked: kit.IconLock, guide.WrongAccount: kit.IconKey,
	guide.Empty: kit.IconSearch, guide.NewDevice: kit.IconScreen,
}

// front asks what happens.
func (p *Page) front() {
	p.Main, p.Others, p.BackTo, p.Resume, p.Call, p.Desk, p.Doors = nil, nil, nil, nil, nil, nil, nil
	p.screen = guided.Screen{}
	rows := []fyne.CanvasObject{kit.Rows(-kit.Space8,
		kit.NewTitle(words.T("What happens?")),
		kit.NewText(words.T("Choose what fits best. Nothing here changes your account.")))}
	if p.kept != nil {
		rows = append(rows, p.resumeCard())
	}
	rows = append(rows, p.doors()...)
	rows = append(rows, p.nothingHelps())
	if p.Helpdesk != nil {
		p.Desk = kit.NewQuietButton(words.T("I answer such calls"), p.Helpdesk)
		rows = append(rows, kit.AtLeft(p.Desk))
	}
	if p.Return != nil {
		p.BackTo = kit.NewQuietButton(words.T("Back"), p.Return)
		p.BackTo.SetIcon(kit.IconBack)
		p.screen.BackTo = p.BackTo
		rows = append(rows, kit.AtLeft(p.BackTo))
	}
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space12, rows...)}
	p.body.Refresh()
}

// resumeCard offers to go on.
func (p *Page) resumeCard() fyne.CanvasObject {
	p.kept.SetFill(p.fill())
	p.Resume = kit.NewMainButton(words.T("Go on where you were"), p.GoOn)
	p.Main, p.screen.Main = p.Resume, p.Resume
	return kit.NewCard(kit.Rows(0,
		kit.NewStrong(p.titleOf(p.kept)),
		kit.NewText(words.T("You stopped at “{step}”.", "step", p.kept.Step().Title)),
		kit.Inset(guided.Line(p.Resume), kit.Space8, 0, kit.Space4, 0)))
}

// titleOf is what a run is about. One that began with the call is about no topic.
func (p *Page) titleOf(run *guide.Run) string {
	state := run.State()
	first := append(state.History, state.Step)[0]
	if e, ok := p.guide.Entry(state.Entry); ok && first == callStep && e.First != callStep {
		return words.T("Nothing helps?")
	}
	return run.Entry().Title
}

// doors are the answers, side by side where there is the room. The usual ones come
// first, and the others behind a word.
func (p *Page) doors() []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, e := range p.guide.Titles(p.fill()) {
		p.Doors = append(p.Doors, kit.NewDoor(topicIcons[e.Name], e.Title, "", func() { p.Open(e.Name) }))
	}
	if !p.more {
		p.Doors = p.Doors[:guide.FirstTopics]
	}
	for i := 0; i+1 < len(p.Doors); i += 2 {
		rows = append(rows, kit.AdaptiveGap(520, kit.Space12, p.Doors[i], p.Doors[i+1]))
	}
	if !p.more {
		more := kit.NewQuietButton(words.T("More"), func() {
			p.more = true
			p.front()
			p.Canvas().Focus(p.Doors[guide.FirstTopics])
		})
		more.Spoken = words.T("More answers")
		more.SetIcon(kit.IconOpen)
		rows = append(rows, kit.AtLeft(more))
	}
	return rows
}

// nothingHelps is the way that is always left. R58 R59
func (p *Page) nothingHelps() fyne.CanvasObject {
	rows := kit.Rows(0,
		kit.NewStrong(words.T("Nothing helps?")),
		kit.NewText(words.T("Your helpdesk can let you in again. We prepare the call with you, and nobody needs a code from you for it.")))
	if contact := p.profile().Contact; contact != "" {
		rows.Add(kit.NewText(words.T("Your workspace’s contact: {contact}", "contact", contact)))
	}
	p.Call = kit.NewButton(words.T("Call your helpdesk"), p.OpenCall)
	p.Call.SetIcon(kit.IconHelp)
	p.Call.Wrap = true
	rows.Add(kit.Inset(guided.Line(p.Call), kit.Space8, 0, kit.Space4, 0))
	return kit.NewCard(rows)
}
