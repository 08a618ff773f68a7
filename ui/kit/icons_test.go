// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image"
	"image/color"
	"math"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets"
)

func TestIconsAndDrawingsMatch(t *testing.T) {
	entries, err := os.ReadDir("../../assets/icons")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(allIcons()) {
		t.Errorf("%d drawings for %d icons", len(entries), len(allIcons()))
	}
	for _, name := range allIcons() {
		if assets.Line(string(name)) == nil {
			t.Errorf("%s has no drawing", name)
		}
	}
}

// TestIconsTakeTheColour draws each icon and looks whether anything of it is
// there, and in the colour asked for only.
func TestIconsTakeTheColour(t *testing.T) {
	for _, mode := range []Mode{ModeLight, ModeDark} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(NewTheme(mode, 100))
		want := color.NRGBAModel.Convert(Color(theme.ColorNameWarning)).(color.NRGBA)
		for _, name := range allIcons() {
			img := draw(t, NewIcon(name, theme.ColorNameWarning, 240))
			if n := count(img, want); n < 500 {
				t.Errorf("%s: %s has only %d pixels of its colour", mode, name, n)
			}
		}
	}
}

func draw(t *testing.T, o fyne.CanvasObject) image.Image {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(o.MinSize())
	return w.Canvas().Capture()
}

func count(img image.Image, want color.NRGBA) int {
	n := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if color.NRGBAModel.Convert(img.At(x, y)) == want {
				n++
			}
		}
	}
	return n
}

// TestOutline holds the corners of outlines that are easily worked out.
func TestOutline(t *testing.T) {
	for _, c := range []struct {
		inner      string
		x0, y0     float64 // least
		x1, y1     float64 // greatest
		shapes     int
		wantsError bool
	}{
		{`<path d="M5 12H19"/>`, 4, 11, 20, 13, 1, false},
		{`<path d="M5 12V19 L 8,19" stroke-width="4"/>`, 3, 10, 10, 21, 2, false},
		{`<path d="M2 2 4 2 4 4Z"/>`, 1, 1, 5, 5, 3, false},
		{`<circle cx="12" cy="12" r="8"/>`, 3, 3, 21, 21, 2, false},
		{`<rect x="4" y="5" width="10" height="6" rx="2"/>`, 3, 4, 15, 12, 2, false},
		{`<path d="M2 12C2 6 10 6 10 12"/>`, 1, 6.5, 11, 13, 1, false},
		{`<path d="M5 12h4"/>`, 0, 0, 0, 0, 0, true},
		{`<path d="5 12"/>`, 0, 0, 0, 0, 0, true},
		{`<path d="M5"/>`, 0, 0, 0, 0, 0, true},
		{`<path d="M5 5Z 3"/>`, 0, 0, 0, 0, 0, true},
	} {
		svg, err := outline([]byte(`<svg stroke-width="2">` + c.inner + `</svg>`))
		if (err != nil) != c.wantsError {
			t.Errorf("%s: error %v", c.inner, err)
		}
		if err != nil {
			continue
		}
		x0, y0, x1, y1 := box(t, string(svg))
		for i, d := range []float64{x0 - c.x0, y0 - c.y0, x1 - c.x1, y1 - c.y1} {
			if math.Abs(d) > 0.02 {
				t.Errorf("%s: edge %d is off by %.3f", c.inner, i, d)
			}
		}
		if n := strings.Count(string(svg), "Z"); n != c.shapes {
			t.Errorf("%s: %d shapes, want %d", c.inner, n, c.shapes)
		}
	}
	if _, err := outline([]byte("<svg")); err == nil {
		t.Error("no error for what is not XML")
	}
	for _, name := range allIcons() {
		if _, err := outline(assets.Line(string(name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// box returns the corners of the only path of an outline.
func box(t *testing.T, svg string) (x0, y0, x1, y1 float64) {
	t.Helper()
	_, d, _ := strings.Cut(svg, ` d="`)
	d, _, _ = strings.Cut(d, `"`)
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	s := scanner{rest: d}
	for c := s.command(); c != 0; c = s.command() {
		if c == 'Z' {
			continue
		}
		p := s.point()
		x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
	}
	if s.err != nil {
		t.Error(s.err)
	}
	return x0, y0, x1, y1
}

func TestIconFollowsTheTheme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(ModeLight, 100))
	icon := Icon(IconSearch)
	lightName, lightDrawing := icon.Name(), string(icon.Content())
	app.Settings().SetTheme(NewTheme(ModeDark, 100))
	if icon.Name() == lightName || string(icon.Content()) == lightDrawing {
		t.Error("the icon kept its colour; Fyne keeps drawings by name")
	}
	if strings.Contains(lightDrawing, "currentColor") || !strings.Contains(lightDrawing, "#15262a") {
		t.Errorf("the drawing is %s", lightDrawing)
	}
}

func TestIconView(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(100, 100))
	v := NewIcon(IconInfo, theme.ColorNamePrimary, 24)
	if v.MinSize() != fyne.NewSquareSize(24) {
		t.Errorf("it asks for %v", v.MinSize())
	}
	before := draw(t, v)
	v.Set(IconFail, theme.ColorNameError)
	after := draw(t, v)
	if differing(before, after) == 0 {
		t.Error("it did not change")
	}
}

// differing counts the pixels in which two pictures of a size differ; other sizes
// differ in all.
func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return 1 << 20
	}
	n := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.NRGBAModel.Convert(a.At(x, y)) != color.NRGBAModel.Convert(b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

// TestAppIconPictures: the SVG and the PNG are the same drawing.
func TestAppIconPictures(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(NewTheme(ModeLight, 100))
	svg := fyne.NewStaticResource("icon.svg", assets.Icon())
	var pictures []image.Image
	for _, r := range []fyne.Resource{svg, AppIcon()} {
		img := canvas.NewImageFromResource(r)
		img.SetMinSize(fyne.NewSquareSize(512))
		pictures = append(pictures, draw(t, img))
	}
	// Two programs draw edges a little differently; a forgotten change of the
	// drawing is far more than 2 % of its pixels.
	if n := unlike(pictures[0], pictures[1]); n > 512*512/50 {
		t.Errorf("%d pixels differ between icon.svg and icon.png", n)
	}
}

func TestAppIcons(t *testing.T) {
	test.NewTempApp(t)
	if len(AppIcon().Content()) == 0 {
		t.Error("the app's icon is empty")
	}
	tray := TrayIcon()
	if !strings.Contains(tray.Name(), "tray") || !strings.Contains(string(tray.Content()), "path") {
		t.Errorf("the tray's icon is %s", tray.Name())
	}
	if _, err := outline(assets.TrayIcon()); err != nil {
		t.Error(err)
	}
}
