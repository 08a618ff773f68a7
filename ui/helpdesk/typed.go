// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/ui/kit"
)

// typed are the six fields in which the caller's words are typed.
type typed struct {
	fields [phrase.Length]*field
	says   *fyne.Container // the nearest words, or what is wrong
	again  *kit.Button
	at     int  // the field that is typed in
	setsIt bool // a field is being filled by us

	fresh  bool // what is typed now has not been heard yet
	heard  phrase.Decoded
	change *helpdesk.Change // what the last words changed; nil for the first
}

// field is one word.
type field struct {
	entry  *kit.Entry
	mark   *kit.IconView
	holder *fyne.Container
	looked phrase.Looked
}

// fewLetters are too few to say that a word is wrong while it is typed.
const fewLetters = 4

func (r *Room) buildTyped() fyne.CanvasObject {
	t := &r.typed
	t.says, t.fresh = kit.Rows(kit.Space4), true
	rows := kit.Rows(kit.Space8)
	for i := 0; i < phrase.Length; i += 2 {
		rows.Add(kit.AdaptiveGap(usualWidth-kit.Space24, kit.Space8, r.newField(i), r.newField(i+1)))
	}
	read := kit.NewMainButton(words.T("What is wrong?"), func() { r.decode(true) })
	t.again = kit.NewButton(words.T("Ask for the six words again"), r.AskAgain)
	t.again.Wrap = true
	return kit.NewCard(kit.Rows(kit.Space8,
		kit.NewTitle(words.T("The six words")),
		kit.NewQuiet(words.T("In the app: “Get back in”. On the command line: kutano phrase. The first four letters of each word are enough, and numbers work, too. They are not secret.")),
		rows, t.says, container.New(&flow{}, read, t.again)))
}

func (r *Room) newField(i int) fyne.CanvasObject {
	f := &field{entry: kit.NewEntry(words.T("Word {n}", "n", i+1)), mark: kit.NewIcon(kit.IconCheck, "", 20)}
	f.holder = container.NewCenter(container.NewGridWrap(fyne.NewSize(20, 20), f.mark))
	f.mark.Hide()
	f.entry.OnChanged = func(text string) { r.changed(i, text) }
	f.entry.OnSubmitted = func(string) { r.submitted(i) }
	r.typed.fields[i] = f
	number := container.NewCenter(kit.NewQuiet(strconv.Itoa(i + 1)))
	return container.NewBorder(nil, nil, number, f.holder, f.entry)
}

// first is the first field that is empty, or the first of all.
func (t *typed) first() *kit.Entry {
	for _, f := range t.fields {
		if f.entry.Text == "" {
			return f.entry
		}
	}
	return t.fields[0].entry
}

// set fills a field.
func (t *typed) set(i int, text string) {
	t.setsIt = true
	t.fields[i].entry.SetText(text)
	t.setsIt = false
	t.look(i)
}

// clear empties every field, and forgets what was heard.
func (t *typed) clear() {
	for i := range t.fields {
		t.set(i, "")
	}
	t.heard, t.change, t.fresh, t.at = phrase.Decoded{}, nil, true, 0
	t.says.Objects = nil
	t.says.Refresh()
}

// look looks a word up.
func (t *typed) look(i int) {
	f := t.fields[i]
	f.looked = phrase.Looked{}
	if f.entry.Text != "" {
		f.looked = phrase.Look(f.entry.Text, words.Current())
	}
}

// numbering is what counts the words of a phrase that is pasted: "1." or "2)".
var numbering = regexp.MustCompile("^[1-6][.):]+")

// split takes a text apart into words.
func split(text string) []string {
	var all []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;|", r) }) {
		if w = numbering.ReplaceAllString(w, ""); w != "" {
			all = append(all, w)
		}
	}
	return all
}

// changed is called when a field was typed in: a blank leads to the next one, and
// several words at once, as they are pasted, go into the fields that follow.
func (r *Room) changed(i int, text string) {
	t := &r.typed
	if t.setsIt {
		return
	}
	t.at = i
	all := split(text)
	switch {
	case len(all) > 1:
		r.spread(i, all)
		return
	case len(all) == 1 && text != all[0]:
		t.set(i, all[0])
		if strings.HasSuffix(text, " ") && i+1 < phrase.Length {
			r.moveTo(i + 1)
		}
	case len(all) == 0 && text != "":
		t.set(i, "")
	}
	t.look(i)
	r.showTyped(false)
	r.decode(false)
}

// Type takes words as if they were pasted into the first field.
func (r *Room) Type(text string) { r.typed.fields[0].entry.SetText(text) }

// spread puts several words into the fields from one on; six or more from the first.
func (r *Room) spread(i int, all []string) {
	t := &r.typed
	if len(all) >= phrase.Length {
		i = 0
	}
	for j, w := range all {
		if i+j == phrase.Length-1 { // what is too much is told of when it is read
			t.set(i+j, strings.Join(all[j:], " "))
			break
		}
		t.set(i+j, w)
	}
	r.moveTo(min(i+len(all), phrase.Length-1))
	r.showTyped(false)
	r.decode(i+len(all) >= phrase.Length)
}

func (r *Room) moveTo(i int) {
	r.typed.at = i
	r.Canvas().Focus(r.typed.fields[i].entry)
}

// submitted is what Enter does: it leads to the next word, and after the last it
// reads them all.
func (r *Room) submitted(i int) {
	if i+1 < phrase.Length && r.typed.fields[i+1].entry.Text == "" {
		r.moveTo(i + 1)
		r.showTyped(false)
		return
	}
	r.decode(true)
}

// AskAgain empties the fields for the words as they are after a fix. What was found
// stays until they are read.
func (r *Room) AskAgain() {
	t := &r.typed
	for i := range t.fields {
		t.set(i, "")
	}
	t.fresh = true
	r.showTyped(false)
	r.moveTo(0)
	r.scroll.ScrollToTop()
}

// text is what stands in the fields.
func (t *typed) text() string {
	all := make([]string, 0, phrase.Length)
	for _, f := range t.fields {
		all = append(all, f.entry.Text)
	}
	return strings.Join(all, " ")
}

// complete reports whether every word is known.
func (t *typed) complete() bool {
	for _, f := range t.fields {
		if !f.looked.Known {
			return false
		}
	}
	return true
}

// decode reads the words. Until the agent wants that, nothing is said of what is not
// right yet.
func (r *Room) decode(wanted bool) {
	t := &r.typed
	if !wanted && !t.complete() {
		return
	}
	d, err := phrase.Decode(t.text(), words.Current())
	if err != nil {
		r.notRight(err)
		return
	}
	r.showTyped(false)
	if !t.fresh && d.Phrase == t.heard.Phrase {
		return
	}
	t.change = nil
	if before, ok := r.call.Heard(); ok {
		c := helpdesk.Compare(before, d.Standing)
		t.change = &c
	}
	t.heard, t.fresh = d, false
	r.call.Hear(d.Standing, d.Version)
	r.show()
}

// notRight says what is not right about the words, where it is not said beside them.
func (r *Room) notRight(err error) {
	t := &r.typed
	r.showTyped(true)
	unknown := (*phrase.WordsError)(nil)
	if !errors.As(err, &unknown) || unknown.Words[len(unknown.Words)-1].Place > phrase.Length {
		m := messageOf(err)
		t.says.Add(kit.NewMessage(kit.Look, kit.Message{What: m.What, Next: m.Next}))
	}
	t.says.Refresh()
	r.scroll.Refresh()
}

// showTyped marks every word, and offers the nearest ones of those that are not known.
// While a word is being typed nothing is said of it, unless all are judged.
func (r *Room) showTyped(all bool) {
	t := &r.typed
	t.says.Objects = nil
	for i, f := range t.fields {
		text := f.entry.Text
		typing := i == t.at && !all && utf8.RuneCountInString(text) < fewLetters
		switch {
		case text == "" || !f.looked.Known && typing:
			f.mark.Hide()
		case f.looked.Known:
			f.mark.Set(kit.Good.Icon())
			f.mark.Show()
		default:
			f.mark.Set(kit.Look.Icon())
			f.mark.Show()
			if !strings.Contains(text, " ") { // else it is too much, and that is told
				r.offer(i)
			}
		}
		f.holder.Refresh()
	}
	t.says.Refresh()
}

// mostNear is how many words are offered.
const mostNear = 3

// offer offers the words that are nearest to one that is not known.
func (r *Room) offer(i int) {
	t := &r.typed
	near := t.fields[i].looked.Near
	name, in := kit.Look.Icon()
	sign := container.NewGridWrap(fyne.NewSize(20, 20), kit.NewIcon(name, in, 20))
	says := words.T("Word {n} is not on the list. Ask for it again, letter by letter.", "n", i+1)
	if len(near) > 0 {
		says = words.T("Word {n} is not on the list. Ask whether it is one of these:", "n", i+1)
	}
	t.says.Add(container.NewBorder(nil, nil, container.NewVBox(kit.Inset(sign, kit.Space8, 0, 0, kit.Space4)), nil, kit.NewText(says)))
	choices := container.New(&flow{})
	for _, w := range near[:min(len(near), mostNear)] {
		b := kit.NewButton(w, func() {
			t.set(i, w)
			r.showTyped(false)
			r.moveTo(min(i+1, phrase.Length-1))
			r.decode(false)
		})
		b.Spoken = words.T("Word {n}: {word}", "n", i+1, "word", w)
		choices.Add(b)
	}
	t.says.Add(choices)
}
