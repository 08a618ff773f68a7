// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// confirm asks once more, with what the action does, for whom, and what is written
// down of it. Again tells that it was done already, and is wanted all the same.
func (r *Room) confirm(a link.DeskAct, again bool) {
	s, _ := r.subject()
	ticket, remark := r.papers()
	says := problem()
	ask := r.call.Verdict(a) == helpdesk.AskOnly
	name := helpdesk.ActName(a)
	if ask {
		name = words.T("Ask for the reset")
	}
	submit := func() {
		if !r.keepPapers(ticket.Text, remark.Text, says) {
			return
		}
		record, err := r.call.Record(a)
		if err != nil { // the user was looked up meanwhile, and it is otherwise now
			r.Press(a)
			return
		}
		r.run(&desk.Doing{ID: s.Who.ID, Act: a, Record: record, Now: r.Clock.Now, Wait: r.Wait, Again: again}, (*desk.Doing).Do)
	}
	main := kit.NewMainButton(name, submit)
	no := r.cancel()
	sh := &kit.Sheet{
		Title: words.T("{act}?", "act", helpdesk.ActName(a)),
		Main:  main, Others: []*kit.Button{no}, First: main,
		Content: kit.Rows(kit.Space8, kit.Rows(-kit.Space8, forWhom(s), kit.NewText(helpdesk.ActDoes(a))), r.askTwo(ask),
			kit.Rows(-kit.Space4, kit.NewQuiet(words.T("Ticket, if there is one")), ticket),
			kit.Rows(-kit.Space4, kit.NewQuiet(words.T("Why, in your own words, if the checks do not say it")), remark), says),
	}
	if a == link.ActBypass || a == link.ActReset { // a hasty Enter does nothing
		sh.First = no
	}
	if a == link.ActReset {
		main.Style = kit.Danger
	}
	r.pages.Page(sh)
}

// forWhom says for whom it is.
func forWhom(s link.Subject) fyne.CanvasObject {
	l := kit.NewText(words.T("For {email}", "email", s.Who.Email))
	l.TextStyle.Bold = true
	return l
}

// askTwo says what asking for an administrator's reset means.
func (r *Room) askTwo(ask bool) fyne.CanvasObject {
	if !ask {
		return kit.NewQuiet(words.T("The service writes down who did it, why, and which checks were made."))
	}
	return kit.NewMessage(kit.Look, kit.Message{
		What: words.T("This account is an administrator’s or an owner’s: you can only ask for it."),
		Next: words.T("A second administrator approves it, a day later at the earliest, and the user can object."),
	})
}

// papers are the fields for the ticket and for the agent's own words.
func (r *Room) papers() (ticket, remark *kit.Entry) {
	ticket, remark = kit.NewEntry(words.T("Number of the ticket")), kit.NewEntry(words.T("Names and numbers stay out"))
	ticket.SetText(r.ticket)
	remark.SetText(r.remark)
	return ticket, remark
}

func problem() *widget.Label {
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	says.Hide()
	return says
}

// wrong says what is wrong with what was typed in a sheet.
func (r *Room) wrong(says *widget.Label, text string) {
	says.SetText(text)
	says.Show()
	r.pages.Showing().Fit()
}

// keepPapers takes ticket and remark over, or says what is wrong with them.
func (r *Room) keepPapers(ticket, remark string, says *widget.Label) bool {
	remark = strings.TrimSpace(remark)
	err := errors.Join(r.call.Ticket(ticket), r.call.Remark(remark))
	if err != nil {
		m := messageOf(err)
		r.wrong(says, m.What+" "+m.Next)
		return false
	}
	r.ticket, r.remark = ticket, remark
	return true
}
