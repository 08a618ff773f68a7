// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"context"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// SetKeys shows anew where the keys are.
func (p *Page) SetKeys(where Place) {
	p.parts.Keys = where
	p.keys.Objects = []fyne.CanvasObject{p.keysSection()}
	p.keys.Refresh()
}

// keysSection says where the keys are, and offers the other place.
func (p *Page) keysSection() fyne.CanvasObject {
	other := words.T("Move them to a sealed file")
	where := words.T("This computer's keyring")
	what := words.T("It opens when you log in. Other programs of yours could ask it for the keys.")
	if p.parts.Keys == InFile {
		other = words.T("Move them to the keyring")
		where = words.T("A sealed file under your passphrase")
		what = words.T("Nobody opens it without the passphrase, and nobody can give you a new one.")
	}
	rows := kit.Rows(-kit.Space8, kit.NewText(where), kit.NewQuiet(what))
	if p.parts.Dir != "" {
		rows.Add(kit.NewQuiet(words.T("Everything else is in {folder}", "folder", p.parts.Dir)))
	}
	if p.parts.MoveKeys != nil {
		rows.Add(container.NewHBox(kit.NewQuietButton(other, p.parts.MoveKeys)))
	}
	icon := container.NewVBox(kit.Inset(kit.NewIcon(kit.IconKey, "primary", 24), kit.Space8, 0, 0, kit.Space4))
	return section(words.T("Where your keys are kept"), container.NewBorder(nil, nil, icon, nil, rows))
}

// about says which program this is.
func (p *Page) about() fyne.CanvasObject {
	rows := kit.Rows(-kit.Space8)
	if p.parts.Version != "" {
		rows.Add(kit.NewText(words.T("Kutano Authenticator {version}", "version", p.parts.Version)))
	}
	rows.Add(kit.NewQuiet(words.T("Made for users of Kutano, but not by Kutano.")))
	rows.Add(kit.NewQuiet(words.T("Free software under the Apache License 2.0.")))
	return section(words.T("About"), rows)
}

// showUnread lists what could not be read, if there is anything.
func (p *Page) showUnread() {
	p.unread.RemoveAll()
	entries := p.parts.Unread()
	p.unread.Hidden = len(entries) == 0
	if len(entries) == 0 {
		return
	}
	var rows []fyne.CanvasObject
	for _, e := range entries {
		name := e.Name
		if name == "" {
			name = words.T("An account without a name")
		}
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{What: name, Safe: e.Reason}))
	}
	rows = append(rows, kit.NewQuiet(words.T("Their entries are kept as they are, and all others work.")))
	p.unread.Add(section(words.T("Accounts that could not be read"), rows...))
}

// showRemoved lists the removed accounts, if there are any.
func (p *Page) showRemoved() {
	p.removed.RemoveAll()
	var all []Removed
	if p.parts.Bin != nil {
		all = p.parts.Bin.Removed()
	}
	p.removed.Hidden = len(all) == 0
	if len(all) == 0 {
		return
	}
	var rows []fyne.CanvasObject
	for _, r := range all {
		rows = append(rows, p.removedRow(r))
	}
	p.removed.Add(section(words.T("Removed accounts"), rows...))
}

func (p *Page) removedRow(r Removed) fyne.CanvasObject {
	restore := kit.NewButton(words.T("Restore"), nil)
	erase := kit.NewButton(words.T("Erase"), nil)
	buttons := []*kit.Button{restore, erase}
	restore.OnTapped = func() { p.run(buttons, r, p.parts.Bin.Restore) }
	erase.OnTapped = func() {
		kit.Confirm(p.parts.Canvas(), words.T("Erase {name} for good?", "name", r.label()),
			words.T("Its key cannot be brought back afterwards. If the service still asks for its codes, you can no longer log in there."),
			words.T("Erase"), true, func() { p.run(buttons, r, p.parts.Bin.Erase) })
	}
	text := kit.Rows(-kit.Space16, kit.NewStrong(r.label()), kit.NewLine(p.daysLeft(r)))
	return kit.AdaptiveGap(440, kit.Space8, container.NewBorder(nil, nil, kit.NewTile(r.Title), nil, text), container.NewBorder(nil, nil, nil, container.NewCenter(kit.Cols(kit.Space8, restore, erase))))
}

func (r Removed) label() string {
	switch {
	case r.Name == "":
		return r.Title
	case r.Title == "":
		return r.Name
	}
	return r.Title + " · " + r.Name
}

// daysLeft says when an account goes for good by itself.
func (p *Page) daysLeft(r Removed) string {
	if r.Erases.IsZero() || p.parts.Now == nil {
		return ""
	}
	days := int(math.Ceil(r.Erases.Sub(p.parts.Now()).Hours() / 24))
	if days < 1 {
		return words.T("Is erased today")
	}
	return words.N(days, "Is erased in 1 day", "Is erased in {n} days")
}

// run does something with a removed account and shows the list anew.
func (p *Page) run(buttons []*kit.Button, r Removed, do func(context.Context, string) error) {
	for _, b := range buttons {
		b.Disable()
	}
	work := func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx, r.ID) }
	kit.Go(p.parts.Context(), work, func(_ struct{}, err error) {
		p.Reload()
		if err != nil {
			kit.ShowMessage(p.parts.Canvas(), kit.Fail, r.label(), message(err), nil)
			return
		}
		p.parts.Moved()
	})
}
