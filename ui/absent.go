// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
)

// newWatcher returns what locks when the user has gone.
func (u *UI) newWatcher(times away.Times) *away.Watcher {
	return away.New(away.Around{
		Times: times, Idle: u.Idle, Signals: u.Signals,
		Gone: func(away.Reason) {
			fyne.Do(func() {
				// It may have been stopped since: then somebody was there.
				if !u.stopped && u.watcher.Running() {
					u.Lock()
				}
			})
		},
	})
}

// lockRules are the user's rules for locking.
func lockRules(s settings.Settings) away.Rules {
	return away.Rules{
		Idle:      time.Duration(s.LockIdleMinutes) * time.Minute,
		Minimised: s.LockMinimised, Suspend: s.LockSuspend, Screen: s.LockScreen,
	}
}

// watchBy goes on watching by other rules.
func (u *UI) watchBy(s settings.Settings) {
	if u.guarded && !u.locked {
		u.watcher.Start(lockRules(s))
	}
}

// inFront is called when the window comes to the front.
func (u *UI) inFront() {
	u.behind = false
	if u.gate != nil && kit.TopSheet(u.window.Canvas()) == nil {
		u.gate.wake()
	}
	u.veil()
	u.watcher.Look()
	u.ticker.Wake()
	kit.InFront(u.window.Canvas())
}

// inBack is called when another window comes to the front.
func (u *UI) inBack() {
	u.behind = true
	u.veilHelpdesk()
	u.veil()
}

// veiled reports whether dots stand for every code, because another window is in
// front and the user wants none shown then.
func (u *UI) veiled() bool { return u.behind && u.Settings.Get().HideUnfocused }

// veil hides the codes in view, or shows them again, at once.
func (u *UI) veil() {
	s := u.Settings.Get()
	if !s.HideUnfocused || u.vault == nil || u.locked {
		return
	}
	u.showBy(s)
	if u.behind {
		u.codes.CloseQR()
		u.takeout.Veil()
		u.safe.Veil()
	}
	u.adding.Tick(u.True.Now())
}
