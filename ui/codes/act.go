// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// tapped copies the row's code; a hidden code is shown first.
func (s *Screen) tapped(id vault.ID) {
	s.selected = id
	if r, ok := s.Model.RowOf(id, s.Clock.Now()); ok && r.State == Hidden {
		s.reveal(id)
		return
	}
	s.copy(id)
}

// enter copies the marked code, or the first one of a search.
func (s *Screen) enter() {
	if s.selected == "" {
		s.move(0)
	}
	if s.selected != "" {
		s.copy(s.selected)
	}
}

func (s *Screen) reveal(id vault.ID) {
	if id == "" {
		return
	}
	s.Model.Reveal(id)
	s.list.now = s.Clock.Now()
	s.list.update()
}

// CopyCode copies an account's code, as a click on its row does.
func (s *Screen) CopyCode(id vault.ID) { s.copy(id) }

// Select marks an account and brings it into view.
func (s *Screen) Select(id vault.ID) {
	i := s.Model.Index(id)
	if i < 0 {
		return
	}
	s.selected = id
	s.list.ScrollTo(i)
	s.list.Refresh()
}

// copy puts the account's code into the clipboard: at once, when it has come,
// or when the next one begins, as the user chose.
func (s *Screen) copy(id vault.ID) {
	now := s.Clock.Now()
	r, ok := s.Model.RowOf(id, now)
	if !ok {
		return
	}
	switch r.State {
	case Failed:
		s.Fail(r.Err)
		return
	case Counter:
		s.advance(id)
		return
	}
	c, ok := r.Copy(s.settings, now)
	switch {
	case !ok:
		s.pending.Store(&pendingCopy{id, now})
	case c.Wait > 0:
		s.pending.Store(&pendingCopy{id, now.Add(c.Wait)})
		secs := int((c.Wait + time.Second - 1) / time.Second)
		s.Toast().Say(words.N(secs, "Copying the next code in 1 second", "Copying the next code in {n} seconds"), secs+1)
	default:
		s.copied(r, c.Text)
	}
	s.list.Refresh()
}

// finishCopy does a copy that waited. One that never comes is dropped with
// the error that the row shows.
func (s *Screen) finishCopy(now time.Time) {
	p := s.pending.Load()
	if p == nil || now.Before(p.due) {
		return
	}
	r, ok := s.Model.RowOf(p.id, now)
	switch {
	case !ok || r.State == Failed:
		s.pending.Store(nil)
		if ok {
			s.Fail(r.Err)
		}
	case r.value != "" && !r.from.Before(p.due.Add(-time.Duration(r.Period)*time.Second)):
		s.pending.Store(nil)
		s.copied(r, r.value)
	}
}

func (s *Screen) copied(r Row, text string) {
	s.Copy(text)
	if keep := s.Clear(); keep > 0 {
		secs := int(keep / time.Second)
		s.Toast().Say(words.N(secs, "Copied · clears in 1 s", "Copied · clears in {n} s"), 3)
	} else {
		s.Toast().Say(words.T("Copied"), 3)
	}
	if s.Copied != nil && r.Period > 0 {
		s.Copied(r.ID, r.from, r.Period)
	}
	if k := s.Keeper(); k != nil {
		now := s.Wall.Now()
		kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
			return true, k.MarkUsed(ctx, r.ID, now)
		}, func(bool, error) {}) // bookkeeping only: a failure costs nothing
	}
}

// advance asks a counter's account for its next code and copies it.
func (s *Screen) advance(id vault.ID) {
	s.selected = id
	s.Model.Advance(id, func(code otpauth.Code, err error) {
		fyne.Do(func() {
			if s.Model.Locked() {
				return
			}
			if err != nil {
				s.Fail(err)
			} else {
				s.copied(Row{ID: id}, code.Value)
			}
			s.Refresh()
		})
	})
	s.list.Refresh()
}

// change runs a change of the vault off the user interface's goroutine, and
// shows the accounts anew.
func (s *Screen) change(work func(ctx context.Context, k Keeper) error, then func()) {
	k := s.Keeper()
	if k == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, work(ctx, k)
	}, func(_ bool, err error) {
		if err != nil {
			s.Fail(err)
			return
		}
		s.Reload()
		if then != nil {
			then()
		}
	})
}

// remove takes an account away at once; the message it leaves can bring it
// back, and so can Settings for 30 days.
func (s *Screen) remove(a vault.Account) {
	s.change(func(ctx context.Context, k Keeper) error { return k.Remove(ctx, a.ID) }, func() {
		s.Toast().Offer(words.T("Removed {name}", "name", a.Title()), words.T("Undo"), func() {
			s.change(func(ctx context.Context, k Keeper) error { return k.Restore(ctx, a.ID) }, func() {
				s.Toast().Say(words.T("{name} is back", "name", a.Title()), 3)
			})
		}, 10)
	})
}

// Move moves the marked account one row up (-1) or down (+1).
func (s *Screen) Move(by int) { s.moveAccount(s.selected, by) }

func (s *Screen) moveAccount(id vault.ID, by int) {
	order, ok := s.Model.Order(id, by)
	if !ok {
		return
	}
	s.selected = id
	s.change(func(ctx context.Context, k Keeper) error { return k.Reorder(ctx, order) }, func() {
		if i := s.Model.Index(id); i >= 0 {
			s.list.ScrollTo(i)
		}
	})
}

func (s *Screen) openMenu(id vault.ID, at fyne.Position) {
	a, ok := s.Model.Account(s.Model.Index(id))
	if !ok {
		return
	}
	s.selected = id
	s.list.Refresh()
	widget.ShowPopUpMenuAtPosition(s.Menu(a), s.Canvas(), at)
}

func (s *Screen) openMenuOfSelected() {
	i := s.Model.Index(s.selected)
	rows := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.list)
	y := float32(i)*s.list.itemHeight() - s.list.GetScrollOffset()
	s.openMenu(s.selected, rows.AddXY(s.list.Size().Width/2, max(y, 0)+kit.Space24))
}

func (l *list) itemHeight() float32 { return l.CreateItem().MinSize().Height + kit.Space4 }

// Menu returns what can be done with an account.
func (s *Screen) Menu(a vault.Account) *fyne.Menu {
	item := func(text string, icon kit.IconName, do func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(text, do)
		m.Icon = kit.Icon(icon)
		return m
	}
	up := item(words.T("Move up"), kit.IconMoveUp, func() { s.moveAccount(a.ID, -1) })
	down := item(words.T("Move down"), kit.IconMoveDown, func() { s.moveAccount(a.ID, 1) })
	i := s.Model.Index(a.ID)
	up.Disabled, down.Disabled = i == 0, i == s.Model.Len()-1
	return fyne.NewMenu("",
		item(words.T("Copy code"), kit.IconCopy, func() { s.copy(a.ID) }),
		item(words.T("Edit"), kit.IconEdit, func() { s.edit(a) }),
		item(words.T("Show QR code"), kit.IconQR, func() { s.askQR(a) }),
		fyne.NewMenuItemSeparator(),
		up, down,
		fyne.NewMenuItemSeparator(),
		item(words.T("Remove"), kit.IconRemove, func() { s.remove(a) }),
	)
}
