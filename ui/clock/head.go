// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// head is the top of the page: the verdict, the time line, what the user has to
// decide, and the button that measures.
type head struct {
	page    *page
	object  fyne.CanvasObject
	says    *fyne.Container
	line    *kit.TimeLine
	lined   *fyne.Container
	ask     *fyne.Container
	asks    *widget.Label
	correct *kit.Button
	leave   *kit.Button
	goOn    *kit.Button
	going   *fyne.Container
	check   *checking

	dropped *clock.Dropped // was taken away before the page was opened
	drawn   verdict.Verdict
}

func newHead(p *page) *head {
	s := p.screen
	h := &head{page: p, says: container.NewStack(), line: kit.NewTimeLine(verdict.Picture{})}
	h.lined = kit.Inset(h.line, kit.Space8, kit.Space8, 0, 0)
	h.lined.Hide()
	h.correct = kit.NewMainButton(words.T("Correct my codes"), func() { s.decide(s.True.Apply) })
	h.leave = kit.NewButton(words.T("Leave them as they are"), func() { s.decide(s.True.TurnOff) })
	h.asks = strong("")
	h.ask = kit.Rows(0, h.asks,
		kit.AdaptiveGap(440, kit.Space8, h.correct, h.leave))
	h.ask.Hide()
	h.goOn = kit.NewButton("", func() {
		h.dropped = nil
		s.decide(s.True.Apply)
	})
	h.going = kit.AdaptiveGap(440, 0, h.goOn, kit.Rows(0))
	h.going.Hide()
	h.check = newChecking(p)
	h.object = kit.NewCard(kit.Rows(kit.Space8, h.says, h.lined, h.ask, h.going, h.check.object))
	return h
}

func (h *head) open(dropped *clock.Dropped) {
	h.dropped = dropped
	h.drawn = verdict.Verdict{}
	h.check.open()
}

// show shows how things stand. Only what differs from what is there is made
// anew.
func (h *head) show(s clock.Status, v verdict.Verdict) {
	higher := h.showPicture(v.Picture)
	if v.Headline != h.drawn.Headline || v.Tone != h.drawn.Tone || !slices.Equal(v.Notes, h.drawn.Notes) {
		h.drawn = v
		h.says.Objects = []fyne.CanvasObject{said(v)}
		h.says.Refresh()
		higher = true
	}
	if h.ask.Visible() != s.Ask {
		h.ask.Hidden = !s.Ask
		higher = true
	}
	restarted := s.Stale == clock.Restarted && s.Measured != nil && s.Measured.Offset.Abs() >= clock.Worth && !s.Off
	if h.going.Visible() != restarted {
		h.going.Hidden = !restarted
		higher = true
	}
	if s.Measured != nil {
		mark, _ := verdict.Mark(s.Measured.Offset)
		if text := words.T("Correct your codes by {size}?", "size", verdict.Size(s.Measured.Offset)); h.asks.Text != text {
			h.asks.SetText(text)
		}
		if text := words.T("Go on with {mark}", "mark", mark); h.goOn.Text != text {
			h.goOn.SetText(text)
		}
	}
	h.check.style(s)
	if higher {
		h.page.relayout()
	}
}

// showPicture tells whether the picture has come or gone.
func (h *head) showPicture(p *verdict.Picture) bool {
	shown := p != nil
	if shown {
		local := *p
		local.Start = local.Start.Local()
		h.line.Set(local)
	}
	if h.lined.Visible() == shown {
		return false
	}
	h.lined.Hidden = !shown
	return true
}

// said is the verdict in words.
func said(v verdict.Verdict) fyne.CanvasObject {
	headline := kit.NewTitle(v.Headline)
	rows := kit.Rows(-kit.Space8, headline)
	for _, n := range v.Notes {
		rows.Add(kit.NewText(n))
	}
	name, in := toneOf(v.Tone).Icon()
	return container.NewBorder(nil, nil, container.NewVBox(kit.Inset(kit.NewIcon(name, in, 28), kit.Space8, 0, 0, kit.Space4)), nil, rows)
}
