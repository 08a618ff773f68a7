// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
)

// Fold is a part of a page that is folded away under its title until it is
// asked for.
type Fold struct {
	Head *FoldHead // its title, which opens and closes it
	// Changed is called after it was opened or closed by the user; may be nil.
	Changed func(open bool)

	object *fyne.Container
}

// NewFold returns a closed part of a page.
func NewFold(title string, body fyne.CanvasObject) *Fold {
	f := &Fold{Head: newFoldHead(title)}
	f.Head.OnTapped = func() {
		f.SetOpen(!f.Open())
		if f.Changed != nil {
			f.Changed(f.Open())
		}
	}
	f.object = Rows(0, f.Head, Inset(body, 0, 0, Space8, Space8))
	f.SetOpen(false)
	return f
}

// Object returns what is drawn.
func (f *Fold) Object() fyne.CanvasObject { return f.object }

// Open reports whether it is open.
func (f *Fold) Open() bool { return f.Head.open }

// SetOpen opens or closes it.
func (f *Fold) SetOpen(on bool) {
	f.Head.open = on
	f.Head.Refresh()
	if inner := f.object.Objects[1]; on {
		inner.Show()
	} else {
		inner.Hide()
	}
	f.object.Refresh()
}

// FoldHead is the title of a [Fold]. A long one wraps.
type FoldHead struct {
	press
	Title string
	open  bool
}

func newFoldHead(title string) *FoldHead {
	h := &FoldHead{Title: title}
	h.extend(h)
	return h
}

// AccessibilityLabel says the title, and whether what is under it can be seen.
func (h *FoldHead) AccessibilityLabel() string {
	if h.open {
		return words.T("{title}, open", "title", h.Title)
	}
	return words.T("{title}, folded away", "title", h.Title)
}

// CreateRenderer is called by Fyne.
func (h *FoldHead) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	r := &foldHeadRenderer{h: h, ground: canvas.NewRectangle(color.Transparent), ring: newRing()}
	r.icon = NewIcon(IconOpen, theme.ColorNamePrimary, Space16+Space4)
	r.text = NewText(h.Title)
	r.text.TextStyle.Bold = true
	r.text.Importance = widget.HighImportance
	guessWidth(r.text)
	r.update()
	return r
}

type foldHeadRenderer struct {
	h            *FoldHead
	ground, ring *canvas.Rectangle
	icon         *IconView
	text         *widget.Label
}

// Objects is called by Fyne.
func (r *foldHeadRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.icon, r.text, r.ring}
}

// Destroy is called by Fyne.
func (r *foldHeadRenderer) Destroy() {}

// MinSize is that of the words, and never less than a finger needs.
func (r *foldHeadRenderer) MinSize() fyne.Size {
	icon, text := r.icon.MinSize(), r.text.MinSize()
	return fyne.NewSize(Space8+icon.Width+text.Width, max(text.Height, Size(SizeTap)))
}

// Layout puts the icon beside the first line.
func (r *foldHeadRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	placeRing(r.ring, size)
	icon := r.icon.MinSize()
	left := Space8 + icon.Width
	r.text.Resize(fyne.NewSize(size.Width-left, size.Height)) // its height goes by its width
	text := r.text.MinSize()
	top := max(0, (size.Height-text.Height)/2)
	r.text.Resize(fyne.NewSize(size.Width-left, text.Height))
	r.text.Move(fyne.NewPos(left, top))
	r.icon.Resize(icon)
	line := Size(theme.SizeNameText)*1.36 + 2*Space8 // of the words' first line
	r.icon.Move(fyne.NewPos(Space8, top+(line-icon.Height)/2))
}

// Refresh is called by Fyne.
func (r *foldHeadRenderer) Refresh() {
	r.update()
	r.Layout(r.h.Size())
	canvas.Refresh(r.h)
}

func (r *foldHeadRenderer) update() {
	name := IconOpen
	if r.h.open {
		name = IconFold
	}
	r.icon.Set(name, theme.ColorNamePrimary)
	r.ground.FillColor = r.h.over("")
	radius := Size(theme.SizeNameButtonRadius)
	r.ground.CornerRadius = radius
	updateRing(r.ring, r.h.focused, radius)
	r.text.Refresh()
}
