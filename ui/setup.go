// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/setup"
)

func (u *UI) aroundSetup() setup.Around {
	a := setup.Around{
		Canvas: u.window.Canvas, Dir: u.Dir, Clock: u.Clock, Codes: u.True,
		Vault: func() setup.Vault {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.vault
		},
		Adding: u.adding, Eyes: u.Eyes, Away: u.Minimised, NoScreen: asksForScreen,
		Choosing: func() bool { return u.chooser != nil },
		Row:      u.model.RowOf, Copy: u.codes.CopyCode, Veiled: u.veiled,
		Plain:  func() bool { return u.Settings.Get().NoAnimations },
		Reload: u.reload, Forget: u.model.Forget,
		Toast: func() *kit.Toast { return u.shell.Toast() },
		Open:  u.app.OpenURL, CopyText: u.app.Clipboard().SetContent,
		Stuck: u.stuck, Home: func() { u.Go(placeCodes) }, Turned: u.stepTurned,
		Verdict: u.truth.Verdict, ShowClock: u.showClock, MayMeasure: u.mayMeasure,
		Upkeep: careful{u}, Readiness: u.readinessFacts, Lead: u.leadTo,
		CodesKnown: func() bool { return len(u.kutanoSets()) > 0 }, TakeCodes: u.takeCodes,
		Profile: func() setup.Profile {
			p := u.profile
			return setup.Profile{Fill: p.Fill(), Service: p.Service != "" && u.Service != nil, Months: reviewMonths(p), Kutano: p.Recognises}
		},
	}
	if u.Service != nil {
		a.Linked, a.Connect = u.linkedLine, u.link.Connect
		a.Allow = func(done func(error)) {
			u.link.AllowEnrol(func(ok bool) {
				if ok {
					done(nil)
					return
				}
				done(link.ErrDenied)
			})
		}
		a.Enrolling = func() setup.Enrolling {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.Service.Enrolling(u.vault)
		}
	}
	return a
}

// linkedLine says whose account is linked, and how it stands.
func (u *UI) linkedLine() (email, stands string, ok bool) {
	l, ok := u.linked()
	switch {
	case !ok:
		return "", "", false
	case l.Ended:
		return l.Who.Email, link.Say(link.LinkEnded), false
	case l.SeenAt.IsZero():
		return l.Who.Email, "", true
	}
	return l.Who.Email, link.SayMethod(l.Seen), true
}

// careful is upkeep.json, of which the window keeps what it says, too.
type careful struct{ u *UI }

// Load returns what was said and done.
func (c careful) Load() upkeep.State { return c.u.care.file.Load() }

// Change changes it, and lets the window know.
func (c careful) Change(ctx context.Context, change func(*upkeep.State)) (upkeep.State, error) {
	w, err := c.u.writeUpkeep(ctx, change)
	fyne.Do(func() { c.u.upkeepWritten(w, err) })
	return w.state, err
}

// asksForScreen reports that the desktop takes the picture of the screen itself,
// and asks or shows that it does: on Wayland.
func asksForScreen() bool {
	return os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("XDG_SESSION_TYPE") == "wayland"
}

func (u *UI) buildSetup() fyne.CanvasObject {
	page, err := setup.New(u.aroundSetup())
	if err != nil { // a test holds that the guide that is built in can be read
		return kit.NewText(err.Error())
	}
	u.setup = page
	return page.Object()
}

// beginSetup shows the assistant at its beginning, or with the way to go on where
// the user stopped.
func (u *UI) beginSetup() {
	u.Go(placeSetup)
	if u.setup != nil {
		u.setup.Start()
	}
}

// setupShown tells the assistant whether it is on show.
func (u *UI) setupShown(on bool) {
	switch {
	case u.setup == nil || u.locked:
	case on:
		u.setup.Show()
	default:
		u.setup.Leave()
		u.stepTurned()
	}
}

// setupKeys reports whether keys that nothing else wanted are the assistant's.
func (u *UI) setupKeys() bool {
	return u.chooser == nil && u.setupSeen()
}

// setupSeen reports whether the assistant is on show.
func (u *UI) setupSeen() bool {
	return u.setup != nil && u.shell.Selected() == placeSetup && !u.shell.Covered() && !u.shell.HasOver()
}

// mayMeasure reports whether the user lets the clock be measured.
func (u *UI) mayMeasure() bool {
	n := u.True.Status().Network
	return u.Measure != nil && (n == clock.OnDemand || n == clock.Daily)
}

// stepTurned lets the banner go by what the assistant has on show now. While the
// accounts are being unlocked the tick sees to it.
func (u *UI) stepTurned() {
	if u.model.Trouble() == nil && kit.TopSheet(u.window.Canvas()) == nil {
		u.careChanged()
	}
}

// inStep reports whether a step of a guide is on show.
func (u *UI) inStep() bool {
	if page := u.helper(); page != nil {
		return page.Step() != ""
	}
	return u.setupKeys() && u.setup.Step() != ""
}

func (u *UI) tickSetup(now time.Time) {
	if u.setupSeen() {
		u.setup.Tick(now)
	}
}
