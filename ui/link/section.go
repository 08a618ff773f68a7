// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// section is the part of the settings about the linked service.
type section struct{ body *fyne.Container }

// Section returns what the settings show. It follows what is linked.
func (f *Flow) Section() fyne.CanvasObject {
	f.section = &section{body: kit.Rows(kit.Space8)}
	f.show()
	return kit.Rows(0, kit.NewTitle(words.T("Your Kutano")), kit.NewCard(f.section.body), kit.VGap(kit.Space8))
}

// show shows what is linked now.
func (f *Flow) show() {
	if f.section == nil {
		return
	}
	f.section.body.Objects = f.state()
	f.section.body.Refresh()
}

func (f *Flow) state() []fyne.CanvasObject {
	h := f.Home()
	if h == nil {
		return part(words.T("Your accounts are not open yet."), nil)
	}
	l, ok, err := h.Linked()
	switch {
	case err != nil:
		return part(words.T("Not linked"), []fyne.CanvasObject{kit.NewMessage(kit.Look, messageOf(err))}, f.linkButton(words.T("Link again…")))
	case !ok:
		return part(words.T("Not linked"), []fyne.CanvasObject{
			kit.NewQuiet(words.T("Linked, this app shows how two-factor authentication of your account stands, and notices when it is changed elsewhere.")),
			kit.NewQuiet(words.T("It is not needed: everything works without.")),
		}, f.linkButton(words.T("Link your Kutano…")))
	}
	return f.linkedState(l)
}

func (f *Flow) linkButton(text string) fyne.CanvasObject {
	return kit.AtLeft(kit.NewQuietButton(text, func() { f.Connect(nil) }))
}

// linkedState shows who is linked, since when, and how the account stands.
func (f *Flow) linkedState(l link.Linked) []fyne.CanvasObject {
	about := []fyne.CanvasObject{kit.NewQuiet(words.T("{service}, linked {date}", "service", l.Host(), "date", day(l.Since)))}
	if l.Ended {
		about = append(about, kit.NewMessage(kit.Look, messageOf(link.ErrEnded)))
		return part(l.Who.Email, about, f.linkButton(words.T("Link again…")), f.endButton(l, words.T("Forget it")))
	}
	for _, line := range statusLines(l) {
		about = append(about, kit.NewText(line))
	}
	if !l.SeenAt.IsZero() {
		about = append(about, kit.NewQuiet(words.T("Looked at {time}", "time", l.SeenAt.Local().Format("2006-01-02 15:04"))))
	}
	if f.looked != nil {
		about = append(about, kit.NewMessage(kit.Look, messageOf(f.looked)))
	}
	about = append(about, kit.NewQuiet(words.T("What it may do:")))
	for _, s := range l.Scopes {
		about = append(about, bullet(kit.NewQuiet, link.SayScope(s)))
	}
	watch := kit.NewCheck(words.T("Look by itself, at the start and every hour"), nil)
	watch.SetChecked(l.Watched)
	watch.OnChanged = f.watch
	again := kit.NewQuietButton(words.T("Look now"), f.Look)
	if f.looking {
		again.Disable()
	}
	about = append(about, kit.Inset(watch, kit.Space8, kit.Space8, -kit.Space8, 0))
	return part(l.Who.Email, about, kit.AtLeft(again), f.endButton(l, words.T("End the link…")))
}

func (f *Flow) endButton(l link.Linked, text string) fyne.CanvasObject {
	return kit.AtLeft(kit.NewQuietButton(text, func() {
		kit.Confirm(f.Canvas(), words.T("End the link with {service}?", "service", l.Host()),
			words.T("Your accounts and codes stay as they are. This app then no longer notices when something is changed there."),
			words.T("End the link"), false, f.end)
	}))
}

// part is the icon with its sentences and buttons.
func part(title string, about []fyne.CanvasObject, buttons ...fyne.CanvasObject) []fyne.CanvasObject {
	texts := kit.Rows(-kit.Space8, append([]fyne.CanvasObject{kit.NewText(title)}, about...)...)
	rows := kit.Rows(0, texts)
	if len(buttons) > 0 {
		rows.Add(kit.AdaptiveGap(400, 0, buttons...))
	}
	sign := container.NewVBox(kit.Inset(kit.NewIcon(kit.IconSetup, theme.ColorNamePrimary, 24), kit.Space8, 0, 0, kit.Space4))
	return []fyne.CanvasObject{container.NewBorder(nil, nil, sign, nil, rows)}
}

func day(t time.Time) string { return t.Local().Format("2006-01-02") }

// statusLines say how the account stood when it was looked at.
func statusLines(l link.Linked) []string {
	if l.SeenAt.IsZero() {
		return []string{words.T("Nobody has looked at the account yet.")}
	}
	s := l.Seen
	lines := []string{link.SayMethod(s)}
	if s.Enabled {
		lines = append(lines, link.SaySince(s, time.Local), link.SayCodes(s.Codes))
	}
	if s.Blocked {
		lines = append(lines, link.Say(link.AccountShut))
	}
	if !s.EnrolBy.IsZero() {
		lines = append(lines, words.T("Set it up again by {date}.", "date", s.EnrolBy.Local().Format("2006-01-02 15:04")))
	}
	return lines
}

// Ask looks at the status as Look does, for somebody who waits for it: done is told
// what was in the way, nil for nothing; link.ErrNotLinked while nothing can be linked.
func (f *Flow) Ask(done func(error)) {
	if f.Home() == nil {
		done(link.ErrNotLinked)
		return
	}
	f.waiting = append(f.waiting, done)
	f.Look()
}

// Look asks for the status, and shows it.
func (f *Flow) Look() {
	h := f.Home()
	if h == nil || f.looking {
		return
	}
	f.looking = true
	f.show()
	kit.Go(context.Background(), func(ctx context.Context) (struct{}, error) {
		_, _, err := h.Refresh(ctx)
		return struct{}{}, err
	}, func(_ struct{}, err error) {
		waiting := f.waiting
		f.looking, f.looked, f.waiting = false, err, nil
		if errors.Is(err, link.ErrEnded) {
			f.looked = nil // the section says it anyway
		}
		f.Changed()
		f.show()
		for _, done := range waiting {
			done(err)
		}
	})
}

// Watch looks at the status where something is linked and the user did not say
// otherwise. It is called at the start and then every hour; nothing is said of a
// service that cannot be reached.
func (f *Flow) Watch() {
	h := f.Home()
	if h == nil {
		return
	}
	if l, ok, err := h.Linked(); err == nil && ok && !l.Ended && l.Watched {
		f.Look()
	}
}

// Refresh shows anew what is linked, after the vault was opened or locked.
func (f *Flow) Refresh() { f.show() }

func (f *Flow) watch(on bool) {
	f.change(func(ctx context.Context, h Home) error { return h.SetWatched(ctx, on) })
}

func (f *Flow) end() {
	f.looked = nil
	f.change(func(ctx context.Context, h Home) error { return h.Unlink(ctx) })
}

// change changes the link, and shows what came of it.
func (f *Flow) change(do func(context.Context, Home) error) {
	h := f.Home()
	if h == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx, h) }, func(_ struct{}, err error) {
		f.Changed()
		f.show()
		if _, ok, lerr := h.Linked(); err != nil && lerr == nil && !ok { // it is gone here; only the service could not be told
			kit.ShowMessage(f.Canvas(), kit.Look, words.T("End the link"), kit.Message{
				What: words.T("The link is ended here, and the service could not be told."),
				Next: words.T("End it there, too: in its settings, at “Linked apps”."),
			}, nil)
			return
		}
		if err != nil {
			kit.ShowMessage(f.Canvas(), kit.Look, words.T("Your Kutano"), messageOf(err), nil)
		}
	})
}

// bullet is a sentence of a list, in letters of the given kind.
func bullet(letters func(string) *widget.Label, text string) fyne.CanvasObject {
	dot := letters("•")
	dot.Wrapping = fyne.TextWrapOff
	return container.NewBorder(nil, nil, container.NewVBox(dot), nil, letters(text))
}
