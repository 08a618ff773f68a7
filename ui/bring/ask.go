// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// ask asks for the password of the file that is next. Without one the file is
// left out, and the others come in.
func (f *Flow) ask(q exchange.Question) {
	field := kit.NewPasswordEntry(words.T("Password"))
	says := kit.NewText("")
	says.Importance = widget.DangerImportance
	if q.Wrong {
		m := explain.Error(foreign.ErrPassword)
		says.SetText(m.What + " " + m.Next)
	}
	submit := func() {
		if field.Text == "" {
			says.SetText(words.T("Type the password first."))
			f.Showing().Fit()
			return
		}
		f.job.pass.Clear()
		f.job.pass = secret.FromString(field.Text)
		f.next(true)
	}
	field.OnSubmitted = func(string) { submit() }
	rows := []fyne.CanvasObject{named(q.Source, q.Format), kit.NewText(passwordOf(q.Format)), field, says}
	f.pages.Page(&kit.Sheet{
		Title: words.T("Type the file’s password"), Content: kit.Rows(kit.Space8, rows...), Width: 480, First: field,
		Main: kit.NewMainButton(words.T("Open"), submit),
		Others: []*kit.Button{
			kit.NewButton(words.T("Cancel"), f.stop),
			kit.NewButton(words.T("Leave this file out"), func() { f.leaveOut(q) }),
		},
	}, func() { field.SetText("") })
}

// passwordOf says which password a file opens with.
func passwordOf(of foreign.Format) string {
	return words.T("It is encrypted. It opens with the password that was set in {app} when it was made.", "app", of.App)
}

// named says what a file is.
func named(name string, of foreign.Format) fyne.CanvasObject {
	title := kit.NewStrong(name)
	if name == "" {
		title.SetText(words.T("Pasted text"))
	}
	return kit.Rows(-kit.Space16, title, kit.NewText(kindOf(of)))
}

// kindOf says what was recognised.
func kindOf(of foreign.Format) string {
	switch of.ID {
	case "":
		return words.T("It is not known what this is.")
	case "uri-list":
		return words.T("This is a text with key addresses.")
	case "otpauth-qr":
		return words.T("This is a picture of QR codes.")
	}
	return words.T("This is a backup of {app}.", "app", of.App)
}
