// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
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
				show(r)
				r.keep(name + "-" + g.name)
				r.settle()
			})
		}
	}
}

// keep keeps a picture of the window, and holds that no sheet is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	img := r.w.Canvas().Capture() // before anything lays out what is hidden
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		if s, ok := o.(*container.Scroll); ok && s.Content.MinSize().Width > size.Width {
			r.t.Errorf("%s asks for a width of %v", name, s.Content.MinSize().Width)
		}
	}
	for _, o := range r.objects() {
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
	writePNG(r.t, filepath.Join(dir, name+".png"), img)
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		t.Error(err)
	}
}

var aegis = foreign.Format{ID: "aegis", App: "Aegis"}

func screens() map[string]func(*rig) {
	return map[string]func(*rig){
		"open": func(r *rig) { r.f.Open() },
		"open-undo": func(r *rig) {
			r.v.taken = make([]vault.Take, 12)
			r.f.Open()
		},
		"guides": func(r *rig) {
			r.f.Guides()
			open(r.f.Showing().Content, "Aegis", "Bitwarden")
		},
		"google":    func(r *rig) { r.f.Google() },
		"no-export": func(r *rig) { r.f.NoExport() },
		"busy": func(r *rig) {
			r.f.pages.Busy("One moment", "Reading: 1,200 accounts…", r.f.stop).Set("Reading: 1200 accounts…", 0.4)
		},
		"password": func(r *rig) { r.f.ask(exchange.Question{Source: "aegis-backup-20261125.json", Format: aegis}) },
		"password-wrong": func(r *rig) {
			r.f.ask(exchange.Question{Source: "aegis-backup-20261125.json", Format: aegis, Wrong: true})
		},
		"preview":      func(r *rig) { previewOf(r, 5) },
		"preview-many": func(r *rig) { previewOf(r, 10_000) },
		"preview-move": func(r *rig) { r.f.job.moves = move(r, 25)[:1]; previewOf(r, 5) },
		"differs": func(r *rig) {
			previewOf(r, 9)
			r.list().Select(2)
		},
		"nothing": func(r *rig) {
			r.f.job.files = []exchange.File{{Name: "holiday.docx", Err: foreign.ErrUnknown}}
			r.f.nothing()
		},
		"nothing-of-many": func(r *rig) {
			for i := range 20 {
				r.f.job.files = append(r.f.job.files, exchange.File{Name: fmt.Sprint("file", i), Met: i > 2, Err: foreign.ErrUnknown})
			}
			r.f.nothing()
		},
		"stopped": func(r *rig) { r.f.stopped() },
		"done": func(r *rig) {
			r.f.done(&outcome{taken: vault.Taken{Added: 12}, plain: []spent{{path: "/home/ana/Downloads/aegis-export-plain-20261125.json"}}})
		},
		"done-refused": func(r *rig) {
			r.f.done(&outcome{taken: vault.Taken{Added: 12, Replaced: 1, Same: 3}, out: []left{
				{"GitHub · ana", "Here already, with the same key", false},
				{"Old bank · ana@example.com", "mOTP codes are not supported here.", true},
				{"Mail · ana.with.a.rather.long.address@example.com", "The key is not of the letters A to Z and the digits 2 to 7.", true},
			}})
		},
		"shred": func(r *rig) {
			r.f.askShred(&outcome{plain: []spent{{path: "/home/ana/Downloads/aegis-export-plain-20261125.json"}}})
		},
		"undone": func(r *rig) { r.f.takeBack(); r.settle() },
	}
}

// open opens folded parts. To look for them as the tests do else would lay out
// what is hidden as if it were not.
func open(o fyne.CanvasObject, titles ...string) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, in := range o.Objects {
			open(in, titles...)
		}
	case *kit.FoldHead:
		if slices.Contains(titles, o.Title) {
			o.Tapped(nil)
		}
	}
}

// previewOf shows an import of n entries, of each state some.
func previewOf(r *rig, n int) {
	r.t.Helper()
	bad := foreign.Refused("Old bank", "ana@example.com", &foreign.TypeError{Type: "motp"})
	odd := entry("Shop", "ana")
	odd.Remarks = []foreign.Remark{foreign.OddSecret}
	gone := entry("Forum", "ana")
	gone.Trashed = true
	all := []foreign.Entry{entry("Kutano", "ana@example.com"), entry("GitHub", "ana-example"), entry("Mail", "ana.with.a.rather.long.address@example.com"), bad, odd, gone, entry("Twin", "ana"), entry("Twin", "ana")}
	for i := len(all); i < n; i++ {
		all = append(all, entry(fmt.Sprint("Service", i), "ana@example.com"))
	}
	all = all[:max(n, 5)]
	r.v.here = []string{uri("GitHub", "ana-example", keyA), uri("Mail", "ana.with.a.rather.long.address@example.com", keyB), uri("Service9", "ana@example.com", keyB)}
	r.f.job.files = []exchange.File{{Name: "aegis-backup-20261125.json", Format: aegis, To: len(all)}}
	r.f.job.entries = all
	r.f.compare()
	r.settle()
}

// move returns the texts of a move from Google Authenticator.
func move(r *rig, n int) []string {
	r.t.Helper()
	var keys []otpauth.Key
	for i := range n {
		keys = append(keys, entry("Service", fmt.Sprint("ana", i)).Key)
	}
	uris, _ := otpauth.Migration(keys)
	var texts []string
	for _, u := range uris {
		texts = append(texts, u.Reveal())
	}
	return texts
}
