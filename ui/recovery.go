// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/recovery"
)

// help is where "Get back in" stands besides its own place.
type help struct {
	closed  *recovery.Page    // over a window whose accounts are not open; nil without
	behind  fyne.CanvasObject // what it lies over
	stuck   *recovery.Page    // over a step of the assistant; nil without
	waiting *recovery.Page    // the same while the clock's page lies over it
	wanted  string            // the entry of the guide to begin once the accounts are open
	err     error             // why they could not be opened; nil while a passphrase is asked for
}

func (u *UI) aroundRecovery() recovery.Around {
	a := recovery.Around{
		Canvas: u.window.Canvas, Dir: u.Dir, Clock: u.Clock, Look: u.standing,
		Vault: func() recovery.Vault {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.vault
		},
		Profile: func() profile.Profile { return u.profile },
		Code: guided.CodeAround{
			Now: u.True.Now, Row: u.model.RowOf, Copy: u.codes.CopyCode, Veiled: u.veiled,
			Plain: func() bool { return u.Settings.Get().NoAnimations },
		},
		CopyCode: func(code string) {
			u.copy(code)
			u.shell.Toast().Say(words.T("Copied"), 3)
		},
		ShowCodes: func() { u.Go(placeCodes) }, ShowClock: u.showClock, Scan: u.adding.Open,
		Unlock: u.unlockKeys, Reload: u.reload, Toast: func() *kit.Toast { return u.shell.Toast() },
		Note: u.changeUpkeep, SetUp: u.openGuide, ChooseFolder: u.chooseFolder, Turned: u.stepTurned,
		Helpdesk: u.OpenHelpdesk,
	}
	if u.link != nil {
		a.Ask = u.link.Ask
	}
	if u.Measure != nil {
		a.Measure = u.truth.Ask
	}
	return a
}

func (u *UI) buildRecovery() fyne.CanvasObject {
	page, err := recovery.New(u.aroundRecovery())
	if err != nil { // a test holds that the guide that is built in can be read
		return kit.NewText(err.Error())
	}
	u.recovery = page
	return page.Object()
}

// openTopic shows the place at a topic.
func (u *UI) openTopic(topic string) {
	u.Go(placeRecovery)
	if u.recovery != nil {
		u.recovery.Open(topic)
	}
}

// recoveryShown tells the place whether it is on show.
func (u *UI) recoveryShown(on bool) {
	switch {
	case u.recovery == nil || u.locked:
	case on:
		u.recovery.Show()
	default:
		u.recovery.Hide()
		u.stepTurned()
	}
}

// helper is the page "Get back in" that is on show, wherever; nil for none.
func (u *UI) helper() *recovery.Page {
	switch {
	case u.chooser != nil:
		return nil
	case u.help.closed != nil:
		return u.help.closed
	case u.shell.Covered():
		return nil
	case u.help.stuck != nil:
		return u.help.stuck
	case u.recovery != nil && u.shell.Selected() == placeRecovery && !u.shell.HasOver():
		return u.recovery
	}
	return nil
}

// stuck opens a topic of the recovery page over the assistant, which stays at its
// step.
func (u *UI) stuck(topic string) {
	if u.shell.Covered() || u.shell.HasOver() {
		return
	}
	a := u.aroundRecovery()
	a.Helpdesk = nil // somebody cannot get in here
	a.Leave, a.Leaves = u.closeOver, words.T("Back to the step")
	a.SetUp = func(entry string) {
		u.shell.CloseOver()
		u.openGuide(entry)
	}
	a.ShowClock = func() {
		page := u.help.stuck
		u.shell.CloseOver()
		u.showClock()
		u.help.waiting = page
	}
	page, err := recovery.New(a)
	if err != nil {
		return // it is the guide that is built in
	}
	page.Open(topic)
	u.showStuck(page)
}

// showStuck shows a topic over the assistant, at its step.
func (u *UI) showStuck(page *recovery.Page) {
	u.setupShown(false)
	u.window.Canvas().Unfocus()
	u.shell.Over(page.Object(), func() {
		u.help.stuck = nil
		page.Hide()
		u.setupShown(u.shell.Selected() == placeSetup)
	})
	u.help.stuck = page
	page.Show()
}

// getIn shows "Get back in" while the accounts are not open, over the page that
// behind is.
func (u *UI) getIn(behind fyne.CanvasObject) {
	a := u.aroundRecovery()
	a.Helpdesk = nil // somebody cannot get in here
	a.Vault, a.ShowCodes, a.ShowClock, a.Scan, a.CopyCode, a.Turned, a.Ask, a.Measure = nil, nil, nil, nil, nil, nil, nil, nil
	a.Unlock = func(func(error)) { u.endHelp() }
	a.SetUp = func(entry string) {
		u.help.wanted = entry
		u.endHelp()
	}
	a.Return, a.Locked = u.endHelp, u.locked
	page, err := recovery.New(a)
	if err != nil {
		return // it is the guide that is built in
	}
	u.window.Canvas().Unfocus()
	u.help.closed, u.help.behind = page, behind
	u.shell.Cover(page.Object())
	page.Show()
}

// endHelp goes back to the page that it was opened from.
func (u *UI) endHelp() {
	behind := u.help.behind
	u.dropHelp()
	u.shell.Cover(behind)
	if u.gate != nil {
		u.gate.wake()
	}
}

// dropHelp lets what covers the window now take its place.
func (u *UI) dropHelp() {
	if page := u.help.closed; page != nil {
		u.help.closed, u.help.behind = nil, nil
		page.Hide()
		u.window.Canvas().Unfocus()
	}
}

// takeWanted goes on in the set-up as was wanted while the accounts were not open.
func (u *UI) takeWanted() {
	if entry := u.help.wanted; entry != "" {
		u.help.wanted = ""
		u.openGuide(entry)
	}
}

func (u *UI) tickRecovery() {
	if page := u.helper(); page != nil {
		page.Tick(u.Clock.Now())
	}
}
