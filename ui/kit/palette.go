// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

type palette map[fyne.ThemeColorName]color.Color

// light and dark are designed each for itself. The contrast of every pair of
// text and ground is held by a test.
var light = palette{
	theme.ColorNameBackground:          rgb(0xf6f8f8),
	theme.ColorNameForeground:          rgb(0x15262a),
	theme.ColorNamePlaceHolder:         rgb(0x50646a),
	theme.ColorNameDisabled:            rgb(0x566a70),
	theme.ColorNamePrimary:             rgb(0x0b6a70),
	theme.ColorNameHyperlink:           rgb(0x0b6a70),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameButton:              rgb(0xe6edee),
	theme.ColorNameDisabledButton:      rgb(0xeef2f2),
	theme.ColorNameError:               rgb(0xb3261e),
	theme.ColorNameForegroundOnError:   rgb(0xffffff),
	theme.ColorNameWarning:             rgb(0x8a5300),
	theme.ColorNameForegroundOnWarning: rgb(0xffffff),
	theme.ColorNameSuccess:             rgb(0x1b6b3a),
	theme.ColorNameForegroundOnSuccess: rgb(0xffffff),
	theme.ColorNameFocus:               rgba(0x0b6a70, 0x38),
	theme.ColorNameHover:               rgba(0x0b3a40, 0x10),
	theme.ColorNamePressed:             rgba(0x0b3a40, 0x24),
	theme.ColorNameSelection:           rgba(0x0b6a70, 0x30),
	theme.ColorNameInputBackground:     rgb(0xffffff),
	theme.ColorNameInputBorder:         rgb(0x7b8f94),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameHeaderBackground:    rgb(0xeef3f3),
	theme.ColorNameSeparator:           rgb(0xdae3e4),
	theme.ColorNameShadow:              rgba(0x0a2226, 0x55),
	theme.ColorNameScrollBar:           rgba(0x15262a, 0x70),
	theme.ColorNameScrollBarBackground: rgba(0x15262a, 0x10),
	ColorCard:                          rgb(0xffffff),
	ColorCardBorder:                    rgb(0xdae3e4),
	ColorTrack:                         rgb(0xd5e0e1),
	ColorRail:                          rgb(0xecf1f2),
	ColorCalmSoft:                      rgb(0xd8ecec),
	ColorLookSoft:                      rgb(0xfff0d6),
	ColorFailSoft:                      rgb(0xfde7e4),
	ColorToast:                         rgb(0x1d3338),
	ColorOnToast:                       rgb(0xf2f7f7),
	ColorFocusRing:                     rgb(0x0b6a70),
}

var dark = palette{
	theme.ColorNameBackground:          rgb(0x10191b),
	theme.ColorNameForeground:          rgb(0xe6eeee),
	theme.ColorNamePlaceHolder:         rgb(0x9fb2b5),
	theme.ColorNameDisabled:            rgb(0x94a8ad),
	theme.ColorNamePrimary:             rgb(0x5cc4c6),
	theme.ColorNameHyperlink:           rgb(0x5cc4c6),
	theme.ColorNameForegroundOnPrimary: rgb(0x062427),
	theme.ColorNameButton:              rgb(0x233438),
	theme.ColorNameDisabledButton:      rgb(0x1a272a),
	theme.ColorNameError:               rgb(0xff8a80),
	theme.ColorNameForegroundOnError:   rgb(0x3b0906),
	theme.ColorNameWarning:             rgb(0xf2b452),
	theme.ColorNameForegroundOnWarning: rgb(0x2d1c00),
	theme.ColorNameSuccess:             rgb(0x74d19a),
	theme.ColorNameForegroundOnSuccess: rgb(0x06280f),
	theme.ColorNameFocus:               rgba(0x5cc4c6, 0x48),
	theme.ColorNameHover:               rgba(0xd6f2f2, 0x12),
	theme.ColorNamePressed:             rgba(0xd6f2f2, 0x28),
	theme.ColorNameSelection:           rgba(0x5cc4c6, 0x44),
	theme.ColorNameInputBackground:     rgb(0x182428),
	theme.ColorNameInputBorder:         rgb(0x6d8388),
	theme.ColorNameMenuBackground:      rgb(0x1d2b2f),
	theme.ColorNameOverlayBackground:   rgb(0x1a272a),
	theme.ColorNameHeaderBackground:    rgb(0x172326),
	theme.ColorNameSeparator:           rgb(0x2b3b3f),
	theme.ColorNameShadow:              rgba(0x000000, 0x99),
	theme.ColorNameScrollBar:           rgba(0xe6eeee, 0x70),
	theme.ColorNameScrollBarBackground: rgba(0xe6eeee, 0x10),
	ColorCard:                          rgb(0x182427),
	ColorCardBorder:                    rgb(0x2b3b3f),
	ColorTrack:                         rgb(0x2f4146),
	ColorRail:                          rgb(0x0c1315),
	ColorCalmSoft:                      rgb(0x17393c),
	ColorLookSoft:                      rgb(0x3a2c12),
	ColorFailSoft:                      rgb(0x40201d),
	ColorToast:                         rgb(0xdbe8e8),
	ColorOnToast:                       rgb(0x10201f),
	ColorFocusRing:                     rgb(0x8fe0e1),
}

func rgb(hex uint32) color.NRGBA { return rgba(hex, 0xff) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}
