// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// TestGallery draws every screen, wide, on a phone and dark. With
// KUTANO_GALLERY it keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name string
		mode kit.Mode
		size fyne.Size
	}{
		{"wide", kit.ModeLight, fyne.NewSize(1000, 700)},
		{"phone", kit.ModeLight, fyne.NewSize(390, 780)},
		{"dark", kit.ModeDark, fyne.NewSize(1000, 700)},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "phone" {
			continue // where there is least room is what is held
		}
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size)
				r.v.uris = several(25)
				r.f.Open()
				r.settle()
				show(r)
				r.settle()
				r.keep("out-" + name + "-" + g.name)
			})
		}
	}
}

// keep keeps a picture of the window, and holds that nothing is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	img := r.w.Canvas().Capture() // before anything lays out what is hidden
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *container.Scroll:
			if o.Content.MinSize().Width > size.Width {
				r.t.Errorf("%s asks for a width of %v", name, o.Content.MinSize().Width)
			}
		case *kit.Button:
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).X
			if o.Visible() && (at < 0 || at+o.Size().Width > size.Width) {
				r.t.Errorf("%s: the button %q stands out of the window", name, o.Text)
			}
		}
	}
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	out, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}

// aim chooses a target by its ID and way.
func (r *rig) aim(id string, w way) {
	r.t.Helper()
	for _, t := range places() {
		if t.ID == id && t.way == w {
			r.f.aimAt(t)
			r.settle()
			return
		}
	}
	r.t.Fatalf("there is no target %q", id)
}

func screens() map[string]func(*rig) {
	left := []foreign.Entry{foreign.Refused("Mail", "ana@example.com", foreign.NoPlace("period", "30 seconds only"))}
	return map[string]func(*rig){
		"targets": func(*rig) {},
		"accounts": func(r *rig) {
			r.v.aside = 1
			r.f.Open()
			r.settle()
			r.aim("google-qr", asFile)
		},
		"protect": func(r *rig) { r.aim("aegis", asFile); r.f.protect() },
		"password": func(r *rig) {
			r.aim("aegis", asFile)
			r.f.password()
			r.entry(0).SetText("short")
			r.press("Continue")
		},
		"warn-file":  func(r *rig) { r.aim("uris", asFile); r.f.protect() },
		"warn-paper": func(r *rig) { r.aim("paper", onPaper); r.f.protect() },
		"save":       func(r *rig) { r.aim("aegis", asFile); r.f.saveIn("/media/ana/STICK/kutano", r.f.suggested()) },
		"replace": func(r *rig) {
			r.aim("aegis", asFile)
			r.f.askReplace("/media/ana/STICK/kutano/kutano-aegis-2026-11-25.json")
		},
		"code": func(r *rig) {
			r.aim("google-qr", onScreen)
			r.f.show()
		},
		"code-2": func(r *rig) {
			r.aim("google-qr", onScreen)
			r.f.show()
			r.settle()
			r.press("Next")
		},
		"hidden": func(r *rig) {
			r.aim("google-qr", onScreen)
			r.f.show()
			r.settle()
			r.f.Veil()
		},
		"done": func(r *rig) {
			r.aim("aegis", asFile)
			r.f.done(saved{paths: []string{"/media/ana/STICK/kutano/kutano-aegis-2026-11-25.json"}, in: 25})
		},
		"done-plain": func(r *rig) {
			r.aim("google-qr", asFile)
			r.f.job.plan = exchange.Written{Left: left}
			r.f.done(saved{paths: []string{"/media/ana/STICK/kutano-google-qr-2026-11-25-1.png", "/media/ana/STICK/kutano-google-qr-2026-11-25-2.png"}, in: 24, plain: true})
		},
	}
}
