// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package kit is what every screen is made of: the theme, the icons, the
// widgets and the keys that work everywhere.
//
// It knows nothing of accounts, vaults or settings files: a screen hands in
// plain values and gets called back. All of it is used on the user interface's
// goroutine only, but [Go] and [Ticker], which bring work back to it. Every
// widget reads its colours and sizes from the theme when it is refreshed, so
// that light, dark and large text can be changed while it is shown.
package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode chooses between the light and the dark colours.
type Mode string

// The modes.
const (
	ModeSystem Mode = "system" // as the desktop says
	ModeLight  Mode = "light"
	ModeDark   Mode = "dark"
)

// Colour names of our own, beside those of Fyne's theme package.
const (
	ColorCard       fyne.ThemeColorName = "kitCard"       // ground of cards and doors
	ColorCardBorder fyne.ThemeColorName = "kitCardBorder" // their edge
	ColorTrack      fyne.ThemeColorName = "kitTrack"      // the ring's empty part
	ColorRail       fyne.ThemeColorName = "kitRail"       // ground of the rail and the bottom bar
	ColorCalmSoft   fyne.ThemeColorName = "kitCalmSoft"   // ground of a calm notice, and of what is selected
	ColorLookSoft   fyne.ThemeColorName = "kitLookSoft"   // ground of a notice that says "look"
	ColorFailSoft   fyne.ThemeColorName = "kitFailSoft"   // ground of a notice that says "this will fail"
	ColorToast      fyne.ThemeColorName = "kitToast"      // ground of a toast and a hint
	ColorOnToast    fyne.ThemeColorName = "kitOnToast"    // text on it
	ColorFocusRing  fyne.ThemeColorName = "kitFocusRing"  // line around what has the focus
)

// Size names of our own.
const (
	SizeCode fyne.ThemeSizeName = "kitCode" // text of a code
	SizeTap  fyne.ThemeSizeName = "kitTap"  // least height of what is pressed
)

// The steps of all spacing.
const (
	Space4  float32 = 4
	Space8  float32 = 8
	Space12 float32 = 12
	Space16 float32 = 16
	Space24 float32 = 24
)

// NewTheme returns the product's theme. Percent scales the text: 100, 125 or
// 150; anything below 100 counts as 100 and anything above 200 as 200.
func NewTheme(mode Mode, percent int) fyne.Theme {
	return &kitTheme{mode: mode, factor: float32(min(max(percent, 100), 200)) / 100}
}

// Color returns a colour of the current theme. It is read again at each
// refresh and never kept.
func Color(name fyne.ThemeColorName) color.Color {
	app := fyne.CurrentApp()
	return ours(name, app.Settings().Theme()).Color(name, app.Settings().ThemeVariant())
}

// ours returns our theme for names of our own that a foreign theme, such as
// Fyne's for tests, would not know.
func ours[N ~string](name N, current fyne.Theme) fyne.Theme {
	if _, known := current.(*kitTheme); known || !strings.HasPrefix(string(name), "kit") {
		return current
	}
	return NewTheme(ModeSystem, 100)
}

// Size returns a size of the current theme.
func Size(name fyne.ThemeSizeName) float32 {
	return ours(name, fyne.CurrentApp().Settings().Theme()).Size(name)
}

type kitTheme struct {
	mode   Mode
	factor float32
}

// Color returns our colour, or Fyne's own where we have none of that name.
func (t *kitTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.mode {
	case ModeLight:
		variant = theme.VariantLight
	case ModeDark:
		variant = theme.VariantDark
	}
	palette := dark
	if variant == theme.VariantLight {
		palette = light
	}
	if c, ok := palette[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font returns Fyne's built-in fonts.
func (t *kitTheme) Font(style fyne.TextStyle) fyne.Resource {
	return theme.DefaultTheme().Font(style)
}

// Icon returns Fyne's own icons for Fyne's own widgets.
func (t *kitTheme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return theme.DefaultTheme().Icon(name)
}

// Size returns a size in device-independent pixels. Only what holds text grows
// with the text.
func (t *kitTheme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := textSizes[name]; ok {
		return s * t.factor
	}
	if s, ok := fixedSizes[name]; ok {
		return s
	}
	if name == SizeTap {
		return tapSize()
	}
	return theme.DefaultTheme().Size(name)
}

var textSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           14,
	theme.SizeNameCaptionText:    12,
	theme.SizeNameSubHeadingText: 18,
	theme.SizeNameHeadingText:    24,
	theme.SizeNameInlineIcon:     20,
	SizeCode:                     28,
}

var fixedSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNamePadding:        4,
	theme.SizeNameInnerPadding:   8,
	theme.SizeNameInputRadius:    8,
	theme.SizeNameButtonRadius:   8,
	theme.SizeNameCardRadius:     12,
	theme.SizeNameDialogRadius:   16,
	theme.SizeNamePopupRadius:    8,
	theme.SizeNameMenuRadius:     8,
	theme.SizeNameScrollBar:      12,
	theme.SizeNameScrollBarSmall: 4,
	// Blurring what lies below costs more than it tells.
	theme.SizeNameModalBlurRadius: 0,
}

// tapSize is the least height of what is pressed: 44 for a finger.
func tapSize() float32 {
	if fyne.CurrentDevice().IsMobile() {
		return 44
	}
	return 40
}
