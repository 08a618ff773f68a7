// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Pick is one row of a [PickList].
type Pick struct {
	Title string
	Tile  string // the name whose tile stands before it
	Says  string // small, under the title
	More  string // small and quiet, under that
	On    bool   // it is ticked
	Can   bool   // the tick can be changed
	Look  bool   // what it says needs the user
	Bare  bool   // without a tick
}

// PickList lists things with a tick each. It builds widgets for the rows in view
// only: there may be ten thousand. Arrows move, Space presses a row, Enter and Esc
// are the sheet's.
type PickList struct {
	widget.List
	more bool
}

// NewPickList returns a list of so many rows. With more each has room for
// [Pick.More]. Pressed is called when a row is tapped, or Space is pressed on it.
func NewPickList(length func() int, row func(i int) Pick, more bool, pressed func(i int)) *PickList {
	l := &PickList{more: more}
	l.Length = length
	l.CreateItem = func() fyne.CanvasObject { return newPickRow(more) }
	l.UpdateItem = func(i int, o fyne.CanvasObject) { o.(*PickRow).show(row(i)) }
	l.OnSelected = func(i int) {
		l.UnselectAll()
		felt(l)
		pressed(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey leaves Enter and Esc to the sheet.
func (l *PickList) TypedKey(ev *fyne.KeyEvent) {
	felt(l)
	switch ev.Name {
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		ForwardKey(l, ev)
	default:
		l.List.TypedKey(ev)
	}
}

// RowHeight is how high a row is, with the line under it.
func (l *PickList) RowHeight() float32 {
	return newPickRow(l.more).MinSize().Height + Size(theme.SizeNamePadding)
}

// AsTall keeps the list as tall as its rows, up to so many of them.
func (l *PickList) AsTall(rows, most int) fyne.CanvasObject {
	return container.New(rowsTall{min(rows, most), l.RowHeight()}, l)
}

// PickRow draws one row of a [PickList].
type PickRow struct {
	widget.BaseWidget
	pick              Pick
	box               *tickBox
	mark              *fyne.Container // around the box
	marks, body       *fyne.Container // nil until it is drawn
	tile              *Tile
	title, says, more *widget.Label
}

func newPickRow(more bool) *PickRow {
	r := &PickRow{box: newTickBox(), tile: NewTile(""), title: NewStrong("Kutano"), says: NewLine("New"), more: NewLine("")}
	r.says.SizeName, r.more.SizeName = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	r.more.Importance = widget.LowImportance
	r.more.Hidden = !more
	r.mark = container.NewCenter(r.box)
	r.ExtendBaseWidget(r)
	return r
}

// AccessibilityLabel says the row, and whether it is on by the mark that is read
// out.
func (r *PickRow) AccessibilityLabel() string {
	label := r.pick.Title + ". " + r.pick.Says
	if r.pick.More != "" {
		label += " " + r.pick.More
	}
	if r.pick.On {
		return "✓ " + label
	}
	return label
}

// AccessibilityRole tells a screen reader that it can be pressed.
func (r *PickRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is called by Fyne.
func (r *PickRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	r.marks = Cols(Space12, r.mark, container.NewCenter(r.tile))
	r.body = container.NewBorder(nil, nil, r.marks, nil, Rows(-Space16, r.title, r.says, r.more))
	return widget.NewSimpleRenderer(Inset(r.body, 0, 0, Space4, 0))
}

func (r *PickRow) show(p Pick) {
	r.pick = p
	if r.mark.Hidden != p.Bare {
		r.mark.Hidden = p.Bare
		if r.body != nil { // all else moves
			r.marks.Refresh()
			r.body.Refresh()
		}
	}
	r.box.set(p.On, p.Can)
	r.tile.SetName(p.Tile)
	r.title.SetText(p.Title)
	r.says.Importance = widget.LowImportance
	if p.Look {
		r.says.Importance = widget.WarningImportance
	}
	r.says.SetText(p.Says)
	r.more.SetText(p.More)
}

// tickBox is a tick that is drawn only: the row it stands in is what is
// pressed.
type tickBox struct {
	widget.BaseWidget
	on, can bool
	box     *canvas.Rectangle
	mark    *IconView
}

func newTickBox() *tickBox {
	t := &tickBox{box: canvas.NewRectangle(color.Transparent), mark: NewIcon(IconCheck, theme.ColorNameForegroundOnPrimary, checkBox-Space4)}
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
func (t *tickBox) MinSize() fyne.Size { return fyne.NewSquareSize(checkBox) }

// Refresh paints it anew.
func (t *tickBox) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *tickBox) paint() {
	fill, edge := color.Color(color.Transparent), Color(theme.ColorNameInputBorder)
	mark := theme.ColorNameForegroundOnPrimary
	switch {
	case !t.can:
		fill, edge, mark = Color(theme.ColorNameDisabledButton), Color(ColorCardBorder), theme.ColorNameDisabled
	case t.on:
		fill, edge = Color(theme.ColorNamePrimary), Color(theme.ColorNamePrimary)
	}
	t.box.FillColor, t.box.StrokeColor, t.box.StrokeWidth, t.box.CornerRadius = fill, edge, 1.5, 5
	t.mark.Set(IconCheck, mark)
	t.mark.Hidden = !t.on
}

// rowsTall gives its object the height of a number of rows.
type rowsTall struct {
	rows int
	row  float32
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
	return fyne.NewSize(size.Width, max(size.Height, float32(t.rows)*t.row))
}
