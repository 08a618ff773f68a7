// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// pair are two codes that follow one another.
type pair [2]otpauth.Code

// twoPiece shows a code and the one after it, for Kutano's own page, which puts its
// clock for this account right by them. The second one comes when it starts, and
// neither is copied with the other. R54
type twoPiece struct {
	guided.Still
	page  *Page
	turn  int // of the pairs that were asked for: what comes late is dropped
	asked bool
	pair  pair
	err   error
	phase phase
	cells [2]*twoCell
	drawn bool
}

// phase is how far the two codes are.
type phase uint8

const (
	coming phase = iota // there are none yet, or the first has not begun
	first
	second
	over
)

// twoCell is one of the two codes as it is drawn.
type twoCell struct {
	code   *kit.CodeText
	ring   *kit.Ring
	row    *fyne.Container // code and ring; nil until it is drawn
	says   *widget.Label
	button *kit.Button
}

func newTwoPiece(p *Page) *twoPiece {
	t := &twoPiece{page: p}
	for i := range t.cells {
		t.cells[i] = &twoCell{code: kit.NewCodeText(), ring: kit.NewRing(), says: kit.NewQuiet("")}
		if plain := p.Code.Plain; plain != nil {
			t.cells[i].ring.SetPlain(plain())
		}
	}
	t.cells[0].button = kit.NewButton(words.T("Copy the first code"), func() { t.copy(0) })
	t.cells[1].button = kit.NewButton(words.T("Copy the second code"), func() { t.copy(1) })
	for _, c := range t.cells {
		c.button.SetIcon(kit.IconCopy)
	}
	return t
}

func (t *twoPiece) copy(i int) {
	if t.page.CopyCode != nil && t.pair[i].Value != "" {
		t.page.CopyCode(t.pair[i].Value)
	}
}

// Draw shows both.
func (t *twoPiece) Draw() guided.Drawn {
	p := t.page
	a, here := p.now.account(p.run.Account())
	t.drawn = false
	switch {
	case !p.now.at:
		return guided.Drawn{}
	case p.vault() == nil || p.now.store() == check.Locked:
		return guided.Drawn{Object: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Your accounts are locked, so no code can be shown."), Next: words.T("Unlock them, and the code stands here."),
		})}
	case !here:
		return guided.Drawn{Object: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("The account is not in this app."), Next: words.T("Type the codes of the app that has it."),
		})}
	case a.Type == otpauth.HOTP:
		return guided.Drawn{Object: kit.NewMessage(kit.Calm, kit.Message{
			What: words.T("Its codes go by a counter."), Next: words.T("Press “Next code” in the list, type the code, and do the same once more."),
		})}
	}
	t.drawn = true
	name := kit.NewText(guided.NameOf(a))
	name.TextStyle.Bold = true
	rows := kit.Rows(kit.Space8, name)
	if t.err != nil {
		rows.Add(guided.Trouble(t.err))
	}
	rows.Add(kit.AdaptiveGap(460, kit.Space16, t.cell(0, words.T("First")), t.cell(1, words.T("Then"))))
	var more []fyne.CanvasObject
	if t.phase == over || t.err != nil {
		more = append(more, kit.NewButton(words.T("Show two new codes"), t.renew))
	}
	if len(p.now.ours()) > 1 {
		more = append(more, kit.NewButton(words.T("Another account"), t.other))
	}
	if len(more) > 0 {
		rows.Add(guided.Line(more...))
	}
	rows.Add(kit.NewQuiet(words.T("Kutano support will never ask you for these codes.")))
	t.show(p.Code.Now())
	return guided.Drawn{Object: kit.NewCard(rows)}
}

func (t *twoPiece) cell(i int, title string) fyne.CanvasObject {
	c := t.cells[i]
	head := kit.NewText(title)
	head.TextStyle.Bold = true
	c.row = kit.AtLeft(kit.Inset(kit.Cols(kit.Space12, c.code, container.NewCenter(c.ring)), 0, 0, kit.Space8, 0))
	c.button.Wrap = true
	return kit.Rows(0, head, c.row, guided.RoomFor(kit.NewQuiet(typeNow(30)), c.says),
		kit.Inset(guided.Line(c.button), kit.Space4, 0, kit.Space8, 0))
}

// renew asks for two new codes.
func (t *twoPiece) renew() {
	t.Leave()
	t.page.redraw()
}

// other goes over to the next Kutano account.
func (t *twoPiece) other() {
	p := t.page
	a, _ := p.now.account(p.run.Account())
	all := p.now.ours()
	at := slices.IndexFunc(all, func(one vault.Account) bool { return one.ID == a.ID })
	p.run.SetAccount(string(all[(at+1)%len(all)].ID))
	t.renew()
}

// Tick shows how they are now, and asks for them where there are none.
func (t *twoPiece) Tick(time.Time) {
	p := t.page
	_, here := p.now.account(p.run.Account())
	open := p.vault() != nil && p.now.store() != check.Locked
	if !t.drawn {
		if here && open {
			p.redraw()
		}
		return
	}
	if !open || !here {
		t.Leave()
		p.redraw()
		return
	}
	now := p.Code.Now()
	if was := t.phase; t.show(now) != was && t.phase == over {
		p.redraw()
	}
	t.ask(now)
}

// ask makes the two codes: the one of now, or the next where that one would be over
// before it is typed, and the one after it.
func (t *twoPiece) ask(now time.Time) {
	p := t.page
	a, here := p.now.account(p.run.Account())
	v := p.vault()
	if t.asked || t.err != nil || !here || v == nil {
		return
	}
	t.asked = true
	turn := t.turn
	kit.Go(context.Background(), func(ctx context.Context) (pair, error) { return twoCodes(ctx, v, a.ID, now) },
		func(got pair, err error) {
			if turn != t.turn {
				return
			}
			if t.err = err; err != nil {
				p.redraw()
				return
			}
			t.pair = got
			t.show(p.Code.Now())
		})
}

func twoCodes(ctx context.Context, v Vault, id vault.ID, now time.Time) (pair, error) {
	one, err := v.Code(ctx, id, now)
	if err == nil && one.Until.Sub(now) < guided.HoldBack*time.Second {
		one, err = v.Code(ctx, id, one.Until)
	}
	if err != nil {
		return pair{}, err
	}
	two, err := v.Code(ctx, id, one.Until)
	return pair{one, two}, err
}

// at tells how far the two codes are at a time.
func (t *twoPiece) at(now time.Time) phase {
	switch {
	case t.pair[0].Value == "" || now.Before(t.pair[0].From):
		return coming
	case now.Before(t.pair[0].Until):
		return first
	case now.Before(t.pair[1].Until):
		return second
	}
	return over
}

// show puts the codes into what is drawn, and returns how far they are.
func (t *twoPiece) show(now time.Time) phase {
	t.phase = t.at(now)
	one, two := t.cells[0], t.cells[1]
	switch t.phase {
	case coming:
		one.hide(t.waits(now))
		two.hide(words.T("It comes after the first one."))
	case first:
		left := secondsTo(now, t.pair[0].Until)
		one.show(t.text(0), false, typeNow(left))
		one.ring.Set(left, period(t.pair[0]))
		two.hide(words.N(left, "It comes in 1 second.", "It comes in {n} seconds."))
	case second:
		left := secondsTo(now, t.pair[1].Until)
		one.show(t.text(0), true, words.T("Not typed yet? Type it before the other one."))
		two.show(t.text(1), false, typeNow(left))
		two.ring.Set(left, period(t.pair[1]))
	case over:
		one.hide(words.T("It is over."))
		two.hide(words.T("It is over."))
	}
	able(one.button, t.phase == first || t.phase == second)
	able(two.button, t.phase == second)
	return t.phase
}

func typeNow(seconds int) string {
	return words.N(seconds, "Type it now: valid for 1 more second", "Type it now: valid for {n} more seconds")
}

func (t *twoPiece) waits(now time.Time) string {
	if t.pair[0].Value == "" {
		return words.T("The code is on its way…")
	}
	return words.N(secondsTo(now, t.pair[0].From), "Wait a moment: a fresh code comes in 1 second.", "Wait a moment: a fresh code comes in {n} seconds.")
}

// text is a code as it is read, or dots while nothing secret may be on the screen.
func (t *twoPiece) text(i int) string {
	if veiled := t.page.Code.Veiled; veiled != nil && veiled() {
		return kit.HiddenCode(len(t.pair[i].Value))
	}
	return kit.GroupCode(t.pair[i].Value)
}

func (c *twoCell) show(code string, quiet bool, says string) {
	c.code.SetQuiet(quiet)
	c.set(code, !quiet)
	c.says.SetText(says)
}

func (c *twoCell) hide(says string) {
	c.code.SetQuiet(true)
	c.set(kit.HiddenCode(6), false)
	c.says.SetText(says)
}

// set shows another text, with a ring beside it or without; one of another width
// needs the room of it.
func (c *twoCell) set(text string, ring bool) {
	if c.code.Shown() == text && c.ring.Visible() == ring {
		return
	}
	c.code.SetText(text)
	if ring {
		c.ring.Show()
	} else {
		c.ring.Hide()
	}
	if c.row != nil {
		c.row.Refresh()
	}
}

func secondsTo(now, until time.Time) int {
	return int((until.Sub(now) + time.Second - 1) / time.Second)
}

func period(c otpauth.Code) int { return int(c.Until.Sub(c.From) / time.Second) }

func able(b *kit.Button, can bool) {
	switch {
	case can && b.Disabled():
		b.Enable()
	case !can && !b.Disabled():
		b.Disable()
	}
}

// Leave leaves neither of them anywhere.
func (t *twoPiece) Leave() {
	t.turn++
	t.pair, t.asked, t.err, t.phase = pair{}, false, nil, coming
	for _, c := range t.cells {
		c.code.SetText("")
	}
}
