// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"errors"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
)

// checking is the button that measures, what is said meanwhile, and what went
// wrong.
type checking struct {
	page   *page
	object *fyne.Container
	start  *kit.Button
	busy   *fyne.Container
	says   *widget.Label
	cancel *kit.Button
	failed *fyne.Container
	other  *kit.Button     // the way that needs no network
	room   *fyne.Container // keeps one button alone from being as wide as the page
}

func newChecking(p *page) *checking {
	c := &checking{page: p, says: kit.NewText("")}
	c.start = kit.NewMainButton(words.T("Check my clock"), p.screen.Check)
	c.start.SetIcon(kit.IconClock)
	c.cancel = kit.NewButton(words.T("Cancel"), func() {
		p.screen.stop()
		c.open()
		p.relayout()
		p.screen.Canvas().Focus(c.start)
	})
	c.busy = kit.Rows(kit.Space8, c.says, atLeft(c.cancel))
	c.failed = kit.Rows(0)
	c.other = kit.NewButton(words.T("Use another device"), p.toCompare)
	c.room = kit.Rows(0)
	c.object = kit.Rows(kit.Space8, c.busy, c.failed, kit.AdaptiveGap(440, kit.Space8, c.start, c.other, c.room))
	c.open()
	return c
}

// open shows the button alone, or that it is being measured, be it in the
// background.
func (c *checking) open() {
	c.says.SetText(words.T("Asking what time it is…"))
	c.set(c.page.screen.working != nil, nil)
}

// set shows what is going on, or what went wrong.
func (c *checking) set(busy bool, err error) {
	c.busy.Hidden = !busy
	c.start.Hidden = busy || c.page.screen.Measure == nil
	c.failed.Hidden = err == nil || busy
	c.other.Hidden = c.failed.Hidden && c.page.screen.Measure != nil || busy
	c.room.Hidden = !c.start.Hidden && !c.other.Hidden || busy
	if err != nil {
		c.failed.Objects = []fyne.CanvasObject{kit.NewMessage(kit.Look, why(err))}
	}
	c.object.Refresh()
}

// style makes the button the obvious next step, unless a question is.
func (c *checking) style(s clock.Status) {
	want := kit.Main
	if s.Ask {
		want = kit.Plain
	}
	text := words.T("Check my clock")
	if s.Measured != nil && s.Stale == "" {
		text = words.T("Check again")
		want = kit.Plain
	}
	if c.start.Style != want || c.start.Text != text {
		c.start.Style = want
		c.start.SetText(text)
	}
}

// why says what kept the clock from being measured.
func why(err error) kit.Message {
	m := kit.Message{Safe: words.T("Nothing was changed.")}
	switch {
	case errors.Is(err, ErrDate):
		m.What = words.T("This device’s date is so far off that no secure connection can be made.")
		m.Next = words.T("Set the date about right first: “Fix it on this computer” says how. Then try again.")
	case errors.Is(err, ErrStepped):
		m.What = words.T("The clock was changed while it was being checked.")
		m.Next = words.T("Try again.")
	case errors.Is(err, ErrFew):
		m.What = words.T("Too few servers answered or agreed to know it better than before.")
		m.Next = words.T("Try again. Another device’s code needs no network at all.")
	case errors.Is(err, ErrNoAnswer):
		m.What = words.T("Nobody answered: there is probably no way to the internet from here.")
		m.Next = words.T("Look whether this computer is online. Another device’s code needs no network at all.")
	default:
		m.What = words.T("The clock could not be checked.")
		m.Next = words.T("Try again. Another device’s code needs no network at all.")
	}
	return m
}

// Check measures, on the page, after having asked whether it may.
func (s *Screen) Check() {
	if s.Measure == nil || s.working != nil || !s.shown {
		return
	}
	if n := s.True.Status().Network; n != clock.OnDemand && n != clock.Daily {
		s.askPermission()
		return
	}
	c := s.page.head.check
	var answers atomic.Int32
	c.says.SetText(words.T("Asking what time it is…"))
	c.set(true, nil)
	s.page.relayout()
	s.page.scroll.ScrollToTop()
	s.Canvas().Focus(c.cancel)
	s.measure(func(_ string, ok bool) {
		if !ok {
			return
		}
		n := int(answers.Add(1))
		fyne.Do(func() {
			if s.working != nil {
				c.says.SetText(words.N(n, "Asking what time it is… 1 answer so far.", "Asking what time it is… {n} answers so far."))
			}
		})
	}, s.checked)
}

// checked shows how it went, if the page is still there.
func (s *Screen) checked(err error) {
	if s.page == nil {
		return
	}
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	c := s.page.head.check
	c.set(false, err)
	s.page.relayout()
	if s.shown && s.Canvas().Focused() == c.cancel {
		s.Canvas().Focus(c.start)
	}
}

// askPermission asks whether anything may be asked on the network, and whom.
func (s *Screen) askPermission() {
	sheet := &kit.Sheet{Title: words.T("May this app ask what time it is?"), Width: 460}
	allow := func(n clock.Network) func() {
		return func() {
			sheet.Close()
			s.allow(n)
			s.Check()
		}
	}
	first := kit.NewMainButton(words.T("Allow when I ask"), allow(clock.OnDemand))
	daily := kit.NewButton(words.T("Allow once a day, too"), allow(clock.Daily))
	no := kit.NewQuietButton(words.T("Not now"), sheet.Close)
	sheet.Content = kit.Rows(kit.Space8,
		kit.Rows(-kit.Space8,
			kit.NewText(words.T("To check your clock, it asks several time servers on the internet what time it is, and web servers where those do not settle it. Several, so that no single one has to be believed.")),
			kit.NewText(words.T("They see this device’s network address, as every web page does. They learn nothing about you, your accounts or your codes.")),
			kit.NewQuiet(words.T("You can change your mind on this page at any time."))),
		first, daily, no)
	sheet.First = first
	sheet.Show(s.Canvas())
}

// allow keeps what the user allows.
func (s *Screen) allow(n clock.Network) {
	s.decide(func() error { return s.True.Allow(n, s.True.Status().Servers) })
}
