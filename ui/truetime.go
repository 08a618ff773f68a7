// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"os"
	"runtime"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	clockpage "github.com/kutano/authenticator/ui/clock"
	"github.com/kutano/authenticator/ui/kit"
)

// When the daily measurement is thought of: shortly after the start, when the
// codes are there, and from then on now and then.
const (
	firstDaily = 15 * time.Second
	dailyEvery = time.Hour
)

// newTruth makes the clock's screen. Without a clock that is corrected, codes go
// by the device's own.
func (u *UI) newTruth() {
	if u.True == nil {
		own := u.Clock
		u.True = clock.Open("", func() clock.Times { return clock.Times{Wall: own.Now()} })
	}
	a := clockpage.Around{
		True: u.True, Read: u.Read, Canvas: u.window.Canvas, Measure: u.Measure, Look: system.Look,
		Steps: system.Steps(runtime.GOOS), Changed: u.clockChanged, Back: u.closeOver,
		Vault: func() clockpage.Vault { return u.recognised() },
	}
	if open, ok := system.SettingsPage(runtime.GOOS, os.Getenv); ok {
		a.Settings = open.Open
	}
	u.truth = clockpage.New(a)
	u.applied = u.True.Status().Applied
}

// showClock shows the clock's page in the stead of the place's own.
func (u *UI) showClock() {
	if u.shell.Covered() || u.shell.HasOver() {
		return
	}
	c := u.window.Canvas()
	u.before = c.Focused()
	c.Unfocus()
	u.setupShown(false)
	u.recoveryShown(false)
	u.shell.Over(u.truth.Open(), func() {
		u.help.waiting = nil
		c.Unfocus() // else what is typed goes on into a field that has gone
		u.truth.Close()
		u.clockChanged()
		u.setupShown(u.shell.Selected() == placeSetup)
		u.recoveryShown(u.shell.Selected() == placeRecovery)
	})
	u.clockChanged()
}

// closeOver goes back to where the user came from.
func (u *UI) closeOver() {
	stuck := u.help.waiting
	u.shell.CloseOver()
	if stuck != nil {
		u.showStuck(stuck)
		return
	}
	if at := u.shell.Selected(); at == placeSetup || at == placeRecovery {
		u.before = nil // it has drawn itself anew, and has the keyboard
		return
	}
	kit.GiveBack(u.window.Canvas(), u.before)
	u.before = nil
}

// lookAtClock notices what has become of the clock: it was set, or another
// program has measured it.
func (u *UI) lookAtClock() {
	changed, _ := u.True.Look() // unwritten, it is found out again at the next start
	if changed {
		u.truth.Refresh()
		u.clockChanged()
	}
	u.truth.Tick()
}

// clockChanged shows codes for the time that they are made for now, and whether
// that is corrected.
func (u *UI) clockChanged() {
	if u.locked {
		return
	}
	s := u.True.Status()
	jump := (s.Applied - u.applied).Abs()
	u.applied = s.Applied
	if jump >= clock.Worth { // less, as after each measurement, is as when time goes on
		u.codes.Turned()
	}
	u.showMark()
	if u.vault != nil {
		u.showTrouble(u.True.Now())
	}
}

func (u *UI) showMark() {
	v := u.truth.Verdict()
	u.codes.SetMark(v.Mark, v.Spoken)
}

// clockState adds what the banner may have to say about the clock.
func (u *UI) clockState(s *state) {
	if u.truth.Shown() {
		return // it is said on the page
	}
	now := u.True.Status()
	s.clock, s.dropped = u.truth.Verdict(), now.Dropped
	if now.Ask {
		s.ask = now.Measured.Offset
	}
}

// clockTrouble is what a wrong clock makes the banner say, or nil.
func clockTrouble(s state) *kit.Notice {
	switch {
	case s.clock.Tone != verdict.Fail:
	case s.ask != 0:
		return &kit.Notice{
			Tone: kit.Fail, Action: words.T("Have a look"),
			Text: s.clock.Headline + " " + words.T("Do you want them corrected?"),
		}
	case s.clock.Mark == "":
		return &kit.Notice{Tone: kit.Fail, Action: words.T("Have a look"), Text: s.clock.Headline}
	}
	return nil
}

// clockDropped tells that codes are no longer corrected.
func clockDropped(d *clock.Dropped) *kit.Notice {
	text := words.T("The clock was changed, so codes are no longer corrected.")
	if d.Why == clock.Restarted {
		text = words.T("This device was started anew, so codes are no longer corrected.")
	}
	return &kit.Notice{Tone: kit.Look, Text: text, Action: words.T("Have a look")}
}

// daily measures once a day, if the user wants that. There is one timer, also
// while the window is hidden, and none while it is locked; it asks nobody by
// itself.
func (u *UI) daily(soon time.Duration) {
	u.endDaily()
	if u.Measure == nil || u.stopped {
		return
	}
	u.stopDaily = u.after(soon, func() {
		if u.stopped || u.locked {
			return
		}
		u.truth.Daily()
		u.daily(dailyEvery)
	})
}

func (u *UI) endDaily() {
	if u.stopDaily != nil {
		u.stopDaily()
		u.stopDaily = nil
	}
}
