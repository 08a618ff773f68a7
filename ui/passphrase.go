// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// leastPassphrase is how many characters a new passphrase has at least. More
// is asked of nobody: the file stays on the device.
const leastPassphrase = 8

// gate is the page that asks for the sealed file's passphrase.
type gate struct {
	first, again *kit.Entry
	says         *widget.Label
	open         *kit.Button
	quit         *kit.Button
	object       fyne.CanvasObject
}

// newGate returns the page for a question. answer gets the passphrase.
func newGate(q ask, answer func(secret.Value), quit func()) *gate {
	g := &gate{first: kit.NewPasswordEntry(words.T("Passphrase")), again: kit.NewPasswordEntry(words.T("The same once more"))}
	g.says = kit.NewQuiet("")
	g.says.Importance = widget.DangerImportance
	submit := func() {
		if sentence := checkPassphrase(q.create, g.first.Text, g.again.Text); sentence != "" {
			g.says.SetText(sentence)
			return
		}
		p := secret.FromString(g.first.Text)
		g.first.SetText("")
		g.again.SetText("")
		g.open.Disable()
		g.says.Importance = widget.LowImportance
		g.says.SetText(words.T("One moment…"))
		answer(p)
	}
	g.first.OnSubmitted = func(string) {
		if q.create {
			g.focus(g.again)
			return
		}
		submit()
	}
	g.again.OnSubmitted = func(string) { submit() }
	g.quit = kit.NewButton(words.T("Quit"), quit)
	if q.create {
		g.open = kit.NewMainButton(words.T("Keep my keys in this file"), submit)
		g.object = g.page(words.T("Choose a passphrase"),
			words.T("Your keys go into a file on this device, sealed with a passphrase that only you know."),
			words.T("Write it down and keep it in a safe place: nobody can open the file without it."), g.first, g.again)
		return g
	}
	g.open = kit.NewMainButton(words.T("Open"), submit)
	g.object = g.page(words.T("Welcome back"),
		words.T("Type your passphrase to open your accounts."), "", g.first)
	if q.wrong {
		g.says.SetText(explain.Reason(keystore.ErrPassphrase) + " " + words.T("Check Caps Lock and the keyboard’s language, and type it once more."))
	}
	return g
}

// checkPassphrase says what is wrong with what was typed, or "".
func checkPassphrase(create bool, first, again string) string {
	switch {
	case first == "":
		return words.T("Type your passphrase first.")
	case create && len([]rune(first)) < leastPassphrase:
		return words.T("Make it longer: at least 8 characters. Four words that do not belong together are good and easy to remember.")
	case create && first != again:
		return words.T("The two are not the same. Type the second one again.")
	}
	return ""
}

func (g *gate) page(title, sentence, more string, fields ...fyne.CanvasObject) fyne.CanvasObject {
	rows := []fyne.CanvasObject{kit.NewTitle(title), kit.NewText(sentence)}
	if more != "" {
		rows = append(rows, kit.NewText(more))
	}
	rows = append(rows, fields...)
	rows = append(rows, g.says, kit.Cols(kit.Space8, g.quit, g.open))
	return container.NewVScroll(kit.Pad(container.New(middle{}, kit.MaxWidth(kit.Rows(kit.Space8, rows...), 440)), kit.Space16))
}

func (g *gate) focus(e *kit.Entry) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Focus(e)
	}
}
