// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
)

// NewFlow reads which profile is in use, a small file, and returns a flow that
// shows nothing yet.
func NewFlow(a Around) *Flow {
	f := &Flow{Around: a, state: look(a.Keeper)}
	f.pages = kit.Pages{Canvas: a.Canvas, Width: 560, Left: f.unhide}
	return f
}

// Profile returns the profile in use.
func (f *Flow) Profile() profile.Profile { return f.state.profile }

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

// Refresh reads anew which profile is in use: the command line may have changed it.
func (f *Flow) Refresh() {
	keeper := f.Keeper
	kit.Go(context.Background(), func(context.Context) (state, error) { return look(keeper), nil }, func(s state, _ error) {
		if s.fault == nil && !s.own && errors.Is(f.state.fault, profile.ErrKept) {
			return // what could not be read is out of the way since, and is still to be told
		}
		f.changed(s)
	})
}

// changed takes over what is kept now.
func (f *Flow) changed(s state) {
	same := f.state.sameAs(s)
	f.state = s
	f.show()
	if !same {
		f.Changed()
	}
}

// Use shows the ways to take in a profile.
func (f *Flow) Use() {
	file := kit.NewDoor(kit.IconFile, words.T("Open a file…"),
		words.T("The file that your administrator gave you, which ends in .toml, or a picture of its QR code. You can also drop it onto this window."), f.choose)
	screen := kit.NewDoor(kit.IconScreen, words.T("Scan the screen"),
		words.T("Its QR code is open on this screen, in a message for example."), f.Scan)
	paste := kit.NewDoor(kit.IconPaste, words.T("Paste"),
		words.T("The text of the profile, or a picture of its QR code, from the clipboard."), f.Paste)
	f.pages.Page(&kit.Sheet{
		Title: words.T("Use your workspace’s profile"), First: file,
		Content: kit.Rows(kit.Space12,
			kit.NewText(words.T("You see what it says before it is used. It holds no keys and no codes.")),
			file, screen, paste),
		Others: []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close)},
	})
}

// choose lets the user choose a file.
func (f *Flow) choose() {
	f.pages.Dismiss()
	f.ChooseFile(func(path string, ok bool) {
		if !ok {
			f.Use()
			return
		}
		f.File(path)
	}, f.failed)
}

// stop is what Cancel does while something is being read.
func (f *Flow) stop() {
	f.pages.Stop()
	f.unhide()
	f.Use()
}

// failed says what went wrong, and offers another way.
func (f *Flow) failed(err error) {
	f.unhide()
	if errors.Is(err, context.Canceled) {
		f.Close()
		return
	}
	f.pages.Page(&kit.Sheet{
		Title: words.T("That did not work"), Content: kit.NewMessage(kit.Look, messageOf(err)),
		Main:   kit.NewMainButton(words.T("Another way"), f.Use),
		Others: []*kit.Button{kit.NewButton(words.T("Close"), f.Close)},
	})
}

func messageOf(err error) kit.Message {
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// lines are what a profile says, each under its name.
func lines(all []profile.Line) fyne.CanvasObject {
	rows := kit.Rows(0)
	for _, l := range all {
		rows.Add(kit.Rows(-kit.Space16, kit.NewQuiet(l.Name), kit.NewText(l.Value)))
	}
	return rows
}
