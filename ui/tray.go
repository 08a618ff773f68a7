// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// keepInTray lets the window go to the system tray when it is closed, if the
// user wants it and the desktop has a tray: a window hidden without one could
// never be found again.
func (u *UI) keepInTray(on bool) {
	if on && !u.tray && u.host {
		if d, ok := u.app.(desktop.App); ok {
			d.SetSystemTrayMenu(fyne.NewMenu(words.T("Kutano Authenticator"),
				fyne.NewMenuItem(words.T("Show"), u.show), fyne.NewMenuItem(words.T("Lock"), u.trayLock), fyne.NewMenuItemSeparator(), u.trayQuit()))
			d.SetSystemTrayIcon(kit.TrayIcon())
			u.tray = true
		}
	}
	u.window.SetCloseIntercept(func() {
		if u.tray && u.Settings.Get().CloseToTray {
			u.hide()
			return
		}
		u.quit()
	})
}

// lookForTray asks for a tray beside the user interface's goroutine, since the
// answer may take a while.
func (u *UI) lookForTray() {
	if u.TrayHost == nil || !u.TrayHost() {
		return
	}
	fyne.Do(func() {
		u.host = true
		u.keepInTray(u.Settings.Get().CloseToTray)
	})
}

func (u *UI) trayQuit() *fyne.MenuItem {
	q := fyne.NewMenuItem(words.T("Quit"), u.quit)
	q.IsQuit = true
	return q
}

// hide takes the window away; nothing of ours runs until it comes back.
func (u *UI) hide() {
	u.ticker.Stop()
	u.window.Hide()
	u.watcher.PutAway()
	u.safe.PutAway()
	u.veilHelpdesk()
}

// trayLock locks; where that needs a passphrase first the window says so.
func (u *UI) trayLock() {
	if !u.guarded {
		u.show()
	}
	u.lockOrOffer()
}

func (u *UI) show() {
	u.window.Show()
	u.window.RequestFocus()
	if u.started && !u.locked {
		u.ticker.Start()
	}
}
