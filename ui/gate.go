// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// gateMode is why the passphrase is asked for.
type gateMode uint8

const (
	gateCreate gateMode = iota // a new sealed file needs one
	gateOpen                   // the app starts
	gateLocked                 // the app is locked
)

// gate is the page that asks for the passphrase, in place of all others. It is
// the same whether the app starts or was locked.
type gate struct {
	gateAround
	mode gateMode

	first, again *kit.Entry
	says         *widget.Label
	open         *kit.Button
	object       fyne.CanvasObject

	note  string    // what to say once a delay is over
	busy  bool      // an answer is being tried
	until time.Time // no answer is taken before
	stop  func()    // ends the timer of a delay
	tire  func()    // ends the timer of the cursor
}

// tiresAfter is how long the cursor blinks for somebody who does not type. It is
// the only thing that moves on a page that may stand there for days, and costs
// more than all else; the next key brings it back.
const tiresAfter = 20 * time.Second

// gateAround is what the page needs of the window.
type gateAround struct {
	answer    func(secret.Value) // gets what was typed
	quit      func()
	canvas    func() fyne.Canvas
	forgotten func() // leads to a new passphrase; nil where nothing can
	getIn     func() // leads to "Get back in"; nil for none
	now       func() time.Time
	// after calls f on the user interface's goroutine once a time has passed,
	// unless it is stopped before.
	after func(d time.Duration, f func()) (stop func())
}

// after is gateAround's with the time that passes outside.
func after(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, func() { fyne.Do(f) })
	return func() { t.Stop() }
}

func newGate(mode gateMode, a gateAround) *gate {
	g := &gate{
		gateAround: a, mode: mode,
		first: kit.NewPasswordEntry(words.T("Passphrase")), again: kit.NewPasswordEntry(words.T("The same once more")),
		says: kit.NewText(""),
	}
	g.first.OnSubmitted = func(string) {
		if mode == gateCreate {
			g.focus(g.again)
			return
		}
		g.submit()
	}
	g.again.OnSubmitted = func(string) { g.submit() }
	switch mode {
	case gateCreate:
		g.open = kit.NewMainButton(words.T("Keep my keys in this file"), g.submit)
		g.object = g.page(words.T("Choose a passphrase"),
			words.T("Your keys go into a file on this device, sealed with a passphrase that only you know."),
			words.T("Write it down and keep it in a safe place: nobody can open the file without it."), g.first, g.again)
	case gateLocked:
		g.open = kit.NewMainButton(words.T("Unlock"), g.submit)
		g.object = g.front(words.T("Locked. Type your passphrase to see your codes."))
	default:
		g.open = kit.NewMainButton(words.T("Unlock"), g.submit)
		g.object = g.front(words.T("Type your passphrase to open your accounts."))
	}
	return g
}

func (g *gate) submit() {
	if g.busy || g.waiting() {
		return
	}
	if sentence := checkPassphrase(g.mode == gateCreate, g.first.Text, g.again.Text); sentence != "" {
		g.say(sentence, widget.DangerImportance)
		return
	}
	p := secret.FromString(g.first.Text)
	g.busy, g.note = true, ""
	g.open.Disable()
	g.say(words.T("One moment…"), widget.LowImportance)
	g.answer(p)
}

// wrong takes another answer, and says that the one before was not right.
func (g *gate) wrong() {
	g.ready()
	g.first.SetText("")
	g.note = explain.Reason(keystore.ErrPassphrase) + " " + words.T("Check Caps Lock and the keyboard’s language, and type it once more.")
	g.say(g.note, widget.DangerImportance)
}

// failed takes another answer, and says why the one before could not be tried.
func (g *gate) failed(err error) {
	g.ready()
	m := explain.Error(err)
	g.say(m.What+" "+m.Next, widget.DangerImportance)
}

func (g *gate) ready() {
	g.busy = false
	g.open.Enable()
	g.wake()
}

// wait takes no answer for a time and counts it down. One that was not looked at
// because of it stays in its field.
func (g *gate) wait(d time.Duration) {
	g.busy = false
	g.until = g.now().Add(d)
	g.open.Disable()
	g.wake()
	g.tick()
}

func (g *gate) waiting() bool { return g.now().Before(g.until) }

// tick says how long to wait, and comes again with each second of it: nothing
// ticks on this page but a delay.
func (g *gate) tick() {
	g.stop = nil
	left := g.until.Sub(g.now())
	if left <= 0 {
		g.open.Enable()
		g.say(g.note, widget.DangerImportance)
		return
	}
	secs := int((left + time.Second - 1) / time.Second)
	g.say(words.N(secs, "Wait 1 second, then try again. Nothing is lost.", "Wait {n} seconds, then try again. Nothing is lost."),
		widget.WarningImportance)
	next := left % time.Second
	if next == 0 {
		next = time.Second
	}
	g.stop = g.after(next, g.tick)
}

// close ends what runs for the page. The passphrase leaves the fields.
func (g *gate) close() {
	if g == nil {
		return
	}
	if g.stop != nil {
		g.stop()
		g.stop = nil
	}
	if g.tire != nil {
		g.tire()
		g.tire = nil
	}
	g.first.SetText("")
	g.again.SetText("")
}

func (g *gate) say(sentence string, how widget.Importance) {
	g.says.Importance = how
	g.says.SetText(sentence)
}

// page is a page of sentences and fields.
func (g *gate) page(title, sentence, more string, fields ...fyne.CanvasObject) fyne.CanvasObject {
	rows := []fyne.CanvasObject{kit.NewTitle(title), kit.NewText(sentence), kit.NewText(more)}
	rows = append(rows, fields...)
	rows = append(rows, g.says, kit.Cols(kit.Space8, kit.NewButton(words.T("Quit"), g.quit), g.open))
	return upright(kit.Rows(kit.Space8, rows...), 440)
}

// front is the page that lets one in: one field and one button.
func (g *gate) front(sentence string) fyne.CanvasObject {
	lock := kit.NewIcon(kit.IconLock, theme.ColorNamePrimary, 40)
	title := kit.NewTitle(words.T("Kutano Authenticator"))
	say := kit.NewText(sentence)
	title.Alignment, say.Alignment, g.says.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter, fyne.TextAlignCenter
	links := kit.Cols(kit.Space8)
	if g.forgotten != nil {
		links.Add(kit.NewQuietButton(words.T("Forgotten?"), g.forgotten))
	}
	links.Add(kit.NewQuietButton(words.T("Quit"), g.quit))
	return upright(kit.Rows(kit.Space12,
		container.NewCenter(lock), kit.Rows(-kit.Space8, title, say),
		g.first, g.open, g.says, container.NewCenter(links), g.help()), 340)
}

// help is the way for who cannot get into Kutano while the accounts are not open.
func (g *gate) help() fyne.CanvasObject {
	if g.getIn == nil {
		return kit.VGap(0)
	}
	b := kit.NewQuietButton(words.T("I can’t get in"), g.getIn)
	b.SetIcon(kit.IconHelp)
	return container.NewCenter(b)
}

// upright puts a page into the middle, and lets it scroll where it does not fit.
func upright(page fyne.CanvasObject, width float32) fyne.CanvasObject {
	return container.NewVScroll(kit.Pad(container.New(middle{}, kit.MaxWidth(page, width)), kit.Space16))
}

// wake puts the cursor into the first field, until nobody types.
func (g *gate) wake() {
	g.focus(g.first)
	g.watch()
}

func (g *gate) watch() {
	if g.tire != nil {
		g.tire()
	}
	text := g.first.Text + g.again.Text
	g.tire = g.after(tiresAfter, func() {
		g.tire = nil
		c := g.canvas()
		switch {
		case g.first.Text+g.again.Text != text:
			g.watch()
		case c.Focused() == g.first || c.Focused() == g.again:
			c.Unfocus()
		}
	})
}

// key takes a key that nothing else on the page wanted.
func (g *gate) key(ev *fyne.KeyEvent) {
	if ev.Name != fyne.KeyEscape {
		g.wake()
		g.first.TypedKey(ev)
	}
}

// char takes a character that was typed without a cursor.
func (g *gate) char(r rune) {
	g.wake()
	g.first.TypedRune(r)
}

func (g *gate) focus(e *kit.Entry) {
	g.canvas().Focus(e) // not the driver's: it does not know what was never painted
}
