// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
)

// Section returns what the settings show. It follows which profile is in use.
func (f *Flow) Section() fyne.CanvasObject {
	f.section = kit.Rows(kit.Space8)
	f.show()
	return kit.Rows(0, kit.NewTitle(words.T("Your workspace")), kit.NewCard(f.section), kit.VGap(kit.Space8))
}

// show shows which profile is in use now.
func (f *Flow) show() {
	if f.section == nil {
		return
	}
	f.section.Objects = []fyne.CanvasObject{f.card()}
	f.section.Refresh()
}

func (f *Flow) card() fyne.CanvasObject {
	s := f.state
	texts := kit.Rows(0)
	switch {
	case s.fault != nil:
		texts.Add(kit.NewMessage(kit.Look, messageOf(s.fault)))
	case !s.own:
		texts.Add(kit.Rows(-kit.Space8,
			kit.NewText(words.T("The usual profile")),
			kit.NewQuiet(words.T("Kutano as it is for everyone. Your workspace may hand out a profile of its own: its addresses, whom to ask, and notes on the guide’s steps."))))
		texts.Add(lines(s.profile.Lines()))
	default:
		texts.Add(f.own())
	}
	texts.Add(kit.AdaptiveGap(400, 0, f.buttons()...))
	icon := container.NewVBox(kit.Inset(kit.NewIcon(kit.IconFile, theme.ColorNamePrimary, 24), kit.Space8, 0, 0, kit.Space4))
	return container.NewBorder(nil, nil, icon, nil, texts)
}

// own shows a workspace's own profile. Its notes, which may be long, are folded
// away.
func (f *Flow) own() fyne.CanvasObject {
	p := f.state.profile
	all := p.Lines()
	rows := kit.Rows(0, lines(all[:len(all)-len(p.Notes)]))
	if n := len(p.Notes); n > 0 {
		rows.Add(kit.NewFold(words.N(n, "1 note on the guide’s steps", "{n} notes on the guide’s steps"), lines(all[len(all)-n:])).Object())
	}
	trust, tone := f.state.trust, kit.Good
	if !p.Signed() {
		trust, tone = profile.Unsigned, kit.Look // it was asked about before it came into use
	}
	rows.Add(sign(tone, trust.Says(p)))
	return rows
}

func (f *Flow) buttons() []fyne.CanvasObject {
	all := []fyne.CanvasObject{kit.AtLeft(kit.NewQuietButton(words.T("Use a profile…"), f.Use))}
	switch {
	case !f.usual():
		all = append(all, kit.AtLeft(kit.NewQuietButton(words.T("Back to the usual one…"), f.Back)))
	case len(f.state.signer) > 0:
		all = append(all, kit.AtLeft(kit.NewQuietButton(words.T("Forget the signer…"), f.Back)))
	}
	return all
}
