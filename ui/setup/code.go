// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
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

// holdBack is how many seconds a code must have left to be shown: one that is
// typed later is refused. R54
const holdBack = 5

// codePiece shows the code to type, with the time that it has left. R41
type codePiece struct {
	still
	page    *Page
	account vault.Account
	here    bool

	big   *fyne.Container
	lines *fyne.Container // what stands under the code
	code  *kit.CodeText
	ring  *kit.Ring
	time  *widget.Label
	next  *widget.Label
	copy  *kit.Button
}

func newCodePiece(p *Page) *codePiece {
	c := &codePiece{page: p, code: kit.NewCodeText(), ring: kit.NewRing(), time: kit.NewText(""), next: kit.NewQuiet("")}
	c.time.Alignment, c.next.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	if p.Plain != nil {
		c.ring.SetPlain(p.Plain())
	}
	c.copy = kit.NewButton(words.T("Copy the code"), func() { p.Copy(c.account.ID) })
	c.copy.SetIcon(kit.IconCopy)
	return c
}

func (c *codePiece) draw() drawn {
	p := c.page
	c.account, c.here = p.account(vault.ID(p.run.Account()))
	if !c.here {
		// The account of the run has gone, or there was none: the only one of Kutano is it.
		if here := p.accounts(); len(here) == 1 {
			c.account, c.here = here[0], true
			p.run.SetAccount(string(c.account.ID))
		}
	}
	d := drawn{own: true}
	next, rest := p.choices()
	if next != nil {
		d.main = kit.NewMainButton(next.Label, func() {
			c.accepted()
			p.choose(*next)
		})
	}
	for _, choice := range rest {
		d.others = append(d.others, kit.NewButton(choice.Label, func() {
			p.refused++
			p.choose(choice)
		}))
	}
	if !c.here {
		d.object = kit.NewMessage(kit.Look, kit.Message{
			What: words.T("The account is not in this app any more."),
			Next: words.T("Press “Back” and scan the QR code again."),
		})
		return d
	}
	c.tick(p.Codes.Now())
	name := kit.NewText(nameOf(c.account))
	name.TextStyle.Bold = true
	name.Alignment = fyne.TextAlignCenter
	c.big = container.NewCenter(kit.Cols(kit.Space16, c.code, container.NewCenter(c.ring)))
	warn := kit.NewQuiet(words.T("Kutano support will never ask you for this code."))
	warn.Alignment = fyne.TextAlignCenter
	d.object = kit.NewCard(kit.Rows(0, name, c.big, c.says(), container.NewCenter(c.copy), kit.VGap(kit.Space4), warn))
	return d
}

// says is what stands under the code, with room for what is longest there: the
// buttons below do not move while somebody is about to press one.
func (c *codePiece) says() fyne.CanvasObject {
	longest := kit.Rows(0, kit.NewText(waits(holdBack)), kit.NewQuiet(tooLate()))
	c.lines = kit.Rows(0, c.time, c.next)
	return container.New(roomFor{longest}, c.lines)
}

func waits(seconds int) string {
	return words.N(seconds, "Wait a moment: a fresh code comes in 1 second.", "Wait a moment: a fresh code comes in {n} seconds.")
}

func tooLate() string { return words.T("The one before would be too late by the time it is typed.") }

// accepted notes that the service took a code.
func (c *codePiece) accepted() {
	p := c.page
	p.refused, p.rescanned = 0, false
	v, id, now := p.Vault(), c.account.ID, p.Clock.Now()
	if v == nil || !c.here {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, v.MarkVerified(ctx, id, now)
	}, func(bool, error) { // bookkeeping only: the code was accepted all the same
		if p.Reload != nil {
			p.Reload()
		}
	})
}

func (c *codePiece) tick(time.Time) {
	if !c.here || c.page.Row == nil {
		return
	}
	r, ok := c.page.Row(c.account.ID, c.page.Codes.Now())
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

func (c *codePiece) show(r codes.Row) {
	can, held := r.Code != "", r.Period > 0 && r.Left < holdBack
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
	if can == c.copy.Disabled() {
		c.enable(can)
	}
}

// plain shows a code that has time enough.
func (c *codePiece) plain(r codes.Row) {
	next := ""
	if c.page.Veiled != nil && c.page.Veiled() {
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
		left = words.N(r.Left, "valid for 1 more second", "valid for {n} more seconds")
	}
	set(c.time, left)
	set(c.next, next)
}

func (c *codePiece) enable(can bool) {
	if can {
		c.copy.Enable()
		return
	}
	c.copy.Disable()
}

// set changes a text; Fyne draws one anew also where it stays.
func set(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}
