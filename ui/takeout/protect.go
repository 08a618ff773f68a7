// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// leastPassword is how many characters a file's password has. The file travels, so
// it is tried at leisure by whoever finds it.
const leastPassword = 12

// protect asks what keeps others from reading what is taken out, as far as
// anything can.
func (f *Flow) protect() {
	f.job.pass.Clear()
	f.job.pass = secret.Value{}
	switch {
	case f.job.to.way == onScreen:
		f.warnOfScreen()
	case f.job.to.way == onPaper:
		f.warnOfPaper()
	case f.job.to.Locking == foreign.AlwaysLocked:
		f.password()
	case f.job.to.Locking == foreign.NeverLocked:
		f.warnOfFile(f.accounts)
	default:
		with := kit.NewDoor(kit.IconLock, words.T("With a password"),
			words.T("The other app asks for it once. Without it the file is worthless."), f.password)
		without := kit.NewDoor(kit.IconWarning, words.T("Without a password"),
			words.T("Anyone who gets this file has all your codes."), func() { f.warnOfFile(f.protect) })
		f.pages.Page(&kit.Sheet{
			Title: words.T("Who may open the file?"), Content: kit.Rows(kit.Space12, with, without), First: with,
			Others: []*kit.Button{f.cancelButton(), kit.NewButton(words.T("Back"), f.accounts)},
		})
	}
}

// password asks for a new password, twice.
func (f *Flow) password() {
	first, again := kit.NewPasswordEntry(words.T("Password")), kit.NewPasswordEntry(words.T("The same once more"))
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	submit := func() {
		if sentence := newPassword(first.Text, again.Text); sentence != "" {
			says.SetText(sentence)
			f.Showing().Fit()
			return
		}
		f.job.pass.Clear()
		f.job.pass = secret.FromString(first.Text)
		f.save()
	}
	first.OnSubmitted = func(string) { f.Canvas().Focus(again) }
	again.OnSubmitted = func(string) { submit() }
	back := f.protect
	if f.job.to.Locking == foreign.AlwaysLocked {
		back = f.accounts
	}
	f.pages.Page(&kit.Sheet{
		Title: words.T("Choose a password for the file"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("{app} asks for it when the file is opened there. Keep it until your accounts are there: nobody can open the file without it.", "app", f.job.to.title)),
			kit.NewQuiet(words.T("Four words that do not belong together are good and easy to remember.")),
			first, again, says),
		Main: kit.NewMainButton(words.T("Continue"), submit), First: first, Width: 480,
		Others: []*kit.Button{f.cancelButton(), kit.NewButton(words.T("Back"), back)},
	}, func() {
		first.SetText("")
		again.SetText("")
	})
}

// newPassword says what is wrong with a password that was typed twice.
func newPassword(first, again string) string {
	switch {
	case first == "":
		return words.T("Type a password first.")
	case len([]rune(first)) < leastPassword:
		return words.T("Make it longer: at least 12 characters. Four words that do not belong together are good and easy to remember.")
	case first != again:
		return words.T("The two are not the same. Type the second one again.")
	}
	return ""
}

// warnOfFile warns before a file that is not encrypted.
func (f *Flow) warnOfFile(back func()) {
	f.warn(words.T("Write a file that is not encrypted?"), kit.Message{
		What: words.T("Anyone who gets this file has all your codes."),
		Next: words.T("Do not mail it, and do not keep it in a synchronised folder. Delete it once the other app has read it."),
	}, kit.NewDangerButton(words.T("Write it all the same"), f.save), back)
}

// warnOfScreen warns before QR codes are shown.
func (f *Flow) warnOfScreen() {
	f.warn(words.T("Show the QR codes?"), kit.Message{
		What: words.T("Whoever sees or photographs them can make your codes from then on."),
		Next: words.T("Look around first. Each goes from the screen by itself after a minute."),
	}, kit.NewMainButton(words.T("Show them"), f.show), f.accounts)
}

// warnOfPaper warns before pages that anybody can read.
func (f *Flow) warnOfPaper() {
	save := kit.NewDangerButton(words.T("Save as PDF"), f.save)
	s := f.warning(words.T("Put your accounts on paper?"), kit.Message{
		What: words.T("Anyone who gets these pages has all your codes."),
		Next: words.T("Keep them in a safe place, away from this device. A printer may keep a copy, and so does a file."),
	}, save, f.accounts)
	if f.job.prints {
		s.Others = append(s.Others, kit.NewButton(words.T("Print"), f.print))
	}
	f.pages.Page(s)
}

func (f *Flow) warn(title string, m kit.Message, yes *kit.Button, back func()) {
	f.pages.Page(f.warning(title, m, yes, back))
}

// warning is a question whose hasty answer loses nothing.
func (f *Flow) warning(title string, m kit.Message, yes *kit.Button, back func()) *kit.Sheet {
	no := kit.NewButton(words.T("Back"), back)
	return &kit.Sheet{
		Title: title, Content: kit.NewMessage(kit.Look, m), Width: 480,
		Main: yes, Others: []*kit.Button{no}, First: no,
	}
}
