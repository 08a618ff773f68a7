// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// Screen is what the window knows of the clock, with the page about it. It is
// used on the user interface's goroutine.
type Screen struct {
	Around

	hint    system.Hint
	tries   tries
	working context.CancelFunc // of the measurement under way; nil without one
	waiting []func(error)      // told of its end
	page    *page              // nil until it was opened
	shown   bool
	section *section
}

// New returns a screen whose page is made when it is opened.
func New(a Around) *Screen {
	if a.Read == nil {
		a.Read = clock.Now
	}
	if a.Changed == nil {
		a.Changed = func() {}
	}
	return &Screen{Around: a}
}

// Verdict says how things stand with the clock.
func (s *Screen) Verdict() verdict.Verdict { return s.verdict(s.True.Status()) }

func (s *Screen) verdict(status clock.Status) verdict.Verdict {
	return verdict.Of(status, s.hint, s.Read().Wall)
}

// Open makes the page ready to be shown and returns it. That a correction was
// dropped is said on it, and no longer elsewhere.
func (s *Screen) Open() fyne.CanvasObject {
	if s.page == nil {
		s.page = newPage(s)
	}
	s.shown = true
	s.page.open(s.True.Status().Dropped)
	if s.True.Status().Dropped != nil {
		_ = s.True.Dismiss() // unwritten, it is said once more at the next start
		s.Changed()
	}
	s.look()
	s.Refresh()
	return s.page.object
}

// Close is called when the page has gone: what was typed on it goes, too.
func (s *Screen) Close() {
	s.shown = false
	if s.page != nil {
		s.page.close()
	}
}

// Lock stops what is under way and forgets which codes were copied. The page has
// gone by then, or goes now, with the names of the accounts on it.
func (s *Screen) Lock() {
	s.stop()
	s.Close()
	s.page, s.tries = nil, nil
}

// Accounts is called when the accounts came, or others did. Those that are chosen
// from stay as they are, for a code may just be typed.
func (s *Screen) Accounts() {
	if s.shown && len(s.page.compare.accounts) == 0 {
		s.page.compare.offer()
		s.page.relayout()
	}
}

// Shown reports whether the page is open.
func (s *Screen) Shown() bool { return s.shown }

// Tick is called each second.
func (s *Screen) Tick() {
	if s.shown {
		s.page.refresh()
	}
}

// Refresh shows the clock as it is now, wherever it is shown.
func (s *Screen) Refresh() {
	if s.shown {
		s.page.refresh()
	}
	if s.section != nil {
		s.section.refresh()
	}
}

// look asks the system, which may take a moment.
func (s *Screen) look() {
	if s.Look == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (system.Hint, error) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		return s.Look(ctx), nil
	}, func(h system.Hint, err error) {
		if err == nil && h != s.hint {
			s.hint = h
			s.changed()
		}
	})
}

// changed shows anew and tells the window.
func (s *Screen) changed() {
	s.Refresh()
	s.Changed()
}

// decide does what the user decided about the correction. Where the file cannot
// be written it holds until the app ends, and the user is told.
func (s *Screen) decide(do func() error) {
	err := do()
	s.changed()
	if err != nil && !errors.Is(err, clock.ErrNothing) { // then the page says so already
		m := explain.Error(err)
		kit.ShowMessage(s.Canvas(), kit.Look, words.T("The settings could not be saved"), kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}, nil)
	}
}

// Daily measures in the background, if the user allowed that and it is time.
func (s *Screen) Daily() {
	if s.Measure != nil && s.working == nil && s.True.Due() {
		s.measure(nil, func(error) { s.checked(nil) })
	}
}

// Ask measures at once without the page, for another place that shows the clock, where
// the user lets it be measured; it waits for what is under way. Done is told what was
// in the way, nil for nothing: then what was measured counts everywhere, as on the page.
// It is called as well where the measurement is stopped, or not allowed any more.
func (s *Screen) Ask(done func(trouble *kit.Message)) {
	if n := s.True.Status().Network; s.Measure == nil || n != clock.OnDemand && n != clock.Daily {
		done(nil)
		return
	}
	s.waiting = append(s.waiting, func(err error) {
		if err == nil || errors.Is(err, context.Canceled) {
			done(nil)
			return
		}
		m := why(err)
		done(&m)
	})
	if s.working == nil {
		s.measure(nil, func(error) { s.checked(nil) })
	}
}

// told tells those who wait how a measurement ended.
func (s *Screen) told(err error) {
	waiting := s.waiting
	s.waiting = nil
	for _, done := range waiting {
		done(err)
	}
}

// measure begins to measure; done is called at its end unless it was stopped.
func (s *Screen) measure(progress func(name string, ok bool), done func(error)) {
	ctx, cancel := context.WithCancel(context.Background())
	s.working = cancel
	kit.Go(ctx, func(ctx context.Context) (bool, error) {
		return true, s.Measure(ctx, progress)
	}, func(_ bool, err error) {
		stopped := ctx.Err() != nil
		cancel()
		if stopped {
			return
		}
		s.working = nil
		if err != nil && !errors.Is(err, context.Canceled) {
			s.True.Failed()
		}
		done(err)
		s.look()
		s.changed()
		s.told(err)
	})
}

// stop ends a measurement that is under way.
func (s *Screen) stop() {
	if s.working != nil {
		s.working()
		s.working = nil
		s.told(context.Canceled)
	}
}
