// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// timed is how it went to have the clock measured at this place.
type timed struct {
	busy    bool
	trouble *kit.Message // what was in the way; nil for nothing
	at      time.Time    // when it was tried last
}

// freshFor is how long a measurement counts as one of just now, so that going to and
// fro asks nobody again by itself.
const freshFor = 10 * time.Minute

// mayMeasure tells whether the user lets the clock be measured from here.
func (p *Page) mayMeasure() bool {
	n := p.now.Clock.Network
	return p.Measure != nil && (n == clock.OnDemand || n == clock.Daily)
}

// measure has the clock measured at once, and shows anew what comes of it. R53
func (p *Page) measure() {
	if p.timed.busy || !p.mayMeasure() {
		return
	}
	p.timed = timed{busy: true, at: p.Clock.Now()}
	p.redraw()
	p.Measure(func(trouble *kit.Message) {
		p.timed.busy, p.timed.trouble = false, trouble
		if p.piece != nil { // else nothing of it is on show, or the window is locked
			p.look()
			p.redraw()
		}
	})
}

// measures tells whether the clock, of which a line is, can be measured from here.
func (c *checksPiece) measures() bool { return c.result.Timed >= 0 && c.page.mayMeasure() }

// mainMeasures tells whether that is the obvious next thing.
func (c *checksPiece) mainMeasures() bool {
	return c.result.Do == check.MeasureClock && c.measures()
}

// measureDaily has the clock measured by itself, once while the checks are on show and
// where the user wants that every day, unless it has just been.
func (c *checksPiece) measureDaily() {
	p := c.page
	if c.began || !p.on || !c.measures() || p.now.Clock.Network != clock.Daily {
		return
	}
	c.began = true
	s := p.now.Clock
	measured := s.Measured != nil && s.Stale == "" && s.Age < freshFor
	if tried := p.Clock.Now().Sub(p.timed.at).Abs() < freshFor; measured || tried {
		return
	}
	c.asks = true
	p.measure()
}

// clock is what stands below the line about the clock: what is being asked or was in
// the way, and the button that measures where the main one does not; nil for nothing.
func (c *checksPiece) clock() fyne.CanvasObject {
	p := c.page
	if !c.measures() {
		return nil
	}
	rows := kit.Rows(kit.Space4)
	switch {
	case p.timed.busy:
		rows.Add(kit.NewQuiet(words.T("Asking what time it is…")))
	case p.timed.trouble != nil:
		rows.Add(kit.NewMessage(kit.Look, *p.timed.trouble))
	}
	if !c.mainMeasures() {
		says := words.T("Check my clock")
		if !check.ClockAt(p.now.Clock).IsZero() {
			says = words.T("Check again")
		}
		c.timer = clockButton(kit.NewButton(says, p.measure))
		rows.Add(guided.Line(c.timer))
	}
	if len(rows.Objects) == 0 {
		return nil
	}
	return rows
}

// network says what of the checks goes over the network.
func (c *checksPiece) network() string {
	switch {
	case c.asks:
		return words.T("You let the clock be checked every day, so time servers are asked what time it is.") + " " +
			words.T("They see this device’s network address, as every web page does. They learn nothing about you, your accounts or your codes.")
	case c.measures(), c.page.askButton() != nil:
		return words.T("Nobody is asked over the network unless you press a button for it.")
	}
	return words.T("Nothing is sent anywhere.")
}
