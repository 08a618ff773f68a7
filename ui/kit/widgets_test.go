// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestTile(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Kutano", "K"},
		{"github", "G"},
		{" étoile", "É"},
		{"(2) of", "2"},
		{"ßtest", "ß"},
		{"日本", "日"},
		{"", "•"},
		{"…!", "•"},
	} {
		if got := tileLetter(c.name); got != c.want && !strings.EqualFold(got, c.want) {
			t.Errorf("letter of %q is %q, want %q", c.name, got, c.want)
		}
	}
	if tileColor("GitHub") != tileColor(" github ") {
		t.Error("a name's colour changes with its case")
	}
	seen := map[string]bool{}
	for _, name := range strings.Fields("Kutano GitHub Google Amazon Mastodon Proton Nextcloud GitLab PayPal Steam Discord Slack Zoom") {
		seen[hex(tileColor(name))] = true
	}
	if len(seen) < 6 {
		t.Errorf("thirteen names have only %d colours", len(seen))
	}
	tile := NewTile("Kutano")
	before := draw(t, tile)
	tile.SetName("Kutano")
	tile.SetName("GitHub")
	if differing(before, draw(t, tile)) == 0 {
		t.Error("the tile did not change with its name")
	}
}

// R54: the countdown.
func TestRing(t *testing.T) {
	r := NewRing()
	window(t, ModeLight, r, fyne.NewSize(40, 40))
	for _, c := range []struct {
		left, period      int
		end               float32
		amber, arc, track bool
		digit             string
	}{
		{30, 30, 360, false, true, false, ""},
		{15, 30, 180, false, true, true, ""},
		{6, 30, 72, false, true, true, ""},
		{5, 30, 60, true, true, true, "5"},
		{1, 60, 6, true, true, true, "1"},
		{0, 30, 0, true, false, true, "0"},
		{99, 30, 360, false, true, false, ""}, // never more than there is
		{-3, 30, 0, true, false, true, "0"},   // never less than nothing
		{3, 86400, 0.0125, true, true, true, "3"},
	} {
		r.Set(c.left, c.period)
		in := theme.ColorNamePrimary
		if c.amber {
			in = theme.ColorNameWarning
		}
		if r.arc.FillColor != Color(in) || r.arc.EndAngle != c.end && !r.arc.Hidden || r.arc.Hidden == c.arc || r.track.Hidden == c.track {
			t.Errorf("%d of %d: end %v, arc hidden %t, track hidden %t", c.left, c.period, r.arc.EndAngle, r.arc.Hidden, r.track.Hidden)
		}
		if shown := !r.digit.Hidden; shown != (c.digit != "") || shown && r.digit.Text != c.digit {
			t.Errorf("%d of %d: digit %q, hidden %t", c.left, c.period, r.digit.Text, r.digit.Hidden)
		}
	}
	r.SetPlain(true)
	r.Set(24, 30)
	if !r.arc.Hidden || !r.track.Hidden || r.digit.Hidden || r.digit.Text != "24" || r.Left() != 24 {
		t.Error("the plain ring is not a number only")
	}
	r.Clear()
	if !r.arc.Hidden || !r.track.Hidden || !r.digit.Hidden {
		t.Error("a cleared ring shows something")
	}
}

func TestCodeText(t *testing.T) {
	c := NewCodeText()
	c.SetCode("492039") // before it is drawn
	window(t, ModeLight, c, fyne.NewSize(300, 60))
	if c.Shown() != "492 039" || c.text.Text != "492\u2002039" || c.text.TextSize != 28 || !c.text.TextStyle.Bold {
		t.Errorf("shown %q as %q of size %v", c.Shown(), c.text.Text, c.text.TextSize)
	}
	c.SetHidden(8)
	if c.Shown() != "•••• ••••" {
		t.Errorf("hidden: %q", c.Shown())
	}
	c.SetText("locked")
	c.SetSmall(true)
	c.SetQuiet(true)
	if c.Shown() != "locked" || c.text.TextSize != 14 || c.text.Color != Color(theme.ColorNamePlaceHolder) {
		t.Errorf("%q of size %v in %v", c.Shown(), c.text.TextSize, c.text.Color)
	}
}

// TestDigitsAreEquallyWide: a code must not move when its digits change.
func TestDigitsAreEquallyWide(t *testing.T) {
	var width float32
	c := NewCodeText()
	window(t, ModeLight, c, fyne.NewSize(300, 60))
	for _, code := range strings.Split("000000 111111 222222 333333 444444 555555 666666 777777 888888 999999", " ") {
		c.SetCode(code)
		if width == 0 {
			width = c.MinSize().Width
		}
		if got := c.MinSize().Width; got != width {
			t.Errorf("%s is %v wide, 000 000 is %v", code, got, width)
		}
	}
}

func TestBanner(t *testing.T) {
	b := NewBanner()
	window(t, ModeLight, container.NewVBox(b), fyne.NewSize(600, 100))
	if b.Visible() || b.Notice() != nil {
		t.Error("a new banner is shown")
	}
	b.Press() // nothing to do
	done := 0
	for tone, want := range map[Tone]IconName{Calm: IconInfo, Good: IconCheck, Look: IconWarning, Fail: IconFail} {
		b.Set(&Notice{Tone: tone, Text: "Your clock is 47 seconds slow.", Action: "Fix it", Do: func() { done++ }})
		if !b.Visible() || b.icon.name != want || b.text.Text != "Your clock is 47 seconds slow." || b.button.Text != "Fix it" || b.button.Hidden {
			t.Errorf("tone %d: icon %s, text %q, button %q", tone, b.icon.name, b.text.Text, b.button.Text)
		}
		test.Tap(b.button)
	}
	if done != 4 {
		t.Errorf("the button did its work %d times", done)
	}
	b.Set(&Notice{Text: "Only a sentence."})
	if !b.button.Hidden {
		t.Error("there is a button without an action")
	}
	b.Press()
	b.Set(nil)
	if b.Visible() || b.Notice() != nil {
		t.Error("it is still there")
	}
}

func TestToast(t *testing.T) {
	toast, entry := NewToast(), NewEntry("")
	w := window(t, ModeLight, container.NewVBox(entry, toast), fyne.NewSize(400, 200))
	w.Canvas().Focus(entry)
	toast.Say("Copied", 2)
	if toast.Text() != "Copied" || !toast.button.Hidden || w.Canvas().Focused() != entry {
		t.Errorf("shown %q, focus on %T", toast.Text(), w.Canvas().Focused())
	}
	toast.Tick()
	if toast.Text() == "" {
		t.Error("it went away too early")
	}
	toast.Tick()
	toast.Tick()
	if toast.Text() != "" || toast.Visible() {
		t.Error("it did not go away")
	}
	undone := 0
	toast.Offer("Removed", "Undo", func() { undone++ }, 5)
	test.Tap(toast.button)
	toast.Press() // it is gone, and so is its offer
	if undone != 1 || toast.Visible() {
		t.Errorf("undone %d times, shown %t", undone, toast.Visible())
	}
	toast.Offer("Removed", "Undo", func() { undone++ }, 5)
	toast.Say("Copied", 5)
	toast.Press()
	if undone != 1 {
		t.Error("a new message kept the old one's action")
	}
}

func TestEntryKeys(t *testing.T) {
	e, area := NewEntry("Name"), NewTextArea("Note")
	w := window(t, ModeLight, container.NewVBox(e, area), fyne.NewSize(400, 200))
	var canvas, asked []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { canvas = append(canvas, ev.Name) })
	take := false
	e.OnKey = func(k fyne.KeyName) bool { asked = append(asked, k); return take }
	all := []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyLeft, fyne.KeyBackspace}
	w.Canvas().Focus(e)
	for _, k := range all {
		key(w.Canvas(), k)
	}
	if len(asked) != 7 || len(canvas) != 3 || canvas[2] != fyne.KeyEscape {
		t.Errorf("asked for %q, handed on %q", asked, canvas)
	}
	asked, canvas, take = nil, nil, true
	for _, k := range all {
		key(w.Canvas(), k)
	}
	if len(asked) != 7 || len(canvas) != 0 {
		t.Errorf("taken: asked for %q, handed on %q", asked, canvas)
	}
	// Who asked for OnSubmitted gets it, and Enter goes no further.
	submitted := ""
	e.OnKey, e.OnSubmitted = nil, func(s string) { submitted = s }
	test.Type(e, "ana")
	key(w.Canvas(), fyne.KeyReturn)
	if submitted != "ana" || len(canvas) != 0 {
		t.Errorf("submitted %q, handed on %q", submitted, canvas)
	}
	// In a text area Enter makes a line.
	w.Canvas().Focus(area)
	test.Type(area, "a")
	key(w.Canvas(), fyne.KeyReturn)
	key(w.Canvas(), fyne.KeyUp)
	key(w.Canvas(), fyne.KeyEscape)
	if area.Text != "a\n" || len(canvas) != 1 {
		t.Errorf("text %q, handed on %q", area.Text, canvas)
	}
}

func TestEntryShortcuts(t *testing.T) {
	e := NewPasswordEntry("Passphrase")
	w := window(t, ModeLight, e, fyne.NewSize(400, 60))
	// Fyne's test canvas takes no shortcuts, so what is handed on is asked of
	// a canvas of ours.
	got := 0
	find := &desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierControl}
	real := canvasOf
	t.Cleanup(func() { canvasOf = real })
	canvasOf = func(fyne.CanvasObject) fyne.Canvas {
		return shortcutCanvas{w.Canvas(), func(s fyne.Shortcut) {
			if s == fyne.Shortcut(find) {
				got++
			}
		}}
	}
	w.Canvas().Focus(e)
	e.TypedShortcut(find)
	if got != 1 {
		t.Error("the field swallowed the app's shortcut")
	}
	test.Type(e, "one two")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	if e.SelectedText() != "one two" {
		t.Errorf("select all selected %q", e.SelectedText())
	}
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierControl})
	if got != 1 || !e.Password {
		t.Error("the field's own shortcut went to the app")
	}
}

// shortcutCanvas is a canvas that takes shortcuts, as a real one does.
type shortcutCanvas struct {
	fyne.Canvas
	typed func(fyne.Shortcut)
}

// TypedShortcut is part of fyne.Shortcutable.
func (c shortcutCanvas) TypedShortcut(s fyne.Shortcut) { c.typed(s) }

func TestMessageLeavesOutWhatIsEmpty(t *testing.T) {
	for want, m := range map[int]Message{1: {What: "a"}, 2: {What: "a", Next: "c"}, 3: {"a", "b", "c"}} {
		words := NewMessage(Fail, m).(*fyne.Container).Objects[0].(*fyne.Container)
		if len(words.Objects) != want {
			t.Errorf("%+v has %d sentences, want %d", m, len(words.Objects), want)
		}
	}
}

// TestButtonWraps: a word that is too long for its button stands on several
// lines where that is asked for, and all of it can be read.
func TestButtonWraps(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(400, 400))
	b := NewButton("The method or the number is wrong", nil)
	b.SetIcon(IconEdit)
	one := b.MinSize().Height
	b.Wrap = true
	b.Resize(fyne.NewSize(160, one))
	high := b.MinSize().Height
	if high < one+20 {
		t.Fatalf("it asks for a height of %v, for one line %v", high, one)
	}
	b.Resize(fyne.NewSize(160, high))
	var said []string
	for _, o := range test.WidgetRenderer(b).Objects() {
		if text, ok := o.(*canvas.Text); ok {
			said = append(said, text.Text)
			if end := text.Position().X + text.Size().Width; end > 160 {
				t.Errorf("%q ends at %v", text.Text, end)
			}
		}
	}
	if got := strings.Join(said, " "); len(said) < 2 || got != b.Text {
		t.Errorf("it says %q", said)
	}
	b.Resize(fyne.NewSize(600, one))
	if b.MinSize().Height != one {
		t.Error("it stays high where there is the room")
	}
}
