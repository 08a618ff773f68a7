// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// link is a button that looks like a link, where text begins.
func link(icon kit.IconName, text string, do func()) fyne.CanvasObject {
	b := kit.NewQuietButton(text, do)
	b.SetIcon(icon)
	return kit.AtLeft(b)
}

// labelled puts a small name over a field.
func labelled(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(-kit.Space4, kit.NewQuiet(label), o)
}

// signed puts an icon before what is said.
func signed(icon kit.IconName, in fyne.ThemeColorName, rows ...fyne.CanvasObject) fyne.CanvasObject {
	sign := container.NewVBox(kit.Inset(kit.NewIcon(icon, in, 24), kit.Space8, 0, 0, kit.Space4))
	return container.NewBorder(nil, nil, sign, nil, kit.Rows(-kit.Space8, rows...))
}

// neverAsked stands beside codes.
func neverAsked() fyne.CanvasObject {
	return kit.NewQuiet(words.T("Kutano support will never ask you for these codes."))
}

// bold is a bold sentence that wraps.
func bold(text string) *widget.Label {
	l := kit.NewText(text)
	l.TextStyle.Bold = true
	return l
}

// says is a sentence about what is wrong with what was typed. It takes no room
// while there is none.
func says() *widget.Label {
	l := kit.NewQuiet("")
	l.Importance = widget.DangerImportance
	l.Hide()
	return l
}

// say shows a sentence, or none.
func say(l *widget.Label, sentence string, s *kit.Sheet) {
	l.Hidden = sentence == ""
	l.SetText(sentence)
	if s != nil {
		s.Fit()
	}
}

// emptied leaves nothing typed behind.
func emptied(fields ...*kit.Entry) func() {
	return func() {
		for _, f := range fields {
			if f != nil {
				f.SetText("")
			}
		}
	}
}

// shrinks lets something be narrower than it asks for.
func shrinks(o fyne.CanvasObject) fyne.CanvasObject { return container.New(shrink{}, o) }

type shrink struct{}

// Layout is part of fyne.Layout.
func (shrink) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(size)
	}
}

// MinSize is part of fyne.Layout.
func (shrink) MinSize(os []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range os {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// primary is the colour of signs that want nothing.
const primary = theme.ColorNamePrimary
