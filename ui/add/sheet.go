// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// Around is what adding needs of the window it happens in.
type Around struct {
	Accounts func() Accounts // nil until the vault is open
	Eyes     Eyes
	Clock    clock.Clock
	Canvas   func() fyne.Canvas
	// Hide takes our own window off the screen before it is looked at, and
	// Show brings it back. Pause is how long the desktop needs to repaint.
	Hide, Show func()
	Pause      time.Duration
	// Choose lets the user choose a picture; it calls chosen with none when
	// the user thinks better of it.
	Choose func(chosen func(Picture, bool), fail func(error))
	Row    func(id vault.ID, now time.Time) (codes.Row, bool)
	Plain  func() bool       // seconds as a number instead of a ring; may be nil
	Veiled func() bool       // dots in place of every code; may be nil
	Forget func(id vault.ID) // its codes are of an old key
	Reload func()
	Copy   func(id vault.ID) // copies the code of an account
	Done   func(id vault.ID) // the user has seen what was added
	// Other shows how accounts come from other apps; nil where that cannot be.
	// Foreign tells a text that is a file of another app, and Bring takes it, or a
	// text with more accounts than are shown well here.
	Other   func()
	Foreign func(text string) bool
	Bring   func(text string)
	// Profile takes the text of a workspace's profile; nil where that cannot be.
	Profile func(text string)
}

// Flow leads from a source to kept accounts, one sheet after another. It is
// used on the user interface's goroutine.
type Flow struct {
	Around

	sheet   *kit.Sheet
	cancel  context.CancelFunc
	texts   []string // of the parts of a transfer that came so far
	finding Finding
	form    Form
	card    *doneCard
	// expected is what is waited for, nil without anything; see Expect.
	expected *Expected
	hidden   bool
	turn     int // raised at each new piece of work: what comes late is dropped
}

// NewFlow returns a flow that shows nothing yet.
func NewFlow(a Around) *Flow { return &Flow{Around: a, form: emptyForm()} }

// page shows one sheet in place of the one before.
func (f *Flow) page(s *kit.Sheet) {
	f.dismiss()
	if s.Width == 0 {
		s.Width = 520
	}
	s.OnClose = f.closed
	f.sheet = s
	s.Show(f.Canvas())
}

// dismiss takes the sheet away while the flow goes on.
func (f *Flow) dismiss() {
	if old := f.sheet; old != nil {
		f.sheet = nil
		old.OnClose = nil
		old.Close()
	}
}

func (f *Flow) closed() {
	f.stop()
	f.sheet = nil
	f.texts = nil
	if c := f.card; c != nil {
		f.card = nil
		f.Done(c.account.ID)
	}
}

// Close takes away what is shown and stops what is under way.
func (f *Flow) Close() {
	if f.sheet != nil {
		f.sheet.Close()
	}
}

// Lock closes what is shown and forgets every key that was found or typed. The
// keys' memory is not cleared: what is just being kept may still need them.
func (f *Flow) Lock() {
	f.Close()
	f.stop()
	f.finding, f.form, f.texts, f.card, f.expected = Finding{}, emptyForm(), nil, nil, nil
}

// Showing returns the sheet on show, or nil.
func (f *Flow) Showing() *kit.Sheet { return f.sheet }

// Tick lets the card with the new account's code follow the time.
func (f *Flow) Tick(now time.Time) {
	if f.card != nil {
		f.card.show(f.Row, now, f.veiled())
	}
}

func (f *Flow) veiled() bool { return f.Veiled != nil && f.Veiled() }

// Open shows the ways to add an account.
func (f *Flow) Open() {
	f.card = nil
	scan := kit.NewDoor(kit.IconScreen, words.T("Scan the screen"),
		words.T("The QR code is open on this screen, in a browser for example."), f.Scan)
	picture := kit.NewDoor(kit.IconPicture, words.T("Open a picture"),
		words.T("A screenshot or a photo of the QR code. You can also drop it onto this window."), f.OpenPicture)
	paste := kit.NewDoor(kit.IconPaste, words.T("Paste"),
		words.T("A picture or a link that starts with otpauth, from the clipboard."), f.Paste)
	typed := kit.NewDoor(kit.IconKeyboard, words.T("Type it in"),
		words.T("The key that the service shows as text, beside its QR code."), f.Type)
	f.page(&kit.Sheet{
		Title:   words.T("Add an account"),
		Content: kit.Rows(kit.Space12, append([]fyne.CanvasObject{scan, picture, paste, typed}, f.other()...)...),
		First:   scan,
	})
}

// other is the way to accounts of other apps.
func (f *Flow) other() []fyne.CanvasObject {
	if f.Other == nil {
		return nil
	}
	b := kit.NewQuietButton(words.T("Bring accounts from another app"), func() {
		f.Close()
		f.Other()
	})
	b.SetIcon(kit.IconInto)
	return []fyne.CanvasObject{kit.Cols(0, b)}
}

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
	f.unhide()
}

func (f *Flow) hideWindow() {
	f.hidden = true
	f.Hide()
}

func (f *Flow) unhide() {
	if f.hidden {
		f.hidden = false
		f.Show()
	}
}

// working says what is being done, and lets the user stop it.
func (f *Flow) working(sentence string) {
	cancel := kit.NewButton(words.T("Cancel"), func() {
		f.stop()
		f.Open()
	})
	f.page(&kit.Sheet{
		Title:   words.T("One moment"),
		Content: kit.NewText(sentence),
		Others:  []*kit.Button{cancel},
		First:   cancel,
	})
}

// Scan looks at all monitors, with our own window out of the way.
func (f *Flow) Scan() {
	f.working(words.T("Looking at your screen…"))
	ctx, turn := f.begin()
	f.hideWindow()
	kit.Go(ctx, func(ctx context.Context) (Texts, error) {
		select {
		case <-ctx.Done():
			return Texts{}, ctx.Err()
		case <-time.After(f.Pause):
		}
		return LookAtScreen(ctx, f.Eyes, func(monitors int) {
			fyne.Do(func() {
				if turn != f.turn {
					return
				}
				f.unhide()
				f.working(words.N(monitors, "Looking at 1 screen…", "Looking at {n} screens…"))
			})
		})
	}, func(t Texts, err error) { f.looked(turn, t, err, f.Scan) })
}

// OpenPicture lets the user choose a picture and reads it.
func (f *Flow) OpenPicture() {
	from := f.sheet != nil
	f.dismiss()
	f.Choose(func(p Picture, ok bool) {
		switch {
		case ok:
			f.Pictures([]Picture{p})
		case from:
			f.Open()
		}
	}, func(err error) { f.failed(err, f.OpenPicture) })
}

// Pictures reads pictures that were chosen or dropped.
func (f *Flow) Pictures(ps []Picture) {
	if len(ps) == 0 {
		return
	}
	f.working(words.N(len(ps), "Looking at 1 picture…", "Looking at {n} pictures…"))
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (Texts, error) {
		return LookAtPictures(ctx, f.Eyes, ps, func(int, int) {})
	}, func(t Texts, err error) { f.looked(turn, t, err, f.OpenPicture) })
}

// Paste reads the picture or the text in the clipboard.
func (f *Flow) Paste() {
	f.working(words.T("Looking into the clipboard…"))
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (Texts, error) {
		return LookAtClipboard(ctx, f.Eyes)
	}, func(t Texts, err error) { f.looked(turn, t, err, f.Paste) })
}

// Link reads a link that another program handed over.
func (f *Flow) Link(uri string) {
	_, turn := f.begin()
	f.looked(turn, Texts{Texts: []string{uri}}, nil, nil)
}

// looked goes on with what a source said.
func (f *Flow) looked(turn int, t Texts, err error, again func()) {
	if turn != f.turn {
		return
	}
	f.unhide()
	if err != nil {
		f.failed(err, again)
		return
	}
	accounts := f.Accounts()
	if accounts == nil {
		f.failed(errNotOpen, again)
		return
	}
	all := append(append([]string(nil), f.texts...), t.Texts...)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (Finding, error) {
		if f.foreign(t) {
			return Finding{Foreign: true}, nil
		}
		return Inspect(ctx, all, accounts)
	}, func(found Finding, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, again)
		case found.Foreign || f.Bring != nil && len(found.Candidates) > manyAccounts:
			f.Close()
			f.Bring(strings.Join(all, "\n"))
		case found.Nothing():
			f.noAccount(t, again)
		default:
			f.texts = all
			f.finding = found
			f.show(t)
		}
	})
}

// noAccount goes on where there is no account: with a workspace's profile that was
// met instead, as long as there is only one.
func (f *Flow) noAccount(t Texts, again func()) {
	text, err := profile.Among(t.Texts)
	switch {
	case f.Profile == nil, errors.Is(err, profile.ErrNone):
		f.nothing(t)
	case err != nil:
		f.failed(err, again)
	default:
		f.Close()
		f.Profile(text)
	}
}

// manyAccounts is more than can be shown without a list of its own.
const manyAccounts = 20

// foreign tells a text that is a file of another app.
func (f *Flow) foreign(t Texts) bool {
	return f.Foreign != nil && f.Bring != nil && len(t.Texts) == 1 && t.Pictures == 0 && f.Foreign(t.Texts[0])
}

var errNotOpen = errors.New("the vault is not open yet")

// failed says what went wrong and offers another way.
func (f *Flow) failed(err error, again func()) {
	if IsCancelled(err) {
		f.Close()
		return
	}
	m := explain.Error(err)
	if errors.Is(err, errNotOpen) {
		m = explain.Message{
			What: words.T("Your accounts are not open yet."),
			Next: words.T("Unlock them first, then try again."),
		}
	}
	main := kit.NewMainButton(words.T("Another way"), f.Open)
	s := &kit.Sheet{
		Title:   words.T("That did not work"),
		Content: kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}),
		Main:    main,
	}
	if again != nil {
		s.Others = []*kit.Button{kit.NewButton(words.T("Try again"), again)}
	}
	f.page(s)
}

// nothing says why there may be no code and what to try next.
func (f *Flow) nothing(t Texts) {
	title := words.T("No QR code found")
	reasons := []string{
		words.T("The code is partly covered, or the page is scrolled: all four corners have to be visible."),
		words.T("The code is small: make the page larger with Ctrl and +, then scan again."),
		words.T("It is on another device: take a photo of it and open that here."),
	}
	switch {
	case len(t.Texts) > 0 && t.Pictures > 0:
		title = words.T("A QR code, but not one for an authenticator")
		reasons[0] = words.T("It may be another QR code: the right one appears while you switch two-factor sign-in on.")
	case len(t.Texts) > 0:
		title = words.T("No account in this text")
		reasons = []string{
			words.T("A link for an authenticator starts with otpauth. The service shows it beside or behind its QR code."),
			words.T("Something else may have been copied since. Copy the link or the picture once more."),
			words.T("If you have the key only, letters and digits, choose “Type it in”."),
		}
	}
	rows := make([]fyne.CanvasObject, 0, len(reasons)+2)
	rows = append(rows, kit.NewText(words.T("These are the usual reasons:")))
	for _, r := range reasons {
		rows = append(rows, bullet(kit.IconInfo, r))
	}
	for _, failure := range t.Failed {
		rows = append(rows, bullet(kit.IconWarning, failure.Name+": "+explain.Reason(failure.Err)))
	}
	main := kit.NewMainButton(words.T("Scan the screen again"), f.Scan)
	main.SetIcon(kit.IconScreen)
	f.page(&kit.Sheet{
		Title: title, Content: kit.Rows(kit.Space8, rows...), Main: main,
		Others: []*kit.Button{
			kit.NewButton(words.T("Open a picture"), f.OpenPicture),
			kit.NewButton(words.T("Type it in"), f.Type),
		},
	})
}
