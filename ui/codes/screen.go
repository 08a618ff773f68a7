// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Keeper is what the screen changes about accounts. [*vault.Vault] is one.
type Keeper interface {
	Update(ctx context.Context, id vault.ID, d vault.Details) (vault.Account, error)
	Remove(ctx context.Context, id vault.ID) error
	Restore(ctx context.Context, id vault.ID) error
	Reorder(ctx context.Context, ids []vault.ID) error
	Key(ctx context.Context, id vault.ID) (otpauth.Key, error)
	MarkUsed(ctx context.Context, id vault.ID, at time.Time) error
}

// Around is what the screen needs of the window it stands in.
type Around struct {
	Model  *Model
	Clock  clock.Clock        // the time that codes are made for
	Wall   clock.Clock        // the device's own, for all else
	Keeper func() Keeper      // nil until the vault is open
	Canvas func() fyne.Canvas // where dialogs and menus go
	Toast  func() *kit.Toast  // where short messages go
	Copy   func(text string)  // puts a code into the clipboard for a while
	// Copied is told of each code that was copied and goes by the clock: when it
	// began, and the seconds that it is valid for. It may be nil.
	Copied    func(id vault.ID, from time.Time, period int)
	ShowClock func()               // shows why codes are corrected
	Add       func()               // opens the sheet that adds accounts
	Reload    func()               // reads the accounts again after a change
	Fail      func(err error)      // shows what went wrong
	Clear     func() time.Duration // how long a copied code stays; 0 for ever
}

// Screen is the list of codes. It is used on the user interface's goroutine.
type Screen struct {
	Around

	Search *kit.Entry
	Mark   *kit.Mark // shown while codes are corrected
	List   *widget.List
	object *fyne.Container
	top    *fyne.Container
	empty  *fyne.Container
	list   *list

	settings Settings
	selected vault.ID
	narrow   bool
	pending  atomic.Pointer[pendingCopy] // nil when no copy waits
	qr       *qrSheet
}

// pendingCopy is a copy that waits for a code or for the next code.
type pendingCopy struct {
	id  vault.ID
	due time.Time // not before
}

// New returns the screen.
func New(a Around) *Screen {
	if a.Wall == nil {
		a.Wall = a.Clock
	}
	s := &Screen{Around: a}
	s.Search = kit.NewSearch(words.T("Search or type a name"))
	s.Search.OnChanged = s.searched
	s.Search.OnKey = func(k fyne.KeyName) bool { return s.searchKey(k) }
	s.list = newList(s)
	s.List = &s.list.List
	plus := kit.NewMainButton(words.T("Add"), func() { s.Add() })
	plus.SetIcon(kit.IconAdd)
	s.Mark = kit.NewMark(kit.IconClock, func() { s.ShowClock() })
	s.top = container.NewBorder(nil, nil, nil, kit.Inset(kit.Cols(kit.Space4, s.Mark, plus), 0, 0, kit.Space8, 0), s.Search)
	top := kit.Inset(s.top, kit.Space12, kit.Space8, kit.Space8, kit.Space8)
	s.empty = container.NewStack()
	s.empty.Hide()
	foot := kit.NewQuiet(words.T("Kutano support will never ask you for these codes."))
	foot.Alignment = fyne.TextAlignCenter
	body := container.New(&watchWidth{s.resized}, container.NewStack(s.list, s.empty))
	s.object = kit.MaxWidth(container.NewBorder(top, foot, nil, nil, kit.Inset(body, 0, 0, kit.Space4, kit.Space4)), 720)
	return s
}

// Waiting reports whether a copy waits for a code, so that ticks are needed
// even if nobody sees them. It may be called from any goroutine.
func (s *Screen) Waiting() bool { return s.pending.Load() != nil }

// Object returns what is drawn.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// watchWidth fills its space with its objects and says how wide it became.
type watchWidth struct{ say func(width float32) }

func (w *watchWidth) Layout(os []fyne.CanvasObject, size fyne.Size) {
	w.say(size.Width)
	for _, o := range os {
		o.Resize(size)
		o.Move(fyne.Position{})
	}
}

func (w *watchWidth) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, 160)
}

func (s *Screen) resized(width float32) {
	narrow := width < narrowBelow
	if narrow == s.narrow {
		return
	}
	s.narrow = narrow
	s.list.Refresh()
}

// SetSettings applies the user's choice.
func (s *Screen) SetSettings(c Settings) {
	s.settings = c
	s.Model.SetSettings(c)
	s.Refresh()
}

// Refresh shows the model's accounts anew, for example after a change.
func (s *Screen) Refresh() {
	if s.Model.Index(s.selected) < 0 {
		s.selected = ""
		if a, ok := s.Model.Account(0); ok && s.Model.Query() != "" {
			s.selected = a.ID
		}
	}
	s.showEmpty()
	now := s.Clock.Now()
	s.list.now = now
	s.list.Refresh()
	s.Tick(now)
}

// SetMark shows by how much codes are corrected, as a sign and as a sentence;
// "" for not at all.
func (s *Screen) SetMark(sign, sentence string) {
	if s.Mark.Set(sign, sentence) {
		s.top.Refresh()
	}
}

// Turned is called after the time that codes are made for has jumped: what is
// known of codes, and what waits for one, is of another time.
func (s *Screen) Turned() {
	s.pending.Store(nil)
	s.Model.Turned()
	s.Tick(s.Clock.Now())
}

// Tick is called each second, and when codes came. It draws only what has
// changed in the rows in view.
func (s *Screen) Tick(now time.Time) {
	s.finishCopy(now)
	s.list.now = now
	s.list.update()
	if s.qr != nil {
		s.qr.tick(s.Wall.Now())
	}
}

// Lock takes every code out of the model and off the screen, closes an account's
// QR code and drops a copy that waits. What is searched for and which account is
// marked stay, for after [Model.SetSource].
func (s *Screen) Lock() {
	s.Model.Lock()
	s.pending.Store(nil)
	s.CloseQR()
	for _, v := range s.list.drew {
		v.wipe()
	}
}

// CloseQR takes an account's QR code off the screen, if one is shown.
func (s *Screen) CloseQR() {
	if s.qr != nil {
		s.qr.sheet.Close()
	}
}

func (s *Screen) showEmpty() {
	if s.Model.Len() > 0 {
		s.empty.Hide()
		return
	}
	s.empty.RemoveAll()
	if q := s.Model.Query(); q != "" {
		title := centred(kit.NewTitle(words.T("No account matches “{query}”", "query", q)))
		title.Wrapping = fyne.TextWrapWord
		s.empty.Add(container.NewVBox(kit.VGap(3*kit.Space24), kit.MaxWidth(kit.Rows(kit.Space8,
			title,
			centred(kit.NewText(words.T("Try a part of the service’s name or of your e-mail address. Every word you type has to be found."))),
			container.NewCenter(kit.NewButton(words.T("Show all accounts"), s.clearSearch)),
		), 420)))
	}
	s.empty.Show()
}

func centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	return l
}

func (s *Screen) searched(q string) {
	if q == " " {
		// A blank finds nothing: it is the key that shows a hidden code.
		s.Search.SetText("")
		s.reveal(s.selected)
		return
	}
	s.Model.SetQuery(q)
	s.selected = ""
	s.list.ScrollToTop()
	s.Refresh()
}

func (s *Screen) clearSearch() {
	s.Search.SetText("")
	s.searched("")
	s.Canvas().Unfocus()
}
