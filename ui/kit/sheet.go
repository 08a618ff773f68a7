// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
)

// Sheet is a page over the page: one question with its buttons. Esc closes it,
// Enter presses the main button, the focus begins in the first field (or on
// the main button) and goes back afterwards to where it was.
type Sheet struct {
	Title   string
	Content fyne.CanvasObject
	Main    *Button        // the obvious next step; may be nil
	Others  []*Button      // stand before it
	First   fyne.Focusable // has the focus at first; nil is the first field
	OnClose func()         // called once after it was closed in whatever way
	Width   float32        // at most; 0 is 480
	// Free has the sheet shown where sheets are held, too: it is of the page that lies
	// over a locked window.
	Free bool

	canvas  fyne.Canvas
	overlay *sheetOverlay
	close   *IconButton
	body    *fyne.Container
	scroll  *container.Scroll
	buttons *fyne.Container
	inner   *fyne.Container
	content *fyne.Container
	before  fyne.Focusable
}

// Show shows the sheet over a canvas. One that is shown already stays.
func (s *Sheet) Show(c fyne.Canvas) {
	if s.overlay != nil {
		return
	}
	if held[c] && !s.Free {
		if s.OnClose != nil {
			s.OnClose()
		}
		return
	}
	s.canvas, s.before = c, c.Focused()
	s.build()
	s.overlay = newSheetOverlay(s)
	pushSheet(s)
	c.Overlays().Add(s.overlay)
	s.focus()
}

// Close takes the sheet away, and with it all that were shown above it.
func (s *Sheet) Close() {
	if s.overlay == nil {
		return
	}
	for top := TopSheet(s.canvas); top != nil && top != s; top = TopSheet(s.canvas) {
		top.Close()
	}
	s.canvas.Overlays().Remove(s.overlay)
	s.overlay = nil
	removeSheet(s)
	GiveBack(s.canvas, s.before)
	if s.OnClose != nil {
		s.OnClose()
	}
}

// GiveBack puts the focus back on what had it; nil leaves it where it is. That may
// have left the window meanwhile, because the page was drawn anew: then nothing has
// the focus, and keys do what they do on the page. The page is not scrolled for it.
func GiveBack(c fyne.Canvas, f fyne.Focusable) {
	switch {
	case f == nil:
	case inWindow(f):
		keepStill(func() { c.Focus(f) })
	default:
		c.Unfocus()
	}
}

// inWindow reports whether something can be seen in its window. Fyne has no other
// way to ask than by the place: it puts what is in no window where it puts an
// object that never was in one, wherever that is moved.
func inWindow(f fyne.Focusable) bool {
	o, ok := f.(fyne.CanvasObject)
	if !ok {
		return false
	}
	d := fyne.CurrentApp().Driver()
	nowhere := d.AbsolutePositionForObject(canvas.NewRectangle(color.Transparent))
	if d.AbsolutePositionForObject(o) != nowhere {
		return true
	}
	at := o.Position()
	o.Move(at.AddXY(1, 1))
	defer o.Move(at)
	return d.AbsolutePositionForObject(o) != nowhere
}

// Shown reports whether the sheet is there.
func (s *Sheet) Shown() bool { return s.overlay != nil }

// SetContent changes the content while the sheet is shown.
func (s *Sheet) SetContent(o fyne.CanvasObject) {
	s.Content = o
	if s.overlay == nil {
		return
	}
	s.content.Objects = []fyne.CanvasObject{o}
	s.content.Refresh()
	s.scroll.ScrollToTop()
	s.Fit()
}

// SetButtons changes the buttons while the sheet is shown.
func (s *Sheet) SetButtons(main *Button, others ...*Button) {
	s.Main, s.Others = main, others
	if s.overlay == nil {
		return
	}
	s.fillButtons()
	s.Fit()
	s.focus()
}

// Fit sizes the sheet anew after its content changed by itself.
func (s *Sheet) Fit() {
	if s.overlay != nil {
		s.overlay.Refresh()
	}
}

func (s *Sheet) build() {
	s.close = NewIconButton(IconClose, words.T("Close"), s.Close)
	s.content = container.NewStack(s.Content)
	// A scroll cuts what stands out of it, as the focus ring does.
	s.inner = container.New(fitting{}, Inset(s.content, Space4, Space4, ringRoom, ringRoom))
	s.scroll = container.NewVScroll(s.inner)
	s.buttons = container.New(&wrapped{})
	s.fillButtons()
	s.body = container.New(sheetLayout{}, NewTitle(s.Title), s.scroll, s.buttons, s.close)
}

func (s *Sheet) fillButtons() {
	s.buttons.Objects = nil
	for _, b := range s.Others {
		s.buttons.Add(b)
	}
	if s.Main != nil {
		s.buttons.Add(s.Main)
	}
	s.buttons.Hidden = s.Main == nil && len(s.Others) == 0
	s.buttons.Refresh()
}

func (s *Sheet) focus() {
	if s.First != nil {
		s.canvas.Focus(s.First)
		return
	}
	s.canvas.Unfocus()
	s.canvas.FocusNext()
	first := s.canvas.Focused()
	if s.Main != nil && (first == nil || first == s.close || s.isOther(first)) {
		s.canvas.Focus(s.Main)
	}
}

func (s *Sheet) isOther(f fyne.Focusable) bool {
	for _, b := range s.Others {
		if f == b {
			return true
		}
	}
	return false
}

// typedKey is what keys do that nothing in the sheet wanted.
func (s *Sheet) typedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyEscape:
		s.Close()
	case fyne.KeyReturn, fyne.KeyEnter:
		if s.Main != nil {
			s.Main.Tapped(nil)
		}
	}
}

// sheetLayout places a title, a scroll, the buttons and the close button. The
// close button comes last, so that the focus does not begin on it.
type sheetLayout struct{}

// Layout is part of fyne.Layout.
func (sheetLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	title, scroll, buttons, closer := o[0], o[1], o[2], o[3]
	side := closer.MinSize().Width
	closer.Resize(closer.MinSize())
	closer.Move(fyne.NewPos(size.Width-side-Space8, Space12))
	title.Resize(fyne.NewSize(size.Width-side-Space16-Space8, title.MinSize().Height))
	title.Move(fyne.NewPos(Space16-Space8/2, Space12))
	top := Space12 + max(title.MinSize().Height, side) + Space4
	bottom := Space16
	if buttons.Visible() {
		buttons.Resize(fyne.NewSize(size.Width-2*Space16, buttons.Size().Height)) // their lines go by their width
		h := buttons.MinSize().Height
		buttons.Resize(fyne.NewSize(size.Width-2*Space16, h))
		buttons.Move(fyne.NewPos(Space16, size.Height-h-Space16))
		bottom = h + Space16 + Space12
	}
	side = Space12 - ringRoom
	scroll.Resize(fyne.NewSize(size.Width-2*side, max(0, size.Height-top-bottom)))
	scroll.Move(fyne.NewPos(side, top))
}

// MinSize is small, so that a sheet fits on any screen; its content scrolls.
func (sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 160) }

// height is what the sheet needs for content of a height.
func (sheetLayout) height(o []fyne.CanvasObject, content float32) float32 {
	h := Space12 + max(o[0].MinSize().Height, o[3].MinSize().Height) + Space4 + content + Space16
	if o[2].Visible() {
		h += o[2].MinSize().Height + Space12
	}
	return h
}
