// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// elsewhere says where it is done on Kutano's page, and notes that it was.
func (r *Room) elsewhere(a link.DeskAct) {
	number := kit.NewEntry(words.T("Audit number"))
	ticket, remark := r.papers()
	says := problem()
	ask := r.call.Verdict(a) == helpdesk.AskOnly
	submit := func() {
		text := strings.TrimSpace(number.Text)
		n, err := strconv.ParseInt(text, 10, 64)
		if text != "" && (err != nil || n <= 0) {
			r.wrong(says, words.T("That is not an audit number. Leave the field empty if you do not know it."))
			return
		}
		if !r.keepPapers(ticket.Text, remark.Text, says) {
			return
		}
		r.call.Did(helpdesk.Deed{Act: a, Audit: n, Waiting: ask})
		r.pages.Close()
		r.show()
	}
	did := kit.NewMainButton(words.T("I have done it there"), submit)
	rows := kit.Rows(kit.Space8, kit.NewText(helpdesk.ActDoes(a)),
		kit.NewText(helpdesk.Elsewhere(a)),
		r.askTwo(ask),
		kit.Rows(-kit.Space4, kit.NewQuiet(words.T("The number that the page then shows, for the note")), number),
		kit.Rows(-kit.Space4, kit.NewQuiet(words.T("Ticket, if there is one")), ticket),
		kit.Rows(-kit.Space4, kit.NewQuiet(words.T("Why, in your own words, if the checks do not say it")), remark), says)
	if say := helpdesk.SayAfter(helpdesk.Deed{Act: a, Waiting: ask}); say != "" {
		rows.Add(sayBox(say))
	}
	r.pages.Page(&kit.Sheet{
		Title: helpdesk.ActName(a), Content: rows, Main: did, First: number, Others: []*kit.Button{r.cancel()},
	})
}
