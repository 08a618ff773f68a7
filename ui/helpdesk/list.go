// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// list is the script as a checklist. Its widgets stay, so that the keyboard does not
// lose its place.
type list struct {
	rows   map[helpdesk.Item]*item
	refuse *fyne.Container
	wanted link.DeskAct // what the agent last asked for; "" for what the words advise
	sets   bool         // the ticks are being set by us
}

// item is one line of the checklist.
type item struct {
	is      helpdesk.Item
	mark    *kit.IconView
	check   *kit.Check // nil for what is not ticked
	label   *widget.Label
	how     *widget.Label
	lacks   *widget.Label
	skip    *kit.Button     // nil for what cannot be left out
	leave   *fyne.Container // around skip
	yes, no *kit.Button     // of a question; else nil
	refuse  *fyne.Container // what to say where its answer speaks against going on
	row     *fyne.Container // all of it
}

// parts are the checklist in the order of the script.
func parts() []struct {
	title string
	items []helpdesk.Item
} {
	return []struct {
		title string
		items []helpdesk.Item
	}{
		{words.T("What is wrong"), []helpdesk.Item{helpdesk.Phrase, helpdesk.Step, helpdesk.Backup, helpdesk.Advised}},
		{words.T("Who it is"), []helpdesk.Item{helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Met, helpdesk.Channel}},
		{words.T("Any reason not to go on?"), []helpdesk.Item{helpdesk.Calm, helpdesk.Alone}},
		{words.T("Before a reset"), []helpdesk.Item{helpdesk.Least}},
	}
}

func (r *Room) buildList() fyne.CanvasObject {
	l := &r.list
	l.rows, l.refuse = map[helpdesk.Item]*item{}, kit.Rows(kit.Space4)
	all := kit.Rows(kit.Space8, kit.NewTitle(words.T("The checks")), l.refuse)
	for _, p := range parts() {
		rows := kit.Rows(-kit.Space4, kit.NewStrong(p.title))
		for _, i := range p.items {
			rows.Add(r.newItem(i))
		}
		all.Add(rows)
	}
	return kit.NewCard(all)
}

func (r *Room) newItem(i helpdesk.Item) fyne.CanvasObject {
	it := &item{is: i, mark: kit.NewIcon(kit.IconInfo, "", 20), how: kit.NewQuiet(helpdesk.How(i)), lacks: kit.NewQuiet("")}
	it.lacks.Importance = widget.WarningImportance
	r.list.rows[i] = it
	body := kit.Rows(-kit.Space12)
	switch i {
	case helpdesk.Calm, helpdesk.Alone:
		body.Add(r.question(it))
	case helpdesk.Phrase, helpdesk.Advised, helpdesk.Least:
		it.label = kit.NewText(helpdesk.Label(i))
		body.Add(it.label)
	default:
		it.check = kit.NewCheck(helpdesk.Label(i), func(on bool) { r.tick(i, on) })
		body.Add(kit.Inset(it.check, 0, 0, -kit.Space4, 0))
	}
	body.Add(it.how)
	body.Add(it.lacks)
	if canSkip(i) {
		it.skip = kit.NewQuietButton(words.T("Skip it…"), func() { r.Skip(i) })
		it.skip.Spoken = words.T("Skip: {item}", "item", helpdesk.Label(i))
		it.leave = kit.Inset(kit.AtLeft(it.skip), kit.Space8, 0, 0, 0) // its ring stays off the words
		body.Add(it.leave)
	}
	sign := container.NewVBox(kit.Inset(container.NewGridWrap(fyne.NewSize(20, 20), it.mark), kit.Space8, 0, 0, kit.Space4))
	it.row = container.NewBorder(nil, nil, sign, nil, body)
	return it.row
}

// canSkip tells what the room lets be left out. A proof that is not given needs no
// reason, for nobody wants all of them: but for the call back, where an action wants it.
func canSkip(i helpdesk.Item) bool {
	switch i {
	case helpdesk.Phrase, helpdesk.Step, helpdesk.Backup, helpdesk.Advised, helpdesk.Called, helpdesk.Least:
		return true
	}
	return false
}

// question is something to be answered; yes speaks against doing anything.
func (r *Room) question(it *item) fyne.CanvasObject {
	asks := words.T("Is anybody applying pressure?")
	if it.is == helpdesk.Alone {
		asks = words.T("Do they want the e-mail address or anything else changed, too?")
	}
	it.label = kit.NewText(asks)
	it.no = kit.NewButton(words.T("No"), func() { r.answer(it.is, true) })
	it.yes = kit.NewButton(words.T("Yes"), func() { r.answer(it.is, false) })
	it.refuse = kit.Rows(kit.Space4)
	return kit.Rows(0, it.label, kit.Inset(container.New(&flow{}, it.no, it.yes), 0, kit.Space8, kit.Space8, 0), it.refuse)
}

func (r *Room) answer(i helpdesk.Item, well bool) {
	if err := r.call.Answer(i, well); err != nil {
		r.failed(err)
		return
	}
	r.show()
	if !well {
		r.reveal(r.list.rows[i].row)
	}
}

// reveal scrolls so far that a row of the checklist can be seen, from its top if it is
// higher than the page.
func (r *Room) reveal(row fyne.CanvasObject) {
	r.scroll.Refresh() // what has just grown is as high as it is going to be
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(row).Y - d.AbsolutePositionForObject(r.scroll.Content).Y
	top, high := r.scroll.Offset.Y, r.scroll.Size().Height
	if end := at + row.Size().Height + kit.Space24; end > top+high {
		top = end - high
	}
	r.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(top, at-kit.Space8))))
}

func (r *Room) tick(i helpdesk.Item, on bool) {
	if r.list.sets {
		return
	}
	err := r.call.Tick(i, on)
	r.show()
	if err != nil {
		r.failed(err)
	}
}

// Skip asks for the written reason without which nothing is left out.
func (r *Room) Skip(i helpdesk.Item) {
	why := kit.NewEntry(words.T("Why, in a few words"))
	says := problem()
	submit := func() {
		if err := r.call.Skip(i, why.Text); err != nil {
			m := messageOf(err)
			r.wrong(says, m.What+" "+m.Next)
			return
		}
		r.pages.Close()
		r.show()
	}
	why.OnSubmitted = func(string) { submit() }
	r.pages.Page(&kit.Sheet{
		Title: words.T("Skip it?"), First: why,
		Content: kit.Rows(kit.Space8,
			kit.NewText(helpdesk.Label(i)+": "+helpdesk.How(i)),
			kit.NewText(words.T("Write why. It goes into the note and the service’s record, so name nobody and write no number.")), why, says),
		Main: kit.NewMainButton(words.T("Skip it"), submit), Others: []*kit.Button{r.cancel()},
	})
}

// wantedAct is the action whose missing checks are pointed at.
func (r *Room) wantedAct() link.DeskAct {
	if r.list.wanted != "" {
		return r.list.wanted
	}
	if a, ok := r.call.Advice(); ok && a.Act != link.ActLookUp {
		return a.Act
	}
	return link.ActUnlock
}

// showList shows how every item stands, and what is missing for what is wanted.
func (r *Room) showList() {
	l := &r.list
	missing := map[helpdesk.Item]helpdesk.Missing{}
	if wanted := r.wantedAct(); r.call.Verdict(wanted) != helpdesk.Refused {
		for _, m := range r.call.Missing(wanted) {
			missing[m.Item] = m
		}
	}
	next := ""
	for _, p := range parts() {
		for _, i := range p.items {
			if missing[i].What != "" && next == "" {
				next = p.title
			}
			r.showItem(l.rows[i], missing[i], next == p.title)
		}
	}
	r.showRefusals()
}

// showRefusals says why nothing is done in this call: at the top of the checklist, and
// with what to say at the answer because of which it is so.
func (r *Room) showRefusals() {
	l := &r.list
	l.refuse.Objects = nil
	for _, i := range []helpdesk.Item{helpdesk.Calm, helpdesk.Alone} {
		l.rows[i].refuse.Objects = nil
	}
	for _, m := range r.call.Missing(link.ActUnlock) {
		if it := l.rows[m.Item]; m.Never && it != nil && it.refuse != nil {
			l.refuse.Add(kit.NewMessage(kit.Fail, kit.Message{What: m.What}))
			it.refuse.Objects = []fyne.CanvasObject{kit.NewMessage(kit.Fail, kit.Message{What: m.What}), sayBox(m.Say)}
		}
	}
	l.refuse.Refresh()
	for _, i := range []helpdesk.Item{helpdesk.Calm, helpdesk.Alone} {
		l.rows[i].refuse.Refresh()
	}
}

// showItem shows how an item stands. How it is done is said where the script goes on.
func (r *Room) showItem(it *item, m helpdesk.Missing, next bool) {
	state, why := r.call.State(it.is)
	open, lacks := state == helpdesk.Open, m.What
	it.row.Hidden = !r.asksFor(it.is, open, lacks)
	r.setMark(it, state, lacks != "")
	it.how.Hidden = !open || !next || it.is == helpdesk.Phrase || it.check == nil && it.no == nil && lacks == ""
	it.lacks.SetText(lacks)
	it.lacks.Importance = widget.WarningImportance
	if state == helpdesk.Skipped {
		it.lacks.Importance = widget.MediumImportance
		it.lacks.SetText(words.T("Skipped: {why}", "why", why))
	}
	if it.is == helpdesk.Called && r.call.NoCallBack() {
		it.lacks.SetText(messageOf(helpdesk.ErrNumber).What)
	}
	it.lacks.Hidden = it.lacks.Text == ""
	if it.check != nil {
		r.list.sets = true
		it.check.SetChecked(state == helpdesk.Done)
		r.list.sets = false
	}
	if it.skip != nil {
		it.leave.Hidden = !open || !m.Skip
	}
	if it.no != nil {
		choose(it.no, it.label.Text, state == helpdesk.Done, state == helpdesk.Against)
		choose(it.yes, it.label.Text, state == helpdesk.Against, false)
	}
	it.lacks.Refresh()
}

// asksFor tells whether an item stands in the list. What the finding advises is nothing
// to tick, and would read as done where nobody asks for it yet.
func (r *Room) asksFor(i helpdesk.Item, open bool, lacks string) bool {
	return r.call.Applies(i) && (i != helpdesk.Advised || !open || lacks != "")
}

// choose marks the answer that was given, and shuts one that cannot be given any more.
func choose(b *kit.Button, asks string, on, shut bool) {
	b.Icon, b.Spoken = "", asks+" "+b.Text
	if on {
		b.Icon, b.Spoken = kit.IconCheck, "✓ "+b.Spoken
	}
	if shut {
		b.Disable()
	} else {
		b.Enable()
	}
	b.Refresh()
}

// setMark shows how an item stands by a sign: its colour is never alone.
func (r *Room) setMark(it *item, s helpdesk.State, lacks bool) {
	it.mark.Show()
	switch {
	case s == helpdesk.Done:
		it.mark.Set(kit.Good.Icon())
	case s == helpdesk.Against:
		it.mark.Set(kit.Fail.Icon())
	case s == helpdesk.Skipped:
		it.mark.Set(kit.IconOut, "foreground")
	case lacks:
		it.mark.Set(kit.Look.Icon())
	default:
		it.mark.Hide()
	}
}
