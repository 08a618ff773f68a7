// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// entryIcons stand on the doors.
var entryIcons = map[string]kit.IconName{
	guide.Setup: kit.IconSetup, guide.SwitchToApp: kit.IconQR, guide.SwitchToSMS: kit.IconMessage,
	guide.NewCodes: kit.IconSafe, guide.NewPhone: kit.IconPhone, guide.ChangedNumber: kit.IconEdit,
	guide.Review: kit.IconCheck, guide.Disable: kit.IconRemove,
}

// showHome draws all that the guide can do.
func (p *Page) showHome() {
	p.Main, p.Others, p.BackTo, p.Help, p.Resume, p.Doors = nil, nil, nil, nil, nil, nil
	p.screen = guided.Screen{}
	rows := []fyne.CanvasObject{kit.NewTitle(words.T("Two-factor sign-in at Kutano"))}
	if _, stands, ok := p.linked(); ok && stands != "" {
		rows = append(rows, guided.Point(kit.IconInfo, theme.ColorNamePrimary, stands))
	}
	if len(p.codes) > 0 && p.TakeCodes != nil {
		rows = append(rows, p.codesCard())
	}
	if p.kept != nil {
		rows = append(rows, p.resumeCard())
	}
	if len(p.accounts()) > 0 || p.isLinked() {
		rows = append(rows, p.readinessCard())
	}
	rows = append(rows, p.doors()...)
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space12, rows...)}
	p.body.Refresh()
}

func (p *Page) isLinked() bool {
	_, _, ok := p.linked()
	return ok
}

// resumeCard offers to go on.
func (p *Page) resumeCard() fyne.CanvasObject {
	p.kept.SetFill(p.profile().Fill)
	p.Resume = kit.NewMainButton(words.T("Go on where you were"), p.GoOn)
	p.Main, p.screen.Main = p.Resume, p.Resume
	return kit.NewCard(kit.Rows(0,
		kit.NewStrong(p.kept.Entry().Title),
		kit.NewText(words.T("You stopped at “{step}”.", "step", p.kept.Step().Title)),
		kit.Inset(guided.Line(p.Resume), kit.Space8, 0, kit.Space4, 0)))
}

// doors lead into the guide: the first over the whole width, the others side by
// side where there is the room.
func (p *Page) doors() []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, e := range p.guide.Titles(p.profile().Fill) {
		icon := entryIcons[e.Name]
		if icon == "" {
			icon = kit.IconSetup
		}
		says := ""
		if len(p.Doors) == 0 {
			says = words.T("Step by step: where to click, what to scan, where the backup codes go.")
		}
		p.Doors = append(p.Doors, kit.NewDoor(icon, e.Title, says, func() { p.Begin(e.Name) }))
	}
	for i := 0; i < len(p.Doors); i++ {
		if i == 0 || i+1 == len(p.Doors) {
			rows = append(rows, p.Doors[i])
			continue
		}
		rows = append(rows, kit.AdaptiveGap(520, kit.Space12, p.Doors[i], p.Doors[i+1]))
		i++
	}
	return rows
}
