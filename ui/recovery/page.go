// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// Page is the place. It is used on the user interface's goroutine.
type Page struct {
	Around

	guide *guide.Guide
	run   *guide.Run // under way; nil on the front
	kept  *guide.Run // the one to go on with, nil for none
	saver guided.Saver
	piece guided.Piece // of the step on show, nil for none
	step  guide.Step
	on    bool // the place is on show
	more  bool // the front shows all answers

	// How things stand, and what is known of this walk; it does not outlive the program.
	now     known
	looking bool
	again   bool // to look once more
	locks   int  // how often the app was locked
	ticks   int  // since it was looked last
	tried   check.Tried
	asked   asked
	timed   timed

	body   *fyne.Container
	scroll *container.Scroll
	pages  kit.Pages // the report
	screen guided.Screen

	// What is on show, for the keyboard and for tests.
	Main   *kit.Button
	Others []*kit.Button
	BackTo *kit.Button
	Doors  []*kit.Door // the answers of the front
	Resume *kit.Button
	Call   *kit.Button // leads to the call
	Desk   *kit.Button // leads to the room of those who answer; nil where there is none
}

// New returns the place with its question. What was kept comes as soon as it has
// been read.
func New(a Around) (*Page, error) {
	g, err := guide.Recover()
	if err != nil {
		return nil, err
	}
	p := &Page{Around: a, guide: g, body: container.NewStack()}
	p.saver.Dir = a.Dir
	p.pages = kit.Pages{Canvas: a.Canvas, Width: 640, Free: a.Locked}
	p.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(p.body, kit.ColumnWidth), kit.Space16))
	p.now.Profile = p.profile()
	p.front()
	return p, nil
}

// Object returns what is drawn.
func (p *Page) Object() fyne.CanvasObject { return p.scroll }

// Step returns the id of the step on show, or "".
func (p *Page) Step() string {
	if p.run == nil {
		return ""
	}
	return p.step.ID
}

// Show is called when the place comes on show.
func (p *Page) Show() {
	p.on = true
	if p.run == nil && p.kept == nil {
		p.load()
	}
	p.refresh()
	p.focus()
	p.look()
}

// Hide is called when another place is shown: no code stays in what is drawn.
func (p *Page) Hide() {
	p.on = false
	p.pages.Close()
	p.rest()
}

// rest ends the step's piece.
func (p *Page) rest() {
	if p.piece != nil {
		p.piece.Leave()
		p.piece = nil
	}
}

// Lock forgets every code, and how things stand. The step stays.
func (p *Page) Lock() {
	p.pages.Close()
	p.rest()
	p.now = known{}
	p.locks++
	p.now.Profile = p.profile()
	if p.run != nil {
		p.body.Objects = nil
		p.body.Refresh()
	}
}

// lookEvery is after how many seconds it is looked anew at a step that shows how
// things stand.
const lookEvery = 5

// Tick is called each second while the window can be seen.
func (p *Page) Tick(now time.Time) {
	if !p.on || p.piece == nil {
		return
	}
	p.piece.Tick(now)
	if p.ticks++; p.ticks >= lookEvery && (p.step.Live == guide.Checks || p.step.Live == guide.Call || p.step.Live == guide.Clock) {
		p.look()
	}
}

// Refresh looks anew: the accounts have changed, or the clock, or what is linked.
func (p *Page) Refresh() {
	if p.on {
		p.look()
	}
}

// redraw shows the step anew after something has changed; what has the keyboard
// keeps it.
func (p *Page) redraw() {
	if !p.on {
		return
	}
	c := p.Canvas()
	had, at := c.Focused(), p.focused()
	beside := p.timer() != nil && had == fyne.Focusable(p.timer())
	p.refresh()
	if now := p.screen.Pressed(); at >= 0 && at < len(now) {
		had = now[at]
	}
	if beside && p.timer() != nil {
		had = p.timer()
	}
	kit.GiveBack(c, had)
}

// focused tells which of the buttons has the keyboard, or -1.
func (p *Page) focused() int {
	f := p.Canvas().Focused()
	return slices.IndexFunc(p.screen.Pressed(), func(b *kit.Button) bool { return f == fyne.Focusable(b) })
}

// timer is the button below the line about the clock; nil for none.
func (p *Page) timer() *kit.Button {
	if c, ok := p.piece.(*checksPiece); ok {
		return c.timer
	}
	return nil
}

func (p *Page) refresh() {
	if p.run == nil {
		p.front()
		return
	}
	p.run.SetFacts(p.now.facts())
	p.run.SetFill(p.fill())
	p.show()
}

// Key does what a key means that nothing else wanted, and reports whether it meant
// anything.
func (p *Page) Key(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyEscape:
		if p.run == nil && p.Return == nil {
			return false
		}
		p.Back()
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.Main == nil || p.Main.Disabled() {
			return false
		}
		p.Main.Tapped(nil)
	default:
		return false
	}
	return true
}

// Back leads to the step before, or from the first out of the topic, or from the
// front to where it was opened from.
func (p *Page) Back() {
	switch {
	case p.run == nil && p.Return != nil:
		p.Return()
	case p.run == nil:
	case p.run.Back():
		p.turned()
	default:
		p.home()
	}
}

// Open begins at a topic, one of [guide.Topics]; with another name it shows the
// question.
func (p *Page) Open(topic string) {
	run, err := p.guide.Begin(topic, p.now.facts())
	if err != nil {
		p.home()
		return
	}
	p.tried.Anew()
	p.walk(run)
}

// OpenCall prepares the call at once, or after the step at hand.
func (p *Page) OpenCall() {
	state := guide.State{Entry: guide.NoCodes, Step: callStep}
	if p.run != nil {
		state = p.run.State()
		state.History = append(slices.Clone(state.History), state.Step)
		state.Step = callStep
	}
	if run, err := p.guide.Restore(state, p.now.facts()); err == nil {
		p.walk(run)
	}
}

// callStep is the step of the guide that every way comes to where nothing helps.
const callStep = "call"

// GoOn goes on with the run that was kept.
func (p *Page) GoOn() {
	if p.kept != nil {
		p.walk(p.kept)
	}
}

func (p *Page) walk(run *guide.Run) {
	p.run, p.kept = run, nil
	p.turned()
}

// choose follows a choice of the step, and notes how a code fared that was typed.
func (p *Page) choose(c guide.Choice) {
	if p.run == nil {
		return
	}
	if p.run.Choose(c) != nil {
		return
	}
	a, _ := p.now.account(p.run.Account())
	if p.tried.Chose(p.step, c, check.Typed{Account: a, At: p.Code.Now(), Clock: p.now.clock()}) {
		p.accepted()
	}
	p.turned()
}

// end follows how the live piece of the step ended.
func (p *Page) end(o guide.Outcome) {
	if p.run != nil && p.run.Outcome(o) == nil {
		p.turned()
	}
}

// turned shows another step than before, and keeps it.
func (p *Page) turned() {
	p.rest()
	p.run.SetFacts(p.now.facts())
	p.run.SetFill(p.fill())
	p.arrived()
	p.save()
	p.show()
	p.scroll.ScrollToTop()
	p.focus()
	p.look()
	p.tell()
}

func (p *Page) tell() {
	if p.Turned != nil && p.on {
		p.Turned()
	}
}

// home leads out: to the front, where the run can be gone on with, or to where the
// topic was opened from.
func (p *Page) home() {
	p.rest()
	p.pages.Close()
	if p.run != nil {
		p.kept = p.run
		switch {
		case p.run.Step().Pause:
			p.run.Back() // from where it goes on
		case p.run.Ended():
			p.kept = nil
		}
	}
	p.run = nil
	if p.Around.Leave != nil {
		p.Around.Leave()
		return
	}
	p.front()
	p.scroll.ScrollToTop()
	p.focus()
	p.tell()
}

// finish ends a run that has come to its end.
func (p *Page) finish() {
	if !p.step.Pause {
		p.saver.Forget(p.guide)
	}
	p.home()
}

// focus puts the keyboard on the main button.
func (p *Page) focus() {
	c := p.Canvas()
	switch {
	case !p.on || kit.TopSheet(c) != nil:
	case p.Main != nil && !p.Main.Disabled():
		c.Focus(p.Main)
	default:
		c.Unfocus()
	}
}
