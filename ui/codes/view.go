// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// narrowBelow is the width under which a code stands below its account's name.
const narrowBelow float32 = 560

// rowView draws one Row. The list keeps a few of them and hands them from row
// to row.
type rowView struct {
	widget.BaseWidget

	row      Row
	index    int // in the list
	renderer *rowRenderer
	drawn    bool
	narrow   bool
	selected bool
	plain    bool // the seconds are a number

	ground *canvas.Rectangle
	tile   *kit.Tile
	title  *widget.Label
	name   *widget.Label
	code   *kit.CodeText
	next   *kit.CodeText
	hint   *widget.Label
	ring   *kit.Ring
	ask    *kit.Button
	more   *kit.IconButton

	onTap  func(id vault.ID)
	onMenu func(id vault.ID, at fyne.Position)
	onAsk  func(id vault.ID)
}

func newRowView(narrow bool, onTap, onAsk func(vault.ID), onMenu func(vault.ID, fyne.Position)) *rowView {
	v := &rowView{
		narrow: narrow, onTap: onTap, onAsk: onAsk, onMenu: onMenu,
		ground: canvas.NewRectangle(kit.Color(kit.ColorCalmSoft)),
		tile:   kit.NewTile(""),
		title:  kit.NewStrong(""),
		name:   kit.NewLine(""),
		code:   kit.NewCodeText(),
		next:   kit.NewCodeText(),
		hint:   widget.NewLabel(words.T("next")),
		ring:   kit.NewRing(),
	}
	v.next.SetSmall(true)
	v.next.SetQuiet(true)
	v.name.Importance = widget.LowImportance
	v.hint.Importance = widget.LowImportance
	v.hint.SizeName = theme.SizeNameCaptionText
	v.ask = kit.NewButton(words.T("Next code"), func() { v.onAsk(v.row.ID) })
	v.more = kit.NewIconButton(kit.IconMore, words.T("More about this account"), v.openMenu)
	v.ground.CornerRadius = 8
	v.ground.Hide()
	v.ExtendBaseWidget(v)
	return v
}

// Tapped copies the code, or shows a hidden one.
func (v *rowView) Tapped(*fyne.PointEvent) { v.onTap(v.row.ID) }

// TappedSecondary opens the menu: a right click, or a long press on a phone.
func (v *rowView) TappedSecondary(ev *fyne.PointEvent) { v.onMenu(v.row.ID, ev.AbsolutePosition) }

func (v *rowView) openMenu() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.more)
	v.onMenu(v.row.ID, at.AddXY(0, v.more.Size().Height))
}

// CreateRenderer implements fyne.Widget.
func (v *rowView) CreateRenderer() fyne.WidgetRenderer {
	v.renderer = &rowRenderer{v: v, objects: []fyne.CanvasObject{
		v.ground, v.tile, v.title, v.name, v.code, v.hint, v.next, v.ring, v.ask, v.more,
	}}
	return v.renderer
}

// wipe draws a row without its code, and keeps none.
func (v *rowView) wipe() {
	r := v.row
	r.State, r.Code, r.Next, r.value, r.nextValue, r.Left, r.Err = Waiting, "", "", "", "", 0, nil
	v.show(r, v.selected, v.narrow, v.plain)
}

// show draws a row. Between two steps only the ring and the seconds differ
// from what is drawn already, and nothing else is touched.
func (v *rowView) show(r Row, selected, narrow, plain bool) {
	v.plain = plain
	v.ring.SetPlain(plain)
	relayout := !v.drawn || narrow != v.narrow || r.State != v.row.State ||
		r.Code != v.row.Code || (r.Next == "") != (v.row.Next == "") || r.Type != v.row.Type || r.Name != v.row.Name
	if selected != v.selected || !v.drawn {
		v.selected = selected
		if selected {
			v.ground.FillColor = kit.Color(kit.ColorCalmSoft)
			v.ground.Show()
		} else {
			v.ground.Hide()
		}
		v.ground.Refresh() // to show itself is nothing that Fyne paints
	}
	v.showNames(r)
	v.showCode(r)
	v.showTime(r)
	v.row, v.drawn, v.narrow = r, true, narrow
	if relayout && v.renderer != nil {
		// What has changed has said so. A refresh of the whole row would draw
		// all of its letters anew.
		v.renderer.Layout(v.Size())
	}
}

func (v *rowView) showNames(r Row) {
	if !v.drawn || r.Title != v.row.Title || r.Favourite != v.row.Favourite {
		v.title.SetText(marked(r))
		v.tile.SetName(r.Tile)
	}
	name := r.Name
	if r.State == Failed {
		name = explain.Reason(r.Err)
	}
	if v.name.Text != name {
		v.name.SetText(name)
	}
}

// marked is the title, with a star for a favourite.
func marked(r Row) string {
	if r.Favourite {
		return "★ " + r.Title
	}
	return r.Title
}

func (v *rowView) showCode(r Row) {
	if v.drawn && r.Code == v.row.Code && r.State == v.row.State && r.Next == v.row.Next {
		return
	}
	counter := r.Type == otpauth.HOTP
	setShown(v.ask, counter)
	setShown(v.ring, !counter && r.State != Failed)
	setShown(v.code, r.State != Counter)
	switch r.State {
	case Shown, Hidden:
		v.code.SetQuiet(r.State == Hidden)
		v.code.SetText(r.Code)
	default:
		v.code.SetQuiet(true)
		v.code.SetText("––– –––")
	}
	v.next.SetText(r.Next)
	setShown(v.next, r.Next != "")
	setShown(v.hint, r.Next != "")
}

func (v *rowView) showTime(r Row) {
	switch {
	case r.Type == otpauth.HOTP:
	case r.State == Shown || r.State == Hidden:
		v.ring.Set(r.Left, r.Period)
	default:
		v.ring.Clear()
	}
}

type showHider interface {
	Show()
	Hide()
	Visible() bool
}

func setShown(o showHider, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

// rowRenderer places the parts of a row: in one line, or, where it is narrow,
// with the code under the names.
type rowRenderer struct {
	v       *rowView
	objects []fyne.CanvasObject
}

func (r *rowRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *rowRenderer) Destroy()                     {}

func (r *rowRenderer) Refresh() {
	r.Layout(r.v.Size())
	r.v.ground.FillColor = kit.Color(kit.ColorCalmSoft)
	canvas.Refresh(r.v)
}

func (r *rowRenderer) MinSize() fyne.Size {
	v := r.v
	names := v.title.MinSize().Height + v.name.MinSize().Height - kit.Space12
	code := v.code.MinSize().Height
	if v.narrow {
		return fyne.NewSize(240, names+code+kit.Space12)
	}
	return fyne.NewSize(320, max(names, code+kit.Space8)+kit.Space12)
}

func (r *rowRenderer) Layout(size fyne.Size) {
	r.v.ground.Resize(size)
	if r.v.narrow {
		r.stacked(size)
		return
	}
	r.inLine(size)
}

// names places tile, title and name in the height h, up to the right edge.
func (r *rowRenderer) names(h, right float32) (left float32) {
	v := r.v
	t := v.tile.MinSize()
	v.tile.Resize(t)
	v.tile.Move(fyne.NewPos(kit.Space8, (h-t.Height)/2))
	left = kit.Space8 + t.Width + kit.Space4
	th, nh := v.title.MinSize().Height, v.name.MinSize().Height
	const overlap = kit.Space12 // labels bring padding of their own
	top := (h - th - nh + overlap) / 2
	if v.name.Text == "" {
		top = (h - th) / 2
	}
	v.title.Resize(fyne.NewSize(right-left, th))
	v.title.Move(fyne.NewPos(left, top))
	v.name.Resize(fyne.NewSize(right-left, nh))
	v.name.Move(fyne.NewPos(left, top+th-overlap))
	return left
}

func (r *rowRenderer) inLine(size fyne.Size) {
	v := r.v
	x := place(v.more, size.Width-kit.Space4, size.Height, 0)
	end := x - kit.Space8
	switch {
	case v.ask.Visible():
		x = place(v.ask, end, size.Height, 0) - kit.Space12
	default:
		x = place(v.ring, end, size.Height, 0) - kit.Space12
	}
	if v.code.Visible() {
		up := float32(0)
		if v.next.Visible() {
			up = -kit.Space8
		}
		x = place(v.code, x, size.Height, up)
		r.nextUnder(v.code.Position().X+v.code.Size().Width, v.code.Position().Y+v.code.Size().Height-kit.Space4)
	}
	r.names(size.Height, x-kit.Space12)
}

// nextUnder puts "next 118 230" so that it ends at right, below top.
func (r *rowRenderer) nextUnder(right, top float32) {
	v := r.v
	if !v.next.Visible() {
		return
	}
	n := v.next.MinSize()
	v.next.Resize(n)
	v.next.Move(fyne.NewPos(right-n.Width, top))
	h := v.hint.MinSize()
	v.hint.Resize(h)
	v.hint.Move(fyne.NewPos(right-n.Width-h.Width+kit.Space4, top+(n.Height-h.Height)/2))
}

func (r *rowRenderer) stacked(size fyne.Size) {
	v := r.v
	codeHeight := v.code.MinSize().Height
	upper := size.Height - codeHeight - kit.Space4
	x := place(v.more, size.Width, upper, 0)
	left := r.names(upper, x)
	c := v.code.MinSize()
	v.code.Resize(c)
	v.code.Move(fyne.NewPos(left+kit.Space8, upper-kit.Space4))
	mid := upper - kit.Space4 + codeHeight/2
	end := size.Width - kit.Space8
	if v.ask.Visible() {
		placeAt(v.ask, end, mid)
		return
	}
	end = placeAt(v.ring, end, mid) - kit.Space8
	if v.next.Visible() {
		n := v.next.MinSize()
		r.nextUnder(end, mid-n.Height/2)
	}
}

// place puts o at its least size so that it ends at right, in the middle of
// the height and off by dy. It returns where o begins.
func place(o fyne.CanvasObject, right, height, dy float32) float32 {
	return placeAt(o, right, height/2+dy)
}

func placeAt(o fyne.CanvasObject, right, mid float32) float32 {
	m := o.MinSize()
	o.Resize(m)
	o.Move(fyne.NewPos(right-m.Width, mid-m.Height/2))
	return right - m.Width
}
