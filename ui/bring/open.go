// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Open shows the ways to bring accounts.
func (f *Flow) Open() {
	f.job.clear()
	file := kit.NewDoor(kit.IconFile, words.T("Open a file…"),
		words.T("The export or the backup of the other app, or a picture of its QR code."), f.File)
	folder := kit.NewDoor(kit.IconFolder, words.T("Open a folder…"),
		words.T("Several files at once. You can also drop them onto this window."), f.Folder)
	paste := kit.NewDoor(kit.IconPaste, words.T("Paste"),
		words.T("The text of a file, or addresses that begin with otpauth, from the clipboard."), f.Paste)
	links := kit.Rows(0,
		link(kit.IconHelp, words.T("How to get the file out of your app"), f.Guides),
		link(kit.IconQR, words.T("From Google Authenticator"), f.Google),
		link(kit.IconWarning, words.T("From Authy or Microsoft Authenticator"), f.NoExport))
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("Which app it is from is found out by itself. Nothing changes before you have seen what would come in.")),
		file, folder, paste,
		links,
	}
	s := &kit.Sheet{
		Title: words.T("Bring accounts from another app"), First: file, Others: []*kit.Button{f.cancelButton()},
		Content: kit.Rows(kit.Space12, rows...),
	}
	f.pages.Page(s)
	f.offerUndo(s, links)
}

// File lets the user choose a file.
func (f *Flow) File() {
	f.choose(f.ChooseFile)
}

// Folder lets the user choose a folder.
func (f *Flow) Folder() {
	f.choose(f.ChooseFolder)
}

func (f *Flow) choose(ask func(chosen func(string, bool), fail func(error))) {
	if _, ok := f.vault(); !ok {
		return
	}
	f.pages.Dismiss()
	ask(func(path string, ok bool) {
		switch {
		case ok:
			f.Paths([]string{path})
		case f.job.begun():
			f.compare() // one more file was wanted, and is not any more
		default:
			f.Open()
		}
	}, f.failed)
}
