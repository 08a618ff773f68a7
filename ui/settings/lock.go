// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Lock is what the page says about the app's passphrase.
type Lock struct {
	On     bool // there is one
	Needed bool // it cannot be removed: the keys are in a sealed file
}

// SetLock shows anew whether there is a passphrase.
func (p *Page) SetLock(l Lock) {
	p.parts.Lock = l
	p.lock.Objects = []fyne.CanvasObject{p.lockSection()}
	p.lock.Refresh()
}

// lockSection offers the passphrase, and with one says when the app locks by
// itself.
func (p *Page) lockSection() fyne.CanvasObject {
	c := p.choices
	var rows []fyne.CanvasObject
	switch {
	case p.parts.SetPassphrase == nil:
	case p.parts.Lock.On:
		rows = append(rows, p.passphraseRow(), field(words.T("Lock by itself"),
			words.T("When nothing was typed or moved for a while."), c.idle))
		if p.parts.KnowsMinimised {
			rows = append(rows, c.minimised)
		}
		rows = append(rows, c.suspend)
		if p.parts.KnowsScreen {
			rows = append(rows, tick(c.screen, words.T("Where the desktop tells it.")))
		}
	default:
		rows = append(rows, kit.Rows(0,
			kit.NewText(words.T("Without a passphrase, whoever sits at this computer while you are logged in sees your codes.")),
			kit.Inset(kit.Cols(0, kit.NewButton(words.T("Set a passphrase"), p.parts.SetPassphrase)), 0, 0, kit.Space8, 0)))
	}
	rows = append(rows, tick(c.unfocused, words.T("Also from those who look at a shared screen.")))
	if p.parts.Capture {
		rows = append(rows, tick(c.capture, words.T("Otherwise it is left out of screenshots, recordings and shared screens.")))
	}
	return section(words.T("Lock"), rows...)
}

// passphraseRow says that there is a passphrase, and changes or removes it.
func (p *Page) passphraseRow() fyne.CanvasObject {
	buttons := kit.Cols(kit.Space8, kit.NewButton(words.T("Change it"), p.parts.SetPassphrase))
	says := words.T("Your accounts open with your passphrase.")
	if p.parts.Lock.Needed {
		says = words.T("Your accounts open with the passphrase of the sealed file.")
	} else if p.parts.RemovePassphrase != nil {
		buttons.Add(kit.NewButton(words.T("Remove it"), p.parts.RemovePassphrase))
	}
	return kit.Rows(0, kit.NewText(says), kit.Inset(buttons, 0, kit.Space8, kit.Space8, 0))
}
