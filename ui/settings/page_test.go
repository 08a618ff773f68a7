// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"context"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// bin is a bin that a test looks into.
type bin struct {
	all  []Removed
	done []string
	err  error
}

func (b *bin) Removed() []Removed { return b.all }

func (b *bin) Restore(_ context.Context, id string) error { return b.take("restore", id) }

func (b *bin) Erase(_ context.Context, id string) error { return b.take("erase", id) }

func (b *bin) take(what, id string) error {
	if b.err != nil {
		return b.err
	}
	b.done = append(b.done, what+" "+id)
	b.all = slices.DeleteFunc(b.all, func(r Removed) bool { return r.ID == id })
	return nil
}

func twoRemoved() *bin {
	return &bin{all: []Removed{
		{ID: "aaaa", Title: "GitHub", Name: "ana", Erases: noon.Add(29*24*time.Hour + time.Minute)},
		{ID: "bbbb", Title: "Mastodon", Erases: noon.Add(time.Hour)},
	}}
}

// show shows a page of its own data folder in a window.
func show(t *testing.T, mode kit.Mode, size fyne.Size, parts Parts) (*Page, fyne.Window) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	if parts.File == nil {
		parts.File = Load(t.TempDir())
	}
	var w fyne.Window
	parts.Canvas = func() fyne.Canvas { return w.Canvas() }
	parts.Now = func() time.Time { return noon }
	p := NewPage(parts)
	w = test.NewTempWindow(t, p.Object())
	w.SetPadded(false)
	w.Resize(size)
	return p, w
}

// button finds the nth button of a text that is shown.
func button(t *testing.T, root fyne.CanvasObject, text string, nth int) *kit.Button {
	t.Helper()
	var found []*kit.Button
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *kit.Button:
			if o.Text == text && o.Visible() {
				found = append(found, o)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		}
	}
	look(root)
	if nth >= len(found) {
		t.Fatalf("%d buttons %q are shown, want more than %d", len(found), text, nth)
	}
	return found[nth]
}

// texts returns all text that is shown.
func texts(root fyne.CanvasObject) string {
	var all []string
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		}
	}
	look(root)
	return strings.Join(all, "\n")
}

func TestChangesAreUsedAndWrittenAtOnce(t *testing.T) {
	dir := t.TempDir()
	file := Load(dir)
	var told []Settings
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{File: file, Tray: true, Changed: func(s Settings) { told = append(told, s) }})

	p.choices.theme.SetSelectedIndex(2)
	p.choices.size.SetSelectedIndex(1)
	p.choices.clear.SetSelectedIndex(5)
	test.Tap(p.choices.hide)
	test.Tap(p.choices.wait)
	test.Tap(p.choices.number)
	test.Tap(p.choices.tray)

	want := Settings{Theme: kit.ModeDark, TextSize: 125, HideCodes: true, ClearSeconds: 0, WaitForNext: true, CloseToTray: true, NoAnimations: true, LockIdleMinutes: 5, LockSuspend: true, LockScreen: true}
	if got := Load(dir).Get(); got != want {
		t.Errorf("written: %+v, want %+v", got, want)
	}
	if len(told) != 7 || told[6] != want {
		t.Errorf("told %d times, at last %+v", len(told), told[len(told)-1])
	}
}

func TestShowingChangesNothing(t *testing.T) {
	dir := t.TempDir()
	told := 0
	show(t, kit.ModeDark, fyne.NewSize(400, 700), Parts{File: Load(dir), Changed: func(Settings) { told++ }})
	if _, err := os.Stat(filepath.Join(dir, "settings.json")); !errors.Is(err, os.ErrNotExist) || told != 0 {
		t.Errorf("showing the page told %d changes, file: %v", told, err)
	}
}

func TestOddClearTimeIsOffered(t *testing.T) {
	file := Load(t.TempDir())
	s := file.Get()
	s.ClearSeconds = 45
	if err := file.Set(s); err != nil {
		t.Fatal(err)
	}
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{File: file})
	if got := p.choices.clear.Selected; got != "After 45 seconds" {
		t.Errorf("selected %q", got)
	}
	if got := p.choices.clear.Options; len(got) != 7 || got[3] != "After 45 seconds" || got[6] != "Never" {
		t.Errorf("offered %q", got)
	}
}

func TestUnsavedChangeIsToldOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone") // a folder that is not there
	p, w := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{File: Load(dir)})
	test.Tap(p.choices.hide)
	top := kit.TopSheet(w.Canvas())
	if top == nil {
		t.Fatal("nothing was said about settings that could not be saved")
	}
	top.Close()
	test.Tap(p.choices.wait)
	if kit.TopSheet(w.Canvas()) != nil {
		t.Error("it was said with each change")
	}
	if !p.parts.File.Get().HideCodes {
		t.Error("the change does not even hold until the end")
	}
}

func TestRestore(t *testing.T) {
	b := twoRemoved()
	moved := 0
	p, w := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Bin: b, Moved: func() { moved++ }})
	shown := texts(p.Object())
	for _, want := range []string{"GitHub · ana", "Is erased in 30 days", "Mastodon", "Is erased in 1 day"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	button(t, p.Object(), "Restore", 1).Tapped(nil)
	kit.Settle()
	if !slices.Equal(b.done, []string{"restore bbbb"}) || moved != 1 {
		t.Errorf("done %q, told %d times", b.done, moved)
	}
	if strings.Contains(texts(p.Object()), "Mastodon") {
		t.Error("the restored account is still listed as removed")
	}
	if kit.TopSheet(w.Canvas()) != nil {
		t.Error("restoring asked a question")
	}
}

func TestEraseAsksFirst(t *testing.T) {
	b := twoRemoved()
	p, w := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Bin: b})

	button(t, p.Object(), "Erase", 0).Tapped(nil)
	sheet := kit.TopSheet(w.Canvas())
	if sheet == nil || len(b.done) != 0 {
		t.Fatalf("nothing was asked; done %q", b.done)
	}
	// A hasty Enter falls on Cancel.
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	kit.Settle()
	if sheet.Shown() || len(b.done) != 0 {
		t.Fatalf("Enter did not cancel; done %q", b.done)
	}

	button(t, p.Object(), "Erase", 0).Tapped(nil)
	kit.TopSheet(w.Canvas()).Main.Tapped(nil)
	kit.Settle()
	if !slices.Equal(b.done, []string{"erase aaaa"}) {
		t.Errorf("done %q", b.done)
	}
}

func TestBinThatFails(t *testing.T) {
	b := twoRemoved()
	b.err = vault.ErrBusy
	p, w := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Bin: b})
	button(t, p.Object(), "Restore", 0).Tapped(nil)
	kit.Settle()
	sheet := kit.TopSheet(w.Canvas())
	if sheet == nil || !strings.Contains(texts(sheet.Content), "Another program is changing the accounts") {
		t.Fatal("the reason is not shown")
	}
	if button(t, p.Object(), "Restore", 0).Disabled() {
		t.Error("it cannot be tried again")
	}
}

func TestWhatIsSaidAboutTheKeys(t *testing.T) {
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Keys: InKeyring, Dir: "/home/ana/.local/share/kutano", Version: "0.3.0"})
	shown := texts(p.Object())
	for _, want := range []string{"This computer's keyring", "Everything else is in /home/ana/.local/share/kutano", "Kutano Authenticator 0.3.0"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	if strings.Contains(shown, "Removed accounts") || strings.Contains(shown, "could not be read") || strings.Contains(shown, "tray") {
		t.Error("something is shown that is not there")
	}
	p, _ = show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Keys: InFile})
	if !strings.Contains(texts(p.Object()), "A sealed file under your passphrase") {
		t.Error("the sealed file is not named")
	}
}

func TestUnreadAreNamed(t *testing.T) {
	unread := []Unread{{Name: "GitHub:ana", Reason: "Its key is damaged."}, {Reason: "Its entry is cut off."}}
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{Unread: func() []Unread { return unread }})
	shown := texts(p.Object())
	for _, want := range []string{"GitHub:ana", "Its key is damaged.", "An account without a name", "Its entry is cut off."} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	unread = nil
	p.Reload()
	if strings.Contains(texts(p.Object()), "GitHub:ana") {
		t.Error("it is still shown after it was mended")
	}
}

// TestGallery draws the page in light and dark, wide and narrow, and writes
// pictures where KUTANO_GALLERY names a folder.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name string
		mode kit.Mode
		size fyne.Size
	}{
		{"settings-light", kit.ModeLight, fyne.NewSize(800, 2000)},
		{"settings-dark", kit.ModeDark, fyne.NewSize(800, 2000)},
		{"settings-phone", kit.ModeLight, fyne.NewSize(360, 2600)},
	} {
		p, w := show(t, g.mode, g.size, Parts{
			Lock: Lock{On: g.mode == kit.ModeDark || g.size.Width < 400}, SetPassphrase: func() {}, RemovePassphrase: func() {}, KnowsMinimised: true, KnowsScreen: true,
			Bin: twoRemoved(), Tray: true, Keys: InKeyring, Dir: "/home/ana/.local/share/kutano", Version: "0.3.0",
			Unread: func() []Unread { return []Unread{{Name: "GitHub:ana", Reason: "Its key is damaged."}} },
		})
		ground := kit.NewGround(theme.ColorNameBackground)
		w.SetContent(container.NewStack(ground, p.Object()))
		w.Resize(g.size)
		img := w.Canvas().Capture()
		dir := os.Getenv("KUTANO_GALLERY")
		if dir == "" {
			continue
		}
		f, err := os.Create(filepath.Join(dir, g.name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, img); err != nil {
			t.Error(err)
		}
		f.Close()
	}
}

// TestFitsAPhone: with the largest text nothing stands out of a phone.
func TestFitsAPhone(t *testing.T) {
	p, w := show(t, kit.ModeLight, fyne.NewSize(360, 700), Parts{
		Lock: Lock{On: true}, SetPassphrase: func() {}, RemovePassphrase: func() {}, KnowsMinimised: true, KnowsScreen: true, Capture: true,
		Bin: twoRemoved(), Tray: true, Dir: "/home/ana/.local/share/kutano", Version: "0.3.0",
		Unread: func() []Unread {
			return []Unread{{Name: "A service with a rather long name:ana@example.com", Reason: "Its key is damaged."}}
		},
	})
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(kit.ModeLight, 150))
	w.Resize(fyne.NewSize(361, 700))
	w.Resize(fyne.NewSize(360, 700))
	p.object.Refresh()
	if got := p.object.(*container.Scroll).Content.MinSize().Width; got > 360 {
		t.Errorf("the page asks for a width of %v", got)
	}
	if dir := os.Getenv("KUTANO_GALLERY"); dir != "" {
		w.Resize(fyne.NewSize(360, 3400))
		f, err := os.Create(filepath.Join(dir, "settings-phone-large.png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, w.Canvas().Capture()); err != nil {
			t.Error(err)
		}
	}
}
