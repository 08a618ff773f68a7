// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// galleryDir is where pictures for a reviewer go; none are made without it.
const galleryDir = "KUTANO_GALLERY"

// picture writes what a window shows, where the reviewer asked for it.
func picture(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	img := w.Canvas().Capture() // drawn in any case: a panic would show
	dir := os.Getenv(galleryDir)
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// TestGallery draws every widget in light, dark and large, so that none of
// them panics, and writes pictures where KUTANO_GALLERY names a folder.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name    string
		mode    Mode
		percent int
	}{{"light", ModeLight, 100}, {"dark", ModeDark, 100}, {"large", ModeLight, 150}} {
		t.Run(g.name, func(t *testing.T) {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(NewTheme(g.mode, g.percent))
			for name, page := range galleryPages() {
				w := test.NewTempWindow(t, page)
				w.SetPadded(false)
				w.Resize(fyne.NewSize(760, 900))
				page.Refresh()
				picture(t, w, name+"-"+g.name)
			}
			galleryShell(t, g.name)
			gallerySheets(t, g.name)
		})
	}
}

func galleryPages() map[string]fyne.CanvasObject {
	return map[string]fyne.CanvasObject{
		"buttons":  onGround(galleryButtons()),
		"codes":    onGround(galleryCodes()),
		"messages": onGround(galleryMessages()),
	}
}

func onGround(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newStrip(theme.ColorNameBackground, 0), Pad(o, Space24))
}

func galleryButtons() fyne.CanvasObject {
	var states []fyne.CanvasObject
	for _, style := range []Style{Plain, Main, Quiet, Danger} {
		row := Cols(Space16)
		for _, state := range []string{"Plain", "Hover", "Focus", "Off", "Icon"} {
			b := newButton(state, style, func() {})
			switch state {
			case "Hover":
				b.MouseIn(&desktop.MouseEvent{})
			case "Focus":
				b.FocusGained()
			case "Off":
				b.Disable()
			case "Icon":
				b.SetIcon(IconAdd)
			}
			row.Add(b)
		}
		states = append(states, row)
	}
	icons := container.NewGridWrap(fyne.NewSquareSize(44))
	for _, name := range allIcons() {
		icons.Add(NewIconButton(name, string(name), func() {}))
	}
	doors := Rows(Space12,
		NewDoor(IconQR, "Scan my Kutano QR code", "Have the page open? We look at your screen.", func() {}),
		NewDoor(IconSetup, "Set up two-factor for Kutano, step by step", "", func() {}),
		NewDoor(IconHelp, "I can't get in", "We find out together what happens, and what still works.", func() {}),
	)
	focused := NewDoor(IconSafe, "Focused", "With a ring around it.", func() {})
	focused.FocusGained()
	over := NewDoor(IconSafe, "Under the mouse", "With an edge in the accent colour.", func() {})
	over.MouseIn(&desktop.MouseEvent{})
	return Rows(Space12, append(states, icons, doors, Adaptive(400, focused, over))...)
}

func galleryCodes() fyne.CanvasObject {
	list := Rows(Space12)
	for i, name := range []string{"Kutano", "GitHub", "Étoile", "amazon", "日本", "42", "…"} {
		code := NewCodeText()
		ring := NewRing()
		switch i {
		case 0:
			code.SetCode("492039")
			ring.Set(24, 30)
		case 1:
			code.SetHidden(6)
			ring.Set(12, 30)
		case 2:
			code.SetCode("12345678")
			ring.Set(4, 30)
		case 3:
			code.SetCode("2BCD4")
			ring.Set(1, 30)
		case 4:
			code.SetCode("1234567890")
			code.SetQuiet(true)
			ring.Set(60, 60)
		case 5:
			code.SetCode("118230")
			code.SetSmall(true)
			ring.Set(0, 30)
		}
		names := Rows(-Space16, NewStrong(name), NewLine("ana@example.com"))
		row := container.NewBorder(nil, nil, NewTile(name), container.NewHBox(container.NewCenter(code), ring, NewIconButton(IconMore, "More", nil)), names)
		list.Add(NewCard(row))
	}
	return list
}

func galleryMessages() fyne.CanvasObject {
	col := Rows(Space12)
	for _, n := range []*Notice{
		{Tone: Calm, Text: "Your keys go into this computer's keyring.", Action: ""},
		{Tone: Look, Text: "Your clock is 47 seconds slow, so codes may be refused.", Action: "Fix it"},
		{Tone: Fail, Text: "The keyring is locked, so no code can be shown.", Action: "Unlock"},
		{Tone: Look, Text: "A much longer sentence that does not fit on one line of a window as narrow as this one and so has to wrap onto a second line.", Action: "Show"},
	} {
		b := NewBanner()
		b.Set(n)
		col.Add(b)
	}
	toast := NewToast()
	toast.Offer("Removed Kutano", "Undo", func() {}, 5)
	entry := NewEntry("Name of the service")
	typed := NewEntry("")
	typed.SetText("Kutano")
	password := NewPasswordEntry("Passphrase")
	area := NewTextArea("Note")
	sel := NewSelect([]string{"As the system says", "Light", "Dark"}, nil)
	sel.SetSelectedIndex(0)
	check := NewCheck("Hide codes until I ask", nil)
	check.SetChecked(true)
	col.Objects = append(col.Objects, container.NewHBox(toast), NewSearch("Search or type a name"), entry, typed, password, area, sel, check,
		NewCard(NewMessage(Fail, Message{"The keyring did not answer.", "Nothing is lost: your keys are still in it.", "Unlock your keyring, then try again."})),
		NewTitle("A title"), NewText("Text of fourteen pixels."), NewQuiet("Helper text of twelve pixels, quiet and still easy to read."))
	return col
}

func galleryShell(t *testing.T, suffix string) {
	for name, size := range map[string]fyne.Size{"wide": {Width: 1000, Height: 640}, "phone": {Width: 360, Height: 640}} {
		s := NewShell(galleryPlaces())
		w := test.NewTempWindow(t, s)
		w.SetPadded(false)
		w.Resize(size)
		s.Banner().Set(&Notice{Tone: Look, Text: "You have no recovery key yet.", Action: "Make one"})
		s.Toast().Offer("Copied · clears in 30 s", "", nil, 5)
		s.Refresh()
		picture(t, w, "shell-"+name+"-"+suffix)
	}
}

func galleryPlaces() []Destination {
	page := func() fyne.CanvasObject {
		search := container.NewBorder(nil, nil, nil, NewIconButton(IconAdd, "Add", nil), NewSearch("Search or type a name"))
		return container.NewVScroll(Pad(NewColumn(search, galleryCodes()), Space16))
	}
	return []Destination{
		{"codes", IconCodes, "Codes", page},
		{"setup", IconSetup, "Set up", page},
		{"safe", IconSafe, "Backup codes", page},
		{"help", IconHelp, "Get back in", page},
		{"settings", IconSettings, "Settings", page},
	}
}

func gallerySheets(t *testing.T, suffix string) {
	w := test.NewTempWindow(t, onGround(galleryCodes()))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(760, 600))
	s := Confirm(w.Canvas(), "Remove Kutano?", "Its key is kept for 30 days, so you can bring it back under Settings.", "Remove", true, func() {})
	picture(t, w, "confirm-"+suffix)
	s.Close()
	s = &Sheet{Title: "Type it in", Content: Rows(Space8, NewText("Type what the service shows you."), NewEntry("Service"), NewEntry("Your name there"), NewEntry("Key"))}
	s.Main = NewMainButton("Add", s.Close)
	s.Others = []*Button{NewButton("Cancel", s.Close)}
	s.Show(w.Canvas())
	picture(t, w, "sheet-"+suffix)
	s.Close()
	s = ShowMessage(w.Canvas(), Fail, "The code was not found", Message{"There is no QR code in this picture.", "Nothing was changed.", "Take a picture of the whole code with some white around it."}, nil)
	picture(t, w, "message-"+suffix)
	s.Close()
}
