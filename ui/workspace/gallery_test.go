// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
)

var (
	wide  = fyne.NewSize(860, 700)
	phone = fyne.NewSize(360, 780)
)

// longest is as long as a profile may be at every place, without a blank.
func longest(t *testing.T) profile.Profile {
	address := `"https://example.com/` + strings.Repeat("a", 480) + `"`
	text := "version = 1\nname = \"" + strings.Repeat("W", 80) + "\"\nsettings = " + address + "\nhelp = " + address + "\ncontact = \"" + strings.Repeat("w", 200) + "\"\n"
	for range 20 {
		text += "[[note]]\nstep = \"" + strings.Repeat("k", 40) + "\"\ntext = \"" + strings.Repeat("n", 400) + "\"\n"
	}
	return parsed(t, text)
}

func screens() map[string]func(*rig) {
	take := func(r *rig, p profile.Profile) {
		r.f.Take(tomlOf(r.t, p))
		r.settle()
	}
	return map[string]func(*rig){
		"usual": func(*rig) {},
		"own":   func(r *rig) { r.use(signed(r.t, parsed(r.t, example))) },
		"own-unsigned": func(r *rig) {
			r.use(parsed(r.t, example))
		},
		"fault": func(r *rig) { r.f.changed(state{profile: profile.Default(), fault: profile.ErrKept}) },
		"use":   func(r *rig) { r.f.Use() },
		"first": func(r *rig) { take(r, signed(r.t, parsed(r.t, example))) },
		"unsigned": func(r *rig) {
			take(r, parsed(r.t, example))
		},
		"other": func(r *rig) {
			r.use(signed(r.t, parsed(r.t, example)))
			take(r, signed(r.t, parsed(r.t, example)))
		},
		"refused": func(r *rig) {
			r.f.Take("version = 2")
			r.settle()
		},
		"longest":     func(r *rig) { take(r, longest(r.t)) },
		"own-longest": func(r *rig) { r.use(longest(r.t)) },
		"back": func(r *rig) {
			r.use(signed(r.t, parsed(r.t, example)))
			r.f.Back()
		},
		"done": func(r *rig) {
			take(r, parsed(r.t, example))
			r.press("Use this profile")
		},
	}
}

// TestGallery draws every screen, wide, on a phone and dark. With KUTANO_GALLERY it
// keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name string
		mode kit.Mode
		size fyne.Size
	}{
		{"light", kit.ModeLight, wide},
		{"dark", kit.ModeDark, wide},
		{"phone-light", kit.ModeLight, phone},
		{"phone-dark", kit.ModeDark, phone},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "phone-light" {
			continue // where there is least room is what is held
		}
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size, t.TempDir())
				show(r)
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// keep keeps a picture of the window, and holds that nothing is wider than it.
func (r *rig) keep(name string) {
	size := r.w.Canvas().Size()
	r.w.Resize(fyne.NewSize(size.Width/2, size.Height)) // the driver of a real window makes room for what has grown
	r.w.Resize(size)
	img := r.w.Canvas().Capture()
	for _, o := range r.objects() {
		if s, ok := o.(*container.Scroll); ok && s.Content.MinSize().Width > size.Width {
			r.t.Errorf("%s asks for a width of %v", name, s.Content.MinSize().Width)
		}
		if b, ok := o.(*kit.Button); ok && b.Visible() {
			if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).X; at < 0 || at+b.Size().Width > size.Width {
				r.t.Errorf("%s: the button %q stands out of the window", name, b.Text)
			}
		}
	}
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	out, err := os.Create(filepath.Join(dir, "workspace-"+name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}
