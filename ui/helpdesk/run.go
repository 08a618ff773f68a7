// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// came is what came of something at the desk.
type came struct {
	deed link.Deed
	desk.Outcome
	gone bool // its code came while the window was locked, and is forgotten
}

// run has the service do something, or look whether it was done, as the agent who
// began to. Closing the sheet does not stop it: nobody could say then whether it was
// done.
func (r *Room) run(w *desk.Doing, how func(*desk.Doing, context.Context) (link.Deed, desk.Outcome, error)) {
	h := r.home()
	if h == nil {
		return
	}
	if at, ok, err := h.AtDesk(); r.by == "" && ok && err == nil {
		r.by = at.Who.ID
	}
	w.Desk = lazy{h, r.by}
	r.doing, r.late = w, nil
	hide := kit.NewButton(words.T("Close"), r.pages.Close)
	r.pages.Page(&kit.Sheet{
		Title: helpdesk.ActName(w.Act), Others: []*kit.Button{hide}, First: hide,
		Content: kit.Rows(kit.Space8, kit.NewText(words.T("Asking the service…")),
			kit.NewQuiet(words.T("It goes on when you close this, and the result is shown."))),
	})
	kit.Go(context.Background(), func(ctx context.Context) (came, error) {
		deed, o, err := how(w, ctx)
		return came{deed: deed, Outcome: o}, err
	}, func(c came, err error) {
		r.doing = nil
		r.told(w, c, err)
	})
}

// told takes what came of it into the call, and says it truthfully: at once, or, where
// the window was locked meanwhile, when the room is seen again.
func (r *Room) told(w *desk.Doing, c came, err error) {
	if errors.Is(err, kit.ErrStopped) { // a fault of ours: it may have been done
		c.Outcome = desk.Outcome{State: desk.NotKnown, Lost: true}
	}
	switch c.State {
	case desk.NotKnown:
		r.pending = w
	case desk.NotDone:
		r.pending = nil
	default:
		r.pending = nil
		r.rests(w, c)
		r.noteDeed(w, c)
	}
	r.show()
	if r.home() != nil {
		r.say(w, c, err)
		return
	}
	c.gone = c.deed.Bypass.Len() > 0 // there is nobody to read it out
	c.deed.Clear()
	r.late = func() { r.say(w, c, err) }
}

// say says what came of it.
func (r *Room) say(w *desk.Doing, c came, err error) {
	switch {
	case c.State == desk.NotKnown:
		r.unknown(err)
	case c.State != desk.NotDone:
		r.done(w, c)
	case errors.Is(err, link.ErrOtherUser):
		r.anotherAgent(r.again(w))
	case over(err) && r.Allow != nil:
		r.isOver(err, r.again(w))
	default:
		r.notDone(w, err)
	}
}

// sayLate says what came while the window was locked.
func (r *Room) sayLate() {
	if say := r.late; say != nil && r.home() != nil {
		r.late = nil
		say()
	}
}

// again has the service do what was decided on already: after a lost connection, after
// signing in again, or because it is wanted once more. Checks may have been taken back
// meanwhile, and the caller may have applied pressure. So nothing is sent but what the
// call allows now, and where that is not what was confirmed, it is asked anew.
func (r *Room) again(w *desk.Doing) func() {
	call := r.call
	return func() {
		s, met := r.subject()
		if call != r.call || !met || s.Who.ID != w.ID {
			r.pages.Close() // of that call, or of that user, nothing goes on
			return
		}
		record, err := r.call.Record(w.Act)
		switch {
		case r.doing != nil || r.pending != nil || err != nil:
			r.Press(w.Act) // which says what is in the way
		case !same(record, w.Record):
			r.confirm(w.Act, w.Again)
		default:
			r.run(w, (*desk.Doing).Do)
		}
	}
}

// same tells whether two records say the same.
func same(a, b link.Record) bool {
	return a.Reason == b.Reason && a.Ticket == b.Ticket && slices.Equal(a.Checks, b.Checks)
}

// find looks whether what is not known was done.
func (r *Room) find(w *desk.Doing) func() {
	return func() {
		if r.pending == w && !r.busy() {
			r.run(w, (*desk.Doing).Find)
		}
	}
}

// busy says so where the service has not answered yet.
func (r *Room) busy() bool {
	if r.doing == nil {
		return false
	}
	r.Toast().Say(words.T("The service has not answered yet."), 4)
	return true
}

func deedOf(w *desk.Doing, c came) helpdesk.Deed {
	return helpdesk.Deed{Act: w.Act, Audit: c.Audit, Waiting: c.State == desk.Waiting, Earlier: c.Earlier}
}

// noteDeed notes in the call what was done, once.
func (r *Room) noteDeed(w *desk.Doing, c came) {
	d := deedOf(w, c)
	if slices.ContainsFunc(r.call.Deeds(), func(b helpdesk.Deed) bool { return b.Act == d.Act && b.Audit == d.Audit && d.Audit != 0 }) {
		return
	}
	r.call.Did(d)
	s, met := r.subject()
	if met && s.Who.ID == w.ID && w.Act == link.ActResync && !c.Earlier {
		r.resyncOpened(s, c.deed.Until)
	}
	if met && s.Who.ID == w.ID {
		r.refresh(s.Who.ID)
	}
}

// unknown says that nobody knows whether it was done, and looks again.
func (r *Room) unknown(err error) {
	w := r.pending
	m := kit.Message{
		What: desk.Say(w.Act, desk.Outcome{State: desk.NotKnown}, time.Local), Next: words.T("Nothing is sent again before that is known."),
	}
	find := r.find(w)
	if errors.Is(err, link.ErrOtherUser) {
		r.anotherAgent(find)
		return
	}
	look := kit.NewMainButton(words.T("Check whether it was done"), find)
	if err != nil && over(err) && r.Allow != nil { // the permission ended in between
		look = kit.NewMainButton(words.T("Sign in again in my browser"), func() { r.permit(find) })
	}
	r.pages.Page(&kit.Sheet{
		Title: helpdesk.ActName(w.Act), Content: kit.NewMessage(kit.Look, m), Main: look, First: look,
		Others: []*kit.Button{kit.NewButton(words.T("Close"), r.pages.Close)},
	})
}

// notDone says that it was not done, and why.
func (r *Room) notDone(w *desk.Doing, err error) {
	m := kit.Message{What: desk.Say(w.Act, desk.Outcome{}, time.Local)}
	if err != nil {
		why := messageOf(err)
		m.Safe, m.Next = why.What, why.Next
	}
	closes := kit.NewMainButton(words.T("Close"), r.pages.Close)
	sh := &kit.Sheet{Title: helpdesk.ActName(w.Act), Content: kit.NewMessage(kit.Look, m), Main: closes, First: closes}
	if err == nil || errors.Is(err, link.ErrUnreachable) {
		sh.Main = kit.NewMainButton(words.T("Try again"), r.again(w))
		closes.Style = kit.Plain
		sh.Others, sh.First = []*kit.Button{closes}, sh.Main
	}
	r.pages.Page(sh)
}

// done says that it was done, with its number, and what follows.
func (r *Room) done(w *desk.Doing, c came) {
	switch {
	case c.gone:
		r.codeGone(w)
		return
	case c.deed.Bypass.Len() > 0 && r.call.Verdict(w.Act) == helpdesk.Refused:
		c.deed.Clear()
		r.withheld(w, c)
		return
	case c.deed.Bypass.Len() > 0:
		r.showCode(w, c)
		return
	}
	c.deed.Clear()
	tone := kit.Good
	if c.Lost || c.Earlier || c.State == desk.Waiting {
		tone = kit.Look
	}
	rows := kit.Rows(0, kit.NewMessage(tone, kit.Message{What: desk.Say(w.Act, c.Outcome, time.Local)}))
	d := deedOf(w, c)
	for _, f := range helpdesk.Follows(d) {
		rows.Add(kit.NewText(f + "."))
	}
	if say := helpdesk.SayAfter(d); say != "" && w.Act != link.ActBypass { // there is no code to read out
		rows.Add(sayBox(say))
	}
	closes := kit.NewMainButton(words.T("Close"), r.pages.Close)
	sh := &kit.Sheet{Title: helpdesk.ActName(w.Act), Content: rows, Main: closes, First: closes}
	if c.State == desk.Done && (c.Earlier || c.Lost && w.Act == link.ActBypass) {
		r.pageOnceMore(sh, w)
		return
	}
	r.pages.Page(sh)
}

// withheld says that a code was made, and is not shown: the caller applied pressure, or
// wanted something else, while the service made it.
func (r *Room) withheld(w *desk.Doing, c came) {
	rows := kit.Rows(0, kit.NewMessage(kit.Look, kit.Message{
		What: desk.Say(w.Act, c.Outcome, time.Local),
		Next: words.T("The code is not shown, because nothing more is done in this call. It runs out by itself."),
	}))
	for _, m := range r.call.Missing(w.Act) {
		if m.Never {
			rows.Add(kit.NewMessage(kit.Fail, kit.Message{What: m.What}))
			if m.Say != "" {
				rows.Add(sayBox(m.Say))
			}
		}
	}
	closes := kit.NewMainButton(words.T("Close"), r.pages.Close)
	r.pages.Page(&kit.Sheet{Title: helpdesk.ActName(w.Act), Content: rows, Main: closes, First: closes})
}
