// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/bring"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/ui/takeout"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func (u *UI) aroundBring() bring.Around {
	return bring.Around{
		Vault: func() bring.Vault { return u.recognised() },
		Eyes:  u.Eyes, Clock: u.Clock, Canvas: u.window.Canvas, Pause: u.Pause,
		Load: exchange.Load, Shred: atomicfile.Shred,
		Hide: u.window.Hide,
		Show: func() {
			u.window.Show()
			u.window.RequestFocus()
		},
		ChooseFile: u.choosePath, ChooseFolder: u.chooseFolder,
		Copy: func(text string) {
			u.app.Clipboard().SetContent(text)
			u.shell.Toast().Say(words.T("Copied"), 3)
		},
		Reload: u.reload, Forget: u.model.Forget,
		Codes: func() { u.Go(placeCodes) }, Setup: func() { u.Go(placeSetup) }, Add: func() { u.adding.Open() },
		Restore: func(name string, file []byte) { u.safety.RestoreData(name, file) },
	}
}

func (u *UI) aroundTakeout() takeout.Around {
	return takeout.Around{
		Vault: func() takeout.Vault {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.vault
		},
		Clock: u.Clock, Canvas: u.window.Canvas, Printer: safety.SystemPaper{}, ChooseFolder: u.chooseFolder, Veiled: u.veiled,
	}
}

// choosePath lets the user choose a file of any kind, and tells where it is.
func (u *UI) choosePath(chosen func(path string, ok bool), fail func(error)) {
	u.choose(dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			fail(err)
		case r == nil:
			chosen("", false)
		default:
			path := r.URI().Path()
			_ = r.Close()
			chosen(path, true)
		}
	}, u.window), func() { chosen("", false) })
}

// isForeign tells a text that is a file of another app.
func isForeign(text string) bool {
	_, ok := exchange.Known(foreign.NewSource("", []byte(text)))
	return ok
}
