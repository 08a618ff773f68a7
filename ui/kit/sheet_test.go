// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// page returns a window with a search field that has the focus, and handlers
// that note what reaches the canvas.
func page(t *testing.T) (w fyne.Window, search *Entry, keys *[]fyne.KeyName) {
	t.Helper()
	search = NewSearch("Search")
	w = window(t, ModeLight, container.NewVBox(search), fyne.NewSize(600, 500))
	keys = &[]fyne.KeyName{}
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { *keys = append(*keys, ev.Name) })
	w.Canvas().SetOnTypedRune(func(rune) { *keys = append(*keys, "rune") })
	w.Canvas().Focus(search)
	return w, search, keys
}

// What had the focus before a sheet may be gone after it: the page was drawn anew.
func TestSheetWhoseFocusIsGone(t *testing.T) {
	w, _, keys := page(t)
	c := w.Canvas()
	s := &Sheet{Title: "Sure?", Content: NewText("Text"), Main: NewMainButton("Yes", nil)}
	s.Show(c)
	fresh := NewSearch("Search")
	w.Content().(*fyne.Container).Objects = []fyne.CanvasObject{fresh}
	w.Content().Refresh()
	s.Close()
	if c.Focused() != nil {
		t.Errorf("the focus is on %T", c.Focused())
	}
	key(c, fyne.KeyF5)
	if len(*keys) != 1 {
		t.Errorf("the page's own handler got %q", *keys)
	}
	c.Focus(fresh)
	s.Show(c)
	s.Close()
	if c.Focused() != fresh {
		t.Errorf("what is there gets the focus back, not %T", c.Focused())
	}
}

func TestSheetFocusAndKeys(t *testing.T) {
	w, search, keys := page(t)
	c := w.Canvas()
	first, second := NewEntry("Service"), NewEntry("Name")
	closed, added := 0, 0
	s := &Sheet{Title: "Type it in", Content: container.NewVBox(NewText("Text"), first, second), OnClose: func() { closed++ }}
	s.Main = NewMainButton("Add", func() { added++ })
	s.Others = []*Button{NewButton("Cancel", s.Close)}
	s.Show(c)
	s.Show(c) // shown already
	if c.Focused() != first || TopSheet(c) != s || !s.Shown() || len(c.Overlays().List()) != 1 {
		t.Fatalf("focus on %T, %d overlays", c.Focused(), len(c.Overlays().List()))
	}
	key(c, fyne.KeyReturn) // in a field: presses the main button
	c.Unfocus()
	key(c, fyne.KeyEnter) // with no focus, too
	if added != 2 {
		t.Errorf("Enter pressed the main button %d times, want 2", added)
	}
	c.Focus(s.Others[0])
	key(c, fyne.KeyReturn)
	if added != 2 || s.Shown() || closed != 1 {
		t.Errorf("Enter on Cancel: added %d, shown %t, closed %d", added, s.Shown(), closed)
	}
	if c.Focused() != search || c.Overlays().Top() != nil {
		t.Errorf("afterwards the focus is on %T", c.Focused())
	}
	s.Close() // closed already
	key(c, fyne.KeyEscape)
	if closed != 1 || len(*keys) != 1 {
		t.Errorf("closed %d times; the page's own handler got %q", closed, *keys)
	}
}

func TestSheetClosesOnEscFromAnywhere(t *testing.T) {
	w, _, keys := page(t)
	c := w.Canvas()
	entry, area, check, choice := NewEntry(""), NewTextArea(""), NewCheck("On", nil), NewSelect([]string{"a"}, nil)
	main := NewMainButton("Add", func() {})
	for _, o := range []fyne.Focusable{entry, area, check, choice, main, nil} {
		s := &Sheet{Title: "T", Content: container.NewVBox(entry, area, check, choice), Main: main}
		s.Show(c)
		if o == nil {
			c.Unfocus()
		} else {
			c.Focus(o)
		}
		key(c, fyne.KeyEscape)
		if s.Shown() {
			t.Errorf("Esc on %T did not close the sheet", o)
			s.Close()
		}
	}
	if len(*keys) != 0 {
		t.Errorf("the page below got %q", *keys)
	}
}

func TestSheetKeepsTypingToItself(t *testing.T) {
	w, _, keys := page(t)
	s := ShowMessage(w.Canvas(), Fail, "Title", Message{"What", "Safe", "Next"}, nil)
	if w.Canvas().Focused() != s.Main {
		t.Errorf("the focus is on %T", w.Canvas().Focused())
	}
	w.Canvas().Focused().TypedRune('k')
	if h := w.Canvas().OnTypedRune(); h != nil {
		t.Error("typing reaches the page below")
	}
	key(w.Canvas(), fyne.KeyReturn)
	if s.Shown() || len(*keys) != 0 {
		t.Errorf("shown %t, page got %q", s.Shown(), *keys)
	}
	if w.Canvas().OnTypedRune() == nil {
		t.Error("typing does not reach the page afterwards")
	}
}

func TestSheetOverSheet(t *testing.T) {
	w, search, _ := page(t)
	c := w.Canvas()
	field := NewEntry("")
	lower := &Sheet{Title: "Edit", Content: field, Main: NewMainButton("Save", func() {})}
	lower.Show(c)
	asked := 0
	upper := Confirm(c, "Remove?", "It can come back.", "Remove", true, func() { asked++ })
	if TopSheet(c) != upper || c.Focused() != upper.Others[0] {
		t.Fatalf("a dangerous question begins on %T", c.Focused())
	}
	key(c, fyne.KeyEscape)
	if upper.Shown() || !lower.Shown() || c.Focused() != field || asked != 0 {
		t.Fatalf("after Esc: upper %t, lower %t, focus on %T", upper.Shown(), lower.Shown(), c.Focused())
	}
	upper = Confirm(c, "Go on?", "It is quick.", "Go on", false, func() { asked++ })
	if c.Focused() != upper.Main {
		t.Errorf("a harmless question begins on %T", c.Focused())
	}
	key(c, fyne.KeyReturn)
	if asked != 1 || upper.Shown() {
		t.Errorf("asked %d, shown %t", asked, upper.Shown())
	}
	upper = Confirm(c, "Again?", "", "Yes", false, func() {})
	lower.Close() // takes the one above with it
	if upper.Shown() || lower.Shown() || TopSheet(c) != nil || c.Focused() != search || c.Overlays().Top() != nil {
		t.Errorf("upper %t, lower %t, focus on %T", upper.Shown(), lower.Shown(), c.Focused())
	}
}

func TestSheetSize(t *testing.T) {
	w, _, _ := page(t)
	long := NewText(strings.Repeat("A sentence that is rather long. ", 100))
	for _, c := range []struct {
		canvas     fyne.Size
		content    fyne.CanvasObject
		wide, tall float32 // at most
	}{
		{fyne.NewSize(800, 600), NewText("Short."), 480, 180},
		{fyne.NewSize(800, 600), long, 480, 568},
		{fyne.NewSize(360, 640), NewText("Short."), 344, 180},
		{fyne.NewSize(360, 640), long, 344, 624},
	} {
		w.Resize(c.canvas)
		s := &Sheet{Title: "Title", Content: c.content, Main: NewMainButton("OK", nil)}
		s.Show(w.Canvas())
		size, at := s.body.Size(), s.body.Position()
		if size.Width != c.wide || size.Height > c.tall || size.Height < 100 {
			t.Errorf("on %v the sheet is %v", c.canvas, size)
		}
		if at.X*2+size.Width != c.canvas.Width || at.Y*2+size.Height != c.canvas.Height {
			t.Errorf("on %v the sheet stands at %v", c.canvas, at)
		}
		s.Close()
	}
}

func TestSheetContentChanges(t *testing.T) {
	w, _, _ := page(t)
	s := &Sheet{Title: "Looking", Content: NewText("Short.")}
	s.SetContent(NewText("Looking.")) // before it is shown
	s.Show(w.Canvas())
	small := s.body.Size().Height
	s.SetContent(container.NewVBox(NewEntry("a"), NewEntry("b"), NewEntry("c")))
	if s.body.Size().Height <= small {
		t.Error("it did not grow with its content")
	}
	main := NewMainButton("Add", s.Close)
	s.SetButtons(main, NewButton("Back", nil))
	if s.buttons.Hidden || len(s.buttons.Objects) != 2 {
		t.Error("the buttons are not shown")
	}
	s.Fit()
	test.Tap(main)
	if s.Shown() {
		t.Error("the new main button does nothing")
	}
	s.Fit() // after it was closed
}

func TestSheetShadeDoesNotClose(t *testing.T) {
	w, search, _ := page(t)
	s := ShowMessage(w.Canvas(), Calm, "Title", Message{What: "What"}, nil)
	test.TapCanvas(w.Canvas(), fyne.NewPos(5, 5))
	if !s.Shown() || w.Canvas().Focused() == search {
		t.Error("a tap beside the sheet went through or closed it")
	}
	test.Tap(s.close)
	if s.Shown() {
		t.Error("the close button does not close")
	}
}

// A word that is too long for its sheet ends in …, the text beside it keeps its
// room, and buttons that need two lines stay within the sheet.
func TestSheetHoldsLongWords(t *testing.T) {
	long := "An exceedingly long word on a button that no telephone has the room for"
	c := window(t, ModeLight, NewText(""), fyne.NewSize(320, 300)).Canvas()
	link := NewQuietButton(long, nil)
	text := NewText(strings.Repeat("Some words. ", 200))
	s := &Sheet{
		Title: "Title", Content: Rows(0, text, AtLeft(link), AdaptiveGap(440, 0, NewButton(long, nil))),
		Main: NewMainButton("Go on with it now", nil), Others: []*Button{NewButton("Do something else first", nil)},
	}
	s.Show(c)
	for _, o := range []fyne.CanvasObject{link, text} {
		if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).X; at < 0 || at+o.Size().Width > 320 {
			t.Errorf("%T is from %v to %v", o, at, at+o.Size().Width)
		}
	}
	if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.Main); at.Y+s.Main.Size().Height > 300 {
		t.Errorf("the main button ends at %v", at.Y+s.Main.Size().Height)
	}
	shown := func() string {
		for _, o := range test.WidgetRenderer(link).Objects() {
			if l, ok := o.(*canvas.Text); ok {
				return l.Text
			}
		}
		return ""
	}
	if w := shown(); !strings.HasSuffix(w, "…") || link.AccessibilityLabel() != long {
		t.Errorf("the link says %q", w)
	}
	link.Resize(link.MinSize())
	if w := shown(); w != long {
		t.Errorf("with room again it says %q", w)
	}
}
