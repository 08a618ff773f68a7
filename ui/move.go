// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

func place(kind keystore.Kind) settings.Place {
	if kind == keystore.File {
		return settings.InFile
	}
	return settings.InKeyring
}

// moveKeys asks, and then moves the keys to the place where they are not.
func (u *UI) moveKeys() {
	if u.vault.Kind() == keystore.Keyring {
		u.askToSeal()
		return
	}
	kit.Confirm(u.window.Canvas(), words.T("Move your keys to the keyring?"),
		words.T("This computer’s keyring opens when you log in, so the passphrase is no longer asked for. Other programs of yours could ask the keyring for the keys."),
		words.T("Move my keys"), false, func() { u.move(keystore.Keyring, secret.Value{}) })
}

// askToSeal asks for the passphrase of a new sealed file.
func (u *UI) askToSeal() {
	first, again := kit.NewPasswordEntry(words.T("Passphrase")), kit.NewPasswordEntry(words.T("The same once more"))
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	sheet := &kit.Sheet{Title: words.T("Move your keys to a sealed file?"), First: first, Width: 440}
	submit := func() {
		if sentence := checkPassphrase(true, first.Text, again.Text); sentence != "" {
			says.SetText(sentence)
			return
		}
		p := secret.FromString(first.Text)
		first.SetText("")
		again.SetText("")
		sheet.Close()
		u.move(keystore.File, p)
	}
	first.OnSubmitted = func(string) { u.window.Canvas().Focus(again) }
	again.OnSubmitted = func(string) { submit() }
	sheet.Content = kit.Rows(kit.Space8,
		kit.NewText(words.T("They go into a file on this device, sealed with a passphrase that only you know. It is asked for at each start of the app.")),
		kit.NewText(words.T("Write it down and keep it in a safe place: nobody can open the file without it.")),
		first, again, says)
	sheet.Main = kit.NewMainButton(words.T("Move my keys"), submit)
	sheet.Others = []*kit.Button{kit.NewButton(words.T("Cancel"), sheet.Close)}
	sheet.Show(u.window.Canvas())
}

// move moves the keys and says how it went.
func (u *UI) move(kind keystore.Kind, passphrase secret.Value) {
	v := u.vault
	u.shell.Toast().Say(words.T("Moving your keys…"), 60)
	kit.Go(keystore.Prompting(u.ctx), func(ctx context.Context) (bool, error) {
		defer passphrase.Clear()
		return true, v.MoveTo(ctx, kind, passphrase)
	}, func(_ bool, err error) {
		u.shell.Toast().Dismiss()
		if errors.Is(err, context.Canceled) {
			return
		}
		if err == nil || errors.Is(err, vault.ErrLeftover) {
			u.showKeys()
			u.reload()
		}
		if err != nil {
			u.fail(err)
			return
		}
		done := words.T("Your keys are in this computer’s keyring now.")
		if kind == keystore.File {
			done = words.T("Your keys are in the sealed file now.")
		}
		u.shell.Toast().Say(done, 6)
	})
}
