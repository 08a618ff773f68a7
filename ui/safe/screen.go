// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// Screen is the place with its page and the sheets over it. It is used on the
// user interface's goroutine.
type Screen struct {
	Around

	pages   kit.Pages
	page    *page
	draft   draft   // codes on their way
	shown   *shown  // the code on the screen; nil without
	joining joining // shares that come together
	grid    *grid   // the codes of the draft on the screen, as they were shown last

	used   time.Time // when somebody last did something here
	open   bool      // the safe was unlocked when last looked
	hidden bool      // our window is away, to look at the screen
}

// New returns the place. It reads nothing before Object is called.
func New(a Around) *Screen {
	s := &Screen{Around: a}
	s.pages = kit.Pages{Canvas: a.Canvas, Width: 560, Left: s.left}
	s.page = newPage(s)
	return s
}

// Object returns what is drawn.
func (s *Screen) Object() fyne.CanvasObject {
	s.Refresh()
	return s.page.object
}

// Refresh shows the sets as they are now.
func (s *Screen) Refresh() {
	if safe := s.Safe(); safe != nil {
		s.open = !safe.Locked()
		if !s.open && s.shown != nil && !s.pages.Working() {
			s.pages.Close() // locked by another program that changed the passphrase
		}
	}
	s.page.show()
}

// changed shows what has changed here, and tells others.
func (s *Screen) changed() {
	s.touch()
	s.Refresh()
	if s.Changed != nil {
		s.Changed()
	}
}

// Watch shows what other programs change, until ctx ends. It is called once, when
// the safe is open.
func (s *Screen) Watch(ctx context.Context) error {
	safe := s.Safe()
	if safe == nil {
		return errNotOpen
	}
	signals, err := safe.Watch(ctx)
	if err != nil {
		return err
	}
	go func() {
		for range signals {
			fyne.Do(func() {
				if ctx.Err() == nil {
					s.Refresh()
				}
			})
		}
	}()
	return nil
}

// Showing returns the sheet on show, or nil.
func (s *Screen) Showing() *kit.Sheet { return s.pages.Showing() }

// Input is to be called when somebody uses the window while the place is shown:
// as long as they do, the codes stay open.
func (s *Screen) Input() { s.touch() }

func (s *Screen) touch() { s.used = s.Clock.Now() }

// Tick is to be called each second while the window can be seen, whatever place
// it shows.
func (s *Screen) Tick(now time.Time) {
	s.tickShown(now)
	s.veilGrid()
	safe := s.Safe()
	if safe == nil {
		return
	}
	if now.Before(s.used) {
		s.used = now // the clock was set back
	}
	idle := safe.Idle() // asked each second, it notices too
	switch locked := safe.Locked(); {
	case locked == s.open: // locked or opened elsewhere
		s.Refresh()
	case !locked && !s.pages.Working() && now.Sub(s.used) >= s.lockAfter() && idle >= s.lockAfter():
		s.lockSafe()
	}
}

// LockNow locks the codes because somebody asked for it, or nobody is there.
func (s *Screen) LockNow() { s.lockSafe() }

// PutAway locks the codes. It is to be called when the window is hidden or
// minimised.
func (s *Screen) PutAway() {
	if !s.hidden { // to look at the screen, and back in a moment
		s.lockSafe()
	}
}

// lockSafe locks the codes and takes from the screen what came out of the safe.
// What is being entered stays: it did not, and would be lost. So do shares that
// are being handed out: a new splitting would make the pages worthless.
func (s *Screen) lockSafe() {
	if s.shown != nil || s.draft.from != "" && len(s.draft.holders) == 0 {
		s.pages.Close()
	}
	was := false
	if safe := s.Safe(); safe != nil {
		was = !safe.Locked()
		safe.Lock()
	}
	s.Refresh()
	if was { // while the window is minimised this comes each second
		s.sweep()
	}
}

// Lock closes all that is shown and locks the codes. It is to be called when the
// window is locked, and before the app ends.
func (s *Screen) Lock() {
	s.Close()
	s.lockSafe()
}

// Close takes away what is shown over the page and stops what is under way.
func (s *Screen) Close() {
	if s.Showing() != nil || s.hidden {
		s.pages.Close()
	}
}

// left forgets every code of what was under way.
func (s *Screen) left() {
	s.unhide()
	had := s.shown != nil || s.draft.text.Len()+s.draft.pass.Len()+len(s.draft.codes)+len(s.joining.shares) > 0
	s.hideCode()
	s.shown = nil
	s.joining.clear()
	s.joining = joining{}
	s.draft.end(guide.Later)
	s.draft.clear()
	s.draft, s.grid = draft{}, nil
	if had {
		s.sweep()
	}
}

func (s *Screen) sweep() {
	if s.Sweep != nil {
		kit.Go(context.Background(), func(context.Context) (bool, error) {
			s.Sweep()
			return true, nil
		}, func(bool, error) {})
	}
}

func (s *Screen) hide() {
	s.hidden = true
	s.Hide()
}

func (s *Screen) unhide() {
	if s.hidden {
		s.hidden = false
		s.Show()
	}
}

// accounts are those of the vault, nil while it is not open.
func (s *Screen) accounts() []vault.Account {
	v := s.Vault()
	if v == nil {
		return nil
	}
	all := v.Accounts()
	if all == nil {
		all = []vault.Account{}
	}
	return all
}

var errNotOpen = errors.New("the safe for backup codes is not open yet")

// doing does a piece of work behind a sentence that says so; back is where it
// leads when it is stopped or does not work.
func doing[T any](s *Screen, sentence string, work func(context.Context, *backupcodes.Safe) (T, error), done func(T), back func()) {
	safe := s.Safe()
	if safe == nil {
		s.failed(errNotOpen, nil)
		return
	}
	s.pages.Busy(words.T("One moment"), sentence, s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (T, error) { return work(ctx, safe) }, func(result T, err error) {
		s.changed()
		switch {
		case errors.Is(err, context.Canceled):
			back()
		case err != nil:
			s.failed(err, back)
		default:
			done(result)
		}
	}, func(T) { s.changed() })
}

// failed says what went wrong; back leads to where it can be tried again.
func (s *Screen) failed(err error, back func()) {
	sh := &kit.Sheet{
		Title:   words.T("That did not work"),
		Content: kit.NewMessage(kit.Look, messageOf(err)),
		Main:    kit.NewMainButton(words.T("OK"), s.pages.Close),
	}
	if back != nil {
		sh.Main = kit.NewMainButton(words.T("Back"), back)
		sh.Others = []*kit.Button{kit.NewButton(words.T("Close"), s.pages.Close)}
	}
	s.pages.Page(sh)
}

// messageOf says what went wrong. Some things happen in these screens only.
func messageOf(err error) kit.Message {
	switch {
	case errors.Is(err, errNotOpen):
		return kit.Message{What: words.T("The backup codes are not open yet."), Next: words.T("Wait a moment, then try again.")}
	case errors.Is(err, sheet.ErrNoPrinter):
		return kit.Message{
			What: words.T("There is no printer that can be used from here."),
			Safe: words.T("The codes are still there."),
			Next: words.T("Save the page as PDF and print it elsewhere."),
		}
	}
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// cancelButton leaves what is under way.
func (s *Screen) cancelButton() *kit.Button {
	return kit.NewButton(words.T("Cancel"), s.pages.Close)
}

// doneButton ends well.
func (s *Screen) doneButton() *kit.Button {
	return kit.NewMainButton(words.T("Done"), s.pages.Close)
}
