// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault"
)

// keepRemoved is how long the vault keeps a removed account.
const keepRemoved = 30 * 24 * time.Hour

func (u *UI) applyTheme(s settings.Settings) {
	u.app.Settings().SetTheme(kit.NewTheme(s.Theme, s.TextSize))
}

// applySettings takes over what the user chose, at once. A change of the
// language shows at the next start.
func (u *UI) applySettings(s settings.Settings) {
	u.showBy(s)
	u.keepInTray(s.CloseToTray)
	if u.Capture != nil && u.started { // before that there is no window to keep from it
		u.Capture(!s.AllowCapture)
	}
}

// showBy shows the codes as the user chose.
func (u *UI) showBy(s settings.Settings) {
	u.codes.SetSettings(codes.Settings{Hide: s.HideCodes, WaitForNext: s.WaitForNext, Plain: s.NoAnimations, Veil: u.veiled()})
}

func (u *UI) buildSettings() fyne.CanvasObject {
	parts := settings.Parts{
		File: u.Settings, Canvas: u.window.Canvas, Now: u.Clock.Now,
		Dir: u.Dir, Version: u.Version, Tray: u.host,
		Context: func() context.Context { return u.ctx },
		Bin:     bin{u}, Moved: u.reload, Unread: u.unread, Sections: u.settingsSections(),
		Changed: func(s settings.Settings) {
			u.applyTheme(s)
			u.applySettings(s)
			u.watchBy(s)
		},
		Lock: u.lockState(), SetPassphrase: u.setPassphrase, RemovePassphrase: u.removePassphrase,
		KnowsMinimised: u.Minimised != nil, KnowsScreen: away.KnowsScreen, Capture: u.Capture != nil,
	}
	if u.vault != nil {
		parts.Keys, parts.MoveKeys = place(u.vault.Kind()), u.moveKeys
	}
	u.settings = settings.NewPage(parts)
	return u.settings.Object()
}

// settingsSections are those of other rooms.
func (u *UI) settingsSections() []fyne.CanvasObject {
	sections := []fyne.CanvasObject{u.safety.Section(), u.truth.Section(u.showClock)}
	if u.link != nil {
		sections = append(sections, u.link.Section())
	}
	return append(sections, u.workspace.Section(), u.helpdeskSection())
}

// unread names the entries that cannot be read.
func (u *UI) unread() []settings.Unread {
	if u.vault == nil {
		return nil
	}
	var out []settings.Unread
	for _, a := range u.vault.Aside() {
		out = append(out, settings.Unread{Name: a.Name, Reason: words.T("It is damaged, or of a newer version of this app.")})
	}
	return out
}

// bin shows the vault's removed accounts in the settings.
type bin struct{ u *UI }

// Removed returns the removed accounts, newest first.
func (b bin) Removed() []settings.Removed {
	if b.u.vault == nil {
		return nil
	}
	var out []settings.Removed
	for _, a := range b.u.vault.Removed() {
		r := settings.Removed{ID: string(a.ID), Title: a.Title(), Erases: a.Removed.Add(keepRemoved)}
		if a.Issuer != "" {
			r.Name = a.Name
		}
		out = append(out, r)
	}
	return out
}

// Restore brings an account back to its place.
func (b bin) Restore(ctx context.Context, id string) error {
	return b.u.vault.Restore(ctx, vault.ID(id))
}

// Erase makes an account go for good.
func (b bin) Erase(ctx context.Context, id string) error {
	return b.u.vault.Erase(ctx, vault.ID(id))
}
