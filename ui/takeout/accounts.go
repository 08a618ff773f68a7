// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// picker is the page on which accounts are chosen.
type picker struct {
	flow   *Flow
	fits   []bool
	why    map[int]error // of those without a place
	list   *kit.PickList
	counts *widget.Label
	main   *kit.Button
}

func newPicker(f *Flow) *picker {
	j := &f.job
	p := &picker{flow: f, fits: make([]bool, len(j.entries)), why: map[int]error{}, counts: kit.NewText("")}
	for _, i := range j.plan.Fitting {
		p.fits[i] = true
	}
	left := 0
	for i := range j.entries {
		if !p.fits[i] && left < len(j.plan.Left) { // they stand there in the same order
			p.why[i] = j.plan.Left[left].Err
			left++
		}
	}
	p.main = kit.NewMainButton(words.T("Continue"), f.protect)
	p.list = kit.NewPickList(func() int { return len(j.entries) }, p.row, false, p.pressed)
	return p
}

// accounts lets the user choose, and says what has no place there.
func (f *Flow) accounts() {
	p := newPicker(f)
	j := &f.job
	rows := []fyne.CanvasObject{p.tools()}
	fit := float32(260)
	if n := len(j.plan.Left); n > 0 {
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{What: words.N(n,
			"1 account has no place there. It stays here, and its line says why.",
			"{n} accounts have no place there. They stay here, and their lines say why.")}))
		fit += 70
	}
	for _, note := range p.notes() {
		rows = append(rows, kit.NewQuiet(note))
		fit += 50
	}
	most := max(3, int((f.Canvas().Size().Height-fit)/p.list.RowHeight()))
	rows = append(rows, p.list.AsTall(len(j.entries), most), p.counts)
	p.count()
	s := &kit.Sheet{
		Title: words.T("Which accounts?"), Content: kit.Rows(kit.Space8, rows...), Width: 640, First: p.list,
		Main: p.main, Others: []*kit.Button{f.cancelButton(), kit.NewButton(words.T("Back"), f.targets)},
	}
	if !p.main.Disabled() {
		s.First = p.main
	}
	f.pages.Page(s)
}

// notes say what does not go along.
func (p *picker) notes() []string {
	j := &p.flow.job
	var all []string
	if j.plan.Lacking > 0 {
		all = append(all, words.N(j.plan.Lacking,
			"1 account goes without some of its tags, its note and the like: the other app has no place for them.",
			"{n} accounts go without some of their tags, notes and the like: the other app has no place for them."))
	}
	if j.unread > 0 {
		all = append(all, words.N(j.unread,
			"1 entry that cannot be read does not go along. A backup file holds it as it is.",
			"{n} entries that cannot be read do not go along. A backup file holds them as they are."))
	}
	return all
}

func (p *picker) tools() fyne.CanvasObject {
	tick := func(text string, on bool) *kit.Button {
		return kit.NewQuietButton(text, func() {
			for i, fits := range p.fits {
				p.flow.job.use[i] = on && fits
			}
			p.list.Refresh()
			p.count()
		})
	}
	return kit.Cols(0, tick(words.T("Tick all"), true), tick(words.T("Tick none"), false))
}

func (p *picker) row(i int) kit.Pick {
	e := &p.flow.job.entries[i]
	pick := kit.Pick{Title: nameOf(e), Tile: cmp.Or(e.Key.Issuer, e.Key.Account), On: p.flow.job.use[i], Can: p.fits[i]}
	pick.Says = add.Parameters(e.Key)
	if !p.fits[i] {
		pick.Look = true
		pick.Says = explain.Reason(cmp.Or(p.why[i], foreign.ErrNoPlace))
	}
	return pick
}

// nameOf is the whole name of an account.
func nameOf(e *foreign.Entry) string {
	switch {
	case e.Key.Issuer == "":
		return cmp.Or(e.Key.Account, words.T("An account without a name"))
	case e.Key.Account == "":
		return e.Key.Issuer
	}
	return e.Key.Issuer + " · " + e.Key.Account
}

func (p *picker) pressed(i int) {
	if !p.fits[i] {
		kit.ShowMessage(p.flow.Canvas(), kit.Look, nameOf(&p.flow.job.entries[i]), messageOf(cmp.Or(p.why[i], foreign.ErrNoPlace)), nil)
		return
	}
	p.flow.job.use[i] = !p.flow.job.use[i]
	p.list.RefreshItem(i)
	p.count()
}

func (p *picker) count() {
	n := len(p.flow.job.chosen())
	p.counts.SetText(words.N(n, "1 account is chosen.", "{n} accounts are chosen."))
	if n == 0 {
		p.main.Disable()
	} else {
		p.main.Enable()
	}
}
