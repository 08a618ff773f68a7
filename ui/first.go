// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/keystore"
)

// firstStart is what the place for codes shows while there is none: three
// doors, and where the keys will be.
func (u *UI) firstStart() fyne.CanvasObject {
	logo := canvas.NewImageFromResource(kit.AppIcon())
	logo.FillMode = canvas.ImageFillContain
	logo.SetMinSize(fyne.NewSquareSize(72))
	title := kit.NewTitle(words.T("Your sign-in codes, on this device"))
	title.Alignment = fyne.TextAlignCenter
	title.Wrapping = fyne.TextWrapWord
	sentence := kit.NewText(words.T("Kutano asks for a code when you sign in. This app shows it, without internet."))
	sentence.Alignment = fyne.TextAlignCenter

	scan := kit.NewDoor(kit.IconScreen, words.T("Scan my Kutano QR code"),
		words.T("Have the page open? We look at your screen."), u.adding.Scan)
	setUp := kit.NewDoor(kit.IconSetup, words.T("Set up two-factor for Kutano, step by step"),
		words.T("Not switched on yet? We show you where to click."), u.beginSetup)
	help := kit.NewDoor(kit.IconHelp, words.T("I can’t get in"),
		words.T("A code is refused, or a phone is lost: what to do, in order."), func() { u.Go(placeRecovery) })
	other := kit.NewQuietButton(words.T("Add an account in another way"), u.adding.Open)
	apps := kit.NewQuietButton(words.T("Bring accounts from another app"), u.bring.Open)
	restore := kit.NewQuietButton(words.T("Restore from a snapshot"), u.safety.Restore)
	u.keysLine = kit.NewQuiet(whereKeysGo(u.vault.Kind()))
	u.keysLine.Alignment = fyne.TextAlignCenter
	u.keysMove = kit.NewQuietButton(words.T("Keep them in a sealed file instead"), u.moveKeys)
	u.doors = []*kit.Door{scan, setUp, help}
	u.showKeys()

	column := kit.MaxWidth(kit.Rows(kit.Space12,
		container.NewCenter(logo), kit.Rows(0, title, sentence), kit.VGap(kit.Space4),
		scan, setUp, help,
		kit.Rows(-kit.Space8,
			kit.AdaptiveGap(480, -kit.Space8, container.NewCenter(apps), container.NewCenter(restore)), container.NewCenter(other)),
		kit.Rows(-kit.Space8, u.keysLine, container.NewCenter(u.keysMove))), 560)
	return container.NewVScroll(kit.Pad(container.New(&middle{}, column), kit.Space16))
}

// middle puts its object into the middle of the height there is.
type middle struct{}

func (middle) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		h := min(o.MinSize().Height, size.Height)
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, max((size.Height-h)*2/5, 0)))
	}
}

func (middle) MinSize(os []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range os {
		m = m.Max(o.MinSize())
	}
	return m
}

// whereKeysGo says in one line where the keys are kept.
func whereKeysGo(kind keystore.Kind) string {
	switch kind {
	case keystore.Keyring:
		return words.T("Your keys go into this computer’s keyring, and nowhere else.")
	case keystore.File:
		return words.T("Your keys go into a file on this device, sealed with your passphrase.")
	}
	return ""
}

// showKeys says on the pages that are there where the keys are.
func (u *UI) showKeys() {
	kind := u.vault.Kind()
	if u.keysLine != nil {
		u.keysLine.SetText(whereKeysGo(kind))
		if kind == keystore.File {
			u.keysMove.Hide() // there may be no keyring; the settings still offer it
		} else {
			u.keysMove.Show()
		}
	}
	if u.settings != nil {
		u.settings.SetKeys(place(kind))
	}
}

// openingPage is what is shown until the vault is open.
func openingPage() fyne.CanvasObject {
	l := kit.NewText(words.T("Opening your accounts…"))
	l.Alignment = fyne.TextAlignCenter
	l.Importance = widget.LowImportance
	return container.NewCenter(kit.MaxWidth(l, 320))
}
