// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"hash/fnv"
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const tileSide float32 = 40

// tileColors are grounds on which a white letter is read easily.
var tileColors = [...]color.NRGBA{
	rgb(0x0b6a70), rgb(0x2b5d8c), rgb(0x4f4a9c), rgb(0x7a3f8f), rgb(0x9c3a6b), rgb(0xa33f3f),
	rgb(0x8f4f1e), rgb(0x6f5a12), rgb(0x4a6a1f), rgb(0x23703f), rgb(0x3f5f66), rgb(0x5a5560),
}

// Tile is the first letter of a name on a colour of the name.
type Tile struct {
	widget.BaseWidget
	name   string
	ground *canvas.Rectangle
	letter *canvas.Text
}

// NewTile returns the tile of a name.
func NewTile(name string) *Tile {
	t := &Tile{name: name}
	t.ExtendBaseWidget(t)
	return t
}

// SetName changes whose tile it is.
func (t *Tile) SetName(name string) {
	if t.name == name {
		return
	}
	t.name = name
	t.Refresh()
}

// CreateRenderer is called by Fyne.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	t.ground = canvas.NewRectangle(color.Transparent)
	t.letter = canvas.NewText("", color.White)
	t.letter.Alignment = fyne.TextAlignCenter
	t.letter.TextStyle.Bold = true
	t.paint()
	return &tileRenderer{t}
}

// Refresh paints it anew.
func (t *Tile) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *Tile) paint() {
	if t.ground == nil {
		return
	}
	t.ground.FillColor = tileColor(t.name)
	t.ground.CornerRadius = 10
	t.letter.Text = tileLetter(t.name)
	t.letter.TextSize = Size(theme.SizeNameSubHeadingText)
}

type tileRenderer struct{ t *Tile }

// Objects is called by Fyne.
func (r *tileRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.ground, r.t.letter}
}

// Destroy is called by Fyne.
func (r *tileRenderer) Destroy() {}

// MinSize is a fixed square.
func (r *tileRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(tileSide) }

// Refresh is called by Fyne.
func (r *tileRenderer) Refresh() {
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}

// Layout keeps it square and in the middle.
func (r *tileRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos((size.Width-tileSide)/2, (size.Height-tileSide)/2)
	r.t.ground.Resize(fyne.NewSquareSize(tileSide))
	r.t.ground.Move(at)
	h := r.t.letter.MinSize().Height
	r.t.letter.Resize(fyne.NewSize(tileSide, h))
	r.t.letter.Move(at.AddXY(0, (tileSide-h)/2))
}

// tileLetter is the first letter or digit of a name, in upper case.
func tileLetter(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "•"
}

// tileColor is the same for a name each time, whatever its case.
func tileColor(name string) color.NRGBA {
	h := fnv.New32a()
	h.Write([]byte(strings.ToLower(strings.TrimSpace(name))))
	return tileColors[h.Sum32()%uint32(len(tileColors))]
}
