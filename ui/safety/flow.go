// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Flow leads through the screens, one sheet after another. It is used on the
// user interface's goroutine.
type Flow struct {
	Around

	sheet  *kit.Sheet
	wipe   []func() // empties what the sheet on show holds
	cancel context.CancelFunc
	turn   int // raised at each new piece of work: what comes late is dropped
	hidden bool

	draft   draft        // the recovery key that is being made
	pass    secret.Value // of a backup file that is being saved
	back    backup       // the backup that is being brought back
	state   State
	known   bool   // state has been asked for
	ended   func() // called once when the flow is left, however; may be nil
	section *section
}

// NewFlow returns a flow that shows nothing yet.
func NewFlow(a Around) *Flow {
	if a.Places == nil {
		a.Places = twoPlaces
	}
	return &Flow{Around: a}
}

var errNotOpen = errors.New("the vault is not open yet")

// page shows one sheet in place of the one before. wipe empties what it holds
// once it goes.
func (f *Flow) page(s *kit.Sheet, wipe ...func()) {
	f.dismiss()
	if s.Width == 0 {
		s.Width = 560
	}
	s.OnClose = f.closed
	f.sheet, f.wipe = s, wipe
	s.Show(f.Canvas())
}

// dismiss takes the sheet away while the flow goes on.
func (f *Flow) dismiss() {
	if old := f.sheet; old != nil {
		f.sheet = nil
		old.OnClose = nil
		old.Close()
	}
	f.empty()
}

func (f *Flow) empty() {
	for _, w := range f.wipe {
		w()
	}
	f.wipe = nil
}

func (f *Flow) closed() {
	f.stop()
	f.sheet = nil
	f.empty()
	f.clear()
	f.end()
}

func (f *Flow) end() {
	if e := f.ended; e != nil {
		f.ended = nil
		e()
	}
}

// clear forgets every secret of what was under way.
func (f *Flow) clear() {
	f.draft.clear()
	f.pass.Clear()
	f.back.clear()
}

// Close takes away what is shown and stops what is under way.
func (f *Flow) Close() {
	if f.sheet != nil {
		f.sheet.Close()
		return
	}
	f.stop()
	f.clear()
	f.end()
}

// Showing returns the sheet on show, or nil.
func (f *Flow) Showing() *kit.Sheet { return f.sheet }

// begin starts a piece of work that the user can cancel.
func (f *Flow) begin() (context.Context, int) {
	f.stop()
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	return ctx, f.turn
}

func (f *Flow) stop() {
	f.turn++
	if f.cancel != nil {
		f.cancel()
		f.cancel = nil
	}
	if f.hidden {
		f.hidden = false
		f.Show()
	}
}

// working says what is being done; back is where Cancel leads.
func (f *Flow) working(sentence string, back func()) {
	cancel := kit.NewButton(words.T("Cancel"), func() {
		f.stop()
		back()
	})
	f.page(&kit.Sheet{
		Title:   words.T("One moment"),
		Content: kit.NewText(sentence),
		Others:  []*kit.Button{cancel},
		First:   cancel,
	})
}

// failed says what went wrong; back leads to where it can be tried again.
func (f *Flow) failed(err error, back func()) {
	if errors.Is(err, context.Canceled) {
		f.Close()
		return
	}
	s := &kit.Sheet{
		Title:   words.T("That did not work"),
		Content: kit.NewMessage(kit.Look, messageOf(err)),
		Main:    kit.NewMainButton(words.T("OK"), f.Close),
	}
	if back != nil {
		s.Main = kit.NewMainButton(words.T("Back"), back)
		s.Others = []*kit.Button{kit.NewButton(words.T("Close"), f.Close)}
	}
	f.page(s)
}

// messageOf says what went wrong. Two things happen in these screens only.
func messageOf(err error) kit.Message {
	switch {
	case errors.Is(err, errNotOpen):
		return kit.Message{
			What: words.T("Your accounts are not open yet."),
			Next: words.T("Unlock them first, then try again."),
		}
	case errors.Is(err, sheet.ErrNoPrinter):
		return kit.Message{
			What: words.T("There is no printer that can be used from here."),
			Safe: words.T("The key is still there."),
			Next: words.T("Save the sheet as PDF and print it elsewhere, or write the words down."),
		}
	}
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// vault returns the open vault, or says that there is none.
func (f *Flow) vault() (Vault, bool) {
	v := f.Vault()
	if v == nil {
		f.failed(errNotOpen, nil)
	}
	return v, v != nil
}

// cancelButton leaves the flow.
func (f *Flow) cancelButton() *kit.Button { return kit.NewButton(words.T("Cancel"), f.Close) }

// focusOn puts the cursor into a field of the sheet on show.
func (f *Flow) focusOn(o fyne.Focusable) { f.Canvas().Focus(o) }

// newest returns the first of a list that has any.
func newest(all []snapshot.Info) (snapshot.Info, bool) {
	if len(all) == 0 {
		return snapshot.Info{}, false
	}
	return all[0], true
}
