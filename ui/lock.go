// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// Lock closes the accounts until the passphrase is typed, and leaves no code and
// no key in the window, in the clipboard or in anything of ours that runs.
// Without a passphrase it does nothing.
func (u *UI) Lock() {
	if u.locked || u.vault == nil || !u.vault.Guarded() {
		return
	}
	u.locked = true
	g := u.vault
	u.ticker.Stop()
	u.watcher.Stop()
	u.endDaily()
	u.clip.Drop()
	c := u.window.Canvas()
	if u.chooser != nil {
		u.chooser()
	}
	u.shell.CloseOver()
	if u.setup != nil {
		u.setup.Lock()
	}
	if u.recovery != nil {
		u.recovery.Lock()
	}
	u.truth.Lock()
	u.adding.Lock()
	u.safe.Lock()
	u.lockHelpdesk()
	u.endLooks()
	if u.link != nil {
		u.link.Close()
	}
	u.safety.Close()
	u.bring.Close()
	u.takeout.Close()
	u.workspace.Close()
	u.codes.Lock()
	kit.HoldSheets(c, true)
	u.shell.Toast().Dismiss()
	u.shell.Banner().Set(nil)
	sealed := make(chan struct{})
	u.showGate(gateLocked, func(p secret.Value) { u.unlockWith(p, sealed) })
	kit.Go(context.Background(), func(context.Context) (bool, error) {
		defer u.sweep()
		defer close(sealed)
		return true, g.Lock()
	}, func(_ bool, err error) {
		if errors.Is(err, vault.ErrNoGuard) && u.locked {
			u.unlocked() // the passphrase was removed by another program
		}
	})
}

// sweep leaves no copies of what was cleared in memory.
func (u *UI) sweep() {
	if u.Sweep != nil {
		u.Sweep()
	}
}

// Locked reports whether the window is locked.
func (u *UI) Locked() bool { return u.locked }

// unlockWith tries a passphrase once the vault is sealed.
func (u *UI) unlockWith(p secret.Value, sealed <-chan struct{}) {
	g := u.vault
	kit.Go(u.ctx, func(ctx context.Context) (bool, error) {
		defer p.Clear()
		select {
		case <-sealed:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		return true, g.Unlock(ctx, p)
	}, func(_ bool, err error) {
		if !u.locked || u.stopped {
			return
		}
		late := (*vault.WaitError)(nil)
		switch {
		case err == nil:
			u.unlocked()
		case errors.As(err, &late):
			u.gate.wait(late.For)
		case errors.Is(err, keystore.ErrPassphrase):
			u.gate.wrong()
		default:
			u.gate.failed(err)
		}
	})
}

// unlocked shows the accounts again, with the search and the mark as they were.
func (u *UI) unlocked() {
	u.locked = false
	u.dropHelp()
	u.gate.close()
	u.gate = nil
	c := u.window.Canvas()
	c.Unfocus()
	kit.HoldSheets(c, false)
	u.shell.Cover(nil)
	u.model.SetSource(u.vault)
	u.clockChanged()
	u.reload()
	if u.started {
		u.ticker.Start()
		u.daily(firstDaily)
	}
	u.guardChanged()
	u.linkOpened()
	u.bring.Unlocked()
	u.setupShown(u.shell.Selected() == placeSetup)
	u.recoveryShown(u.shell.Selected() == placeRecovery)
	u.takeWanted()
	u.helpdeskShown(u.shell.Selected() == placeHelpdesk)
	u.takePending()
}

// lockOrOffer is what the menu's "Lock" does: where there is no passphrase yet
// it offers to set one.
func (u *UI) lockOrOffer() {
	switch {
	case u.vault == nil || u.locked:
	case u.vault.Guarded():
		u.Lock()
	default:
		u.command(u.setPassphrase)
	}
}

// forgotten is what the page's link does, or nil.
func (u *UI) forgotten() func() {
	if u.Forgotten == nil {
		return nil
	}
	return func() {
		kit.HoldSheets(u.window.Canvas(), false) // the way out has pages of its own
		u.Forgotten()
	}
}

// guardChanged puts to use that a passphrase was set or removed: what locks by
// itself runs only with one, and only while unlocked.
func (u *UI) guardChanged() {
	on := u.vault != nil && u.vault.Guarded()
	u.guarded = on
	if on && !u.locked {
		u.watcher.Start(lockRules(u.Settings.Get()))
		u.shell.SetAction(kit.IconLock, words.T("Lock"), u.Lock)
	}
	if !on {
		u.watcher.Stop()
		u.shell.SetAction(kit.IconLock, "", nil)
	}
	if u.settings != nil {
		u.settings.SetLock(u.lockState())
	}
}
