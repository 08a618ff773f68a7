// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fmt"
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets"
)

// IconName names one of our thin-line icons.
type IconName string

// The icons.
const (
	IconAdd      IconName = "add"
	IconBack     IconName = "back"
	IconCheck    IconName = "check"
	IconClock    IconName = "clock"
	IconClose    IconName = "close"
	IconCodes    IconName = "codes"
	IconCopy     IconName = "copy"
	IconDrag     IconName = "drag"
	IconEdit     IconName = "edit"
	IconEye      IconName = "eye"
	IconEyeOff   IconName = "eye-off"
	IconFail     IconName = "fail"
	IconFile     IconName = "file"
	IconFold     IconName = "fold" // an open part of a page
	IconFolder   IconName = "folder"
	IconHelp     IconName = "help" // a lifebuoy: get back in
	IconInfo     IconName = "info"
	IconInto     IconName = "into"
	IconKey      IconName = "key"
	IconKeyboard IconName = "keyboard"
	IconLock     IconName = "lock"
	IconMessage  IconName = "message" // a text message
	IconMoon     IconName = "moon"
	IconMore     IconName = "more"
	IconMoveDown IconName = "move-down"
	IconMoveUp   IconName = "move-up"
	IconNext     IconName = "next" // the next code of a counter
	IconOpen     IconName = "open" // a part of a page that is folded away
	IconOut      IconName = "out"
	IconPaste    IconName = "paste"
	IconPhone    IconName = "phone"
	IconPicture  IconName = "picture"
	IconQR       IconName = "qr"
	IconRemove   IconName = "remove"
	IconSafe     IconName = "safe" // backup codes
	IconScreen   IconName = "screen"
	IconSearch   IconName = "search"
	IconSettings IconName = "settings"
	IconSetup    IconName = "setup"
	IconSun      IconName = "sun"
	IconUndo     IconName = "undo"
	IconWarning  IconName = "warning"
)

// allIcons lists them in the order above.
func allIcons() []IconName {
	return []IconName{
		IconAdd, IconBack, IconCheck, IconClock, IconClose, IconCodes,
		IconCopy, IconDrag, IconEdit, IconEye, IconEyeOff, IconFail,
		IconFile, IconFold, IconFolder, IconHelp, IconInfo, IconInto, IconKey, IconKeyboard, IconLock,
		IconMessage, IconMoon, IconMore, IconMoveDown, IconMoveUp, IconNext, IconOpen, IconOut, IconPaste,
		IconPhone, IconPicture, IconQR, IconRemove, IconSafe, IconScreen, IconSearch,
		IconSettings, IconSetup, IconSun, IconUndo, IconWarning,
	}
}

// Icon returns an icon in the colour of the text.
func Icon(name IconName) fyne.Resource { return IconIn(name, theme.ColorNameForeground) }

// IconIn returns an icon in a colour of the theme, which it follows.
func IconIn(name IconName, in fyne.ThemeColorName) fyne.Resource {
	return lineIcon{name: name, in: in}
}

// AppIcon returns the app's own icon.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("kutano.png", assets.IconPNG()) }

// TrayIcon returns the one-colour icon for a system tray.
func TrayIcon() fyne.Resource {
	svg, err := outline(assets.TrayIcon())
	if err != nil {
		return AppIcon() // a test holds that this never happens
	}
	return theme.NewThemedResource(fyne.NewStaticResource("tray.svg", svg))
}

// lineIcon is a resource whose lines take a colour of the theme.
type lineIcon struct {
	name IconName
	in   fyne.ThemeColorName
}

// Name holds the colour itself, because Fyne keeps drawn pictures by name.
func (i lineIcon) Name() string {
	return string(i.name) + "-" + hex(Color(i.in)) + ".svg"
}

// Content returns the drawing in the colour of this moment.
func (i lineIcon) Content() []byte {
	return []byte(strings.ReplaceAll(outlined(i.name), "currentColor", hex(Color(i.in))))
}

// ThemeColorName tells Fyne that the resource follows the theme.
func (i lineIcon) ThemeColorName() fyne.ThemeColorName { return i.in }

var outlines sync.Map // of IconName to string

// PrepareIcons works out icons ahead of their first use. Unlike the rest of
// this package it may be called from any goroutine.
func PrepareIcons(names ...IconName) {
	for _, name := range names {
		outlined(name)
	}
}

// outlined returns an icon as fills, worked out at its first use.
func outlined(name IconName) string {
	if svg, ok := outlines.Load(name); ok {
		return svg.(string)
	}
	svg, err := outline(assets.Line(string(name)))
	if err != nil {
		svg = assets.Line(string(name)) // a test holds that this never happens
	}
	outlines.Store(name, string(svg))
	return string(svg)
}

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// IconView shows an icon in a square of a fixed size.
type IconView struct {
	widget.BaseWidget
	name  IconName
	in    fyne.ThemeColorName
	size  float32
	image *canvas.Image
}

// NewIcon returns an icon in a colour of the theme, size pixels wide and high.
func NewIcon(name IconName, in fyne.ThemeColorName, size float32) *IconView {
	v := &IconView{name: name, in: in, size: size}
	v.ExtendBaseWidget(v)
	return v
}

// Set changes the icon and its colour.
func (v *IconView) Set(name IconName, in fyne.ThemeColorName) {
	if v.name == name && v.in == in {
		return
	}
	v.name, v.in = name, in
	if v.image != nil {
		v.image.Resource = IconIn(name, in)
	}
	v.Refresh()
}

// CreateRenderer is called by Fyne.
func (v *IconView) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	v.image = canvas.NewImageFromResource(IconIn(v.name, v.in))
	v.image.FillMode = canvas.ImageFillContain
	v.image.SetMinSize(fyne.NewSquareSize(v.size))
	return &iconRenderer{WidgetRenderer: widget.NewSimpleRenderer(v.image), image: v.image}
}

// iconRenderer reads a drawing anew only where it has changed, or the screen's scale
// has: its name holds its colour. Fyne would at each refresh, and a page has dozens of
// icons.
type iconRenderer struct {
	fyne.WidgetRenderer
	image *canvas.Image
	drawn string
}

// Refresh is called by Fyne.
func (r *iconRenderer) Refresh() {
	name := r.image.Resource.Name()
	if c := canvasOf(r.image); c != nil {
		name += fmt.Sprint(c.Scale())
	}
	if name != r.drawn {
		r.drawn = name
		r.image.Refresh()
	}
}
