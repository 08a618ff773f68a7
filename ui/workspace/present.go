// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
)

// present shows what a profile says and what its signature is worth, before it is
// kept.
func (f *Flow) present(m met) {
	s := &kit.Sheet{Content: kit.Rows(kit.Space12, append(worth(m), lines(m.profile.Lines()))...)}
	use := func() { f.use(m.profile) }
	switch {
	case m.inUse():
		s.Title, s.Main = words.T("This profile is in use already"), kit.NewMainButton(words.T("Done"), f.Close)
	case m.trust.Asks():
		s.Title = words.T("Use this profile all the same?")
		s.Main = kit.NewMainButton(words.T("Keep the one in use"), f.Close)
		s.Others = []*kit.Button{kit.NewDangerButton(words.T("Use it all the same"), use)}
	default:
		s.Title, s.Main = words.T("Use this profile?"), kit.NewMainButton(words.T("Use this profile"), use)
		s.Others = []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close)}
	}
	s.First = s.Main
	f.pages.Page(s)
}

// inUse tells whether it is the profile in use, with the same signature.
func (m met) inUse() bool {
	now := m.now.profile
	return m.now.own && m.profile.Same(now) && string(m.profile.Signer) == string(now.Signer)
}

// worth says what the signature is worth, with the key to compare with.
func worth(m met) []fyne.CanvasObject {
	says := m.trust.Says(m.profile)
	switch {
	case m.trust.Asks():
		return []fyne.CanvasObject{kit.NewMessage(kit.Look, kit.Message{
			What: says, Safe: words.T("The key that is remembered is {key}.", "key", m.now.signer.Fingerprint()),
		})}
	case m.trust == profile.Unsigned:
		return []fyne.CanvasObject{sign(kit.Look, says)}
	case m.trust == profile.Known:
		return []fyne.CanvasObject{sign(kit.Good, says)}
	}
	return []fyne.CanvasObject{sign(kit.Calm, says)}
}

// sign is a sentence beside the icon of its tone.
func sign(t kit.Tone, text string) fyne.CanvasObject {
	name, in := t.Icon()
	icon := container.NewVBox(kit.Inset(kit.NewIcon(name, in, 24), kit.Space8, 0, 0, kit.Space4))
	return container.NewBorder(nil, nil, icon, nil, kit.NewText(text))
}

// use keeps a profile.
func (f *Flow) use(p profile.Profile) {
	f.keep(func() error { return f.Keeper.Use(p) }, func() {
		f.pages.Page(&kit.Sheet{
			Title: words.T("Your workspace’s profile is in use"), Width: 480,
			Content: kit.NewMessage(kit.Good, kit.Message{
				What: words.T("The guide, the reminders and the way to your settings go by it now."),
				Next: words.T("Which one is in use stands in the settings, at “Your workspace”."),
			}),
			Main: kit.NewMainButton(words.T("Done"), f.Close),
		})
	})
}

// keep changes what is kept, and goes on with done.
func (f *Flow) keep(change func() error, done func()) {
	f.pages.Busy(words.T("One moment"), words.T("Keeping it…"), f.Close)
	keeper := f.Keeper
	kit.Work(&f.pages, func(context.Context) (state, error) {
		err := change()
		return look(keeper), err
	}, func(s state, err error) {
		if err != nil {
			f.failed(err)
			return
		}
		f.changed(s)
		done()
	}, f.changed)
}

// Back asks whether to go back to the usual profile, or, where that is in use,
// whether to forget the remembered signer.
func (f *Flow) Back() {
	s := &kit.Sheet{Width: 480, Others: []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close)}}
	forget := kit.NewCheck(words.T("Forget the remembered signer, too"), nil)
	about := words.T("The key that is remembered is {key}.", "key", f.state.signer.Fingerprint()) + " " +
		words.T("While it is, you are asked before a profile of another signer is used.")
	rows := kit.Rows(kit.Space8)
	if f.usual() {
		s.Title = words.T("Forget the remembered signer?")
		rows.Add(kit.NewText(about))
		forget.SetChecked(true)
		s.Main = kit.NewMainButton(words.T("Forget it"), nil)
	} else {
		s.Title = words.T("Go back to the usual profile?")
		rows.Add(kit.NewText(words.T("The guide then speaks of Kutano as it is for everyone. Your accounts and codes stay as they are.")))
		if len(f.state.signer) > 0 {
			rows.Add(kit.Rows(-kit.Space8, forget, kit.NewQuiet(about)))
		}
		s.Main = kit.NewMainButton(words.T("Go back"), nil)
	}
	s.Content, s.First = rows, s.Main
	s.Main.OnTapped = func() {
		f.keep(func() error { return f.Keeper.Reset(forget.Checked) }, f.Close)
	}
	f.pages.Page(s)
}

// usual tells whether the usual profile is in use, and nothing is wrong.
func (f *Flow) usual() bool { return !f.state.own && f.state.fault == nil }
