// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// TestGallery draws every screen, wide, on a phone, dark and with large text. With
// KUTANO_GALLERY it keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name    string
		mode    kit.Mode
		percent int
		size    fyne.Size
	}{
		{"light", kit.ModeLight, 100, fyne.NewSize(860, 700)},
		{"dark", kit.ModeDark, 100, fyne.NewSize(860, 700)},
		{"phone-light", kit.ModeLight, 100, fyne.NewSize(360, 780)},
		{"phone-dark", kit.ModeDark, 100, fyne.NewSize(360, 780)},
		{"large", kit.ModeLight, 150, fyne.NewSize(360, 780)},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.size.Width > 360 {
			continue // where there is least room is what is held
		}
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.percent, g.size)
				show(r)
				r.settle()
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// keep keeps a picture of the window, and holds that nothing is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *container.Scroll:
			if o.Content.MinSize().Width > size.Width {
				r.t.Errorf("%s asks for a width of %v", name, o.Content.MinSize().Width)
			}
		case *kit.Button:
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).X
			if at < 0 || at+o.Size().Width > size.Width+1 {
				r.t.Errorf("%s: the button %q stands out of the window", name, o.Text)
			}
		}
	}
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	img := r.w.Canvas().Capture()
	out, err := os.Create(filepath.Join(dir, "safe-"+name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}

func pngOf(t *testing.T, img image.Image) io.ReadCloser {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return io.NopCloser(&b)
}

// list draws something like a printed list.
func list(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for y := h / 10; y < h-h/10; y += h / 12 {
		for x := w / 8; x < w/2; x += w / 40 {
			draw.Draw(img, image.Rect(x, y, x+w/60, y+h/40), image.NewUniform(color.Black), image.Point{}, draw.Src)
		}
	}
	return img
}

func screens() map[string]func(*rig) {
	return map[string]func(*rig){
		"empty":        func(*rig) {},
		"empty-no-key": func(r *rig) { r.vault = fakeVault{github}; r.s.Refresh() },
		"sets": func(r *rig) {
			r.keeps(kutano, tenCodes)
			low := r.notes(github, "In the safe at home", 10)
			if _, err := r.safe.Count(r.t.Context(), low.ID, 10, 2); err != nil {
				r.t.Fatal(err)
			}
			r.clock.on(75 * 24 * time.Hour)
			r.notes(vault.Account{ID: "gone", Issuer: "Old forum"}, "In the password manager on the laptop of the family, under “Logins”", 0)
			used := r.keeps(vault.Account{ID: "x", Issuer: "Mail", Name: "ana.with.a.rather.long.address@example.com"}, tenCodes)
			if _, err := r.safe.Use(r.t.Context(), used.ID, 2); err != nil {
				r.t.Fatal(err)
			}
			r.safe.Lock()
			r.s.changed()
		},
		"one": func(r *rig) {
			r.keeps(kutano, tenCodes)
			r.s.page.unfold = true
			r.s.page.shown = ""
			r.s.Refresh()
		},
		"unlock": func(r *rig) {
			r.keeps(kutano, tenCodes)
			r.safe.Lock()
			r.s.Unlock()
			r.fill("wrong")
			r.press("Unlock")
		},
		"create":    func(r *rig) { r.s.create(func() {}, func() {}) },
		"change":    func(r *rig) { r.made(); r.s.ChangePassphrase(); r.fill("old", "short"); r.press("Change it") },
		"forgotten": func(r *rig) { r.made(); r.safe.Lock(); r.s.Unlock(); r.press("I forgot it") },
		"anew":      func(r *rig) { r.s.anew("/x/backup-codes.age.aside-2026-11-25", func() {}) },
		"enter":     func(r *rig) { r.s.Add(); r.fill(tenCodes) },
		"enter-picture": func(r *rig) {
			r.picture = list(600, 800)
			r.s.Add()
			r.press("Type over a picture…")
			r.fill("k3q9-7hzt\nm2xw-4p8d")
		},
		"reading": func(r *rig) {
			r.s.Add()
			r.fill("1234 5678\n2345 6789\n3456 7890\n4567 8901\n5678 9012")
			r.press("Continue")
		},
		"confirm": func(r *rig) {
			r.keeps(kutano, tenCodes)
			r.s.Add()
			r.fill(tenCodes + "\nk3q9-7hzt")
			r.press("Continue")
		},
		"where": func(r *rig) { take(r, kutano) },
		"where-no-key": func(r *rig) {
			r.vault = fakeVault{github}
			r.s.Refresh()
			r.s.Add()
			r.fill(tenCodes)
			r.press("Continue")
			r.press("Continue")
		},
		"print":      func(r *rig) { take(r, kutano); r.press("Print them") },
		"print-none": func(r *rig) { r.paper.there = false; take(r, kutano); r.press("Print them") },
		"printed":    func(r *rig) { take(r, kutano); r.press("Print them"); r.press("Print") },
		"file":       func(r *rig) { take(r, kutano); r.press("Encrypted file on another drive") },
		"save": func(r *rig) {
			r.stick()
			take(r, kutano)
			r.press("Encrypted file on another drive")
			r.fill(filePass, filePass)
			r.press("Continue")
		},
		"note":        func(r *rig) { r.press("Note where they are") },
		"kept":        func(r *rig) { r.made(); take(r, kutano); r.press("Keep them here") },
		"show":        func(r *rig) { r.s.ShowCode(r.keeps(kutano, tenCodes).ID) },
		"used":        func(r *rig) { r.s.ShowCode(r.keeps(kutano, tenCodes).ID); r.press("I used it") },
		"manage-here": func(r *rig) { r.s.Manage(r.keeps(kutano, tenCodes).ID) },
		"manage-note": func(r *rig) { r.s.Manage(r.notes(kutano, "In the safe at home", 10).ID) },
		"edit":        func(r *rig) { r.s.edit(r.notes(kutano, "In the safe at home", 10).ID) },
		"count":       func(r *rig) { r.s.count(r.notes(kutano, "In the safe at home", 10).ID) },
		"remove":      func(r *rig) { r.s.askRemove(r.notes(kutano, "In the safe at home", 10).ID) },
		"removed": func(r *rig) {
			for range 2 {
				if err := r.safe.Remove(r.t.Context(), r.notes(kutano, "In the safe at home", 10).ID); err != nil {
					r.t.Fatal(err)
				}
			}
			r.s.Removed()
		},
		"import": func(r *rig) {
			r.made()
			r.s.askImport("kutano-backup-codes-2026-11-25.age", nil, "That is not the passphrase of this file.")
		},
		"shares": func(r *rig) { take(r, kutano); r.press("Split among people…"); r.fill("Ben\nCleo\nDan") },
		"pages": func(r *rig) {
			shared(r, "Ben\nCleo\nDan with a rather long family name")
			r.press("Page…")
			r.press("Print")
		},
		"join": func(r *rig) {
			shared(r, "Ben\nCleo\nDan")
			text := r.s.draft.holders[1].share.Text().Reveal()
			r.s.Join()
			r.fill(text)
			r.press("Add it")
			r.fill(text)
			r.press("Add it")
		},
		"busy": func(r *rig) { r.s.pages.Busy("One moment", "Sealing the codes…", func() {}) },
	}
}

// stick has a folder chosen whose name tells nothing of the test.
func (r *rig) stick() {
	dir, err := os.MkdirTemp("", "drive-")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	r.dir = dir
}

// shared splits codes among people.
func shared(r *rig, people string) {
	take(r, kutano)
	r.press("Split among people…")
	r.fill(people)
	r.press("Continue")
}

// take hands codes over as the assistant does.
func take(r *rig, a vault.Account) {
	r.s.Take(string(a.ID), "", codesOf(r.t, tenCodes), func(Outcome) {})
	r.settle()
}
