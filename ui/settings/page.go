// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
)

// Place is where the keys are kept.
type Place int

// The places.
const (
	InKeyring Place = iota // this computer's keyring
	InFile                 // a sealed file under a passphrase
)

// Unread is an account's entry that could not be read.
type Unread struct {
	Name   string // as far as it can be told
	Reason string // a sentence
}

// Removed is an account that was removed and can come back.
type Removed struct {
	ID     string
	Title  string // the service
	Name   string // the account there; may be empty
	Erases time.Time
}

// Bin keeps removed accounts for a while.
type Bin interface {
	// Removed returns them, newest first.
	Removed() []Removed
	// Restore brings one back.
	Restore(ctx context.Context, id string) error
	// Erase makes one go for good.
	Erase(ctx context.Context, id string) error
}

// Parts is what the page shows and whom it calls. Only File and Canvas have to
// be there.
type Parts struct {
	File     *File
	Canvas   func() fyne.Canvas
	Changed  func(Settings)         // called with each change, to put it to use
	Now      func() time.Time       // for the days that are left
	Bin      Bin                    // removed accounts
	Unread   func() []Unread        // accounts that could not be read
	Context  func() context.Context // ends with the app
	Moved    func()                 // called after an account was restored or erased
	Tray     bool                   // whether there is a tray to close to
	Keys     Place                  // where the keys are
	MoveKeys func()                 // asks, then moves the keys to the other place; nil where that cannot be
	Sections []fyne.CanvasObject    // of other rooms: safety copies, the clock …
	Dir      string                 // the data folder
	Version  string                 // such as "0.3.0"

	Lock             Lock   // whether there is a passphrase
	SetPassphrase    func() // asks for a first or another passphrase; nil where there can be none
	RemovePassphrase func() // asks, then does without a passphrase
	KnowsMinimised   bool   // whether it can be told that the window is minimised
	KnowsScreen      bool   // whether it can be told that the screen is locked
	Capture          bool   // whether the system can keep screenshots from showing the window
}

// Page is the settings page.
type Page struct {
	parts   Parts
	object  fyne.CanvasObject
	choices *choices
	lock    *fyne.Container
	keys    *fyne.Container
	unread  *fyne.Container
	removed *fyne.Container
}

// NewPage returns the page.
func NewPage(parts Parts) *Page {
	p := &Page{parts: parts.complete(), unread: kit.Rows(kit.Space8), removed: kit.Rows(kit.Space8)}
	p.choices = newChoices(p.parts)
	column := kit.NewColumn(p.choices.sections()...)
	rows := column.Objects[0].(*fyne.Container)
	p.lock = container.NewStack(p.lockSection())
	rows.Add(p.lock)
	p.keys = container.NewStack(p.keysSection())
	rows.Add(p.keys)
	for _, s := range p.parts.Sections {
		rows.Add(s)
	}
	rows.Add(p.unread)
	rows.Add(p.removed)
	rows.Add(p.about())
	p.object = container.NewVScroll(kit.Pad(column, kit.Space16))
	p.Reload()
	return p
}

// Object returns what to show.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Reload shows anew which accounts could not be read and which were removed.
func (p *Page) Reload() {
	p.showUnread()
	p.showRemoved()
}

// complete puts something harmless in the place of what is missing.
func (p Parts) complete() Parts {
	if p.Changed == nil {
		p.Changed = func(Settings) {}
	}
	if p.Unread == nil {
		p.Unread = func() []Unread { return nil }
	}
	if p.Context == nil {
		p.Context = context.Background
	}
	if p.Moved == nil {
		p.Moved = func() {}
	}
	return p
}

// message is what a person reads about an error.
func message(err error) kit.Message {
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}
