// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"slices"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
)

// stack holds the sheets of one canvas and the handlers that were there before
// the first of them.
type stack struct {
	sheets []*Sheet
	key    func(*fyne.KeyEvent)
	char   func(rune)
}

// stacks is used on the user interface's goroutine only.
var stacks = map[fyne.Canvas]*stack{}

func pushSheet(s *Sheet) {
	c := s.canvas
	st := stacks[c]
	if st == nil {
		st = &stack{key: c.OnTypedKey(), char: c.OnTypedRune()}
		stacks[c] = st
		c.SetOnTypedRune(nil)
		c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
			if top := TopSheet(c); top != nil {
				top.typedKey(ev)
			}
		})
	}
	st.sheets = append(st.sheets, s)
}

func removeSheet(s *Sheet) {
	st := stacks[s.canvas]
	if st == nil {
		return
	}
	st.sheets = slices.DeleteFunc(st.sheets, func(o *Sheet) bool { return o == s })
	if len(st.sheets) == 0 {
		delete(stacks, s.canvas)
		s.canvas.SetOnTypedKey(st.key)
		s.canvas.SetOnTypedRune(st.char)
	}
}

// held are the canvases on which no sheet may be shown.
var held = map[fyne.Canvas]bool{}

// HoldSheets closes everything that lies over a canvas and refuses new sheets
// there, or lets them be shown again: while a window is locked, a piece of work
// that ends late must not put its result on it. A sheet that is refused counts
// as closed at once; one that is free is shown.
func HoldSheets(c fyne.Canvas, on bool) {
	if !on {
		delete(held, c)
		return
	}
	held[c] = true
	for top := TopSheet(c); top != nil; top = TopSheet(c) {
		top.Close()
	}
	for _, o := range c.Overlays().List() { // menus and Fyne's own dialogs
		o.Hide()
		c.Overlays().Remove(o)
	}
}

// TopSheet returns the sheet that has the keyboard, or nil.
func TopSheet(c fyne.Canvas) *Sheet {
	st := stacks[c]
	if st == nil {
		return nil
	}
	return st.sheets[len(st.sheets)-1]
}

// ShowMessage shows a message with the button "OK"; done may be nil.
func ShowMessage(c fyne.Canvas, tone Tone, title string, m Message, done func()) *Sheet {
	s := &Sheet{Title: title, Content: NewMessage(tone, m), OnClose: done}
	s.Main = NewMainButton(words.T("OK"), s.Close)
	s.Show(c)
	return s
}

// Confirm asks before something is done. With danger the button is red and the
// focus begins on "Cancel", so that a hasty Enter loses nothing.
func Confirm(c fyne.Canvas, title, sentence, yes string, danger bool, do func()) *Sheet {
	s := &Sheet{Title: title, Content: NewText(sentence)}
	cancel := NewButton(words.T("Cancel"), s.Close)
	s.Others = []*Button{cancel}
	confirm := func() {
		s.Close()
		do()
	}
	s.Main = NewMainButton(yes, confirm)
	if danger {
		s.Main = NewDangerButton(yes, confirm)
		s.First = cancel
	}
	s.Show(c)
	return s
}
