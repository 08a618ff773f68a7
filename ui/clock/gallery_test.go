// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
)

// TestGallery lays the page out in light, dark and large, wide and as on a phone,
// so that nothing of it needs more room than there is, and draws it into pictures
// where KUTANO_GALLERY names a folder.
func TestGallery(t *testing.T) {
	for name, do := range map[string]func(b *bench){
		"unknown":   func(*bench) {},
		"corrected": func(b *bench) { b.take(47 * time.Second) },
		"ask":       func(b *bench) { b.take(-10 * time.Hour) },
		"dropped": func(b *bench) {
			b.take(47 * time.Second)
			b.dev.restart()
		},
		"failed": func(b *bench) {
			_ = b.true.Allow(clock.OnDemand, nil)
			b.net.err = ErrNoAnswer
		},
	} {
		for _, g := range []struct {
			name    string
			mode    kit.Mode
			percent int
			size    fyne.Size
		}{
			{"light", kit.ModeLight, 100, fyne.NewSize(760, 1500)},
			{"dark", kit.ModeDark, 100, fyne.NewSize(360, 2000)},
			{"large", kit.ModeLight, 150, fyne.NewSize(360, 3200)},
		} {
			b := newBench(t)
			b.app.Settings().SetTheme(kit.NewTheme(g.mode, g.percent))
			b.accounts[2].Name = "ana.with.a.rather.long.address.indeed@example.com"
			do(b)
			b.s.Copied("k", b.dev.read().Wall.Truncate(30*time.Second), 30)
			b.open()
			for _, f := range []*kit.Fold{b.s.page.compare.fold, b.s.page.taken.fold, b.s.page.sources.fold} {
				f.SetOpen(true)
			}
			if b.net.err != nil {
				b.press("Check my clock")
			}
			b.w.SetPadded(false)
			b.w.Resize(g.size)
			b.s.Tick()
			for range 3 { // what wraps finds its height, as a window does from frame to frame
				b.s.page.relayout()
			}
			if min := b.s.page.column.MinSize(); min.Width > g.size.Width-2*kit.Space16 {
				t.Errorf("%s, %s: needs a width of %v", name, g.name, min.Width)
			}
			b.picture(name + "-" + g.name)
		}
	}
}

// picture writes what the window shows, where the reviewer asked for it.
func (b *bench) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	img := b.w.Canvas().Capture()
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		b.t.Fatal(err)
	}
}
