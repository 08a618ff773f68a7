// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// section is the part of the settings about the clock.
type section struct {
	screen *Screen
	icon   *kit.IconView
	says   *widget.Label
}

// Section returns what the settings show; show leads to the page.
func (s *Screen) Section(show func()) fyne.CanvasObject {
	c := &section{screen: s, icon: kit.NewIcon(kit.IconInfo, theme.ColorNamePrimary, 24), says: kit.NewText("")}
	s.section = c
	c.refresh()
	s.look()
	body := kit.Rows(0, c.says, atLeft(kit.NewQuietButton(words.T("Check or correct it"), show)))
	return kit.Rows(0, kit.NewTitle(words.T("Clock")),
		kit.NewCard(container.NewBorder(nil, nil, container.NewVBox(kit.Inset(c.icon, kit.Space8, 0, 0, kit.Space4)), nil, body)), kit.VGap(kit.Space8))
}

func (c *section) refresh() {
	v := c.screen.Verdict()
	c.icon.Set(toneOf(v.Tone).Icon())
	if c.says.Text != v.Headline {
		c.says.SetText(v.Headline)
	}
}
