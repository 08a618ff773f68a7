// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// HoldBack is how many seconds a code must have left to be shown: one that is
// typed later is refused. R54
const HoldBack = 5

// CodeAround is what a code needs of the window. Functions that are nil count as
// false, and Copy as nothing that could be done.
type CodeAround struct {
	Now    func() time.Time // that codes are made for
	Row    func(id vault.ID, now time.Time) (codes.Row, bool)
	Copy   func(id vault.ID) // copies the code of an account
	Plain  func() bool       // seconds as a number instead of a ring
	Veiled func() bool       // dots in place of every code
}

// Code shows the code to type, with the time that it has left. R41
type Code struct {
	CodeAround

	account vault.ID // "" for none
	big     *fyne.Container
	lines   *fyne.Container // what stands under the code
	code    *kit.CodeText
	ring    *kit.Ring
	time    *widget.Label
	next    *widget.Label

	Button *kit.Button // copies it
}

// NewCode returns a code of no account yet.
func NewCode(a CodeAround) *Code {
	c := &Code{CodeAround: a, code: kit.NewCodeText(), ring: kit.NewRing(), time: kit.NewText(""), next: kit.NewQuiet("")}
	c.time.Alignment, c.next.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	if a.Plain != nil {
		c.ring.SetPlain(a.Plain())
	}
	c.Button = kit.NewButton(words.T("Copy the code"), func() { c.Copy(c.account) })
	c.Button.SetIcon(kit.IconCopy)
	return c
}

// Card shows the code of an account.
func (c *Code) Card(a vault.Account) fyne.CanvasObject {
	c.account = a.ID
	c.Tick()
	name := kit.NewText(NameOf(a))
	name.TextStyle.Bold = true
	name.Alignment = fyne.TextAlignCenter
	c.big = container.NewCenter(kit.Cols(kit.Space16, c.code, container.NewCenter(c.ring)))
	warn := kit.NewQuiet(words.T("Kutano support will never ask you for this code."))
	warn.Alignment = fyne.TextAlignCenter
	return kit.NewCard(kit.Rows(0, name, c.big, c.says(), container.NewCenter(c.Button), kit.VGap(kit.Space4), warn))
}

// says is what stands under the code, with room for what is longest there: the
// buttons below do not move while somebody is about to press one.
func (c *Code) says() fyne.CanvasObject {
	longest := kit.Rows(0, kit.NewText(waits(HoldBack)), kit.NewQuiet(tooLate()))
	c.lines = kit.Rows(0, c.time, c.next)
	return RoomFor(longest, c.lines)
}

func waits(seconds int) string {
	return words.N(seconds, "Wait a moment: a fresh code comes in 1 second.", "Wait a moment: a fresh code comes in {n} seconds.")
}

func tooLate() string { return words.T("The one before would be too late by the time it is typed.") }

// Tick shows how the code is now.
func (c *Code) Tick() {
	if c.account == "" || c.Row == nil {
		return
	}
	r, ok := c.Row(c.account, c.Now())
	if !ok {
		return
	}
	before := c.code.Shown()
	c.show(r)
	if c.big != nil && len(before) != len(c.code.Shown()) {
		c.big.Refresh() // it has become wider
	}
	if c.lines != nil {
		c.lines.Refresh() // a sentence may need another line
	}
}

// Forget leaves no code in what is drawn.
func (c *Code) Forget() {
	c.account = ""
	c.code.SetText("")
	set(c.next, "")
}

func (c *Code) show(r codes.Row) {
	can, held := r.Code != "", r.Period > 0 && r.Left < HoldBack
	switch {
	case r.State == codes.Failed:
		c.code.SetText("––– –––")
		set(c.time, explain.Reason(r.Err))
		set(c.next, "")
		can = false
	case r.Type == otpauth.HOTP && r.Code == "":
		c.code.SetText("––– –––")
		set(c.time, words.T("Its codes go by a counter: press “Next code” in the list."))
	case r.Code == "":
		set(c.time, words.T("The code is on its way…"))
	case held:
		c.code.SetText(r.Dots())
		c.ring.Set(r.Left, r.Period)
		set(c.time, waits(r.Left))
		set(c.next, tooLate())
		can = false
	default:
		c.plain(r)
	}
	enable(c.Button, can)
}

// plain shows a code that has time enough.
func (c *Code) plain(r codes.Row) {
	next := ""
	if c.Veiled != nil && c.Veiled() {
		c.code.SetText(r.Dots())
	} else {
		c.code.SetText(r.Plain())
		if r.Next != "" {
			next = words.T("next: {code}", "code", r.Next)
		}
	}
	c.ring.Set(r.Left, r.Period)
	left := ""
	if r.Period > 0 {
		left = validFor(r.Left)
	}
	set(c.time, left)
	set(c.next, next)
}

func validFor(seconds int) string {
	return words.N(seconds, "valid for 1 more second", "valid for {n} more seconds")
}

// enable lets a button be pressed, or not; Fyne draws it anew also where it stays.
func enable(b *kit.Button, can bool) {
	switch {
	case can && b.Disabled():
		b.Enable()
	case !can && !b.Disabled():
		b.Disable()
	}
}

// set changes a text; Fyne draws one anew also where it stays.
func set(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}
