// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// luminance is WCAG 2.2's relative luminance.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n.R) + 0.7152*linear(n.G) + 0.0722*linear(n.B)
}

// contrast is WCAG 2.2's contrast ratio, 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestContrastItself(t *testing.T) {
	for _, c := range []struct {
		a, b uint32
		want float64
	}{{0x000000, 0xffffff, 21}, {0xffffff, 0xffffff, 1}, {0x777777, 0xffffff, 4.48}, {0xff0000, 0xffffff, 4.00}} {
		if got := contrast(rgb(c.a), rgb(c.b)); math.Abs(got-c.want) > 0.01 {
			t.Errorf("contrast(%06x, %06x) = %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// grounds are what texts stand on.
var grounds = []fyne.ThemeColorName{
	theme.ColorNameBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground,
	theme.ColorNameInputBackground, theme.ColorNameHeaderBackground, ColorCard, ColorRail,
}

// pairs are texts and what they stand on.
func pairs() [][2]fyne.ThemeColorName {
	var all [][2]fyne.ThemeColorName
	for _, text := range []fyne.ThemeColorName{
		theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNamePrimary,
		theme.ColorNameHyperlink, theme.ColorNameWarning, theme.ColorNameError, theme.ColorNameSuccess,
	} {
		for _, ground := range grounds {
			all = append(all, [2]fyne.ThemeColorName{text, ground})
		}
	}
	return append(all, [][2]fyne.ThemeColorName{
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{theme.ColorNameForegroundOnError, theme.ColorNameError},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
		{theme.ColorNameForeground, theme.ColorNameButton},
		{theme.ColorNameDisabled, theme.ColorNameDisabledButton},
		{theme.ColorNameForeground, ColorCalmSoft},
		{theme.ColorNameForeground, ColorLookSoft},
		{theme.ColorNameForeground, ColorFailSoft},
		{theme.ColorNamePrimary, ColorCalmSoft},
		{ColorOnToast, ColorToast},
	}...)
}

func TestTextIsReadable(t *testing.T) {
	for mode, p := range map[string]palette{"light": light, "dark": dark} {
		for _, pair := range pairs() {
			if got := contrast(p[pair[0]], p[pair[1]]); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want 4.5", mode, pair[0], pair[1], got)
			}
		}
		// Under the mouse and while pressed it stays readable.
		for _, over := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameSelection} {
			for _, ground := range append(grounds, theme.ColorNameButton) {
				if got := contrast(p[theme.ColorNameForeground], blend(p[ground], p[over])); got < 4.5 {
					t.Errorf("%s: text on %s under %s has a contrast of %.2f", mode, ground, over, got)
				}
			}
		}
		for style, pair := range map[string][2]fyne.ThemeColorName{
			"main": {theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary}, "danger": {theme.ColorNameForegroundOnError, theme.ColorNameError},
		} {
			if got := contrast(p[pair[0]], blend(p[pair[1]], p[theme.ColorNameHover])); got < 4.5 {
				t.Errorf("%s: the %s button under the mouse has a contrast of %.2f", mode, style, got)
			}
		}
	}
}

func TestEdgesAndIconsAreSeen(t *testing.T) {
	for mode, p := range map[string]palette{"light": light, "dark": dark} {
		for _, pair := range [][2]fyne.ThemeColorName{
			{theme.ColorNameInputBorder, theme.ColorNameInputBackground},
			{theme.ColorNameInputBorder, theme.ColorNameBackground},
			{theme.ColorNameInputBorder, ColorCard},
			{ColorFocusRing, theme.ColorNameBackground},
			{ColorFocusRing, theme.ColorNameOverlayBackground},
			{ColorFocusRing, ColorCard},
			{ColorFocusRing, ColorRail},
			{theme.ColorNameWarning, ColorLookSoft},
			{theme.ColorNameError, ColorFailSoft},
			{theme.ColorNamePrimary, ColorTrack},
			{theme.ColorNameWarning, ColorTrack},
		} {
			if got := contrast(p[pair[0]], p[pair[1]]); got < 3 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want 3", mode, pair[0], pair[1], got)
			}
		}
	}
	for _, c := range tileColors {
		if got := contrast(color.White, c); got < 4.5 {
			t.Errorf("a white letter on %v has a contrast of %.2f", c, got)
		}
	}
}

func TestPalettesHaveTheSameNames(t *testing.T) {
	for name := range light {
		if dark[name] == nil {
			t.Errorf("%s is missing in dark", name)
		}
	}
	if len(dark) != len(light) {
		t.Errorf("%d colours in dark, %d in light", len(dark), len(light))
	}
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    palette
	}{
		{ModeLight, theme.VariantDark, light},
		{ModeDark, theme.VariantLight, dark},
		{ModeSystem, theme.VariantLight, light},
		{ModeSystem, theme.VariantDark, dark},
	} {
		got := NewTheme(c.mode, 100).Color(theme.ColorNameBackground, c.variant)
		if got != c.want[theme.ColorNameBackground] {
			t.Errorf("%s in variant %d: %v", c.mode, c.variant, got)
		}
	}
}

func TestTextSizes(t *testing.T) {
	for _, c := range []struct {
		percent                    int
		text, caption, title, code float32
	}{
		{100, 14, 12, 18, 28},
		{125, 17.5, 15, 22.5, 35},
		{150, 21, 18, 27, 42},
		{10, 14, 12, 18, 28},
		{900, 28, 24, 36, 56},
	} {
		th := NewTheme(ModeLight, c.percent)
		got := [4]float32{th.Size(theme.SizeNameText), th.Size(theme.SizeNameCaptionText), th.Size(theme.SizeNameSubHeadingText), th.Size(SizeCode)}
		if got != [4]float32{c.text, c.caption, c.title, c.code} {
			t.Errorf("%d %%: %v", c.percent, got)
		}
		if th.Size(theme.SizeNamePadding) != 4 || th.Size(SizeTap) < 40 {
			t.Errorf("%d %%: padding %v, tap %v", c.percent, th.Size(theme.SizeNamePadding), th.Size(SizeTap))
		}
	}
}

// TestForeignTheme: our widgets stand another theme, even Fyne's test theme,
// which has no bold monospaced font.
func TestForeignTheme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(test.NewTheme())
	for name, page := range galleryPages() {
		w := test.NewTempWindow(t, page)
		w.Resize(fyne.NewSize(700, 700))
		if w.Canvas().Capture() == nil {
			t.Errorf("%s was not drawn", name)
		}
	}
}

// TestEveryNameHasAColor: what Fyne asks for is answered, by us or by Fyne.
func TestEveryNameHasAColor(t *testing.T) {
	test.NewTempApp(t)
	for _, mode := range []Mode{ModeLight, ModeDark} {
		th := NewTheme(mode, 100)
		for _, name := range []fyne.ThemeColorName{theme.ColorNameInnerWindowBorder, theme.ColorNameInnerWindowBorderInactive, theme.ColorNamePressed} {
			if _, _, _, a := th.Color(name, 0).RGBA(); a == 0 {
				t.Errorf("%s: %s is empty", mode, name)
			}
		}
		if th.Icon(theme.IconNameConfirm) == nil || th.Font(fyne.TextStyle{Bold: true, Monospace: true}) == nil {
			t.Errorf("%s: an icon or a font is missing", mode)
		}
	}
}
