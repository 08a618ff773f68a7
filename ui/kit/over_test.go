// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// A page over the place keeps the places, and goes with any of them, also the one
// that it lies over.
func TestShellOver(t *testing.T) {
	test.NewTempApp(t)
	s := NewShell([]Destination{
		{"codes", IconCodes, "Codes", func() fyne.CanvasObject { return NewText("the codes") }},
		{"settings", IconSettings, "Settings", func() fyne.CanvasObject { return NewText("the settings") }},
	})
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(900, 600))
	for _, c := range []struct {
		name   string
		do     func()
		place  string
		closed int
	}{
		{"closed", s.CloseOver, "codes", 1},
		{"its own place", func() { s.Select("codes") }, "codes", 1},
		{"another place", func() { s.Select("settings") }, "settings", 1},
		{"no place", func() { s.Select("nowhere") }, "settings", 1},
		{"another page", func() { s.Over(NewText("another"), nil) }, "settings", 1},
	} {
		closed := 0
		over := NewText("over")
		s.Over(over, func() { closed++ })
		if !s.HasOver() || len(s.page.Objects) != 1 || s.page.Objects[0] != over || s.rail.Hidden {
			t.Fatalf("%s: the page is not there, or the places are not", c.name)
		}
		c.do()
		if closed != c.closed || s.Selected() != c.place {
			t.Errorf("%s: told %d times, at %s; want %d, %s", c.name, closed, s.Selected(), c.closed, c.place)
		}
		if s.page.Objects[0] == over {
			t.Errorf("%s: the page is still there", c.name)
		}
	}
}

func TestFold(t *testing.T) {
	test.NewTempApp(t)
	body := NewText("what is folded away")
	f := NewFold("More", body)
	told := 0
	f.Changed = func(open bool) {
		told++
		if open != f.Open() {
			t.Error("told something else")
		}
	}
	w := test.NewTempWindow(t, f.Object())
	w.Resize(fyne.NewSize(400, 300))
	low := f.Object().MinSize().Height
	if f.Open() || f.Head.AccessibilityLabel() != "More, folded away" {
		t.Errorf("open at first, and said as %q", f.Head.AccessibilityLabel())
	}
	f.Head.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if !f.Open() || told != 1 || f.Head.AccessibilityLabel() != "More, open" || f.Object().MinSize().Height <= low {
		t.Errorf("open %v, told %d times, said as %q", f.Open(), told, f.Head.AccessibilityLabel())
	}
	f.SetOpen(false)
	if f.Open() || told != 1 {
		t.Error("not closed, or told of what the page did itself")
	}
}

// Tab brings what it reaches into view, downwards and upwards.
func TestFocusIsRevealed(t *testing.T) {
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(NewTheme(ModeLight, 100))
	rows := Rows(Space8)
	var all []fyne.Focusable
	for range 10 {
		b, e, s := NewButton("A button", nil), NewEntry("A field"), NewSelect([]string{"one"}, nil)
		all = append(all, b, e, s)
		rows.Add(Rows(Space24, b, e, s, VGap(60)))
	}
	page := container.NewVScroll(rows)
	s := NewShell([]Destination{{"page", IconCodes, "Page", func() fyne.CanvasObject { return page }}})
	w := test.NewTempWindow(t, s)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(760, 400))
	for i := range 2 * len(all) {
		f := all[min(i, 2*len(all)-1-i)]
		w.Canvas().Focus(f)
		o := f.(fyne.CanvasObject)
		d := fyne.CurrentApp().Driver()
		top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(page).Y
		if top < 0 || top+o.Size().Height > page.Size().Height {
			t.Fatalf("number %d stands at %v of %v", i, top, page.Size().Height)
		}
	}
	half := all[13].(*Entry) // at the lower edge, half in view
	d := fyne.CurrentApp().Driver()
	page.ScrollToOffset(fyne.NewPos(0, d.AbsolutePositionForObject(half).Y-d.AbsolutePositionForObject(page.Content).Y+half.Size().Height/2-page.Size().Height))
	at := page.Offset.Y
	half.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if w.Canvas().Focused() != fyne.Focusable(half) || page.Offset.Y != at {
		t.Errorf("the page moves under the mouse, from %v to %v", at, page.Offset.Y)
	}
	if half.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary}); page.Offset.Y <= at {
		t.Error("what was clicked stays half out of view")
	}
	w.Canvas().Focus(all[15])
	half.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	page.ScrollToTop()
	if w.Canvas().Focus(all[15]); page.Offset.Y == 0 {
		t.Error("what had the focus before a field was clicked is not revealed any more")
	}
	for _, f := range all[15:18] { // the window goes to the back, and comes to the front with a click
		w.Canvas().Focus(f)
		page.ScrollToTop()
		f.FocusLost()
		InFront(w.Canvas())
		if f.FocusGained(); page.Offset.Y != 0 {
			t.Errorf("the page of %T moves when its window comes to the front", f)
		}
		w.Canvas().Unfocus()
		GiveBack(w.Canvas(), f)
		if w.Canvas().Focused() != f || page.Offset.Y != 0 {
			t.Errorf("the page of %T moves when it was drawn anew", f)
		}
		w.Canvas().Unfocus()
		if w.Canvas().Focus(f); page.Offset.Y == 0 {
			t.Errorf("%T is not revealed any more", f)
		}
		page.ScrollToTop()
		w.Canvas().Unfocus()
		s.Cover(NewText("a page over all"))
		if w.Canvas().Focus(f); page.Offset.Y != 0 {
			t.Errorf("the page of %T moves under what covers it", f)
		}
		s.Cover(nil)
	}
	low := NewButton("Far below", nil)
	over := container.NewVScroll(Rows(0, NewText("A page over all"), VGap(900), low))
	s.Cover(over)
	if w.Canvas().Focus(low); over.Offset.Y == 0 {
		t.Error("what lies on a page over all is not revealed")
	}
	s.Cover(nil)
	page.ScrollToTop()
	w.Canvas().Focus(s.items[0])
	if page.Offset.Y != 0 {
		t.Error("a place in the rail scrolls the page")
	}
}
