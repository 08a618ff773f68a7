// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/ui/kit"
)

// window is how many steps before and after its own a service takes, RFC 6238,
// section 5.2.
const window = 1

// taken asks which of the codes that were copied were taken by their service.
type taken struct {
	page   *page
	object fyne.CanvasObject
	fold   *kit.Fold
	rows   *fyne.Container
	says   *widget.Label
	offer  *fyne.Container
}

func newTaken(p *page) *taken {
	t := &taken{page: p, rows: kit.Rows(kit.Space8), says: kit.NewText("")}
	t.says.Hide()
	t.offer = kit.Rows(kit.Space8,
		kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Two codes in a row were refused."),
			Next: words.T("The clock may be the reason: check it."),
		}), atLeft(kit.NewButton(words.T("Check my clock"), p.check)))
	t.offer.Hide()
	t.fold = kit.NewFold(words.T("Were your codes taken?"), kit.Rows(kit.Space8, t.rows, t.says, t.offer))
	t.fold.Changed = func(bool) { p.relayout() }
	t.object = kit.NewCard(t.fold.Object())
	return t
}

// check measures, or leads to the way that needs no network.
func (p *page) check() {
	if p.screen.Measure == nil {
		p.toCompare()
		return
	}
	p.screen.Check()
}

// open lists them anew. What followed from earlier answers may hold no longer.
func (t *taken) open() {
	t.says.Hide()
	t.offer.Hide()
	t.show()
}

// show lists the codes that were copied, the newest first.
func (t *taken) show() {
	s := t.page.screen
	t.rows.RemoveAll()
	if len(s.tries) == 0 {
		t.rows.Add(kit.NewText(words.T("Copy a code and use it. Then say here whether it was taken: that, too, tells how right this clock is.")))
	}
	for i := len(s.tries) - 1; i >= 0; i-- {
		t.rows.Add(t.row(i))
	}
	t.page.relayout()
}

func (t *taken) row(i int) fyne.CanvasObject {
	c := t.page.screen.tries[i]
	name := words.T("An account that is gone")
	if v := t.page.screen.Vault(); v != nil {
		for _, a := range v.Accounts() {
			if a.ID == c.id {
				name = title(a)
			}
		}
	}
	what := kit.NewLine(c.at.Wall.Local().Format(time.TimeOnly) + "  " + name)
	if c.answer != unanswered {
		icon, word := kit.Good, words.T("It worked")
		if c.answer == refused {
			icon, word = kit.Fail, words.T("Refused")
		}
		sign, in := icon.Icon()
		return container.NewBorder(nil, nil, nil, container.NewHBox(container.NewCenter(kit.NewIcon(sign, in, 20)), widget.NewLabel(word)), what)
	}
	yes := kit.NewButton(words.T("It worked"), func() { t.answer(i, worked) })
	no := kit.NewButton(words.T("Refused"), func() { t.answer(i, refused) })
	yes.Spoken = words.T("The code of {account} worked", "account", name)
	no.Spoken = words.T("The code of {account} was refused", "account", name)
	return kit.AdaptiveGap(480, 0, what, kit.Adaptive(0, yes, no))
}

// answer takes what the user says of a code, and what follows from all of them.
func (t *taken) answer(i int, a answer) {
	s := t.page.screen
	s.tries[i].answer = a
	known := s.tries.answered(s.tries[i].period)
	t.offer.Hidden = !fromcodes.Refusals(known)
	t.says.SetText("")
	if e, err := fromcodes.FromTries(s.tries[i].period, window, known); err == nil {
		t.says.SetText(s.take(e, known[len(known)-1].At))
	}
	t.says.Hidden = t.says.Text == ""
	t.show()
	t.page.screen.Canvas().Focus(t.fold.Head) // its own button has gone
}
