// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Guides says how to get the file out of each app.
func (f *Flow) Guides() {
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("This is how it is as of 2026; your screen may differ. Choose a file with a password where there is the choice, and remember that password.")),
	}
	for _, g := range GuidesOf() {
		rows = append(rows, f.folded(g.App, lines(g.Lines)))
	}
	first := rows[1].(*fyne.Container).Objects[0].(*kit.FoldHead)
	rows = append(rows,
		link(kit.IconWarning, words.T("Authy, Microsoft Authenticator"), f.NoExport),
		kit.NewText(words.T("Another app? Look for “Export”, “Backup” or “Transfer” in its settings, and try the file here: text, CSV, JSON and pictures with keys in them are read, too.")))
	f.guide(words.T("How to get the file out of your app"), first, kit.Rows(kit.Space4, rows...))
}

// Google says how a move from Google Authenticator goes.
func (f *Flow) Google() {
	picture := kit.NewButton(words.T("Open a picture…"), f.File)
	picture.SetIcon(kit.IconPicture)
	scan := kit.NewButton(words.T("Scan the screen"), f.Scan)
	scan.SetIcon(kit.IconScreen)
	folder := kit.NewButton(words.T("Open a folder…"), f.Folder)
	folder.SetIcon(kit.IconFolder)
	f.guide(words.T("From Google Authenticator"), picture, kit.Rows(kit.Space8,
		numbered(fromGoogle()), kit.AdaptiveGap(480, kit.Space8, picture, folder, scan)))
}

// NoExport is for those whose app gives nothing away.
func (f *Flow) NoExport() {
	add := kit.NewButton(words.T("Add an account"), f.lead(f.Add))
	add.SetIcon(kit.IconAdd)
	setup := kit.NewButton(words.T("Show me the steps for Kutano"), f.lead(f.Setup))
	setup.SetIcon(kit.IconSetup)
	f.guide(words.T("From Authy or Microsoft Authenticator"), add, kit.Rows(kit.Space8,
		kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Authy and Microsoft Authenticator do not let you take your accounts out."),
			Safe: words.T("Their own backups only go back into the same app. No app can change that, and whoever promises to wants your password."),
		}),
		kit.NewText(words.T("What works is to set two-factor sign-in up again, one service after another. A service takes about two minutes, and each stays usable all the time.")),
		numbered(withoutFile()),
		kit.NewTitle(words.T("At Kutano")), numbered(atKutano()),
		kit.AdaptiveGap(480, kit.Space8, setup, add),
		kit.NewQuiet(words.T("Work and school accounts of Microsoft that ask you to approve a sign-in, or to type a number into the phone, stay in Microsoft’s app: those are no codes.")),
		kit.NewQuiet(words.T("Do you have files that a program copied out of these apps? Those are read: open them like any other file."))))
}

// lead leaves these screens for others.
func (f *Flow) lead(to func()) func() {
	return func() {
		f.Close()
		to()
	}
}

// guide shows a page of advice.
func (f *Flow) guide(title string, first fyne.Focusable, content fyne.CanvasObject) {
	f.pages.Page(&kit.Sheet{
		Title: title, Content: content, Width: 640, First: first,
		Others: []*kit.Button{kit.NewButton(words.T("Back"), f.Open), kit.NewButton(words.T("Close"), f.Close)},
	})
}

func lines(all []string) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space8)
	for _, l := range all {
		rows.Add(kit.NewText(l))
	}
	return kit.Inset(rows, 0, 0, kit.Space24, 0)
}

func numbered(all []string) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space4)
	for i, l := range all {
		number := kit.NewStrong(strconv.Itoa(i + 1))
		rows.Add(container.NewBorder(nil, nil, container.NewVBox(number), nil, kit.NewText(l)))
	}
	return rows
}
