// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

func screens() map[string]func(*rig) {
	linked := func(r *rig) {
		r.home.ok = true
		r.home.l = link.Linked{
			Address: "https://app.kutano.example", Who: link.Who{Email: "ana@example.com"}, Since: noon, Scopes: []link.Scope{link.ReadStatus},
			Seen: r.home.status, SeenAt: noon, Watched: true,
		}
		r.f.Refresh()
	}
	return map[string]func(*rig){
		"not-linked": func(*rig) {},
		"linked":     linked,
		"ended": func(r *rig) {
			linked(r)
			r.home.l.Ended = true
			r.f.Refresh()
		},
		"ask": func(r *rig) { r.f.Connect(nil) },
		"browser": func(r *rig) {
			r.f.Connect(nil)
			r.press("Link in my browser")
			r.until()
		},
		"code": func(r *rig) {
			r.f.Connect(nil)
			r.press("Link in my browser")
			r.until()
			r.press("Use a code instead")
			r.until()
		},
		"failed": func(r *rig) {
			r.found = link.ErrNotService
			r.f.Connect(nil)
			r.press("Link in my browser")
			r.settle()
		},
		"done": func(r *rig) {
			r.f.Connect(nil)
			r.press("Link in my browser")
			r.until()
			r.allows()
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
		{"light", kit.ModeLight, fyne.NewSize(860, 700)},
		{"dark", kit.ModeDark, fyne.NewSize(860, 700)},
		{"phone-light", kit.ModeLight, fyne.NewSize(360, 780)},
		{"phone-dark", kit.ModeDark, fyne.NewSize(360, 780)},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "phone-light" {
			continue // where there is least room is what is held
		}
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size)
				show(r)
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// keep keeps a picture of the window, and holds that nothing is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	size := r.w.Canvas().Size()
	r.w.Resize(size.AddWidthHeight(1, 1)) // what grew is laid out anew, as a real window does by itself
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
	out, err := os.Create(filepath.Join(dir, "link-"+name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}
