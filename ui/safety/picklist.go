// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
)

// pickList lists the entries of a backup with a tick each. It builds widgets
// for the rows in view only: a backup may hold ten thousand entries. Arrows
// move, Space ticks, Enter and Esc are the sheet's.
type pickList struct {
	widget.List
}

// newPickList returns the list of a choice. changed is called after a tick,
// and wrong when an entry is pressed that cannot be read.
func newPickList(c *choice, changed func(), wrong func(i int)) *pickList {
	l := &pickList{}
	l.Length = func() int { return len(c.found) }
	l.CreateItem = func() fyne.CanvasObject { return newPickRow() }
	l.UpdateItem = func(i int, o fyne.CanvasObject) { o.(*pickRow).show(c.line(i)) }
	l.OnSelected = func(i int) {
		l.UnselectAll()
		if c.found[i].Err != nil {
			wrong(i)
			return
		}
		c.toggle(i)
		l.RefreshItem(i)
		changed()
	}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey leaves Enter and Esc to the sheet.
func (l *pickList) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		kit.ForwardKey(l, ev)
	default:
		l.List.TypedKey(ev)
	}
}

// pickRow draws one entry.
type pickRow struct {
	widget.BaseWidget
	box         *tickBox
	tile        *kit.Tile
	title, says *widget.Label
}

func newPickRow() *pickRow {
	r := &pickRow{box: newTickBox(), tile: kit.NewTile(""), title: kit.NewStrong("Kutano"), says: kit.NewLine("New")}
	r.says.SizeName = theme.SizeNameCaptionText
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is called by Fyne.
func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	marks := kit.Cols(kit.Space12, container.NewCenter(r.box), container.NewCenter(r.tile))
	texts := kit.Rows(-kit.Space16, r.title, r.says)
	return widget.NewSimpleRenderer(kit.Inset(container.NewBorder(nil, nil, marks, nil, texts), 0, 0, kit.Space4, 0))
}

func (r *pickRow) show(l line) {
	r.box.set(l.on, l.can)
	r.tile.SetName(l.title)
	r.title.SetText(l.label())
	r.says.Importance = widget.LowImportance
	if l.bad {
		r.says.Importance = widget.WarningImportance
	}
	r.says.SetText(l.says)
}

const tickSide float32 = 20

// tickBox is a tick that is drawn only: the row it stands in is what is
// pressed.
type tickBox struct {
	widget.BaseWidget
	on, can bool
	box     *canvas.Rectangle
	mark    *kit.IconView
}

func newTickBox() *tickBox {
	t := &tickBox{box: canvas.NewRectangle(color.Transparent), mark: kit.NewIcon(kit.IconCheck, theme.ColorNameForegroundOnPrimary, tickSide-kit.Space4)}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tickBox) set(on, can bool) {
	t.on, t.can = on, can
	t.Refresh()
}

// CreateRenderer is called by Fyne.
func (t *tickBox) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	t.paint()
	return widget.NewSimpleRenderer(container.NewStack(t.box, container.NewCenter(t.mark)))
}

// MinSize is that of the box.
func (t *tickBox) MinSize() fyne.Size { return fyne.NewSquareSize(tickSide) }

// Refresh paints it anew.
func (t *tickBox) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *tickBox) paint() {
	fill, edge := color.Color(color.Transparent), kit.Color(theme.ColorNameInputBorder)
	mark := theme.ColorNameForegroundOnPrimary
	switch {
	case !t.can:
		fill, edge, mark = kit.Color(theme.ColorNameDisabledButton), kit.Color(kit.ColorCardBorder), theme.ColorNameDisabled
	case t.on:
		fill, edge = kit.Color(theme.ColorNamePrimary), kit.Color(theme.ColorNamePrimary)
	}
	t.box.FillColor, t.box.StrokeColor, t.box.StrokeWidth, t.box.CornerRadius = fill, edge, 1.5, 5
	t.mark.Set(kit.IconCheck, mark)
	t.mark.Hidden = !t.on
}

// rowsTall keeps a list as tall as its rows, up to a number of them.
type rowsTall struct {
	rows, most int
	row        float32
}

// Layout is part of fyne.Layout.
func (rowsTall) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(size)
	}
}

// MinSize is part of fyne.Layout.
func (t rowsTall) MinSize(os []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range os {
		size = size.Max(o.MinSize())
	}
	gap := kit.Size(theme.SizeNamePadding)
	return fyne.NewSize(size.Width, max(size.Height, float32(min(t.rows, t.most))*(t.row+gap)))
}
