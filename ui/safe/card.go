// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// card shows a set with what is done with it most.
func (p *page) card(l look) fyne.CanvasObject {
	s, set := p.screen, l.set
	texts := kit.Rows(-kit.Space12, bold(set.Title), kit.NewText(l.place), kit.NewQuiet(l.left))
	sign := container.NewVBox(kit.Inset(kit.NewIcon(l.icon, primary, 24), kit.Space8, 0, 0, kit.Space4))
	rows := []fyne.CanvasObject{container.NewBorder(nil, nil, sign, nil, texts)}
	key := func(what string) string { return what + "/" + string(set.ID) }
	if l.warn != "" {
		rows = append(rows, kit.NewMessage(l.tone, kit.Message{What: l.warn, Safe: l.next}))
	}
	var buttons []fyne.CanvasObject
	switch {
	case set.Place == backupcodes.Here:
		b := p.button(key("show"), words.T("Show a code"), kit.Plain, kit.IconEye, func() { s.ShowCode(set.ID) })
		b.Spoken = words.T("Show a code of {title}", "title", set.Title)
		buttons = append(buttons, b)
	case !set.Known() || set.Left > 0:
		b := p.button(key("used"), words.T("I used one"), kit.Plain, kit.IconCheck, func() { s.useNoted(set.ID) })
		b.Spoken = words.T("I used one of {title}", "title", set.Title)
		buttons = append(buttons, b)
	}
	more := p.button(key("more"), words.T("More…"), kit.Plain, "", func() { s.Manage(set.ID) })
	more.Spoken = words.T("More about {title}", "title", set.Title)
	buttons = append(buttons, more)
	if l.warn != "" && l.kutano {
		buttons = append(buttons, p.button(key("guide"), words.T("Make new ones"), kit.Quiet, "", s.toGuide))
	}
	return kit.NewCard(kit.Rows(kit.Space8, append(rows, kit.Inset(container.New(flow{}, buttons...), 0, 0, kit.Space24+kit.Space12, 0))...))
}

// flow puts things side by side, and what has no room there under them.
type flow struct{}

// lines tells where each thing goes in a width, and how high all are.
func (flow) lines(os []fyne.CanvasObject, width float32, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range os {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		m.Width = min(m.Width, max(width, 0))
		if x > 0 && x+m.Width > width {
			x, y, high = 0, y+high+kit.Space8, 0
		}
		place(o, fyne.NewPos(x, y), m)
		x, high = x+m.Width+kit.Space8, max(high, m.Height)
	}
	return y + high
}

// Layout is part of fyne.Layout.
func (f flow) Layout(os []fyne.CanvasObject, size fyne.Size) {
	f.lines(os, size.Width, func(o fyne.CanvasObject, at fyne.Position, m fyne.Size) {
		o.Resize(m)
		o.Move(at)
	})
}

// MinSize is part of fyne.Layout: as high as the lines are where they lie now.
func (f flow) MinSize(os []fyne.CanvasObject) fyne.Size {
	var bottom, high float32
	for _, o := range os {
		if o.Visible() {
			high = max(high, o.MinSize().Height)
			bottom = max(bottom, o.Position().Y+o.Size().Height)
		}
	}
	return fyne.NewSize(0, max(bottom, high))
}
