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

// key presses a key on what has the focus, or on the canvas where nothing has.
func key(c fyne.Canvas, name fyne.KeyName) {
	ev := &fyne.KeyEvent{Name: name}
	if f := c.Focused(); f != nil {
		f.TypedKey(ev)
	} else if h := c.OnTypedKey(); h != nil {
		h(ev)
	}
}

func TestPressedByKeysAndTaps(t *testing.T) {
	presses := 0
	do := func() { presses++ }
	button, icon, door := NewMainButton("Go", do), NewIconButton(IconAdd, "Add", do), NewDoor(IconQR, "Scan", "Look.", do)
	w := window(t, ModeLight, container.NewVBox(button, icon, door), fyne.NewSize(400, 300))
	for _, o := range []fyne.Focusable{button, icon, door} {
		presses = 0
		w.Canvas().Focus(o)
		key(w.Canvas(), fyne.KeyReturn)
		key(w.Canvas(), fyne.KeyEnter)
		key(w.Canvas(), fyne.KeySpace)
		o.TypedRune(' ') // comes with the key and must not press again
		test.Tap(o.(fyne.Tappable))
		if presses != 4 {
			t.Errorf("%T: pressed %d times, want 4", o, presses)
		}
		o.(fyne.Disableable).Disable()
		key(w.Canvas(), fyne.KeyReturn)
		test.Tap(o.(fyne.Tappable))
		if presses != 4 {
			t.Errorf("%T: pressed though it was disabled", o)
		}
	}
	NewButton("Nothing to do", nil).Tapped(nil) // must not panic
}

func TestUnwantedKeysGoOn(t *testing.T) {
	button := NewButton("Go", func() {})
	check := NewCheck("On", nil)
	choice := NewSelect([]string{"a", "b"}, nil)
	w := window(t, ModeLight, container.NewVBox(button, check, choice), fyne.NewSize(400, 300))
	var keys []fyne.KeyName
	var runes []rune
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { keys = append(keys, ev.Name) })
	w.Canvas().SetOnTypedRune(func(r rune) { runes = append(runes, r) })
	for _, o := range []fyne.Focusable{button, check, choice} {
		keys, runes = nil, nil
		w.Canvas().Focus(o)
		key(w.Canvas(), fyne.KeyEscape)
		o.TypedRune('k')
		if len(keys) != 1 || keys[0] != fyne.KeyEscape {
			t.Errorf("%T: the canvas got the keys %q", o, keys)
		}
		if string(runes) != "k" {
			t.Errorf("%T: the canvas got %q", o, string(runes))
		}
	}
	// Without handlers nothing happens.
	w.Canvas().SetOnTypedKey(nil)
	w.Canvas().SetOnTypedRune(nil)
	key(w.Canvas(), fyne.KeyEscape)
	ForwardRune(button, 'k')
}

func TestFocusIsSeen(t *testing.T) {
	for _, o := range []fyne.Focusable{
		NewButton("Go", nil), NewMainButton("Go", nil), NewQuietButton("Go", nil), NewDangerButton("Go", nil),
		NewIconButton(IconAdd, "Add", nil), NewDoor(IconQR, "Scan", "Look.", nil), NewCheck("On", nil),
	} {
		object := o.(fyne.CanvasObject)
		w := window(t, ModeLight, Pad(object, Space16), fyne.NewSize(300, 140))
		before := w.Canvas().Capture()
		o.FocusGained()
		focused := w.Canvas().Capture()
		if n := differing(before, focused); n < 150 {
			t.Errorf("%T: the focus changes only %d pixels", o, n)
		}
		o.FocusLost()
		if n := differing(before, w.Canvas().Capture()); n != 0 {
			t.Errorf("%T: %d pixels stay after the focus", o, n)
		}
		o.(desktop.Hoverable).MouseIn(&desktop.MouseEvent{})
		if differing(before, w.Canvas().Capture()) == 0 {
			t.Errorf("%T: nothing is seen under the mouse", o)
		}
		o.(desktop.Hoverable).MouseMoved(nil)
		o.(desktop.Hoverable).MouseOut()
		if n := differing(before, w.Canvas().Capture()); n != 0 {
			t.Errorf("%T: %d pixels stay after the mouse", o, n)
		}
	}
}

func TestTapsAreLargeEnough(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(100, 100))
	for _, o := range []fyne.CanvasObject{
		NewButton("Go", nil), NewIconButton(IconAdd, "Add", nil), NewDoor(IconQR, "Scan", "", nil), NewCheck("On", nil),
		newNavItem(Destination{Icon: IconCodes, Title: "Codes"}, nil),
	} {
		if h := o.MinSize().Height; h < Size(SizeTap) {
			t.Errorf("%T is %v high", o, h)
		}
	}
	if w := NewIconButton(IconAdd, "Add", nil).MinSize().Width; w < Size(SizeTap) {
		t.Errorf("an icon button is %v wide", w)
	}
}

func TestButtonChanges(t *testing.T) {
	b := NewButton("Add", nil)
	window(t, ModeLight, b, fyne.NewSize(200, 60))
	narrow := b.MinSize()
	b.SetIcon(IconAdd)
	if got := b.MinSize(); got.Width != narrow.Width+28 {
		t.Errorf("with an icon it is %v wide, without %v", got.Width, narrow.Width)
	}
	b.SetText("")
	b.SetStyle(Quiet)
	if got := b.MinSize().Width; got != 20+2*Space8 {
		t.Errorf("with an icon only it is %v wide", got)
	}
	if b.Cursor() != desktop.PointerCursor {
		t.Error("no hand over a button")
	}
	b.Disable()
	if b.Cursor() != desktop.DefaultCursor {
		t.Error("a hand over a disabled button")
	}
}

func TestLabelsForScreenReaders(t *testing.T) {
	check := NewCheck("Hide codes", nil)
	for _, c := range []struct {
		o    fyne.Accessible
		want string
	}{
		{NewButton("Add", nil), "Add"},
		{NewIconButton(IconMore, "More about GitHub", nil), "More about GitHub"},
		{NewDoor(IconQR, "Scan", "We look.", nil), "Scan. We look."},
		{newNavItem(Destination{Title: "Codes"}, nil), "Codes"},
		{check, "Hide codes"},
	} {
		if got := c.o.AccessibilityLabel(); got != c.want || c.o.AccessibilityRole() != fyne.AccessibleRoleButton {
			t.Errorf("%T: %q, %q", c.o, got, c.o.AccessibilityRole())
		}
	}
	check.SetChecked(true)
	if got := check.AccessibilityLabel(); got != "✓ Hide codes" {
		t.Errorf("ticked: %q", got)
	}
}

func TestCheck(t *testing.T) {
	var told []bool
	c := NewCheck("A long sentence that says what this switch does and why one could want it", func(on bool) { told = append(told, on) })
	w := window(t, ModeLight, container.NewVBox(c), fyne.NewSize(240, 200))
	test.Tap(c)
	w.Canvas().Focus(c)
	key(w.Canvas(), fyne.KeySpace)
	key(w.Canvas(), fyne.KeyReturn)
	c.SetChecked(true) // no change
	if !c.Checked || len(told) != 3 || !told[0] || told[1] || !told[2] {
		t.Errorf("told %v, now %t", told, c.Checked)
	}
	if c.MinSize().Height < 70 {
		t.Errorf("the words do not wrap: %v", c.MinSize())
	}
	c.Disable()
	test.Tap(c)
	if !c.Checked {
		t.Error("it changed though it was disabled")
	}
	c.SetText("Short")
	if c.AccessibilityLabel() != "✓ Short" {
		t.Error("the words did not change")
	}
}

func TestSelect(t *testing.T) {
	var got string
	s := NewSelect([]string{"Light", "Dark"}, func(v string) { got = v })
	w := window(t, ModeLight, container.NewVBox(s), fyne.NewSize(240, 200))
	w.Canvas().Focus(s)
	key(w.Canvas(), fyne.KeyRight)
	if got != "Light" {
		t.Errorf("Right chose %q", got)
	}
	key(w.Canvas(), fyne.KeyReturn)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("Enter did not open the choice")
	}
}
