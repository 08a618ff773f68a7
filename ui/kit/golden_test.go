// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/sync/clock/verdict"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// TestGolden holds the look of the few widgets that make up the code list.
// After a change that is meant, look at the pictures of
//
//	go test ./ui/kit -run Golden -update
func TestGolden(t *testing.T) {
	for _, name := range []string{"FYNE_FONT", "FYNE_FONT_MONOSPACE", "FYNE_FONT_SYMBOL", "FYNE_SCALE", "FYNE_THEME"} {
		if os.Getenv(name) != "" {
			t.Setenv(name, "")
		}
	}
	t.Setenv("LANG", "en_US.UTF-8")
	if fyne.CurrentDevice().IsMobile() {
		return // the pictures are those of a desktop, whose buttons are lower
	}
	for _, mode := range []Mode{ModeLight, ModeDark} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(NewTheme(mode, 100))
		for name, o := range goldenWidgets() {
			t.Run(name+"-"+string(mode), func(t *testing.T) {
				compareGolden(t, filepath.Join("testdata", name+"-"+string(mode)+".png"), o)
			})
		}
	}
}

func goldenWidgets() map[string]fyne.CanvasObject {
	code := NewCodeText()
	code.SetCode("492039")
	hidden := NewCodeText()
	hidden.SetHidden(8)
	full, last := NewRing(), NewRing()
	full.Set(24, 30)
	last.Set(4, 30)
	banner := NewBanner()
	banner.Set(&Notice{Tone: Look, Text: "Your clock is 47 seconds slow.", Action: "Fix it"})
	door := NewDoor(IconQR, "Scan my Kutano QR code", "We look at your screen.", nil)
	return map[string]fyne.CanvasObject{
		"tile":   sized(NewTile("Kutano"), 56, 56),
		"ring":   sized(Cols(Space8, full, last), 80, 44),
		"code":   sized(Cols(Space24, code, hidden), 260, 56),
		"banner": sized(banner, 400, 64),
		"door":   sized(door, 360, 104),

		"timeline":       lined(around(-47*time.Second, false), 688),
		"timeline-fixed": lined(around(-47*time.Second, true), 328),
		"timeline-far":   lined(around(-8*time.Minute, false), 328),
	}
}

// lined is a time line on the ground it stands on.
func lined(p verdict.Picture, width float32) fyne.CanvasObject {
	return sized(NewCard(NewTimeLine(p)), width, 176)
}

// sized gives a widget some room around it and a size as a whole.
func sized(o fyne.CanvasObject, width, height float32) fyne.CanvasObject {
	all := Pad(o, Space8)
	all.Resize(fyne.NewSize(width, height))
	return all
}

func compareGolden(t *testing.T, path string, o fyne.CanvasObject) {
	t.Helper()
	size := o.Size()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(size)
	got := w.Canvas().Capture()
	if *update {
		writePicture(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if n := unlike(got, want); n != 0 {
		failed := filepath.Join(t.TempDir(), filepath.Base(path))
		if dir := os.Getenv(galleryDir); dir != "" {
			failed = filepath.Join(dir, "failed-"+filepath.Base(path))
		}
		writePicture(t, failed, got)
		t.Errorf("%d pixels differ from %s; see %s", n, path, failed)
	}
}

func writePicture(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// unlike counts the pixels that differ by more than what another processor's
// rounding makes.
func unlike(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return 1 << 20
	}
	const rounding = 6
	far := func(x, y uint8) bool { return max(x, y)-min(x, y) > rounding }
	n := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			if far(p.R, q.R) || far(p.G, q.G) || far(p.B, q.B) || far(p.A, q.A) {
				n++
			}
		}
	}
	return n
}
