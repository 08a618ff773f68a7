// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
)

// Flow leads through the screens, one sheet after another. It is used on the
// user interface's goroutine.
type Flow struct {
	Around

	pages  kit.Pages
	job    job // what is being brought in
	hidden bool
	missed func(Vault) kit.Message // what became of an import while nobody could be told
}

// NewFlow returns a flow that shows nothing yet.
func NewFlow(a Around) *Flow {
	f := &Flow{Around: a}
	f.pages = kit.Pages{Canvas: a.Canvas, Width: 560, Left: f.left}
	return f
}

var errNotOpen = errors.New("the vault is not open yet")

// left forgets every secret of what was under way.
func (f *Flow) left() {
	f.unhide()
	f.job.clear()
}

// Close takes away what is shown and stops what is under way.
func (f *Flow) Close() { f.pages.Close() }

// Showing returns the sheet on show, or nil.
func (f *Flow) Showing() *kit.Sheet { return f.pages.Showing() }

func (f *Flow) hide() {
	f.hidden = true
	f.Hide()
}

func (f *Flow) unhide() {
	if f.hidden {
		f.hidden = false
		f.Show()
	}
}

// vault returns the open vault, or says that there is none.
func (f *Flow) vault() (Vault, bool) {
	v := f.Vault()
	if v == nil {
		f.failed(errNotOpen)
	}
	return v, v != nil
}

// failed says what went wrong. What was read and chosen before stays.
func (f *Flow) failed(err error) {
	if errors.Is(err, context.Canceled) {
		f.Close()
		return
	}
	f.job.dropWaits()
	back := f.compare
	if len(f.job.entries) == 0 || f.Vault() == nil {
		f.job.clear()
		back = f.Open
	}
	f.pages.Page(&kit.Sheet{
		Title:   words.T("That did not work"),
		Content: kit.NewMessage(kit.Look, messageOf(err)),
		Main:    kit.NewMainButton(words.T("Back"), back),
		Others:  []*kit.Button{kit.NewButton(words.T("Close"), f.Close)},
	})
}

func messageOf(err error) kit.Message {
	if errors.Is(err, errNotOpen) {
		return kit.Message{
			What: words.T("Your accounts are not open yet."),
			Next: words.T("Unlock them first, then try again."),
		}
	}
	if errors.Is(err, errChanged) {
		return kit.Message{
			What: words.T("It was changed since it was read."),
			Safe: words.T("It was not deleted."),
			Next: words.T("Bring it in again, or delete it by hand."),
		}
	}
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// nothingCame says that nothing came in.
func nothingCame() kit.Message {
	return kit.Message{
		What: words.T("No account came in."),
		Safe: words.T("Your accounts are as they were, and no file was touched."),
	}
}

// stopped says that nothing came in.
func (f *Flow) stopped() {
	f.job.clear()
	f.pages.Page(&kit.Sheet{
		Title:   words.T("Stopped"),
		Content: kit.NewMessage(kit.Calm, nothingCame()),
		Main:    kit.NewMainButton(words.T("Close"), f.Close),
		Others:  []*kit.Button{kit.NewButton(words.T("Begin again"), f.Open)},
	})
}

// tell says what became of an import that was left while it was under way. While
// the app is locked it waits for Unlocked.
func (f *Flow) tell(m func(Vault) kit.Message) {
	f.missed = m
	f.Unlocked()
}

// Unlocked says what could not be said while the app was locked, once the vault has
// finished, or taken back, what the lock cut short.
func (f *Flow) Unlocked() {
	v, missed := f.Vault(), f.missed
	if missed == nil || v == nil {
		return
	}
	f.missed = nil
	kit.Go(context.Background(), func(ctx context.Context) (kit.Message, error) {
		if err := v.Settle(ctx); err != nil {
			return kit.Message{}, err
		}
		return missed(v), nil
	}, func(m kit.Message, err error) {
		switch {
		case f.Vault() == nil: // locked again
			f.missed = missed
			return
		case err != nil:
			m = messageOf(err)
		}
		f.Reload()
		kit.ShowMessage(f.Canvas(), kit.Calm, words.T("Bring accounts from another app"), m, nil)
	})
}

// cancelButton leaves the flow.
func (f *Flow) cancelButton() *kit.Button { return kit.NewButton(words.T("Cancel"), f.Close) }

// link is a button that looks like a link, where text begins.
func link(icon kit.IconName, text string, do func()) fyne.CanvasObject {
	b := kit.NewQuietButton(text, do)
	b.SetIcon(icon)
	return kit.AtLeft(b)
}
