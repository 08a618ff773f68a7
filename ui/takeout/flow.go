// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Vault is what these screens need of the accounts. [*vault.Vault] is one.
type Vault interface {
	Document(ctx context.Context) (snapshot.Document, error)
}

// Printer puts pages on paper.
type Printer interface {
	// CanPrint reports whether there is a way to a printer. It may take a while.
	CanPrint(ctx context.Context) bool
	// Print hands a document to the system's printer.
	Print(ctx context.Context, pdf []byte) error
}

// Around is what the screens need of the window they stand in.
type Around struct {
	Vault   func() Vault // nil until the vault is open
	Clock   clock.Clock
	Canvas  func() fyne.Canvas
	Printer Printer
	// Veiled reports whether nothing secret may be on the screen now, because
	// another window is in front.
	Veiled func() bool
	// ChooseFolder lets the user choose; it calls chosen with false when the user
	// thinks better of it.
	ChooseFolder func(chosen func(dir string, ok bool), fail func(error))
}

// Flow leads through the screens, one sheet after another. It is used on the
// user interface's goroutine.
type Flow struct {
	Around

	pages kit.Pages
	job   job    // what is being taken out
	qr    *shown // the QR codes on the screen; nil without
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
	f.qr = nil
	f.job.clear()
}

// Close takes away what is shown and stops what is under way.
func (f *Flow) Close() { f.pages.Close() }

// Showing returns the sheet on show, or nil.
func (f *Flow) Showing() *kit.Sheet { return f.pages.Showing() }

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
	f.pages.Page(s)
}

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
			Next: words.T("Save the pages as PDF and print them elsewhere."),
		}
	}
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// stopped says that nothing was written; back leads to where it can go on.
func (f *Flow) stopped(back func()) {
	f.pages.Page(&kit.Sheet{
		Title:   words.T("Stopped"),
		Content: kit.NewMessage(kit.Calm, kit.Message{What: words.T("No file was written."), Safe: words.T("Your accounts are as they were.")}),
		Main:    kit.NewMainButton(words.T("Close"), f.Close),
		Others:  []*kit.Button{kit.NewButton(words.T("Back"), back)},
	})
}

// cancelButton leaves the flow.
func (f *Flow) cancelButton() *kit.Button { return kit.NewButton(words.T("Cancel"), f.Close) }
