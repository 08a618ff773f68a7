// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// list is Fyne's list with our keys: the arrows move our own mark, so that it
// is the same whether the search box, the list or nothing has the focus.
type list struct {
	widget.List

	screen *Screen
	now    time.Time
	views  map[int]*rowView // what draws each row in view, and maybe some just out of it
	drew   []*rowView       // everything that ever drew a row, for Lock
}

func newList(s *Screen) *list {
	l := &list{screen: s, now: s.Clock.Now(), views: map[int]*rowView{}}
	l.Length = s.Model.Len
	l.CreateItem = func() fyne.CanvasObject {
		return newRowView(s.narrow, s.tapped, s.advance, s.openMenu)
	}
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		v := o.(*rowView)
		if !v.drawn {
			l.drew = append(l.drew, v)
		}
		if l.views[v.index] == v {
			delete(l.views, v.index)
		}
		l.views[i], v.index = v, i
		l.show(v)
	}
	l.HideSeparators = false
	l.ExtendBaseWidget(l)
	return l
}

func (l *list) show(v *rowView) {
	s := l.screen
	r := s.Model.Row(v.index, l.now)
	v.show(r, r.ID == s.selected, s.narrow, s.settings.Plain)
}

// update draws what has changed in the rows in view. Fyne's own refresh draws
// the letters of every row anew, which costs many times as much.
func (l *list) update() {
	first, last := l.inView()
	for i, v := range l.views {
		// A row out of view stays known: a list that grows shows it again
		// without telling.
		if i >= first && i <= last {
			l.show(v)
		}
	}
}

// inView returns a first and a last row between which all stand that can be
// seen. Rows are equally high, but a view that is not in use at the moment may
// still have another height: each end goes by the one that takes in more.
func (l *list) inView() (first, last int) {
	var low, high float32
	for _, v := range l.views {
		if h := v.Size().Height; h > 0 {
			high = max(high, h)
			if low == 0 || h < low {
				low = h
			}
		}
	}
	if low == 0 {
		return 0, -1 // nothing is laid out yet
	}
	gap, top := l.Theme().Size(theme.SizeNamePadding), l.GetScrollOffset()
	return int(top/(high+gap)) - 1, int((top+l.List.Size().Height)/(low+gap)) + 1
}

// TypedKey moves, copies and opens; other keys go to the window.
func (l *list) TypedKey(ev *fyne.KeyEvent) {
	if !l.screen.Key(ev.Name) {
		kit.ForwardKey(l, ev)
	}
}

// TypedRune starts a search.
func (l *list) TypedRune(r rune) { l.screen.Rune(r) }

// FocusGained marks the first row when none is marked, and the window has not just come
// to the front: then the list would move under a click.
func (l *list) FocusGained() {
	if !kit.Returns(l) && l.screen.selected == "" {
		l.screen.move(0)
	}
}

// FocusLost implements fyne.Focusable; the mark stays.
func (l *list) FocusLost() {}

// searchKey is what the search box does with keys that are not for text.
func (s *Screen) searchKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyReturn, fyne.KeyEnter:
		// Who copies is done searching. A cursor that blinks for ever costs
		// more than everything else here.
		s.Canvas().Unfocus()
		return s.Key(k)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyEscape:
		return s.Key(k)
	}
	return false
}

// page is how far Page Up and Page Down move.
const page = 6

// Key handles a key that no other widget wants. It reports whether it did.
func (s *Screen) Key(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyUp:
		s.move(-1)
	case fyne.KeyDown:
		s.move(1)
	case fyne.KeyPageUp:
		s.move(-page)
	case fyne.KeyPageDown:
		s.move(page)
	case fyne.KeyReturn, fyne.KeyEnter:
		s.enter()
	case fyne.KeySpace:
		s.reveal(s.selected)
	case fyne.KeyEscape:
		s.clearSearch()
	default:
		return s.keyOnSelected(k)
	}
	return true
}

func (s *Screen) keyOnSelected(k fyne.KeyName) bool {
	a, ok := s.selectedAccount()
	if !ok {
		return false
	}
	switch k {
	case fyne.KeyF2:
		s.edit(a)
	case fyne.KeyDelete:
		s.remove(a)
	case desktop.KeyMenu:
		s.openMenuOfSelected()
	default:
		return false
	}
	return true
}

// Rune starts or goes on with a search.
func (s *Screen) Rune(r rune) {
	if r == ' ' && s.Model.Query() == "" {
		return // the key Space came as well
	}
	s.Canvas().Focus(s.Search)
	s.Search.TypedRune(r)
}

// FocusSearch puts the cursor into the search box.
func (s *Screen) FocusSearch() { s.Canvas().Focus(s.Search) }

// Selected returns the marked account.
func (s *Screen) Selected() vault.ID { return s.selected }

func (s *Screen) selectedAccount() (vault.Account, bool) {
	return s.Model.Account(s.Model.Index(s.selected))
}

func (s *Screen) move(by int) {
	n := s.Model.Len()
	if n == 0 {
		return
	}
	i := s.Model.Index(s.selected)
	switch {
	case i < 0:
		i = 0
	default:
		i = min(max(i+by, 0), n-1)
	}
	a, _ := s.Model.Account(i)
	s.selected = a.ID
	s.list.ScrollTo(i)
	s.list.Refresh()
}
