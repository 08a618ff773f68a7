// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

const navIcon float32 = 22

// navItem is one place of a shell: icon and word side by side in the rail,
// under each other in the bottom bar.
type navItem struct {
	press
	place    Destination
	selected bool
	wide     bool
	width    float32 // in the bottom bar
}

func newNavItem(place Destination, do func()) *navItem {
	n := &navItem{place: place, wide: true}
	n.OnTapped = do
	n.extend(n)
	return n
}

func (n *navItem) setSelected(selected bool) {
	if n.selected != selected {
		n.selected = selected
		n.Refresh()
	}
}

func (n *navItem) setWide(wide bool) {
	if n.wide != wide {
		n.wide = wide
		n.Refresh()
	}
}

func (n *navItem) setWidth(width float32) {
	if n.width != width {
		n.width = width
		n.Refresh()
	}
}

// AccessibilityLabel is the place's name.
func (n *navItem) AccessibilityLabel() string { return n.place.Title }

// CreateRenderer is called by Fyne.
func (n *navItem) CreateRenderer() fyne.WidgetRenderer {
	n.ExtendBaseWidget(n)
	r := &navRenderer{n: n, ground: canvas.NewRectangle(color.Transparent), ring: newRing()}
	r.mark = canvas.NewRectangle(color.Transparent)
	r.icon = &canvas.Image{FillMode: canvas.ImageFillContain}
	for i := range r.lines {
		r.lines[i] = canvas.NewText("", color.Transparent)
	}
	r.update()
	return r
}

type navRenderer struct {
	n      *navItem
	ground *canvas.Rectangle
	mark   *canvas.Rectangle // a bar at the edge: selected is not told by colour alone
	ring   *canvas.Rectangle
	icon   *canvas.Image
	lines  [2]*canvas.Text
}

// Objects is called by Fyne.
func (r *navRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.mark, r.icon, r.lines[0], r.lines[1], r.ring}
}

// Destroy is called by Fyne.
func (r *navRenderer) Destroy() {}

// MinSize is high enough for a finger.
func (r *navRenderer) MinSize() fyne.Size {
	if r.n.wide {
		return fyne.NewSize(0, max(Size(SizeTap)+Space4, r.lines[0].MinSize().Height+2*Space8))
	}
	return fyne.NewSize(0, Space8+navIcon+2*r.lines[0].MinSize().Height+Space4)
}

// Refresh is called by Fyne.
func (r *navRenderer) Refresh() {
	r.update()
	r.Layout(r.n.Size())
	canvas.Refresh(r.n)
}

// Layout places icon and word.
func (r *navRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Move(fyne.NewPos(1, 1))
	r.ring.Resize(size.SubtractWidthHeight(2, 2))
	r.icon.Resize(fyne.NewSquareSize(navIcon))
	if r.n.wide {
		r.mark.Move(fyne.NewPos(0, size.Height/4))
		r.mark.Resize(fyne.NewSize(3, size.Height/2))
		r.icon.Move(fyne.NewPos(Space12, (size.Height-navIcon)/2))
		text := r.lines[0].MinSize()
		r.lines[0].Resize(text)
		r.lines[0].Move(fyne.NewPos(Space12+navIcon+Space12, (size.Height-text.Height)/2))
		return
	}
	r.mark.Move(fyne.NewPos(size.Width/4, 0))
	r.mark.Resize(fyne.NewSize(size.Width/2, 3))
	r.icon.Move(fyne.NewPos((size.Width-navIcon)/2, Space8))
	y := Space8 + navIcon
	for _, line := range r.lines {
		h := line.MinSize().Height
		line.Resize(fyne.NewSize(size.Width, h))
		line.Move(fyne.NewPos(0, y))
		y += h - 2
	}
}

func (r *navRenderer) update() {
	n := r.n
	fore := theme.ColorNameForeground
	var ground fyne.ThemeColorName
	if n.selected {
		fore = theme.ColorNamePrimary
		if n.wide {
			ground = ColorCalmSoft
		}
	}
	radius := Size(theme.SizeNameButtonRadius)
	r.ground.FillColor, r.ground.CornerRadius = n.over(ground), radius
	r.mark.FillColor, r.mark.CornerRadius, r.mark.Hidden = Color(theme.ColorNamePrimary), 1.5, !n.selected
	updateRing(r.ring, n.focused, radius)
	r.icon.Resource = IconIn(n.place.Icon, fore)
	r.icon.Refresh()
	words := [2]string{n.place.Title, ""}
	align, size := fyne.TextAlignLeading, Size(theme.SizeNameText)
	if !n.wide {
		align, size = fyne.TextAlignCenter, Size(theme.SizeNameCaptionText)
		words = twoLines(n.place.Title, n.width, size)
	}
	for i, line := range r.lines {
		line.Text, line.Color, line.TextSize, line.Alignment = words[i], Color(fore), size, align
		line.TextStyle.Bold = n.selected
	}
}

// twoLines breaks a title at a blank where it is wider than there is room.
func twoLines(title string, width, size float32) [2]string {
	measure := func(s string) float32 {
		return fyne.MeasureText(s, size, fyne.TextStyle{Bold: true}).Width
	}
	if width == 0 || measure(title) <= width-Space4 {
		return [2]string{title, ""}
	}
	best := [2]string{title, ""}
	words := strings.Fields(title)
	for i := 1; i < len(words); i++ {
		two := [2]string{strings.Join(words[:i], " "), strings.Join(words[i:], " ")}
		if max(measure(two[0]), measure(two[1])) < max(measure(best[0]), measure(best[1])) {
			best = two
		}
	}
	return best
}
