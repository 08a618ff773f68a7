// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// acts are the buttons of what can be done. They stay, so that the keyboard does not
// lose its place.
type acts struct {
	rows map[link.DeskAct]*act
}

type act struct {
	button *kit.Button
	stands *fyne.Container
}

// actsInOrder is what can be done, the least dangerous first.
func actsInOrder() []link.DeskAct { return helpdesk.Acts()[1:] } // not to look up

func (r *Room) buildActs() fyne.CanvasObject {
	r.acts.rows = map[link.DeskAct]*act{}
	all := kit.Rows(kit.Space12,
		kit.NewTitle(words.T("What can be done, the least dangerous first")))
	for _, a := range actsInOrder() {
		row := &act{button: kit.NewButton(helpdesk.ActName(a), func() { r.Press(a) }), stands: kit.Rows(-kit.Space12)}
		row.button.Wrap = true
		r.acts.rows[a] = row
		all.Add(container.New(&heading{}, row.button, row.stands))
	}
	return kit.NewCard(all)
}

// showActs says of every action what it does, and how far it may go.
func (r *Room) showActs() {
	for a, row := range r.acts.rows {
		v, missing := r.call.Verdict(a), r.call.Missing(a)
		row.button.SetStyle(styleOf(a, v))
		row.stands.Objects = slices.Concat([]fyne.CanvasObject{kit.NewText(helpdesk.ActDoes(a))}, verdict(v, missing), r.deeds(a))
		row.stands.Refresh()
	}
}

// deeds say what was done of it in this call.
func (r *Room) deeds(a link.DeskAct) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, d := range r.call.Deeds() {
		switch {
		case d.Act != a:
		case d.Audit == 0 && d.Waiting:
			all = append(all, sign(kit.Good, widget.SuccessImportance, words.T("Asked for in this call.")))
		case d.Audit == 0:
			all = append(all, sign(kit.Good, widget.SuccessImportance, words.T("Done in this call.")))
		case d.Waiting:
			all = append(all, sign(kit.Good, widget.SuccessImportance, words.T("Asked for in this call. Audit number {n}.", "n", d.Audit)))
		case d.Earlier:
			all = append(all, sign(kit.Good, widget.SuccessImportance, words.T("Done before, and not done again. Audit number {n}.", "n", d.Audit)))
		default:
			all = append(all, sign(kit.Good, widget.SuccessImportance, words.T("Done in this call. Audit number {n}.", "n", d.Audit)))
		}
	}
	if r.pending != nil && r.pending.Act == a {
		all = append(all, sign(kit.Look, widget.WarningImportance, desk.Say(a, desk.Outcome{State: desk.NotKnown}, time.Local)))
	}
	return all
}

func styleOf(a link.DeskAct, v helpdesk.Verdict) kit.Style {
	if a == link.ActReset && v >= helpdesk.AskOnly {
		return kit.Danger
	}
	return kit.Plain
}

// verdict says how far an action may go.
func verdict(v helpdesk.Verdict, missing []helpdesk.Missing) []fyne.CanvasObject {
	switch v {
	case helpdesk.Refused:
		return []fyne.CanvasObject{sign(kit.Fail, widget.DangerImportance, missing[0].What)}
	case helpdesk.Lacking:
		var all []fyne.CanvasObject
		for _, m := range missing {
			all = append(all, sign(kit.Look, widget.WarningImportance, words.T("Still missing: {what}", "what", m.What)))
		}
		return all
	case helpdesk.AskOnly:
		return []fyne.CanvasObject{sign(kit.Look, widget.WarningImportance, words.T("It can be asked for. A second administrator approves it, a day later at the earliest."))}
	}
	return []fyne.CanvasObject{sign(kit.Good, widget.SuccessImportance, words.T("Nothing is missing."))}
}

// sign is a short sentence with the sign of its tone.
func sign(t kit.Tone, in widget.Importance, text string) fyne.CanvasObject {
	name, color := t.Icon()
	icon := container.NewVBox(kit.Inset(container.NewGridWrap(fyne.NewSize(16, 16), kit.NewIcon(name, color, 16)), kit.Space8+2, 0, kit.Space8, -kit.Space4))
	l := kit.NewQuiet(text)
	l.Importance = in
	return container.NewBorder(nil, nil, icon, nil, l)
}

// Press is what an action's button does: where something is missing it says what,
// else it asks once more.
func (r *Room) Press(a link.DeskAct) {
	if r.busy() {
		return
	}
	if r.pending != nil { // what is not known comes first, whatever else is wanted
		r.unknown(nil)
		return
	}
	missing, v := r.call.Missing(a), r.call.Verdict(a)
	if v != helpdesk.Refused {
		r.list.wanted = a
		r.show()
	}
	switch v {
	case helpdesk.Refused:
		r.refused(a, missing)
	case helpdesk.Lacking:
		r.lacking(a, missing)
	default:
		if _, met := r.subject(); met && r.home() != nil {
			r.confirm(a, false)
			return
		}
		r.elsewhere(a)
	}
}

// refused says that it is not done, why, and what to say.
func (r *Room) refused(a link.DeskAct, missing []helpdesk.Missing) {
	rows := kit.Rows(kit.Space8)
	for _, m := range missing {
		if !m.Never {
			continue
		}
		rows.Add(kit.NewMessage(kit.Fail, kit.Message{What: m.What}))
		if m.Say != "" {
			rows.Add(sayBox(m.Say))
		}
	}
	done := kit.NewMainButton(words.T("Close"), r.pages.Close)
	r.pages.Page(&kit.Sheet{Title: words.T("{act}: not in this call", "act", helpdesk.ActName(a)), Content: rows, Main: done, First: done})
}

// lacking says what is still missing, and what to say.
func (r *Room) lacking(a link.DeskAct, missing []helpdesk.Missing) {
	rows := kit.Rows(kit.Space8)
	said := map[string]bool{}
	for _, m := range missing {
		rows.Add(kit.NewMessage(kit.Look, kit.Message{What: m.What}))
		if m.Say != "" && !said[m.Say] {
			rows.Add(sayBox(m.Say))
		}
		said[m.Say] = true
	}
	done := kit.NewMainButton(words.T("Show me in the checklist"), func() {
		r.pages.Close()
		r.point(missing[0].Item)
	})
	r.pages.Page(&kit.Sheet{
		Title: words.T("{act}: still missing", "act", helpdesk.ActName(a)), Content: rows, Main: done, First: done,
		Others: []*kit.Button{kit.NewButton(words.T("Close"), r.pages.Close)},
	})
}

// point puts the keyboard where an item is done.
func (r *Room) point(i helpdesk.Item) {
	it := r.list.rows[i]
	c := r.Canvas()
	switch {
	case i == helpdesk.Phrase:
		c.Focus(r.typed.first())
	case it == nil: // whom it is about
		if _, ok := r.atDesk(); ok {
			c.Focus(r.who.query)
			return
		}
		c.Focus(r.who.role)
	case it.check != nil:
		c.Focus(it.check)
	case it.no != nil:
		c.Focus(it.no)
	case it.skip != nil && it.leave.Visible():
		c.Focus(it.skip)
	}
}
