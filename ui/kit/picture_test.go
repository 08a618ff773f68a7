// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// pictureNames are those of the folder.
func pictureNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../assets/pictures/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".svg")
	}
	return files
}

// TestPicturesTakeTheColours draws each picture and looks whether its lines and
// its accent are there, in the colours of the theme.
func TestPicturesTakeTheColours(t *testing.T) {
	for _, mode := range []Mode{ModeLight, ModeDark} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(NewTheme(mode, 100))
		for _, name := range pictureNames(t) {
			if _, err := parsePicture(pictureFile(t, name)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			img := draw(t, NewPicture(name))
			line := color.NRGBAModel.Convert(Color(theme.ColorNamePlaceHolder)).(color.NRGBA)
			accent := color.NRGBAModel.Convert(Color(theme.ColorNamePrimary)).(color.NRGBA)
			if n := count(img, line) + count(img, accent); n < 200 {
				t.Errorf("%s: %s has only %d pixels of its colours", mode, name, n)
			}
			if name != "off" && count(img, accent) < 20 {
				t.Errorf("%s: %s has no accent", mode, name)
			}
		}
	}
}

func pictureFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../assets/pictures/" + name + ".svg")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPictureFollowsTheTheme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(ModeLight, 100))
	p := NewPicture("qr")
	w := test.NewTempWindow(t, p)
	before := w.Canvas().Capture()
	app.Settings().SetTheme(NewTheme(ModeDark, 100))
	p.Refresh()
	if differing(before, w.Canvas().Capture()) < 1000 {
		t.Error("the picture kept its colours")
	}
	if NewPicture("no-such").MinSize() != pictureSize {
		t.Error("a picture that is not there takes no room")
	}
}

func TestPictureRefusesWhatItCannotDraw(t *testing.T) {
	for _, inner := range []string{`<ellipse rx="2"/>`, `<path d="M1 1Q2 2 3 3"/>`, `<path class="card" d="M1 1a2 2"/>`, `<path class="soft" d="M1 1H"/>`, `<path`} {
		if _, err := parsePicture([]byte("<svg>" + inner + "</svg>")); err == nil {
			t.Errorf("%s was drawn", inner)
		}
	}
}

// TestPictureGallery keeps all pictures in one, to be looked at.
func TestPictureGallery(t *testing.T) {
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	for _, mode := range []Mode{ModeLight, ModeDark} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(NewTheme(mode, 100))
		grid := container.NewGridWithColumns(4)
		for _, name := range pictureNames(t) {
			grid.Add(Rows(0, NewPicture(name), NewQuiet(name)))
		}
		w := test.NewTempWindow(t, onGround(grid))
		w.Resize(fyne.NewSize(1060, 980))
		picture(t, w, "pictures-"+string(mode))
	}
}
