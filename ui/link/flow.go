// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"errors"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// pages are the sheets, with what the one on show waits for.
type pages struct {
	kit.Pages
	browser *browser
}

// browser is where the user is asked.
type browser struct {
	mu  sync.Mutex
	url string
}

func (b *browser) opened(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.url = url
}

func (b *browser) address() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.url
}

// NewFlow returns a flow that shows nothing yet.
func NewFlow(a Around) *Flow {
	f := &Flow{Around: a}
	f.pages.Canvas, f.pages.Width, f.pages.Left = a.Canvas, 560, f.left
	return f
}

// left tells whoever began it that it was given up.
func (f *Flow) left() { f.finish(false) }

func (f *Flow) finish(ok bool) {
	done := f.done
	f.done = nil
	if done != nil {
		done(ok)
	}
}

// Close takes away what is shown and stops what is under way.
func (f *Flow) Close() { f.pages.Close() }

// Showing returns the sheet on show, or nil.
func (f *Flow) Showing() *kit.Sheet { return f.pages.Showing() }

var errNotOpen = errors.New("the vault is not open yet")

// Connect links, or links again; done may be nil and is told how it ended.
func (f *Flow) Connect(done func(ok bool)) {
	f.done, f.scopes = done, nil
	if f.Home() == nil {
		f.failed(errNotOpen)
		return
	}
	f.ask()
}

// AllowEnrol asks for the permission to set a method up, at the linked service; at
// the offered one where nothing is linked, which links it.
func (f *Flow) AllowEnrol(done func(ok bool)) {
	f.done, f.scopes = done, []link.Scope{link.Enrol}
	h := f.Home()
	if h == nil {
		f.failed(errNotOpen)
		return
	}
	if l, ok, err := h.Linked(); err == nil && ok {
		f.discover(l.Address)
		return
	}
	f.ask()
}

// AllowDesk asks for the permission to work at the desk of a service: that is the one
// at the address, or "" where it is to be asked for. It links nothing.
func (f *Flow) AllowDesk(address string, done func(ok bool)) {
	f.done, f.scopes = done, []link.Scope{link.DeskWork}
	switch {
	case f.Home() == nil:
		f.failed(errNotOpen)
	case address != "":
		f.discover(address)
	default:
		f.ask()
	}
}

// title is what the sheets are about.
func (f *Flow) title() string {
	if f.asksDesk() {
		return words.T("Work at the service’s desk")
	}
	return words.T("Link your Kutano")
}

func (f *Flow) asksDesk() bool { return slices.Contains(f.scopes, link.DeskWork) }

// about says what linking, or working at the desk, means.
func (f *Flow) about() fyne.CanvasObject {
	if f.asksDesk() {
		return kit.Rows(kit.Space8,
			kit.NewText(words.T("Your browser opens. Sign in there anew, and allow it: that takes a role at the service’s desk.")),
			kit.NewText(words.T("For ten minutes you can change something then, for an hour look users up. All that is done there is noted at the service, with your name.")))
	}
	return kit.Rows(kit.Space8,
		kit.NewText(words.T("Your browser opens, and you allow it there. Then this app can do three things:")),
		kit.Rows(-kit.Space8,
			bullet(kit.NewText, words.T("Show how two-factor authentication of your account stands.")),
			bullet(kit.NewText, words.T("Notice when it is changed elsewhere.")),
			bullet(kit.NewText, words.T("Set it up with you, if you allow that separately."))),
		kit.NewText(words.T("It sees no codes and no messages. Everything works without a link, too, and you can end it at any time.")))
}

// ask asks which service, and says what linking means.
func (f *Flow) ask() {
	address := kit.NewEntry("https://")
	address.SetText(f.offered())
	open := words.T("Link in my browser")
	if f.asksDesk() {
		open = words.T("Open my browser")
	}
	main := kit.NewMainButton(open, func() { f.discover(address.Text) })
	address.OnSubmitted = func(string) { f.discover(address.Text) }
	f.pages.Page(&kit.Sheet{
		Title: f.title(),
		Content: kit.Rows(kit.Space8, f.about(),
			kit.Rows(-kit.Space4, kit.NewQuiet(words.T("Address of the service")), address)),
		Main: main, Others: []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close)}, First: address,
	})
}

// offered is the address to begin with: of the link from before, or the usual one.
func (f *Flow) offered() string {
	if l, ok, err := f.Home().Linked(); err == nil && ok {
		return l.Address
	}
	return f.Address()
}

// discover finds the service, and asks the user in the browser.
func (f *Flow) discover(address string) {
	f.pages.Busy(f.title(), words.T("Looking for the service…"), f.Close)
	kit.Work(&f.pages.Pages, func(ctx context.Context) (link.Service, error) { return f.Discover(ctx, address) }, func(s link.Service, err error) {
		if err != nil {
			f.failed(err)
			return
		}
		f.inBrowser(s)
	}, nil)
}

// inBrowser waits for the browser.
func (f *Flow) inBrowser(s link.Service) {
	b := &browser{}
	f.pages.browser = b
	again := kit.NewButton(words.T("Open it again"), func() { f.again(b) })
	others := []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close), again}
	// A code that is typed could be somebody else's: it is not for a helpdesk's work.
	byCode := s.CanDevice() && !f.asksDesk()
	if byCode {
		others = append(others, kit.NewButton(words.T("Use a code instead"), func() { f.byCode(s) }))
	}
	f.pages.Page(&kit.Sheet{
		Title: words.T("Your browser opens…"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("Sign in at {service} and press “Allow”. This goes on by itself then.", "service", s.Host())),
			kit.NewQuiet(words.T("Look at the address there: it has to be {service}.", "service", s.Host()))),
		Others: others, First: again,
	})
	scopes, h := f.scopes, f.Home()
	kit.Work(&f.pages.Pages, func(ctx context.Context) (link.Permission, error) {
		return s.Browser(ctx, scopes, func(url string) error {
			b.opened(url)
			return f.Open(url)
		})
	}, func(p link.Permission, err error) {
		if errors.Is(err, link.ErrNoBrowser) && byCode {
			f.byCode(s)
			return
		}
		f.allowed(p, err)
	}, func(p link.Permission) { late(h, p) })
}

// late gives back what was allowed after the user had given up, or the app was
// locked. Home is from before: giving back needs nothing that is locked.
func late(h Home, p link.Permission) {
	if h == nil || p.Refresh.Len() == 0 {
		p.Clear()
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (struct{}, error) { return struct{}{}, h.Refuse(ctx, p) }, func(struct{}, error) {})
}

func (f *Flow) again(b *browser) {
	if url := b.address(); url != "" {
		if err := f.Open(url); err != nil {
			kit.ShowMessage(f.Canvas(), kit.Look, words.T("Open it again"), messageOf(link.ErrNoBrowser), nil)
		}
	}
}

// allowed keeps what the user allowed.
func (f *Flow) allowed(p link.Permission, err error) {
	h := f.Home()
	if err == nil && h == nil {
		p.Clear()
		err = errNotOpen
	}
	if err != nil {
		f.failed(err)
		return
	}
	f.pages.Busy(f.title(), words.T("It was allowed. Looking at your account…"), f.Close)
	scopes := f.scopes
	kit.Work(&f.pages.Pages, func(ctx context.Context) (link.Linked, error) {
		if err := take(ctx, h, p, scopes); err != nil {
			return link.Linked{}, err
		}
		if !slices.Contains(scopes, link.DeskWork) {
			_, _, _ = h.Refresh(ctx) // what could not be asked now is asked later
		}
		l, _, err := h.Linked()
		return l, err
	}, func(l link.Linked, err error) {
		f.took()
		switch {
		case err != nil:
			f.failed(err)
		case len(scopes) > 0: // who asked for it goes on
			done := f.done
			f.done = nil
			f.Close()
			if done != nil {
				done(true)
			}
		default:
			f.linked(l)
		}
	}, func(link.Linked) { f.took() })
}

// take keeps what was allowed, by what it is for.
func take(ctx context.Context, h Home, p link.Permission, scopes []link.Scope) (err error) {
	switch {
	case slices.Contains(scopes, link.DeskWork):
		_, err = h.TakeDesk(ctx, p)
	case len(scopes) > 0:
		err = h.TakeEnrol(ctx, p)
	default:
		_, err = h.Take(ctx, p)
	}
	return err
}

func (f *Flow) took() {
	f.Changed()
	f.show()
}

// linked says that it is done.
func (f *Flow) linked(l link.Linked) {
	rows := []fyne.CanvasObject{kit.NewStrong(l.Who.Email), kit.NewQuiet(l.Host())}
	for _, line := range statusLines(l) {
		rows = append(rows, kit.NewText(line))
	}
	f.finish(true)
	f.pages.Page(&kit.Sheet{
		Title: words.T("Your Kutano is linked"), Content: kit.Rows(-kit.Space4, rows...),
		Main: kit.NewMainButton(words.T("Done"), f.Close),
	})
}

// failed says what went wrong, and offers to try again.
func (f *Flow) failed(err error) {
	if errors.Is(err, context.Canceled) {
		f.Close()
		return
	}
	again := kit.NewMainButton(words.T("Try again"), f.retry)
	closing := kit.NewButton(words.T("Close"), f.Close)
	s := &kit.Sheet{Title: words.T("That did not work"), Content: kit.NewMessage(kit.Look, messageOf(err)), Main: again, Others: []*kit.Button{closing}}
	if errors.Is(err, errNotOpen) {
		s.Main, s.Others = kit.NewMainButton(words.T("Close"), f.Close), nil
	}
	f.pages.Page(s)
}

func (f *Flow) retry() {
	if f.Home() == nil {
		f.failed(errNotOpen)
		return
	}
	f.ask()
}

func messageOf(err error) kit.Message {
	if errors.Is(err, errNotOpen) {
		return kit.Message{
			What: words.T("Your accounts are not open yet."),
			Next: words.T("Unlock them first, then try again."),
		}
	}
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}
