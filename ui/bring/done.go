// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
)

// outcome is what came of an import. It holds no key.
type outcome struct {
	taken  vault.Taken
	binned int     // of those added: they came in as removed
	out    []left  // what did not come in
	plain  []spent // files that were not encrypted, and of which all is here
	late   bool    // it was to be stopped, and was in already
}

// left is an entry that did not come in, and why.
type left struct {
	title, why string
	refused    bool
}

func newOutcome(j *job, t vault.Taken) *outcome {
	o := &outcome{taken: t}
	lacks := make([]bool, len(j.files)) // something of it is not here
	for i := range j.pick.items {
		it := &j.pick.items[i]
		here := it.found >= 0 && t.IDs[it.found] != ""
		o.note(it, j.pick.found, here)
		lacks[it.file] = lacks[it.file] || !here
	}
	for i, file := range j.files {
		switch {
		case file.Err != nil && !file.Met:
			o.out = append(o.out, ofFile(file))
		case file.Err == nil && !lacks[i] && !file.Encrypted:
			o.offer(file.Path, j.spare)
		}
	}
	return o
}

// note notes what came of an entry.
func (o *outcome) note(it *item, found []vault.Found, here bool) {
	if it.found >= 0 && found[it.found].Err != nil { // found out while it was taken in
		it.state, it.err = isBad, found[it.found].Err
	}
	if here && it.state == inBin && it.use != leave {
		o.binned++
	}
	if l, out := it.left(here); out {
		o.out = append(o.out, l)
	}
}

// offer notes a file that can go, once.
func (o *outcome) offer(path string, spare map[string]digest) {
	is, can := spare[path]
	if can && !slices.ContainsFunc(o.plain, func(s spent) bool { return s.path == path }) {
		o.plain = append(o.plain, spent{path, is})
	}
}

// changed reports whether anything is other than before, and so can be undone.
func (o *outcome) changed() bool { return o.taken.Added+o.taken.Replaced > 0 }

// left says why an entry did not come in, if it did not. Here tells whether it is
// here now.
func (it *item) left(here bool) (l left, out bool) {
	l = left{title: it.title()}
	switch {
	case it.state == isBad:
		l.why, l.refused = explain.Reason(it.err), true
	case it.state == isSame && here:
		l.why = words.T("Here already, with the same key")
	case it.use == leave: // also the same as one that was
		l.why = words.T("Left out")
	default:
		return l, false
	}
	return l, true
}

// ofFile is a file that could not be read, or not to its end.
func ofFile(file exchange.File) left {
	return left{title: file.Name, why: whatIsWrong(file).What, refused: true}
}

// refused counts what could not come in.
func (o *outcome) refused() int {
	n := 0
	for _, l := range o.out {
		if l.refused {
			n++
		}
	}
	return n
}

// list is what did not come in, to be copied. There is no key in it.
func (o *outcome) list() string {
	var b strings.Builder
	for _, l := range o.out {
		b.WriteString(l.title + ": " + l.why + "\n")
	}
	return b.String()
}

// sentences say what came in.
func (o *outcome) sentences() (what string, more []string) {
	t := o.taken
	what = words.N(t.Added-o.binned, "1 account is in.", "{n} accounts are in.")
	switch {
	case !o.changed():
		what = words.T("No account came in.")
	case t.Added == o.binned:
		what = words.T("Done.")
	}
	if o.binned > 0 {
		more = append(more, words.N(o.binned, "1 came in as removed.", "{n} came in as removed."))
	}
	if t.Replaced > 0 {
		more = append(more, words.N(t.Replaced,
			"1 key was replaced. The old one stays among the removed accounts for 30 days.",
			"{n} keys were replaced. The old ones stay among the removed accounts for 30 days."))
	}
	if t.Same > 0 {
		more = append(more, words.N(t.Same, "1 account was here already.", "{n} accounts were here already."))
	}
	return what, more
}

// done says what came in, what did not, and what to do now.
func (f *Flow) done(o *outcome) {
	what, more := o.sentences()
	if o.late && o.changed() {
		more = append(more, words.T("It was too late to stop. “Undo” takes it back."))
	}
	title, tone := words.T("Your accounts are in"), kit.Good
	if !o.changed() {
		title, tone = words.T("Nothing has changed"), kit.Calm
	}
	texts := []fyne.CanvasObject{kit.NewMessage(tone, kit.Message{What: what, Safe: strings.Join(more, " ")})}
	if n := o.refused(); n > 0 {
		texts = append(texts, kit.NewMessage(kit.Look, kit.Message{
			What: words.N(n, "1 could not come in.", "{n} could not come in."),
			Next: words.T("Keep the old app until these are set up again."),
		}))
	}
	rows := []fyne.CanvasObject{kit.Rows(0, texts...)}
	if len(o.out) > 0 {
		rows = append(rows, f.out(o))
	}
	if len(o.plain) > 0 {
		rows = append(rows, f.offerShred(o))
	}
	codes := kit.NewMainButton(words.T("Go to my codes"), f.lead(f.Codes))
	s := &kit.Sheet{Title: title, Content: kit.Rows(kit.Space12, rows...), Main: codes, First: codes}
	if o.changed() { // else it would be the import before
		undo := kit.NewButton(words.T("Undo"), func() { f.undo("") })
		undo.SetIcon(kit.IconUndo)
		s.Others = []*kit.Button{undo}
	}
	f.pages.Page(s)
}

// out lists what did not come in.
func (f *Flow) out(o *outcome) fyne.CanvasObject {
	list := kit.NewPickList(func() int { return len(o.out) }, func(i int) kit.Pick {
		l := o.out[i]
		return kit.Pick{Title: l.title, Tile: l.title, Says: l.why, Look: l.refused, Bare: true}
	}, false, func(i int) {
		kit.ShowMessage(f.Canvas(), kit.Calm, o.out[i].title, kit.Message{What: o.out[i].why}, nil)
	})
	fold := kit.NewFold(words.N(len(o.out), "What did not come in (1)", "What did not come in ({n})"), kit.Rows(0,
		list.AsTall(len(o.out), 4),
		link(kit.IconCopy, words.T("Copy this list"), func() { f.Copy(o.list()) })))
	fold.SetOpen(o.refused() > 0)
	fold.Changed = func(bool) {
		if s := f.Showing(); s != nil {
			s.Fit()
		}
	}
	return fold.Object()
}
