// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// compare compares what was read with what is here.
func (f *Flow) compare() {
	v, ok := f.vault()
	if !ok {
		return
	}
	if len(f.job.entries) == 0 {
		f.nothing()
		return
	}
	now := f.Clock.Now()
	j := f.job.takeOver()
	bar := f.pages.Busy(words.T("One moment"), words.T("Comparing with your accounts…"), f.stop)
	bar.Set(bar.Text(), 1)
	kit.Work(&f.pages, func(ctx context.Context) (*choice, error) {
		j.doc.Clear() // of a comparison before one more file came
		r := exchange.Result{Files: j.files, Entries: j.entries}
		doc, at := r.Document(now)
		j.doc = doc
		found, err := v.Preview(ctx, doc)
		if err != nil {
			return nil, err
		}
		c := newChoice(j.files, j.entries, found, at)
		c.follow(j.pick)
		return c, nil
	}, func(c *choice, err error) {
		f.job = *j
		if err != nil {
			f.failed(err)
			return
		}
		f.job.pick = c
		f.preview()
	}, func(*choice) { j.clear() })
}

// preview shows what would come in, before any of it does.
func (f *Flow) preview() {
	c := f.job.pick
	p := &preview{flow: f, pick: c, counts: kit.NewText(""), main: kit.NewMainButton("", f.takeIn)}
	p.list = kit.NewPickList(func() int { return len(c.rows) }, c.row, c.remarkable(), p.pressed)
	rows := f.about()
	if len(c.items) > fewRows {
		rows = append(rows, p.tools())
	}
	rows = append(rows, p.list.AsTall(len(c.items), f.rowsThatFit(p.list, len(rows))))
	if s := c.sum(); s.states[differs] > 1 {
		rows = append(rows, p.forAll())
	}
	rows = append(rows, p.counts)
	if o := c.notes(); o != nil {
		rows = append(rows, f.folded(words.T("Worth knowing"), o))
	}
	for _, m := range otpauth.Incomplete(f.job.moves) {
		rows = append(rows, f.missing(m))
	}
	rows = append(rows, link(kit.IconAdd, words.T("Add another file…"), f.File))
	p.count()
	s := &kit.Sheet{
		Title:   words.N(len(c.items), "1 account was found", "{n} accounts were found"),
		Content: kit.Rows(kit.Space8, rows...), Width: 640,
		Main: p.main, Others: []*kit.Button{kit.NewButton(words.T("Cancel"), f.stopped)}, First: p.list,
	}
	if !p.main.Disabled() {
		s.First = p.main
	}
	f.pages.Page(s)
}

// fewRows are seen at a glance: there is nothing to filter.
const fewRows = 6

// rowsThatFit is how many rows of the list are in view at most: the sheet itself
// should not have to scroll.
func (f *Flow) rowsThatFit(l *kit.PickList, lines int) int {
	room := f.Canvas().Size().Height - 270 - 40*float32(lines)
	return max(3, int(room/l.RowHeight()))
}

// remarkable reports whether any row has more to say.
func (c *choice) remarkable() bool {
	for i := range c.items {
		if it := &c.items[i]; it.twins > 1 || len(it.remarks) > 0 {
			return true
		}
	}
	return false
}

// notes are the remarks on entries, each once and in full: a row has little room.
func (c *choice) notes() fyne.CanvasObject {
	count := map[foreign.Remark]int{}
	for i := range c.items {
		for _, r := range c.items[i].remarks {
			count[r]++
		}
	}
	rows := kit.Rows(-kit.Space8)
	for _, r := range slices.Sorted(maps.Keys(count)) {
		if s := explain.Remark(r); s != "" {
			rows.Add(bullet(kit.IconInfo, words.N(count[r], "1 account: {remark}", "{n} accounts: {remark}", "remark", s)))
		}
	}
	if len(rows.Objects) == 0 {
		return nil
	}
	return rows
}

// folded is a part of a sheet that is folded away.
func (f *Flow) folded(title string, o fyne.CanvasObject) fyne.CanvasObject {
	fold := kit.NewFold(title, o)
	fold.Changed = func(bool) {
		if s := f.Showing(); s != nil {
			s.Fit()
		}
	}
	return fold.Object()
}

// preview is the page's parts that change.
type preview struct {
	flow   *Flow
	pick   *choice
	list   *kit.PickList
	counts *widget.Label
	main   *kit.Button
}

func (p *preview) count() {
	s := p.pick.sum()
	p.counts.SetText(s.sentence())
	p.main.SetText(s.yes())
	if s.nothing() {
		p.main.Disable()
	} else {
		p.main.Enable()
	}
}

func (p *preview) changed() {
	p.list.Refresh()
	p.count()
}

// pressed ticks a row, asks where there is more than one way, or says what is
// wrong with it.
func (p *preview) pressed(n int) {
	it := &p.pick.items[p.pick.rows[n]]
	switch it.state {
	case isBad:
		kit.ShowMessage(p.flow.Canvas(), kit.Look, it.title(), messageOf(it.err), nil)
	case differs:
		p.ask(it)
	default:
		it.toggle()
		p.list.RefreshItem(n)
		p.count()
	}
}

// ask asks what becomes of an account that is here with another key.
func (p *preview) ask(it *item) {
	s := &kit.Sheet{Title: it.title(), Width: 480}
	door := func(u use, icon kit.IconName, title, sentence string) *kit.Door {
		d := kit.NewDoor(icon, title, sentence, func() {
			it.use = u
			s.Close()
			p.changed()
		})
		if it.use == u {
			s.First = d
		}
		return d
	}
	s.Content = kit.Rows(kit.Space12,
		kit.NewText(words.T("An account of this name is here already, with another key. Only one of the two keys is accepted at the service.")),
		door(bringIn, kit.IconAdd, words.T("Keep both"), words.T("Try both codes at the service, then remove the one that is refused.")),
		door(instead, kit.IconNext, words.T("Take the imported key"), words.T("The key that is here stays among the removed accounts for 30 days.")),
		door(leave, kit.IconClose, words.T("Leave it out"), words.T("The account here stays as it is.")))
	s.Show(p.flow.Canvas())
}

// tools are what long lists need.
func (p *preview) tools() fyne.CanvasObject {
	of, names := p.pick.sum().filters()
	filter := kit.NewSelect(names, nil)
	filter.SetSelectedIndex(0)
	filter.OnChanged = func(string) {
		p.pick.show(of[max(0, filter.SelectedIndex())])
		p.list.ScrollToTop()
		p.list.Refresh()
	}
	tick := func(text string, on bool) *kit.Button {
		return kit.NewQuietButton(text, func() {
			p.pick.all(on)
			p.changed()
		})
	}
	return kit.AdaptiveGap(440, 0, filter, kit.Cols(0, tick(words.T("Tick all"), true), tick(words.T("Tick none"), false)))
}

// forAll decides for all accounts that are here with another key.
func (p *preview) forAll() fyne.CanvasObject {
	uses := []use{bringIn, instead, leave}
	all := kit.NewSelect([]string{words.T("keep both"), words.T("take the imported keys"), words.T("leave them out")}, nil)
	all.PlaceHolder = words.T("choose for each")
	all.OnChanged = func(string) {
		p.pick.differing(uses[max(0, all.SelectedIndex())])
		p.changed()
	}
	return kit.AdaptiveGap(440, -kit.Space8, kit.NewText(words.T("All that are here with another key:")), all)
}

// about says of each file what it is, and what is wrong with those that could not
// be read.
func (f *Flow) about() []fyne.CanvasObject {
	read, failed := f.job.sorted()
	var rows []fyne.CanvasObject
	switch {
	case len(read) == 1:
		rows = append(rows, named(read[0].Name, read[0].Format))
	default:
		rows = append(rows, kit.NewText(words.T("{files}, from {apps}.", "files", words.N(len(read), "1 file", "{n} files"), "apps", joined(apps(read)))))
	}
	if len(failed) > 0 {
		rows = append(rows, f.failures(failed))
	}
	return rows
}

// nothing says that there is nothing to bring in.
func (f *Flow) nothing() {
	_, failed := f.job.sorted()
	f.pages.Page(&kit.Sheet{
		Title: words.T("No account was found"), Content: f.failures(failed),
		Main: kit.NewMainButton(words.T("Choose another file"), f.Open),
		Others: []*kit.Button{
			kit.NewButton(words.T("Close"), f.Close),
			kit.NewButton(words.T("How to get the file"), f.Guides),
		},
	})
}

// missing says which QR codes of a move were not seen yet.
func (f *Flow) missing(m otpauth.Missing) fyne.CanvasObject {
	return kit.Rows(0,
		kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Of the {all} QR codes of this move these are missing: {numbers}.", "all", m.Size, "numbers", joined(absent(m))),
			Next: words.T("Go back on the phone to the first one, and press “Next” there for each. Without them, their accounts stay behind."),
		}),
		kit.AdaptiveGap(440, 0, link(kit.IconPicture, words.T("Add their pictures…"), f.File), link(kit.IconScreen, words.T("Scan the screen"), f.Scan)))
}
