// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safe"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

func (u *UI) aroundSafe() safe.Around {
	return safe.Around{
		Safe:  func() *backupcodes.Safe { return u.care.safe },
		Vault: func() safe.Vault { return u.recognised() },
		Paper: safe.SystemPaper{}, Eyes: u.Eyes, Clock: u.Clock, Canvas: u.window.Canvas, Dir: u.Dir, Pause: u.Pause,
		Toast: func() *kit.Toast { return u.shell.Toast() },
		Copy:  func(text string) { u.clip.Put(text, u.clearBackupCode()) }, Clear: u.clearBackupCode,
		Veiled: u.veiled, Hide: u.window.Hide,
		Show: func() {
			u.window.Show()
			u.window.RequestFocus()
		},
		ChoosePicture: u.choosePicture, ChooseFile: u.chooseFile, ChooseFolder: u.chooseFolder,
		Guide: u.openGuide, GetIn: func() { u.Go(placeRecovery) },
		Changed: u.careChanged, Sweep: u.Sweep,
	}
}

// clearBackupCode is how long a backup code stays in the clipboard. It does not
// change by itself, so it never stays for good.
func (u *UI) clearBackupCode() time.Duration {
	if n := u.Settings.Get().ClearSeconds; n > 0 {
		return time.Duration(n) * time.Second
	}
	return settings.DefaultClear * time.Second
}

// buildSafe is the place for backup codes, or why it cannot be.
func (u *UI) buildSafe() fyne.CanvasObject {
	if u.care.err != nil {
		m := explain.Error(u.care.err)
		return upright(kit.Rows(kit.Space16, kit.NewTitle(words.T("Your backup codes could not be opened")),
			kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next})), 480)
	}
	return u.safe.Object()
}

// takeCodes asks where the backup codes of an account are to be kept.
func (u *UI) takeCodes(account vault.ID, title string, codes []secret.Value, done func(guide.Outcome)) {
	if u.care.safe == nil {
		u.fail(u.care.err)
		done(guide.Later)
		return
	}
	u.safe.Take(string(account), title, codes, done)
}

// leadTo leads to where a missing way back in is made, or is nil.
func (u *UI) leadTo(k readiness.Kind) func() {
	switch k {
	case readiness.Codes:
		return func() { u.Go(placeSafe) }
	case readiness.Recovery:
		return func() {
			if u.HasRecovery() {
				u.Go(placeSettings) // has where copies go
				return
			}
			u.MakeRecovery()
		}
	case readiness.Device:
		return func() { u.openGuide(guide.NewPhone) }
	}
	return nil
}
