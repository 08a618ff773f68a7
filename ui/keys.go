// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
)

// bindKeys makes the keyboard work wherever the focus is: letters search,
// arrows move, Enter copies. The shortcuts stand in the menu as well, so that
// they can be found.
func (u *UI) bindKeys() {
	c := u.window.Canvas()
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		u.watcher.Input()
		switch {
		case u.chooser != nil && ev.Name == fyne.KeyEscape:
			u.chooser()
		case u.help.closed != nil:
			u.help.closed.Key(ev.Name)
		case u.gate != nil:
			u.gate.key(ev)
		case u.helper() != nil:
			u.helper().Key(ev.Name)
		case u.shell.HasOver() && ev.Name == fyne.KeyEscape:
			u.closeOver()
		case u.listShown():
			u.codes.Key(ev.Name)
		case u.setupKeys():
			u.setup.Key(ev.Name)
		}
	})
	c.SetOnTypedRune(func(r rune) {
		u.watcher.Input()
		switch {
		case u.help.closed != nil:
		case u.gate != nil:
			u.gate.char(r)
		case u.listShown():
			u.codes.Rune(r)
		}
	})
	c.AddShortcut(&fyne.ShortcutPaste{}, func(fyne.Shortcut) { u.command(u.adding.Paste) })
	for _, s := range u.shortcuts() {
		c.AddShortcut(s.keys, func(fyne.Shortcut) { s.run(u) })
	}
	u.window.SetMainMenu(u.menu())
}

// command does what a shortcut says, unless a sheet or the passphrase page has
// the keyboard.
func (u *UI) command(do func()) {
	u.watcher.Input()
	c := u.window.Canvas()
	if kit.TopSheet(c) != nil || u.shell.Covered() || u.chooser != nil {
		return
	}
	if c.Focused() == u.codes.Search {
		c.Unfocus() // a sheet would give the focus back, and the cursor blinks at a cost
	}
	do()
}

func (u *UI) listShown() bool {
	return u.chooser == nil && u.shell.Selected() == placeCodes && u.model.Total() > 0 && !u.shell.Covered() && !u.shell.HasOver()
}

type shortcut struct {
	text string
	keys *desktop.CustomShortcut
	do   func()
	any  bool // whatever is shown, also over a sheet and on the lock's page
}

func (s shortcut) run(u *UI) {
	if s.any {
		s.do()
		return
	}
	u.command(s.do)
}

func ctrl(k fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault}
}

func (u *UI) shortcuts() []shortcut {
	scan := ctrl(fyne.KeyS)
	scan.Modifier |= fyne.KeyModifierShift
	alt := func(k fyne.KeyName) *desktop.CustomShortcut {
		return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt}
	}
	return []shortcut{
		{text: words.T("Add an account"), keys: ctrl(fyne.KeyN), do: u.adding.Open},
		{text: words.T("Scan the screen"), keys: scan, do: u.adding.Scan},
		{text: words.T("Search"), keys: ctrl(fyne.KeyF), do: func() {
			u.Go(placeCodes)
			u.codes.FocusSearch()
		}},
		{text: words.T("Settings"), keys: ctrl(fyne.KeyComma), do: func() { u.Go(placeSettings) }},
		{text: words.T("Clock"), keys: ctrl(fyne.KeyT), do: u.showClock},
		{text: words.T("Move up"), keys: alt(fyne.KeyUp), do: func() { u.codes.Move(-1) }},
		{text: words.T("Move down"), keys: alt(fyne.KeyDown), do: func() { u.codes.Move(1) }},
		{text: words.T("Bring accounts from another app"), keys: ctrl(fyne.KeyO), do: u.bring.Open},
		{text: words.T("Take accounts out"), keys: ctrl(fyne.KeyE), do: u.takeout.Open},
		{text: words.T("Lock"), keys: ctrl(fyne.KeyL), do: u.lockOrOffer, any: true},
		{text: words.T("Quit"), keys: ctrl(fyne.KeyQ), do: u.quit, any: true},
	}
}

func (u *UI) menu() *fyne.MainMenu {
	s := u.shortcuts()
	all := make([]*fyne.MenuItem, len(s))
	for i := range s {
		all[i] = fyne.NewMenuItem(s[i].text, func() { s[i].run(u) })
		all[i].Shortcut = s[i].keys
	}
	paste := fyne.NewMenuItem(words.T("Paste"), func() { u.command(u.adding.Paste) })
	bring, out, lock, quit := all[7], all[8], all[9], all[10]
	quit.IsQuit = true
	return fyne.NewMainMenu(
		fyne.NewMenu(words.T("File"), all[0], all[1], paste, bring, out, fyne.NewMenuItemSeparator(), all[3], all[4], lock, fyne.NewMenuItemSeparator(), quit),
		fyne.NewMenu(words.T("Accounts"), all[2], all[5], all[6]),
	)
}

// pictures are the endings that the file dialog shows.
var pictures = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"}

func (u *UI) choosePicture(chosen func(add.Picture, bool), fail func(error)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			fail(err)
		case r == nil:
			chosen(add.Picture{}, false)
		default:
			chosen(add.Picture{Name: r.URI().Name(), Open: func() (io.ReadCloser, error) { return r, nil }}, true)
		}
	}, u.window)
	d.SetFilter(storage.NewExtensionFileFilter(pictures))
	// Fyne's dialog does not know Esc.
	u.chooser = func() {
		d.Hide()
		chosen(add.Picture{}, false)
	}
	d.SetOnClosed(func() { u.chooser = nil })
	d.Show()
	d.Resize(u.window.Canvas().Size().SubtractWidthHeight(2*kit.Space24, 2*kit.Space24)) // only a shown one can be sized
}

// Dropped reads what was dropped onto the window: pictures as those of accounts
// that are added, a .toml file as a workspace's profile, all else as files of other
// apps. What is dropped while a profile is wanted is taken for one.
func (u *UI) Dropped(uris []fyne.URI) {
	if u.shell.Covered() || len(uris) == 0 || u.chooser != nil {
		return
	}
	top := kit.TopSheet(u.window.Canvas())
	if top != nil && top != u.adding.Showing() && top != u.bring.Showing() && top != u.workspace.Showing() {
		return // something else is asked
	}
	if u.droppedProfile(uris) {
		return
	}
	if u.bring.Showing() != nil || slices.ContainsFunc(uris, notPicture) {
		u.adding.Close()
		u.bring.Paths(paths(uris))
		return
	}
	ps := make([]add.Picture, 0, len(uris))
	for _, uri := range uris {
		ps = append(ps, add.Picture{Name: uri.Name(), Open: func() (io.ReadCloser, error) { return storage.Reader(uri) }})
	}
	u.adding.Pictures(ps)
}

// droppedProfile takes what was dropped for a workspace's profile, where it is one
// by its name or one is wanted, and tells whether it did.
func (u *UI) droppedProfile(uris []fyne.URI) bool {
	files := paths(uris)
	wanted := u.workspace.Showing() != nil
	if len(files) != 1 || !wanted && (u.bring.Showing() != nil || !strings.EqualFold(uris[0].Extension(), ".toml")) {
		return wanted
	}
	u.adding.Close()
	u.workspace.File(files[0])
	return true
}

// notPicture tells what is surely none by its name.
func notPicture(uri fyne.URI) bool {
	return uri.Scheme() == "file" && !slices.Contains(pictures, strings.ToLower(uri.Extension()))
}

// paths are where dropped files are.
func paths(uris []fyne.URI) []string {
	var all []string
	for _, uri := range uris {
		if uri.Scheme() == "file" {
			all = append(all, uri.Path())
		}
	}
	return all
}

// IsLink reports whether an argument is a link that this app takes.
func IsLink(arg string) bool {
	l := strings.ToLower(arg)
	return strings.HasPrefix(l, "otpauth:") || strings.HasPrefix(l, "otpauth-migration:")
}

// Take shows the window and reads the link that another program handed over;
// without a link it only shows the window.
func (u *UI) Take(link string) {
	u.show()
	switch {
	case !IsLink(link):
	case u.vault == nil || u.locked:
		u.pending = append(u.pending, link)
	default:
		u.adding.Link(link)
	}
}
