// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
)

// Pages shows the sheets of one matter, each in place of the one before, and
// runs one piece of work for it at a time. It is used on the user interface's
// goroutine.
type Pages struct {
	Canvas func() fyne.Canvas
	Width  float32 // of a sheet that has none
	Free   bool    // the sheets are, see [Sheet]
	Left   func()  // called when the matter was left, in whatever way

	sheet  *Sheet
	busy   *Sheet   // the last one that says what is being done
	wipe   []func() // empties what the sheet on show holds
	cancel context.CancelFunc
	turn   int // raised at each new piece of work: what comes late is dropped
}

// Page shows one sheet in place of the one before. Wipe empties what it holds
// once it goes.
func (p *Pages) Page(s *Sheet, wipe ...func()) {
	p.Dismiss()
	if s.Width == 0 {
		s.Width = p.Width
	}
	s.OnClose, s.Free = p.closed, p.Free
	p.sheet, p.wipe = s, wipe
	s.Show(p.Canvas())
}

// Dismiss takes the sheet away while the matter goes on, for a dialog of the
// system for example.
func (p *Pages) Dismiss() {
	if old := p.sheet; old != nil {
		p.sheet = nil
		old.OnClose = nil
		old.Close()
	}
	p.empty()
}

func (p *Pages) empty() {
	for _, w := range p.wipe {
		w()
	}
	p.wipe = nil
}

func (p *Pages) closed() {
	p.Stop()
	p.sheet = nil
	p.empty()
	if p.Left != nil {
		p.Left()
	}
}

// Close takes away what is shown and stops what is under way.
func (p *Pages) Close() {
	if p.sheet != nil {
		p.sheet.Close()
		return
	}
	p.closed()
}

// Working reports whether the sheet on show says what is being done.
func (p *Pages) Working() bool { return p.sheet != nil && p.sheet == p.busy }

// Showing returns the sheet on show, or nil.
func (p *Pages) Showing() *Sheet { return p.sheet }

// Stop ends the piece of work that is under way; its end is not told.
func (p *Pages) Stop() {
	p.turn++
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
}

// Turn tells the piece of work under way from those before it.
func (p *Pages) Turn() int { return p.turn }

// Cancel ends the piece of work that is under way; its end is told all the same.
func (p *Pages) Cancel() {
	if p.cancel != nil {
		p.cancel()
	}
}

// Work does a piece of work of the matter, as [Go] does, in place of the one
// before. Where the matter was left, or went on otherwise, late gets the result
// in place of done; it may be nil.
func Work[T any](p *Pages, work func(context.Context) (T, error), done func(T, error), late func(T)) {
	p.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	turn := p.turn
	Go(ctx, work, func(result T, err error) {
		cancel()
		switch {
		case turn == p.turn:
			p.cancel = nil
			done(result, err)
		case late != nil:
			late(result)
		}
	})
}

// Busy says what is being done; stop is where Cancel leads. The bar is for the
// work to move; it stays away until it is moved.
func (p *Pages) Busy(title, sentence string, stop func()) *Progress {
	bar := NewProgress(sentence)
	cancel := NewButton(words.T("Cancel"), stop)
	s := &Sheet{Title: title, Content: bar, Others: []*Button{cancel}, First: cancel, Width: 480}
	p.Page(s)
	p.busy = s
	return bar
}
