// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// leastPassphrase is how many characters a new passphrase has at least. More
// is asked of nobody: the file stays on the device.
const leastPassphrase = 8

// checkPassphrase says what is wrong with what was typed, or "".
func checkPassphrase(create bool, first, again string) string {
	switch {
	case first == "":
		return words.T("Type your passphrase first.")
	case create && len([]rune(first)) < leastPassphrase:
		return words.T("Make it longer: at least 8 characters. Four words that do not belong together are good and easy to remember.")
	case create && first != again:
		return words.T("The two are not the same. Type the second one again.")
	}
	return ""
}

// passphrases is the sheet that sets, changes or removes the app's passphrase.
type passphrases struct {
	u     *UI
	sheet *kit.Sheet
	main  *kit.Button
	says  *widget.Label
	busy  bool

	old, first, again *kit.Entry // nil where not asked for
	work              func(ctx context.Context, old, fresh secret.Value) error
	progress, done    string
}

func (u *UI) lockState() settings.Lock {
	if u.vault == nil {
		return settings.Lock{}
	}
	return settings.Lock{On: u.vault.Guarded(), Needed: u.vault.Kind() == keystore.File}
}

// setPassphrase asks for a first passphrase, or for another one.
func (u *UI) setPassphrase() {
	g := u.vault
	if g == nil {
		return
	}
	p := &passphrases{u: u, work: g.SetPassphrase, progress: words.T("Sealing your keys…")}
	p.first, p.again = kit.NewPasswordEntry(words.T("New passphrase")), kit.NewPasswordEntry(words.T("The same once more"))
	if g.Guarded() {
		p.old = kit.NewPasswordEntry(words.T("The passphrase until now"))
		p.done = words.T("The passphrase is changed.")
		p.show(words.T("Change the passphrase"), words.T("Change it"), p.strength(), p.old, p.first, p.again)
		return
	}
	p.done = words.T("The passphrase is set. Ctrl and L lock the app.")
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("Your codes open only with it from then on, at each start and whenever the app is locked.")),
		kit.NewText(words.T("Nobody can tell it to you if you forget it. With your recovery key you can set a new one.")),
	}
	rows = append(rows, u.recoveryFirst(p)...)
	p.show(words.T("Set a passphrase"), words.T("Set it"), append(rows, p.strength(), p.first, p.again)...)
}

func (p *passphrases) strength() fyne.CanvasObject {
	return kit.NewQuiet(words.T("Four words that do not belong together are good and easy to remember."))
}

// recoveryFirst recommends a recovery key to whoever has none.
func (u *UI) recoveryFirst(p *passphrases) []fyne.CanvasObject {
	if u.HasRecovery == nil || u.HasRecovery() {
		return nil
	}
	rows := []fyne.CanvasObject{kit.NewMessage(kit.Look, kit.Message{
		What: words.T("You have no recovery key yet."),
		Safe: words.T("Make one first: without it, a forgotten passphrase means setting every account up anew."),
	})}
	if u.MakeRecovery != nil {
		rows = append(rows, kit.Cols(0, kit.NewButton(words.T("Make a recovery key"), func() {
			p.sheet.Close()
			u.MakeRecovery()
		})))
	}
	return rows
}

// removePassphrase asks for the passphrase a last time.
func (u *UI) removePassphrase() {
	g := u.vault
	if g == nil || !g.Guarded() {
		return
	}
	p := &passphrases{
		u: u, progress: words.T("Opening your keys…"), done: words.T("The passphrase is removed."),
		work: func(ctx context.Context, old, _ secret.Value) error { return g.RemovePassphrase(ctx, old) },
	}
	p.old = kit.NewPasswordEntry(words.T("Passphrase"))
	p.show(words.T("Remove the passphrase"), words.T("Remove it"),
		kit.NewText(words.T("Your codes then open by themselves whenever you are logged in to this computer. The app can no longer be locked.")), p.old)
}

func (p *passphrases) show(title, button string, rows ...fyne.CanvasObject) {
	p.says = kit.NewQuiet("")
	p.says.Hide()
	p.main = kit.NewMainButton(button, p.submit)
	p.sheet = &kit.Sheet{Title: title, Content: kit.Rows(kit.Space8, append(rows, p.says)...), Main: p.main, Width: 440, OnClose: p.clear}
	p.sheet.Others = []*kit.Button{kit.NewButton(words.T("Cancel"), p.sheet.Close)}
	var fields []*kit.Entry
	for _, e := range []*kit.Entry{p.old, p.first, p.again} {
		if e != nil {
			fields = append(fields, e)
		}
	}
	for i, e := range fields {
		e.OnSubmitted = func(string) { p.submit() }
		if i+1 < len(fields) {
			e.OnSubmitted = func(string) { p.u.window.Canvas().Focus(fields[i+1]) }
		}
	}
	p.sheet.First = fields[0]
	p.sheet.Show(p.u.window.Canvas())
}

// submit does what the sheet is for. The sheet stays until it is done, to say
// what was wrong; closed meanwhile, the work goes on and its end is told.
func (p *passphrases) submit() {
	if p.busy {
		return
	}
	if sentence := p.check(); sentence != "" {
		p.say(sentence, widget.DangerImportance)
		return
	}
	var old, fresh secret.Value
	if p.old != nil {
		old = secret.FromString(p.old.Text)
	}
	if p.first != nil {
		fresh = secret.FromString(p.first.Text)
	}
	p.busy = true
	p.main.Disable()
	p.say(p.progress, widget.LowImportance)
	kit.Go(keystore.Prompting(context.WithoutCancel(p.u.ctx)), func(ctx context.Context) (bool, error) {
		defer old.Clear()
		defer fresh.Clear()
		return true, p.work(ctx, old, fresh)
	}, func(_ bool, err error) { p.ended(err) })
}

func (p *passphrases) check() string {
	if p.old != nil && p.old.Text == "" {
		return checkPassphrase(false, "", "")
	}
	if p.first != nil {
		return checkPassphrase(true, p.first.Text, p.again.Text)
	}
	return ""
}

func (p *passphrases) ended(err error) {
	u := p.u
	p.busy = false
	p.main.Enable()
	switch {
	case u.stopped:
		return
	case err == nil:
		p.sheet.Close()
		u.guardChanged()
		if !u.locked {
			u.shell.Toast().Say(p.done, 6)
		}
		return
	case !p.sheet.Shown():
		u.fail(err)
		return
	}
	m := explain.Error(err)
	p.say(m.What+" "+m.Next, widget.DangerImportance)
	if errors.Is(err, keystore.ErrPassphrase) && p.old != nil {
		p.old.SetText("")
		u.window.Canvas().Focus(p.old)
	}
}

func (p *passphrases) say(sentence string, how widget.Importance) {
	p.says.Importance = how
	p.says.SetText(sentence)
	p.says.Show()
	p.sheet.Fit()
}

// clear leaves nothing typed behind.
func (p *passphrases) clear() {
	for _, e := range []*kit.Entry{p.old, p.first, p.again} {
		if e != nil {
			e.SetText("")
		}
	}
}
