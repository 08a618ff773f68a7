// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/secret"
)

// Page is the place. It is used on the user interface's goroutine.
type Page struct {
	Around

	guide  *guide.Guide
	run    *guide.Run // under way; nil on the page with all entries
	kept   *guide.Run // the one to go on with, nil for none
	loaded bool       // kept is known
	begin  bool       // to begin once it is known that there is nothing to go on with
	wanted string     // the entry to begin at once that is known, "" for none
	saver  guided.Saver
	upkeep upkeep.State

	piece guided.Piece // of the step on show, nil for none
	step  guide.Step
	on    bool // the place is on show

	// What is known of this walk, and does not outlive the program.
	refused   int // codes in a row, since the key was scanned
	rescanned bool
	codes     []secret.Value // backup codes that the service gave, until they are kept
	codesOf   string         // the set-up that they came with
	codesDone guide.Outcome  // what became of them, "" for nothing yet
	resend    time.Duration  // how long until a code by text message can be sent again
	asking    bool           // the service is being asked

	body   *fyne.Container
	scroll *container.Scroll
	pages  kit.Pages // questions over the place

	screen guided.Screen // the step as it is drawn

	// What the step on show has, for the keyboard and for tests.
	Main   *kit.Button
	Others []*kit.Button
	BackTo *kit.Button
	Help   *kit.Button
	Doors  []*kit.Door // of the page with all entries
	Resume *kit.Button
}

// New returns the place, with all that the guide can do. What was kept comes
// as soon as it has been read.
func New(a Around) (*Page, error) {
	g, err := guide.Load()
	if err != nil {
		return nil, err
	}
	p := &Page{Around: a, guide: g, body: container.NewStack()}
	p.saver.Dir = a.Dir
	p.pages = kit.Pages{Canvas: a.Canvas, Width: 480}
	p.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(p.body, kit.ColumnWidth), kit.Space16))
	p.showHome()
	p.load()
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
	p.refresh()
	p.focus()
}

// Leave is called when another place is shown: nothing is watched any more.
func (p *Page) Leave() {
	p.on = false
	p.pages.Close()
	p.rest()
}

// rest stops what the step on show does by itself.
func (p *Page) rest() {
	if p.piece != nil {
		p.piece.Leave()
	}
}

// Lock forgets every code and stops what is under way. The step stays.
func (p *Page) Lock() {
	p.pages.Close()
	p.rest()
	p.piece = nil
	p.dropCodes()
	p.codesOf = ""
	if p.run != nil {
		p.body.Objects = nil // a code may stand there
		p.body.Refresh()
	}
}

func (p *Page) dropCodes() {
	for i := range p.codes {
		p.codes[i].Clear()
	}
	p.codes = nil
}

// Tick is called each second while the window can be seen.
func (p *Page) Tick(now time.Time) {
	if p.on && p.piece != nil {
		p.piece.Tick(now)
	}
}

// Refresh shows anew what stands on the page: the accounts have changed, or what
// is linked. The step stays.
func (p *Page) Refresh() {
	if !p.on {
		return
	}
	c := p.Canvas()
	had, at := c.Focused(), p.focused()
	p.refresh()
	if now := p.screen.Pressed(); at >= 0 && at < len(now) {
		had = now[at]
	}
	kit.GiveBack(c, had)
}

// focused tells which of them has the keyboard, or -1.
func (p *Page) focused() int {
	f := p.Canvas().Focused()
	return slices.IndexFunc(p.screen.Pressed(), func(b *kit.Button) bool { return f == fyne.Focusable(b) })
}

func (p *Page) refresh() {
	if p.run == nil {
		p.showHome()
		return
	}
	p.run.SetFacts(p.facts())
	p.run.SetFill(p.profile().Fill)
	p.show()
}

// Key does what a key means that nothing else wanted, and reports whether it
// meant anything.
func (p *Page) Key(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyEscape:
		if p.run == nil {
			return false
		}
		p.Back()
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.Main == nil {
			return false
		}
		p.Main.Tapped(nil)
	default:
		return false
	}
	return true
}

// Back leads to the step before, or from the first to all entries.
func (p *Page) Back() {
	if p.run == nil {
		return
	}
	if !p.run.Back() {
		p.home()
		return
	}
	p.turned()
}

// Begin starts the guide at an entry. One that is not there shows all entries.
// Where another walk is under way it asks first: only one is kept.
func (p *Page) Begin(entry string) {
	if p.wanted = entry; !p.loaded {
		return
	}
	p.wanted = ""
	old := p.run
	if old == nil || old.Ended() {
		old = p.kept
	}
	if e, ok := p.guide.Entry(entry); ok && old != nil && !old.Ended() && old.CanBack() {
		p.askBegin(old, e.Name)
		return
	}
	p.BeginAt(entry, "")
}

// askBegin asks whether another walk may take the place of the one under way.
func (p *Page) askBegin(old *guide.Run, entry string) {
	old.SetFill(p.profile().Fill)
	title, other := "", words.T("Begin")
	for _, e := range p.guide.Titles(p.profile().Fill) {
		if e.Name == entry {
			title = e.Title
		}
	}
	if entry == old.Entry().Name {
		other = words.T("Begin again")
	}
	goOn := kit.NewMainButton(words.T("Go on where you were"), func() {
		p.pages.Close()
		if p.run != old {
			p.walk(old)
		}
	})
	p.pages.Page(&kit.Sheet{
		Title: old.Entry().Title,
		Content: kit.Rows(kit.Space8, kit.NewText(words.T("You stopped at “{step}”.", "step", old.Step().Title)),
			kit.NewText(words.T("Forget where you stopped, and begin “{title}”?", "title", title))),
		Main: goOn,
		Others: []*kit.Button{kit.NewButton(other, func() {
			p.pages.Close()
			p.BeginAt(entry, "")
		})},
	})
}

// BeginAt starts it at one of the entry's steps, after what comes before was done
// elsewhere; "" is the first. It asks nothing.
func (p *Page) BeginAt(entry, step string) {
	run, err := p.guide.Begin(entry, p.facts())
	if err == nil && step != "" {
		run, err = p.guide.Restore(guide.State{Entry: entry, Step: step}, p.facts())
	}
	if err != nil {
		p.home()
		return
	}
	p.refused, p.rescanned, p.codesDone = 0, false, ""
	if entry == guide.NewCodes {
		p.dropCodes() // they are worth nothing soon
	}
	p.walk(run)
}

// Start shows the set-up at its beginning, unless there is something to go on
// with: that stays, or is offered.
func (p *Page) Start() {
	switch {
	case p.run != nil && p.run.Entry().Name == guide.Setup && !p.run.Ended():
	case p.run != nil && !p.run.Ended():
		p.home()
	case !p.loaded:
		p.begin = true
	case p.run != nil || p.kept == nil:
		p.Begin(guide.Setup)
	}
}

// GoOn goes on with the run that was kept.
func (p *Page) GoOn() {
	if p.kept != nil {
		p.walk(p.kept)
	}
}

func (p *Page) walk(run *guide.Run) {
	p.run, p.kept = run, nil
	p.run.SetFacts(p.facts())
	p.run.SetFill(p.profile().Fill)
	p.turned()
}

// choose follows a choice of the step.
func (p *Page) choose(c guide.Choice) {
	if p.run == nil || p.run.Choose(c) != nil {
		return
	}
	if renews[c.To] {
		p.dropCodes()
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
	p.piece = nil
	p.run.SetFacts(p.facts())
	p.arrived(p.run.Step().ID)
	p.save()
	p.show()
	p.scroll.ScrollToTop()
	p.focus()
	p.tell()
}

func (p *Page) tell() {
	if p.Turned != nil && p.on {
		p.Turned()
	}
}

// home shows all entries; the run is kept.
func (p *Page) home() {
	p.rest()
	p.piece = nil
	p.pages.Close()
	if p.run != nil {
		p.kept = p.run
		switch {
		case p.step.Pause:
			p.run.Back() // from where it goes on
		case p.run.Ended():
			p.kept = nil
		}
	}
	p.run = nil
	p.showHome()
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
	if !p.on || kit.TopSheet(c) != nil {
		return
	}
	if f := p.first(); f != nil {
		c.Focus(f)
		return
	}
	c.Unfocus()
}

// first is what has the keyboard at first.
func (p *Page) first() fyne.Focusable {
	if p.piece != nil && p.run != nil {
		if f := p.piece.First(); f != nil {
			return f
		}
	}
	if p.Main != nil && !p.Main.Disabled() {
		return p.Main
	}
	return nil
}
