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

// What a person does is noticed, wherever the focus and the mouse are.
func TestInputIsNoticed(t *testing.T) {
	entry, button, choice := NewEntry(""), NewButton("x", func() {}), NewSelect([]string{"a", "b"}, nil)
	sense := NewSense()
	w := window(t, ModeLight, container.NewStack(sense, container.NewVBox(entry, button, choice)), fyne.NewSize(300, 300))
	n := 0
	OnInput(w.Canvas(), func() { n++ })
	sheet := &Sheet{Title: "x", Content: NewText("x")}
	for name, do := range map[string]func(){
		"rune":   func() { entry.TypedRune('x') },
		"key":    func() { entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) },
		"tap":    func() { test.Tap(button) },
		"press":  func() { button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab}) },
		"select": func() { choice.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab}) },
		"mouse":  func() { _ = desktop.Cursorable(sense).Cursor() },
		"mouse over a sheet": func() {
			sheet.Show(w.Canvas())
			_ = desktop.Cursorable(sheet.overlay).Cursor()
			sheet.Close()
		},
	} {
		n = 0
		if do(); n == 0 {
			t.Errorf("%s is not noticed", name)
		}
	}
	OnInput(w.Canvas(), nil)
	n = 0
	if entry.TypedRune('x'); n != 0 {
		t.Error("noticed after the end")
	}
}

// A held canvas has nothing over it, and takes nothing but what is free.
func TestHeldCanvas(t *testing.T) {
	w := window(t, ModeLight, NewEntry(""), fyne.NewSize(300, 300))
	c := w.Canvas()
	closed := 0
	lower := &Sheet{Title: "x", Content: NewText("x"), OnClose: func() { closed++ }}
	lower.Show(c)
	upper := Confirm(c, "y", "y", "y", false, func() {})
	c.Overlays().Add(NewText("a menu"))
	HoldSheets(c, true)
	if lower.Shown() || upper.Shown() || closed != 1 || len(c.Overlays().List()) != 0 {
		t.Errorf("after the hold: %d closed, %d over it", closed, len(c.Overlays().List()))
	}
	lower.Show(c)
	if lower.Shown() || closed != 2 || len(c.Overlays().List()) != 0 {
		t.Error("a sheet came onto a held canvas")
	}
	free := &Pages{Canvas: func() fyne.Canvas { return c }, Free: true}
	free.Page(&Sheet{Title: "z", Content: NewText("z")})
	if top := TopSheet(c); top == nil || top.Title != "z" {
		t.Error("a sheet of what lies over the hold is not shown")
	}
	if lower.Show(c); lower.Shown() {
		t.Error("a sheet came onto a held canvas beside one that is free")
	}
	free.Close()
	HoldSheets(c, false)
	if lower.Show(c); !lower.Shown() {
		t.Error("no sheet comes after the hold")
	}
	lower.Close()
}
