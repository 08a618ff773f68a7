// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
)

// wordGrid shows the words of a recovery key, each with its number.
type wordGrid struct {
	object *fyne.Container
	labels []*Word
}

// Word is a label with one word of a recovery key. It has a type of its own, so
// that tests find what has to be gone.
type Word struct{ widget.Label }

func newWord(text string) *Word {
	w := &Word{}
	w.Text, w.SizeName = text, theme.SizeNameSubHeadingText
	w.TextStyle.Bold = true
	w.ExtendBaseWidget(w)
	return w
}

func newWordGrid(all []string) *wordGrid {
	g := &wordGrid{object: container.New(&grid{})}
	for i, w := range all {
		number := kit.NewQuiet(strconv.Itoa(i + 1))
		number.Wrapping = fyne.TextWrapOff
		number.Alignment = fyne.TextAlignTrailing
		word := newWord(w)
		g.labels = append(g.labels, word)
		cell := container.NewBorder(nil, nil, container.New(numberColumn{}, number), nil, word)
		g.object.Add(container.NewStack(kit.NewSoftGround(kit.ColorCalmSoft), cell))
	}
	return g
}

// clear takes the words off the screen.
func (g *wordGrid) clear() {
	for _, l := range g.labels {
		l.SetText("")
	}
}

// numberColumn is as wide as a number of two digits, so that words line up.
type numberColumn struct{}

// Layout is part of fyne.Layout.
func (numberColumn) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, (size.Height-h)/2))
	}
}

// MinSize is part of fyne.Layout.
func (numberColumn) MinSize([]fyne.CanvasObject) fyne.Size {
	two := fyne.MeasureText("16", kit.Size(theme.SizeNameCaptionText), fyne.TextStyle{})
	return fyne.NewSize(two.Width+kit.Space16, two.Height)
}

// grid has four columns where there is room, else two. Like what wraps, it
// remembers how it lay last, because its height depends on it.
type grid struct{ columns int }

const (
	gridWide = 460 // from this width on there are four columns
	gridGap  = kit.Space8
)

// Layout is part of fyne.Layout.
func (g *grid) Layout(os []fyne.CanvasObject, size fyne.Size) {
	g.columns = 2
	if size.Width >= gridWide && size.Width >= g.width(os, 4) {
		g.columns = 4
	}
	n := float32(g.columns)
	cell := fyne.NewSize((size.Width-gridGap*(n-1))/n, g.cell(os).Height)
	for i, o := range os {
		o.Resize(cell)
		o.Move(fyne.NewPos(float32(i%g.columns)*(cell.Width+gridGap), float32(i/g.columns)*(cell.Height+gridGap)))
	}
}

// MinSize is part of fyne.Layout.
func (g *grid) MinSize(os []fyne.CanvasObject) fyne.Size {
	columns := max(g.columns, 2)
	rows := float32((len(os) + columns - 1) / columns)
	return fyne.NewSize(g.width(os, 2), rows*g.cell(os).Height+max(rows-1, 0)*gridGap)
}

func (g *grid) width(os []fyne.CanvasObject, columns int) float32 {
	n := float32(columns)
	return n*g.cell(os).Width + (n-1)*gridGap
}

func (*grid) cell(os []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range os {
		size = size.Max(o.MinSize())
	}
	return size
}
