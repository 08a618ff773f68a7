// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// places are five destinations whose pages count how often they were built.
func places(built map[string]int) []Destination {
	var all []Destination
	for _, p := range []struct {
		id, title string
		icon      IconName
	}{
		{"codes", "Codes", IconCodes},
		{"setup", "Set up", IconSetup},
		{"safe", "Backup codes", IconSafe},
		{"help", "Get back in", IconHelp},
		{"settings", "Settings", IconSettings},
	} {
		all = append(all, Destination{p.id, p.icon, p.title, func() fyne.CanvasObject {
			built[p.id]++
			return container.NewVBox(NewEntry(p.title))
		}})
	}
	return all
}

func TestShellSelects(t *testing.T) {
	built := map[string]int{}
	s := NewShell(places(built))
	var told []string
	s.OnSelect = func(id string) { told = append(told, id) }
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	if s.Selected() != "codes" || len(built) != 1 {
		t.Fatalf("begins with %q, built %v", s.Selected(), built)
	}
	test.Tap(s.items[2])
	s.Select("codes")
	s.Select("codes")
	s.Select("nowhere")
	s.Select("safe")
	if s.Selected() != "safe" || !slices.Equal(told, []string{"safe", "codes", "safe"}) || built["safe"] != 1 {
		t.Errorf("selected %q, told %q, built %v", s.Selected(), told, built)
	}
	for _, item := range s.items {
		if item.selected != (item.place.ID == "safe") {
			t.Errorf("%s is marked %t", item.place.ID, item.selected)
		}
	}
	w.Canvas().Focus(s.items[4])
	key(w.Canvas(), fyne.KeyReturn)
	if s.Selected() != "settings" {
		t.Errorf("Enter selected %q", s.Selected())
	}
}

func TestShellLayout(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	for _, c := range []struct {
		size fyne.Size
		wide bool
	}{
		{fyne.NewSize(900, 600), true},
		{fyne.NewSize(720, 500), true},
		{fyne.NewSize(719, 500), false},
		{fyne.NewSize(360, 640), false},
		{fyne.NewSize(320, 480), false},
		{fyne.NewSize(1600, 900), true},
	} {
		w.Resize(c.size)
		if s.Wide() != c.wide {
			t.Errorf("%v: wide %t", c.size, s.Wide())
		}
		page := corners(s.page)
		for _, item := range s.items {
			box := corners(item)
			if item.Size().Height < 44 || box[0] < 0 || box[1] < 0 || box[2] > c.size.Width || box[3] > c.size.Height {
				t.Errorf("%v: %s stands at %v", c.size, item.place.ID, box)
			}
			if c.wide && box[2] > page[0] || !c.wide && box[1] < page[3] {
				t.Errorf("%v: %s at %v covers the page at %v", c.size, item.place.ID, box, page)
			}
		}
	}
}

// corners returns left, top, right and bottom.
func corners(o fyne.CanvasObject) [4]float32 {
	p, s := o.Position(), o.Size()
	return [4]float32{p.X, p.Y, p.X + s.Width, p.Y + s.Height}
}

func TestShellBannerMakesRoom(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(360, 640))
	before := corners(s.page)
	s.Banner().Set(&Notice{Tone: Look, Text: "Your clock is 47 seconds slow, so that codes may be refused.", Action: "Fix it"})
	after := corners(s.page)
	banner := corners(s.banner)
	if after[1] < banner[3] || after[3] != before[3] || banner[3]-banner[1] < 50 {
		t.Errorf("page %v, banner %v", after, banner)
	}
	s.Banner().Set(nil)
	if corners(s.page) != before {
		t.Errorf("without a banner the page stands at %v, before at %v", corners(s.page), before)
	}
	s.Toast().Say("Copied · clears in 30 s", 3)
	toast := corners(s.toast)
	if toast[0] < 0 || toast[2] > 360 || toast[3] > before[3] || s.toast.Size().Height < 40 {
		t.Errorf("the toast stands at %v", toast)
	}
	w.Resize(fyne.NewSize(900, 600))
	if toast := corners(s.toast); toast[0] < railWidth {
		t.Errorf("the toast stands at %v in a wide window", toast)
	}
}

func TestShellFocusOrder(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	s.Banner().Set(&Notice{Text: "Sentence.", Action: "Do it"})
	c := w.Canvas()
	var order []fyne.Focusable
	for range 7 {
		c.FocusNext()
		order = append(order, c.Focused())
	}
	if order[0] != s.banner.button {
		t.Errorf("first comes %T", order[0])
	}
	if _, ok := order[1].(*Entry); !ok {
		t.Errorf("second comes %T", order[1])
	}
	for i, item := range s.items {
		if order[2+i] != item {
			t.Errorf("place %d comes as %T", i, order[2+i])
		}
	}
}

func TestShellCover(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	door := NewDoor(IconQR, "Scan", "", func() {})
	s.Cover(container.NewVBox(door))
	if !s.Covered() {
		t.Error("it is not covered")
	}
	c := w.Canvas()
	for range 3 { // Tab reaches nothing but the cover
		c.FocusNext()
		if c.Focused() != door {
			t.Fatalf("Tab reaches %T below the cover", c.Focused())
		}
	}
	s.Cover(nil)
	c.FocusNext()
	if s.Covered() || c.Focused() == door || s.page.Hidden {
		t.Errorf("the cover is still there; focus on %T", c.Focused())
	}
}

func TestHint(t *testing.T) {
	left, right := NewIconButton(IconAdd, "Add an account", nil), NewIconButton(IconMore, "More about GitHub", nil)
	s := NewShell([]Destination{{"a", IconCodes, "A", func() fyne.CanvasObject {
		return container.NewVBox(container.NewBorder(nil, nil, left, right))
	}}})
	w := window(t, ModeLight, s, fyne.NewSize(400, 500))
	right.MouseIn(&desktop.MouseEvent{})
	if !s.hint.Visible() || s.hint.text.Text != "More about GitHub" {
		t.Fatalf("the hint says %q, shown %t", s.hint.text.Text, s.hint.Visible())
	}
	if box := corners(s.hint); box[2] > 400 || box[0] < 0 || box[1] < right.Size().Height {
		t.Errorf("the hint stands at %v", box)
	}
	w.Canvas().Focus(left)
	right.MouseOut() // not the owner any more
	if !s.hint.Visible() || s.hint.text.Text != "Add an account" {
		t.Errorf("the hint says %q, shown %t", s.hint.text.Text, s.hint.Visible())
	}
	test.Tap(left)
	if s.hint.Visible() {
		t.Error("the hint stays after the button was pressed")
	}
	w.Canvas().Focus(nil)
	// Beside a shell, or on a sheet, there is no hint, and no panic.
	other := NewIconButton(IconAdd, "Add", nil)
	w.SetContent(other)
	other.MouseIn(&desktop.MouseEvent{})
	other.MouseOut()
}

func TestTwoLines(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(100, 100))
	for _, c := range []struct {
		title string
		width float32
		want  [2]string
	}{
		{"Codes", 72, [2]string{"Codes", ""}},
		{"Backup codes", 72, [2]string{"Backup", "codes"}},
		{"Backup codes", 200, [2]string{"Backup codes", ""}},
		{"Backup codes", 0, [2]string{"Backup codes", ""}},
		{"Sicherungscodes", 40, [2]string{"Sicherungscodes", ""}},
		{"a bb cccccccccc dd", 60, [2]string{"a bb", "cccccccccc dd"}},
	} {
		if got := twoLines(c.title, c.width, 12); got != c.want {
			t.Errorf("%q in %v: %q", c.title, c.width, got)
		}
	}
}

func TestAdaptive(t *testing.T) {
	a, b, hidden := NewButton("One", nil), NewButton("Two", nil), NewButton("Three", nil)
	hidden.Hide()
	box := Adaptive(400, a, hidden, b)
	window(t, ModeLight, box, fyne.NewSize(416, 200))
	if a.Size().Width != 200 || b.Position() != fyne.NewPos(216, 0) {
		t.Errorf("wide: %v, %v", corners(a), corners(b))
	}
	tall := box.MinSize().Height
	box.Resize(fyne.NewSize(300, 200))
	if a.Size().Width != 300 || b.Position() != fyne.NewPos(0, a.Size().Height+Space16) || box.MinSize().Height != 2*tall+Space16 {
		t.Errorf("narrow: %v, %v, asks for %v", corners(a), corners(b), box.MinSize())
	}
	Adaptive(400).Resize(fyne.NewSize(10, 10)) // nothing in it
}

func TestColumn(t *testing.T) {
	text := NewText("Text")
	column := NewColumn(text, VGap(10), HGap(10))
	for _, c := range []struct{ room, wide, left float32 }{{1000, 720, 140}, {720, 720, 0}, {360, 360, 0}} {
		column.Resize(fyne.NewSize(c.room, 400))
		inner := column.Objects[0]
		if inner.Size().Width != c.wide || inner.Position().X != c.left {
			t.Errorf("in %v: %v wide at %v", c.room, inner.Size().Width, inner.Position().X)
		}
	}
}

// What is to be done stands after the places, in both layouts, and not under a cover.
func TestShellAction(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	if s.action.Visible() {
		t.Fatal("an action that nobody set")
	}
	done := 0
	s.SetAction(IconLock, "Lock", func() { done++ })
	if r := test.WidgetRenderer(s.action).(*navRenderer); r.lines[0].Text != "Lock" {
		t.Errorf("it says %q", r.lines[0].Text)
	}
	for _, size := range []fyne.Size{fyne.NewSize(900, 600), fyne.NewSize(360, 640)} {
		w.Resize(size)
		last := s.items[4]
		if !s.action.Visible() || s.action.Position().X < last.Position().X || s.action.Position().Y < last.Position().Y {
			t.Errorf("%v: at %v, the last place at %v", size, s.action.Position(), last.Position())
		}
		if end := s.action.Position().Add(s.action.Size()); end.X > size.Width || end.Y > size.Height {
			t.Errorf("%v: ends at %v", size, end)
		}
	}
	test.Tap(s.action)
	if done != 1 || s.Selected() != "codes" {
		t.Errorf("done %d times, at %q", done, s.Selected())
	}
	s.Banner().Set(&Notice{Text: "x", Action: "y"})
	s.Cover(NewText("locked"))
	if s.action.Visible() || s.banner.Visible() {
		t.Error("something under the cover takes the keyboard")
	}
	s.Cover(nil)
	if !s.banner.Visible() {
		t.Error("the banner does not come back")
	}
	s.SetAction(IconLock, "", nil)
	if s.action.Visible() || s.items[4].Size().Width != 72 {
		t.Errorf("the action stays, or its room: %v", s.items[4].Size().Width)
	}
}

// A place that is not always there stands in the rail where it is wanted, and in the
// bottom bar only if there is room; it can be selected all the same.
func TestShellExtra(t *testing.T) {
	s := NewShell(places(map[string]int{}))
	w := window(t, ModeLight, s, fyne.NewSize(900, 600))
	there := func() bool { return s.items[3].Visible() }
	s.SetExtra("help", false)
	if there() {
		t.Error("it is there though nobody wants it")
	}
	s.Select("help")
	if s.Selected() != "help" {
		t.Error("it cannot be selected")
	}
	if top, next := s.items[2], s.items[4]; next.Position().Y-top.Position().Y > top.Size().Height+Space4 {
		t.Error("it leaves a gap")
	}
	s.SetExtra("help", true)
	if !there() {
		t.Error("it is not in the rail")
	}
	for width, want := range map[float32]bool{320: false, 359: false, 360: true, 700: true} {
		w.Resize(fyne.NewSize(width, 600))
		if there() != want {
			t.Errorf("%v wide: %t", width, there())
		}
		last := s.items[4]
		if right := corners(last)[2]; right != width {
			t.Errorf("%v wide: the bar ends at %v", width, right)
		}
	}
	w.Resize(fyne.NewSize(360, 600))
	s.SetAction(IconLock, "Lock", func() {})
	if there() {
		t.Error("there is no room beside the lock")
	}
	s.Cover(container.NewVBox())
	w.Resize(fyne.NewSize(900, 600))
	if there() {
		t.Error("it stands over the cover")
	}
}
