// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/ui/kit"
)

// shows fails unless each row that is drawn shows what the model says of it.
func shows(t *testing.T, s *Screen, sec int64, when string) {
	t.Helper()
	drawn := rows(s)
	if len(drawn) == 0 {
		t.Fatalf("%s: no row is drawn", when)
	}
	step := drawn[0].Size().Height + s.list.Theme().Size(theme.SizeNamePadding)
	if want := min(int(s.list.List.Size().Height/step), s.Model.Len()); len(drawn) < want {
		t.Fatalf("%s: %d rows are drawn, want %d at least", when, len(drawn), want)
	}
	for _, v := range drawn {
		r := s.Model.Row(v.index, at(sec))
		if v.row.ID != r.ID || v.code.Shown() != r.Code || v.ring.Left() != r.Left || v.next.Shown() != r.Next {
			t.Fatalf("%s: row %d shows %s, %q, %d s, next %q; want %s, %q, %d s, next %q", when, v.index,
				v.row.ID, v.code.Shown(), v.ring.Left(), v.next.Shown(), r.ID, r.Code, r.Left, r.Next)
		}
	}
}

// TestTicksReachEveryRowInView scrolls to and fro between ticks, so that views
// wander from row to row, and lets codes end.
func TestTicksReachEveryRowInView(t *testing.T) {
	s, w := newTestScreen(t, many(500))
	sec := int64(31)
	tick := func(when string) {
		t.Helper()
		sec++
		for range 3 { // a code that has come asks for the next one, which is shown when it comes
			s.Tick(at(sec))
			s.Model.Settle()
		}
		s.Tick(at(sec))
		shows(t, s, sec, when)
	}
	tick("at first")
	for range 3 {
		s.List.ScrollToOffset(700)
		tick("scrolled down")
		s.List.ScrollToOffset(200)
		s.List.ScrollToOffset(9000)
		s.List.ScrollToOffset(250)
		tick("scrolled to and fro")
		s.List.ScrollToBottom()
		tick("at the end")
		s.List.ScrollToTop()
		tick("at the top")
	}
	for range 40 {
		tick("over the end of a step")
	}
	w.Resize(fyne.NewSize(360, 900))
	tick("narrow and higher")
	w.Resize(fyne.NewSize(360, 400))
	tick("lower")
	w.Resize(fyne.NewSize(360, 900))
	tick("higher again")
	s.searched("user49")
	s.Model.Settle()
	tick("found")
	s.clearSearch()
	s.Model.Settle()
	tick("all again")
	if n := len(s.list.views); n > 60 {
		t.Errorf("%d views are kept", n)
	}
}

// TestTickOnlyPaintsWhatMoves holds the price of a tick: the text of a row
// that stays as it is is not touched.
func TestTickOnlyPaintsWhatMoves(t *testing.T) {
	s, _ := newTestScreen(t, many(3))
	s.Tick(at(31))
	v := rows(s)[0]
	laid := 0
	code := v.code.Position()
	v.code.Move(code.AddXY(1, 0)) // a new layout would put it back
	for sec := int64(32); sec < 40; sec++ {
		s.Tick(at(sec))
		if v.code.Position() == code {
			laid++
		}
	}
	if laid > 0 {
		t.Errorf("laid out anew within a step")
	}
	if got := v.ring.Left(); got != s.Model.Row(0, at(39)).Left {
		t.Errorf("the ring stands at %d", got)
	}
}

// The list marks its first row when it gets the focus, but does not move under the click
// that brings its window to the front.
func TestListComesToTheFront(t *testing.T) {
	s, w := newTestScreen(t, many(3))
	w.Canvas().Focus(s.list)
	s.selected = "" // as after the marked account was removed
	s.list.FocusLost()
	kit.InFront(w.Canvas())
	if s.list.FocusGained(); s.Selected() != "" {
		t.Error("a row is marked when the window comes to the front")
	}
	w.Canvas().Unfocus()
	if w.Canvas().Focus(s.list); s.Selected() == "" {
		t.Error("no row is marked")
	}
}

// The marked row is seen at once, and copying leaves the search box, whose
// cursor would blink on.
func TestMarkAndFocus(t *testing.T) {
	s, w := newTestScreen(t, many(3))
	if w.Canvas().Focused() != nil {
		t.Error("the search box has the focus at the start")
	}
	s.Rune('u')
	if w.Canvas().Focused() != s.Search {
		t.Error("typing does not search")
	}
	s.Search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.Canvas().Focused() != nil {
		t.Error("the search box keeps the focus after copying")
	}
	s.FocusSearch()
	s.Search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Focused() != nil {
		t.Error("the search box keeps the focus after Esc")
	}
	s.FocusSearch()
	test.Tap(rows(s)[1])
	if w.Canvas().Focused() == s.Search {
		t.Error("the search box keeps the focus after a row was clicked")
	}
	if a, _ := s.Model.Account(1); s.Selected() != a.ID || !rows(s)[1].ground.Visible() {
		t.Error("the clicked row is not marked")
	}
}
