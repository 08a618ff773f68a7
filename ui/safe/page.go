// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// page is what is drawn of the place. Its buttons stay the same objects while it
// is shown anew, so that the focus stays where it is.
type page struct {
	screen  *Screen
	object  fyne.CanvasObject
	scroll  *container.Scroll
	body    *fyne.Container
	buttons map[string]*kit.Button
	doors   map[way]*kit.Door
	more    *kit.Fold
	unfold  bool   // the fold is open
	shown   string // what the page says, to see whether that has changed
}

// view is all that the page shows.
type view struct {
	looks    []look
	removed  []backupcodes.Set
	opening  bool // nothing is known yet
	exists   bool // there is a safe
	unlocked bool
	keyHere  bool
	problem  error
	after    time.Duration
	day      string // as ages go by it
}

func newPage(s *Screen) *page {
	p := &page{screen: s, body: container.NewStack(), buttons: map[string]*kit.Button{}, doors: map[way]*kit.Door{}}
	p.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(p.body, kit.ColumnWidth), kit.Space16))
	p.object = p.scroll
	return p
}

// look looks how things stand.
func (p *page) look() view {
	s := p.screen
	safe := s.Safe()
	if safe == nil {
		return view{opening: true}
	}
	now, accounts := s.Clock.Now(), s.accounts()
	v := view{
		removed: safe.Removed(), exists: safe.Exists(), unlocked: !safe.Locked(), problem: safe.Problem(),
		keyHere: keyHere(accounts, ""), after: s.lockAfter(), day: dateOf(now),
	}
	for _, set := range safe.Sets() {
		v.looks = append(v.looks, lookOf(set, now, accounts))
	}
	return v
}

// show shows how things stand, where that has changed.
func (p *page) show() {
	v := p.look()
	says := fmt.Sprint(v, words.Current())
	if says == p.shown {
		return
	}
	p.shown = says
	rows := []fyne.CanvasObject{p.head(v)}
	switch {
	case v.opening:
		rows = append(rows, kit.NewText(words.T("Opening the list of backup codes…")))
	case len(v.looks) == 0:
		rows = append(rows, p.problems(v)...)
		rows = append(rows, p.empty(v)...)
	default:
		rows = append(rows, p.problems(v)...)
		for _, l := range v.looks {
			rows = append(rows, p.card(l))
		}
	}
	if !v.opening {
		rows = append(rows, p.lock(v)...)
		rows = append(rows, p.others(v), neverAsked(), kit.VGap(kit.Space8))
	}
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space12, rows...)}
	p.body.Refresh()
}

// button returns the button that has a key, with what it says and does now.
func (p *page) button(key, text string, style kit.Style, icon kit.IconName, do func()) *kit.Button {
	b := p.buttons[key]
	if b == nil {
		b = kit.NewButton(text, do)
		p.buttons[key] = b
	}
	b.Text, b.Style, b.Icon, b.OnTapped = text, style, icon, do
	b.Refresh()
	return b
}

// head is the title and the button to add codes.
func (p *page) head(v view) fyne.CanvasObject {
	title := kit.NewTitle(words.T("Backup codes"))
	if len(v.looks) == 0 {
		return title
	}
	add := p.button("add", words.T("Add codes"), kit.Main, kit.IconAdd, p.screen.Add)
	return container.NewBorder(nil, nil, nil, container.NewCenter(add), title)
}

// problems say what is wrong with the files.
func (p *page) problems(v view) []fyne.CanvasObject {
	switch {
	case errors.Is(v.problem, backupcodes.ErrMissing):
		see := p.button("missing", words.T("What to do"), kit.Plain, "", func() { p.screen.missing(p.screen.pages.Close, p.screen.pages.Close) })
		return []fyne.CanvasObject{kit.NewCard(kit.Rows(kit.Space8,
			kit.NewMessage(kit.Fail, kit.Message{What: words.T("The file with the codes that are kept here is missing.")}), kit.AtLeft(see)))}
	case v.problem != nil:
		return []fyne.CanvasObject{kit.NewCard(kit.NewMessage(kit.Look, messageOf(v.problem)))}
	}
	return nil
}

// empty says what backup codes are, and where they are kept well.
func (p *page) empty(v view) []fyne.CanvasObject {
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("Backup codes let you in when your phone is lost or broken. Kutano shows them when you set up two-factor sign-in; each works once, in place of the code from the app or the text message.")),
		bold(words.T("Where do you keep yours?")),
	}
	s := p.screen
	door := func(w way) fyne.CanvasObject {
		d := p.doors[w]
		if d == nil {
			o := offers()[w]
			d = kit.NewDoor(o.icon, o.title, o.about, func() { s.begin(w) })
			p.doors[w] = d
		}
		return d
	}
	if !v.keyHere {
		rows = append(rows, door(here))
	}
	rows = append(rows, door(note), door(paper), door(file))
	if v.keyHere { // R65
		quiet := p.button("here", words.T("Keep them here"), kit.Quiet, kit.IconSafe, func() { s.begin(here) })
		rows = append(rows, kit.Rows(-kit.Space8, kit.AtLeft(quiet),
			kit.NewQuiet(words.T("Kutano’s key is on this device. If the device is lost, codes that are kept here are lost with it."))))
	}
	none := p.button("none", words.T("I have none"), kit.Quiet, kit.IconHelp, s.toGuide)
	return append(rows, kit.AtLeft(none))
}

// lock says whether the codes are locked, and why.
func (p *page) lock(v view) []fyne.CanvasObject {
	if !v.exists {
		return nil
	}
	s := p.screen
	if v.unlocked {
		mins := max(1, int(v.after/time.Minute))
		now := p.button("lock", words.T("Lock now"), kit.Plain, kit.IconLock, s.LockNow)
		return []fyne.CanvasObject{kit.NewCard(signed(kit.IconLock, theme.ColorNameWarning,
			bold(words.T("The codes are unlocked.")),
			kit.NewText(words.N(mins, "They lock by themselves after 1 minute without use.", "They lock by themselves after {n} minutes without use.")),
			kit.Inset(kit.AtLeft(now), kit.Space12, 0, kit.Space8, 0)))}
	}
	open := p.button("unlock", words.T("Unlock"), kit.Plain, kit.IconLock, s.Unlock)
	return []fyne.CanvasObject{kit.NewCard(signed(kit.IconLock, primary,
		bold(words.T("The codes that are kept here are locked.")),
		kit.NewText(words.T("They have a passphrase of their own, on purpose: whoever can open your accounts cannot open these.")),
		kit.Inset(kit.AtLeft(open), kit.Space12, 0, kit.Space8, 0)))}
}

// others is what is needed seldom, folded away.
func (p *page) others(v view) fyne.CanvasObject {
	s := p.screen
	link := func(key string, icon kit.IconName, text string, do func()) fyne.CanvasObject {
		return kit.AtLeft(p.button(key, text, kit.Quiet, icon, do))
	}
	rows := []fyne.CanvasObject{
		link("import", kit.IconInto, words.T("Open an encrypted file…"), s.Import),
		link("join", kit.IconQR, words.T("Put shares together…"), s.Join),
	}
	if v.exists {
		rows = append(rows,
			link("export", kit.IconOut, words.T("Save encrypted copies…"), s.ExportAll),
			link("change", kit.IconKey, words.T("Change the passphrase…"), s.ChangePassphrase))
	}
	if len(v.removed) > 0 {
		rows = append(rows, link("removed", kit.IconUndo,
			words.N(len(v.removed), "1 removed set can come back…", "{n} removed sets can come back…"), s.Removed))
	}
	if s.GetIn != nil {
		rows = append(rows, link("getin", kit.IconHelp, words.T("I can’t get in"), s.GetIn))
	}
	p.more = kit.NewFold(words.T("More"), kit.Rows(0, rows...))
	p.more.SetOpen(p.unfold)
	p.more.Changed = func(open bool) { p.unfold = open }
	return p.more.Object()
}
