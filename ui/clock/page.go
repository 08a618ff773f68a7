// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// page is what is drawn. Its parts stay the same objects while the clock goes
// on, so that the focus and what is typed stay where they are.
type page struct {
	screen *Screen
	object fyne.CanvasObject
	scroll *container.Scroll
	column *fyne.Container

	back    *kit.Button
	head    *head
	mend    *mend
	compare *compare
	taken   *taken
	sources *sources
}

func newPage(s *Screen) *page {
	p := &page{screen: s}
	p.back = kit.NewButton(words.T("Back"), func() { s.Back() })
	p.back.SetIcon(kit.IconBack)
	title := kit.NewTitle(words.T("Clock"))
	top := container.NewBorder(nil, nil, container.NewVBox(p.back), nil, kit.Inset(title, 0, 0, kit.Space4, 0))
	p.head, p.mend, p.compare, p.taken, p.sources = newHead(p), newMend(p), newCompare(p), newTaken(p), newSources(p)
	p.column = kit.NewColumn(top, p.head.object, p.mend.object, p.mend.correct, p.compare.object, p.taken.object, p.sources.object, kit.VGap(kit.Space8))
	p.scroll = container.NewVScroll(kit.Pad(p.column, kit.Space16))
	p.object = p.scroll
	return p
}

// open begins anew; dropped is the correction that was taken away, or nil.
func (p *page) open(dropped *clock.Dropped) {
	p.head.open(dropped)
	p.mend.open(p.screen.Verdict())
	p.compare.open()
	p.taken.open()
	p.sources.open()
	p.scroll.ScrollToTop()
}

func (p *page) close() { p.compare.clear() }

// refresh shows the clock as it is now.
func (p *page) refresh() {
	status := p.screen.True.Status()
	if status.Stale == "" {
		p.head.dropped = nil // something newer is known
	}
	if status.Dropped == nil {
		status.Dropped = p.head.dropped
	}
	p.head.show(status, p.screen.verdict(status))
	p.mend.show(status)
	p.sources.show(status)
}

// relayout is called when a part has become higher or lower.
func (p *page) relayout() { p.column.Refresh() }

// to brings a part of the page into view.
func (p *page) to(o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(p.column).Y
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, at)))
}

// toneOf is how the kit shows a verdict's tone.
func toneOf(t verdict.Tone) kit.Tone {
	switch t {
	case verdict.Right:
		return kit.Good
	case verdict.Look:
		return kit.Look
	case verdict.Fail:
		return kit.Fail
	}
	return kit.Calm
}

// strong is a bold sentence that wraps.
func strong(text string) *widget.Label {
	l := kit.NewText(text)
	l.TextStyle.Bold = true
	return l
}

// shrinks lets a choice be narrower than the longest of its texts, which then end
// in ….
func shrinks(o fyne.CanvasObject) fyne.CanvasObject { return container.New(shrink{}, o) }

type shrink struct{}

// Layout is part of fyne.Layout.
func (shrink) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(size)
	}
}

// MinSize is part of fyne.Layout.
func (shrink) MinSize(os []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range os {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}
