// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const (
	shellBreak  float32 = 720 // from here on the rail stands at the left
	railWidth   float32 = 184
	barHeight   float32 = 64
	barItem     float32 = 72 // the least that a place more takes in the bottom bar
	toastMargin float32 = 36
)

// Destination is a place of the app.
type Destination struct {
	ID    string
	Icon  IconName
	Title string
	// Build makes the page at the first visit.
	Build func() fyne.CanvasObject
}

// Shell is the frame of the app: the places at the left of a wide window or at
// the bottom of a narrow one, a banner over the page and a toast over all.
type Shell struct {
	widget.BaseWidget

	// OnSelect is called after another place was chosen.
	OnSelect func(id string)

	places   []Destination
	items    []*navItem
	action   *navItem // stands after the places; hidden without an action
	pages    map[string]fyne.CanvasObject
	selected string
	extra    map[string]bool // places that are not always there, and whether they are
	wide     bool
	covered  bool
	over     fyne.CanvasObject // in the stead of the place's page; nil without one
	left     func()            // called once when over goes

	rail   *strip
	page   *fyne.Container
	cover  *fyne.Container
	banner *Banner
	toast  *Toast
	hint   *hint
}

// NewShell returns a shell that shows the first place.
func NewShell(places []Destination) *Shell {
	s := &Shell{
		places: places, pages: map[string]fyne.CanvasObject{}, rail: newStrip(ColorRail, 0),
		page: container.NewStack(), banner: NewBanner(), toast: NewToast(), hint: newHint(),
	}
	s.cover = container.NewStack(newStrip("background", 0))
	s.cover.Hide()
	for _, p := range places {
		s.items = append(s.items, newNavItem(p, func() { s.Select(p.ID) }))
	}
	s.action = newNavItem(Destination{Icon: IconLock}, nil)
	s.action.Hide()
	s.banner.moved, s.toast.moved = s.Refresh, s.Refresh
	s.ExtendBaseWidget(s)
	if len(places) > 0 {
		s.Select(places[0].ID)
	}
	return s
}

// Over shows a page in the stead of the place's own, until another is shown, it
// is closed, or any place is chosen; then left is called.
func (s *Shell) Over(o fyne.CanvasObject, left func()) {
	s.CloseOver()
	s.over, s.left = o, left
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

// CloseOver shows the place's own page again.
func (s *Shell) CloseOver() {
	if s.over == nil {
		return
	}
	left := s.left
	s.over, s.left = nil, nil
	if p := s.pages[s.selected]; p != nil {
		s.page.Objects = []fyne.CanvasObject{p}
		s.page.Refresh()
	}
	if left != nil {
		left()
	}
}

// HasOver reports whether a page stands in the stead of the place's own.
func (s *Shell) HasOver() bool { return s.over != nil }

// Select shows a place; one that is not there is ignored.
func (s *Shell) Select(id string) {
	s.CloseOver()
	for i, p := range s.places {
		if p.ID != id || s.selected == id {
			continue
		}
		s.selected = id
		if s.pages[id] == nil {
			s.pages[id] = p.Build()
		}
		s.page.Objects = []fyne.CanvasObject{s.pages[id]}
		s.page.Refresh()
		for j, item := range s.items {
			item.setSelected(i == j)
		}
		if s.OnSelect != nil {
			s.OnSelect(id)
		}
	}
}

// SetAction puts something to do after the places, such as to lock: at the foot
// of the rail, or as the last of the bottom bar. Without do it is taken away.
func (s *Shell) SetAction(icon IconName, title string, do func()) {
	s.action.place = Destination{Icon: icon, Title: title}
	s.action.OnTapped = do
	s.action.Refresh()
	s.Refresh()
}

// SetExtra makes a place one that is not always among the others: it stands in the
// rail where it is wanted, and in the bottom bar if there is room, too. It can be
// selected all the same.
func (s *Shell) SetExtra(id string, wanted bool) {
	if s.extra == nil {
		s.extra = map[string]bool{}
	}
	s.extra[id] = wanted
	s.Refresh()
}

// bar returns what stands in the bottom bar.
func (s *Shell) bar() []*navItem {
	all := make([]*navItem, 0, len(s.items)+1)
	for _, item := range s.items {
		if !item.Hidden {
			all = append(all, item)
		}
	}
	if s.action.OnTapped != nil {
		all = append(all, s.action)
	}
	return all
}

// out tells whether a place is not among the others now.
func (s *Shell) out(p Destination, width float32) bool {
	wanted, extra := s.extra[p.ID]
	if !extra || wanted && s.wide {
		return extra && !wanted
	}
	n := len(s.items)
	if s.action.OnTapped != nil {
		n++
	}
	return !wanted || width < float32(n)*barItem
}

// Selected returns the place shown.
func (s *Shell) Selected() string { return s.selected }

// Banner returns the one banner.
func (s *Shell) Banner() *Banner { return s.banner }

// Toast returns the one toast.
func (s *Shell) Toast() *Toast { return s.toast }

// Wide reports whether the places stand at the left.
func (s *Shell) Wide() bool { return s.wide }

// Cover shows a page over everything but the toast, such as the first start;
// nil takes it away.
func (s *Shell) Cover(o fyne.CanvasObject) {
	s.covered = o != nil
	s.cover.Objects = s.cover.Objects[:1]
	if o != nil {
		s.cover.Add(o)
	}
	s.Refresh()
}

// Covered reports whether a page lies over everything.
func (s *Shell) Covered() bool { return s.covered }

// CreateRenderer is called by Fyne.
func (s *Shell) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	line := canvas.NewRectangle(color.Transparent)
	return &shellRenderer{s: s, line: line}
}

type shellRenderer struct {
	s    *Shell
	line *canvas.Rectangle
}

// Objects is called by Fyne. Their order is the order of the focus: page
// before places, so that Tab begins where the work is.
func (r *shellRenderer) Objects() []fyne.CanvasObject {
	s := r.s
	objects := []fyne.CanvasObject{s.banner, s.page, s.rail, r.line}
	for _, item := range s.items {
		objects = append(objects, item)
	}
	return append(objects, s.action, s.cover, s.toast, s.hint)
}

// Destroy is called by Fyne.
func (r *shellRenderer) Destroy() {}

// MinSize is that of a small phone.
func (r *shellRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 400) }

// Refresh is called by Fyne.
func (r *shellRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.s.rail.Refresh()
	r.s.cover.Refresh()
	canvas.Refresh(r.s)
}

// Layout puts the places at the left or at the bottom.
func (r *shellRenderer) Layout(size fyne.Size) {
	s := r.s
	s.wide = size.Width >= shellBreak
	r.line.FillColor = Color(ColorCardBorder)
	s.setHidden(size.Width)
	at, room := r.placesLeft(size)
	if !s.wide {
		at, room = r.placesBelow(size)
	}
	r.pageIn(at, room)
	s.cover.Resize(size)
	r.toastIn(at, room)
}

// setHidden keeps what a cover hides out of the way of the keyboard, too.
func (s *Shell) setHidden(width float32) {
	s.cover.Hidden = !s.covered
	s.page.Hidden = s.covered
	s.rail.Hidden = s.covered
	s.banner.Hidden = s.covered || s.banner.notice == nil
	for _, item := range s.items {
		item.Hidden = s.covered || s.out(item.place, width)
		item.setWide(s.wide)
	}
	s.action.Hidden = s.covered || s.action.OnTapped == nil
	s.action.setWide(s.wide)
}

func (r *shellRenderer) placesLeft(size fyne.Size) (fyne.Position, fyne.Size) {
	s := r.s
	s.rail.Move(fyne.NewPos(0, 0))
	s.rail.Resize(fyne.NewSize(railWidth, size.Height))
	r.line.Move(fyne.NewPos(railWidth, 0))
	r.line.Resize(fyne.NewSize(1, size.Height))
	y := Space16
	for _, item := range s.items {
		if item.Hidden {
			continue
		}
		h := item.MinSize().Height
		item.Move(fyne.NewPos(Space8, y))
		item.Resize(fyne.NewSize(railWidth-2*Space8, h))
		y += h + Space4
	}
	h := s.action.MinSize().Height
	s.action.Move(fyne.NewPos(Space8, max(y, size.Height-h-Space12)))
	s.action.Resize(fyne.NewSize(railWidth-2*Space8, h))
	return fyne.NewPos(railWidth+1, 0), fyne.NewSize(size.Width-railWidth-1, size.Height)
}

func (r *shellRenderer) placesBelow(size fyne.Size) (fyne.Position, fyne.Size) {
	s := r.s
	height := barHeight
	items := s.bar()
	w := size.Width / float32(max(len(items), 1))
	for _, item := range items {
		item.setWidth(w)
		height = max(height, item.MinSize().Height)
	}
	top := size.Height - height
	s.rail.Move(fyne.NewPos(0, top))
	s.rail.Resize(fyne.NewSize(size.Width, height))
	r.line.Move(fyne.NewPos(0, top))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	for i, item := range items {
		item.Move(fyne.NewPos(float32(i)*w, top+1))
		item.Resize(fyne.NewSize(w, height-1))
	}
	return fyne.NewPos(0, 0), fyne.NewSize(size.Width, top)
}

func (r *shellRenderer) pageIn(at fyne.Position, room fyne.Size) {
	s := r.s
	if s.banner.Visible() && !s.covered {
		// The sentence wraps, so its height is known only at its width.
		width := room.Width - 2*Space8
		s.banner.Resize(fyne.NewSize(width, s.banner.MinSize().Height))
		h := s.banner.MinSize().Height
		s.banner.Resize(fyne.NewSize(width, h))
		s.banner.Move(at.AddXY(Space8, Space8))
		at = at.AddXY(0, h+Space8)
		room.Height -= h + Space8
	}
	s.page.Move(at)
	s.page.Resize(room)
}

func (r *shellRenderer) toastIn(at fyne.Position, room fyne.Size) {
	size := r.s.toast.MinSize()
	size.Width = min(size.Width, room.Width-2*Space8)
	r.s.toast.Resize(size)
	r.s.toast.Move(at.AddXY((room.Width-size.Width)/2, room.Height-size.Height-toastMargin))
}
