// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Reset sets a new passphrase with a recovery key. [vault.ResetPassphrase] is
// one, once it knows the folder.
type Reset func(ctx context.Context, key snapshot.Key, passphrase secret.Value) error

// Forgotten leads from a forgotten passphrase to a new one, with the recovery
// key. check says what is wrong with a passphrase that was typed twice, or "";
// ended is called once when the user has left, however. It needs no open vault.
func (f *Flow) Forgotten(reset Reset, check func(first, again string) string, ended func()) {
	f.clear()
	f.ended = ended
	f.forgotten(reset, check)
}

func (f *Flow) forgotten(reset Reset, check func(first, again string) string) {
	f.askKey(asking{
		title:    words.T("Forgotten the passphrase?"),
		sentence: words.T("With your recovery key you can choose a new one. Nothing is lost: your accounts stay as they are."),
		yes:      words.T("Continue"),
		with: func(k snapshot.Key) {
			f.draft.key = k
			f.newPassphrase(reset, check)
		},
	})
}

func (f *Flow) newPassphrase(reset Reset, check func(first, again string) string) {
	first, again := kit.NewPasswordEntry(words.T("Passphrase")), kit.NewPasswordEntry(words.T("The same once more"))
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	submit := func() {
		if sentence := check(first.Text, again.Text); sentence != "" {
			says.SetText(sentence)
			return
		}
		f.reset(reset, secret.FromString(first.Text), func() { f.forgotten(reset, check) })
	}
	first.OnSubmitted = func(string) { f.focusOn(again) }
	again.OnSubmitted = func(string) { submit() }
	f.page(&kit.Sheet{
		Title: words.T("Choose a new passphrase"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("It takes the place of the one that is forgotten. Your recovery key stays the same.")),
			first, again, says),
		Main: kit.NewMainButton(words.T("Set the new passphrase"), submit), Others: []*kit.Button{f.cancelButton()}, First: first, Width: 480,
	}, emptied(first, again))
}

func (f *Flow) reset(reset Reset, p secret.Value, again func()) {
	k := f.draft.take()
	f.working(words.T("Setting the new passphrase…"), f.Close)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (bool, error) {
		defer p.Clear()
		defer k.Clear()
		return true, reset(ctx, k, p)
	}, func(_ bool, err error) {
		switch {
		case turn != f.turn:
		case errors.Is(err, vault.ErrNoEscrow):
			f.noEscrow()
		case err != nil:
			f.failed(err, again)
		default:
			f.page(&kit.Sheet{
				Title:   words.T("The new passphrase is set"),
				Content: kit.NewMessage(kit.Good, kit.Message{What: words.T("Your accounts are as they were."), Next: words.T("Type the new passphrase now to open them.")}),
				Main:    kit.NewMainButton(words.T("Continue"), f.Close),
			})
		}
	})
}

// noEscrow says what helps when the recovery key was made before the
// passphrase was protected by it, or never.
func (f *Flow) noEscrow() {
	f.page(&kit.Sheet{
		Title: words.T("The passphrase cannot be replaced"),
		Content: kit.Rows(kit.Space8,
			kit.NewMessage(kit.Look, kit.Message{
				What: words.T("This device holds nothing with which the recovery key could open the keys."),
				Safe: words.T("Your snapshots are not touched, and your accounts can be brought back from them."),
			}),
			numbered(1, words.T("Close this app and give the data folder another name: {folder}", "folder", f.Dir)),
			numbered(2, words.T("Start the app again. It is empty, and asks for a new passphrase where one is needed.")),
			numbered(3, words.T("Choose “Restore from a snapshot”, then “Open a file…”, and open the newest file in the folder “snapshots” of the renamed folder."))),
		Main: kit.NewMainButton(words.T("OK"), f.Close),
	})
}
