// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

func (u *UI) aroundSafety() safety.Around {
	return safety.Around{
		Vault: func() safety.Vault {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.vault
		},
		Paper: safety.SystemPaper{}, Eyes: u.Eyes, Clock: u.Clock, Canvas: u.window.Canvas, Dir: u.Dir, Pause: u.Pause,
		Hide: u.window.Hide,
		Show: func() {
			u.window.Show()
			u.window.RequestFocus()
		},
		ChoosePicture: u.choosePicture, ChooseFile: u.chooseFile, ChooseFolder: u.chooseFolder,
		Reload: u.reload, Forget: u.model.Forget,
		Codes: func() { u.Go(placeCodes) },
		Bring: func() { u.bring.Open() }, TakeOut: func() { u.takeout.Open() },
	}
}

// offerRecovery puts the recovery key where the passphrase's pages ask for it.
func (u *UI) offerRecovery() {
	if u.HasRecovery == nil {
		u.HasRecovery = func() bool {
			s, known := u.safety.State()
			return s.Key || !known
		}
	}
	if u.MakeRecovery == nil {
		u.MakeRecovery = u.safety.MakeKey
	}
	if u.Forgotten == nil && u.Reset != nil {
		u.Forgotten = func() { u.safety.Forgotten(u.Reset, newPassphrase, u.backToGate) }
	}
}

// newPassphrase says what is wrong with a new passphrase, or "".
func newPassphrase(first, again string) string { return checkPassphrase(true, first, again) }

// backToGate lets the page that asks for the passphrase have the keyboard.
func (u *UI) backToGate() {
	if u.gate == nil {
		return
	}
	kit.HoldSheets(u.window.Canvas(), u.locked)
	u.gate.focus(u.gate.first)
}

// chooseFile lets the user choose a file of any kind.
func (u *UI) chooseFile(chosen func(safety.Picked, bool), fail func(error)) {
	u.choose(dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			fail(err)
		case r == nil:
			chosen(safety.Picked{}, false)
		default:
			chosen(safety.Picked{Name: r.URI().Name(), Open: func() (io.ReadCloser, error) { return r, nil }}, true)
		}
	}, u.window), func() { chosen(safety.Picked{}, false) })
}

// chooseFolder lets the user choose a folder.
func (u *UI) chooseFolder(chosen func(dir string, ok bool), fail func(error)) {
	u.choose(dialog.NewFolderOpen(func(dir fyne.ListableURI, err error) {
		switch {
		case err != nil:
			fail(err)
		case dir == nil:
			chosen("", false)
		default:
			chosen(dir.Path(), true)
		}
	}, u.window), func() { chosen("", false) })
}

// choose shows a dialog of Fyne's, which does not know Esc.
func (u *UI) choose(d *dialog.FileDialog, none func()) {
	u.chooser = func() {
		d.Hide()
		none()
	}
	d.SetOnClosed(func() { u.chooser = nil })
	d.Show()
	d.Resize(u.window.Canvas().Size().SubtractWidthHeight(2*kit.Space24, 2*kit.Space24)) // only a shown one can be sized
}

// safetyState adds what the banner may have to say about safety copies.
func (u *UI) safetyState(s *state) {
	v := u.safety.Vault()
	if v == nil {
		return
	}
	now, known := u.safety.State()
	if !known {
		return
	}
	s.accounts, s.snapshots = len(v.Accounts()), now.Snapshots
	s.recovery, s.unsaved = now.Key, now.Err
	s.sealed = u.vault.Kind() == keystore.File
	if n, ok := u.safety.Notice(); ok {
		s.notice = n.Kind
	}
}

// showNotice says what the notice in the banner means.
func (u *UI) showNotice() {
	if n, ok := u.safety.Notice(); ok {
		u.safety.ShowNotice(n)
	}
}

var _ safety.Vault = (*vault.Vault)(nil)
