// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/practice"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/helpdesk"
	"github.com/kutano/authenticator/ui/kit"
)

// placeHelpdesk is the room of whoever answers calls. It stands among the places
// where the user said so.
const placeHelpdesk = "helpdesk"

// training is a practice that runs.
type training struct{ *practice.Practice }

// Address is where its calls are answered.
func (t training) Address() string { return t.Practice.Address }

// StartTraining starts the program to practise with.
func StartTraining(ctx context.Context, scenario string) (helpdesk.Training, error) {
	path, err := practice.Find()
	if err != nil {
		return nil, err
	}
	p, err := practice.Start(ctx, path, scenario)
	if err != nil {
		return nil, err
	}
	return training{p}, nil
}

// desk is the helpdesk's room in the window.
type desk struct {
	room *helpdesk.Room // nil until it was shown
	from string         // the place from which it was opened
}

// helpdeskPlace is its place.
func (u *UI) helpdeskPlace() kit.Destination {
	return kit.Destination{ID: placeHelpdesk, Icon: kit.IconMessage, Title: words.T("Helpdesk"), Build: u.buildHelpdesk}
}

func (u *UI) buildHelpdesk() fyne.CanvasObject {
	a := helpdesk.Around{
		Canvas: u.window.Canvas, Clock: u.Clock, Home: u.deskHome, Train: u.Train,
		Open: func(address string) error {
			parsed, err := url.Parse(address)
			if err != nil {
				return link.ErrNoBrowser
			}
			return u.app.OpenURL(parsed)
		},
		Copy: u.app.Clipboard().SetContent, ChooseFolder: u.chooseFolder,
		Fill:  func() guide.Fill { return u.profile.Fill() },
		Toast: func() *kit.Toast { return u.shell.Toast() }, Sweep: u.sweep, Back: u.leaveHelpdesk,
		Behind: func() bool { return u.behind },
	}
	if u.Service != nil && u.Service.Desk != nil {
		a.Allow = u.allowDesk
	}
	u.desk.room = helpdesk.New(a)
	return u.desk.room.Object()
}

// deskHome is where the permission to work at a desk is kept; nil while it cannot be.
func (u *UI) deskHome() helpdesk.Home {
	if u.vault == nil || u.locked || u.Service == nil || u.Service.Desk == nil {
		return nil
	}
	return u.Service.Desk(u.vault)
}

// allowDesk asks in the browser, at the desk of before, or else at the linked service.
func (u *UI) allowDesk(done func(ok bool)) {
	address := ""
	if l, ok := u.linked(); ok {
		address = l.Address
	}
	if h := u.deskHome(); h != nil {
		if at, ok, err := h.AtDesk(); err == nil && ok {
			address = at.Address
		}
	}
	u.link.AllowDesk(address, done)
}

// OpenHelpdesk shows the helpdesk's room, from which Back leads to the place before.
func (u *UI) OpenHelpdesk() {
	if from := u.shell.Selected(); from != placeHelpdesk {
		u.desk.from = from
	}
	u.Go(placeHelpdesk)
	u.desk.room.SetBack(u.leaveHelpdesk)
}

func (u *UI) leaveHelpdesk() {
	to := u.desk.from
	if to == "" {
		to = placeRecovery
	}
	u.Go(to)
}

// helpdeskShown tells the room whether it is on show.
func (u *UI) helpdeskShown(on bool) {
	switch r := u.desk.room; {
	case r == nil || u.locked:
	case on:
		if u.Settings.Get().Helpdesk {
			r.SetBack(nil)
		}
		r.Show()
	default:
		r.Veil()
	}
}

// veilHelpdesk takes a bypass code off the screen: another window is in front.
func (u *UI) veilHelpdesk() {
	if u.desk.room != nil {
		u.desk.room.Veil()
	}
}

// lockHelpdesk takes a bypass code and every sheet of the room away.
func (u *UI) lockHelpdesk() {
	if u.desk.room != nil {
		u.desk.room.Lock()
	}
}

// tickHelpdesk lets a second pass in the room.
func (u *UI) tickHelpdesk() {
	if u.desk.room != nil {
		u.desk.room.Tick(u.Clock.Now())
	}
}

// closeHelpdesk ends what the room has started.
func (u *UI) closeHelpdesk() {
	if u.desk.room != nil {
		u.desk.room.Close()
	}
}

// helpdeskSection is the part of the settings for who works at a helpdesk.
func (u *UI) helpdeskSection() fyne.CanvasObject {
	show := kit.NewCheck(words.T("Show the helpdesk beside the other places"), nil)
	show.SetChecked(u.Settings.Get().Helpdesk)
	show.OnChanged = func(on bool) {
		s := u.Settings.Get()
		s.Helpdesk = on
		if err := u.Settings.Set(s); err != nil {
			u.fail(err)
		}
		u.shell.SetExtra(placeHelpdesk, on)
	}
	return kit.Rows(0, kit.NewTitle(words.T("I work at a helpdesk")), kit.NewCard(kit.Rows(0,
		kit.NewText(words.T("For those who answer calls from people who cannot get in: what the six words mean, the checks, and what can be done.")),
		kit.Inset(show, 0, 0, -kit.Space8, 0),
		kit.AtLeft(kit.NewQuietButton(words.T("Open the helpdesk"), u.OpenHelpdesk)))), kit.VGap(kit.Space8))
}
