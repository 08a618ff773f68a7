// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// leastBackupPassphrase is how many characters a backup's passphrase has. The
// file travels, so it is tried at leisure by whoever finds it.
const leastBackupPassphrase = 12

// SaveBackup asks what a new backup file is encrypted with, and saves it.
func (f *Flow) SaveBackup() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.clear()
	if _, _, has := v.Recovery(); !has {
		f.choosePassphrase()
		return
	}
	pass := kit.NewDoor(kit.IconKeyboard, words.T("A passphrase"),
		words.T("You choose it now. Nothing else is needed to open the file, on any device."), f.choosePassphrase)
	key := kit.NewDoor(kit.IconKey, words.T("My recovery key"),
		words.T("The file opens with the 16 words on your sheet. There is nothing new to remember."), func() { f.saveToKey(v) })
	f.page(&kit.Sheet{
		Title:   words.T("What should open the backup file?"),
		Content: kit.Rows(kit.Space12, pass, key),
		Others:  []*kit.Button{f.cancelButton()}, First: pass,
	})
}

// choosePassphrase asks for a new passphrase, twice.
func (f *Flow) choosePassphrase() {
	first, again := kit.NewPasswordEntry(words.T("Passphrase")), kit.NewPasswordEntry(words.T("The same once more"))
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	submit := func() {
		if sentence := newPassphrase(first.Text, again.Text); sentence != "" {
			says.SetText(sentence)
			return
		}
		f.saveToPassphrase(secret.FromString(first.Text))
	}
	first.OnSubmitted = func(string) { f.focusOn(again) }
	again.OnSubmitted = func(string) { submit() }
	f.page(&kit.Sheet{
		Title: words.T("Choose a passphrase for the backup"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("The file holds all your accounts with their keys, encrypted with this passphrase.")),
			kit.NewText(words.T("Write it down and keep it in a safe place: nobody can open the file without it.")),
			first, again, says),
		Main: kit.NewMainButton(words.T("Continue"), submit), Others: []*kit.Button{f.cancelButton()}, First: first, Width: 480,
	}, emptied(first, again))
}

// newPassphrase says what is wrong with a passphrase that was typed twice.
func newPassphrase(first, again string) string {
	switch {
	case first == "":
		return words.T("Type a passphrase first.")
	case len([]rune(first)) < leastBackupPassphrase:
		return words.T("Make it longer: at least 12 characters. Four words that do not belong together are good and easy to remember.")
	case first != again:
		return words.T("The two are not the same. Type the second one again.")
	}
	return ""
}

// saveToPassphrase saves the file and opens it once before success is said. It
// clears the passphrase.
func (f *Flow) saveToPassphrase(p secret.Value) {
	v, ok := f.vault()
	if !ok {
		p.Clear()
		return
	}
	f.pass = p
	f.save(saving{
		title: words.T("Save the backup file"), name: f.backupName(),
		data: func() func(context.Context) ([]byte, error) {
			p := f.pass.Clone()
			return func(ctx context.Context) ([]byte, error) {
				defer p.Clear()
				return sealed(ctx, v, p)
			}
		},
		done: f.backupSaved, back: f.choosePassphrase,
	})
}

// sealed returns a backup file that has been opened once.
func sealed(ctx context.Context, v Vault, p secret.Value) ([]byte, error) {
	doc, err := v.Document(ctx)
	if err != nil {
		return nil, err
	}
	defer doc.Clear()
	file, err := snapshot.Encrypt(doc, snapshot.Lock{Passphrase: p})
	if err != nil {
		return nil, err
	}
	back, err := snapshot.Decrypt(file, snapshot.Opener{Passphrase: p})
	if err != nil {
		return nil, err
	}
	defer back.Clear()
	if !sameDocument(doc, back) {
		return nil, snapshot.ErrReadBack
	}
	return file, nil
}

// sameDocument compares what matters: every account with its key, in order.
func sameDocument(a, b snapshot.Document) bool {
	if len(a.Accounts) != len(b.Accounts) || len(a.Aside) != len(b.Aside) {
		return false
	}
	for i := range a.Accounts {
		if !a.Accounts[i].URI.Equal(b.Accounts[i].URI) {
			return false
		}
	}
	return true
}

// saveToKey saves a snapshot of this moment somewhere else.
func (f *Flow) saveToKey(v Vault) {
	f.save(saving{
		title: words.T("Save the backup file"), name: f.backupName(),
		data: func() func(context.Context) ([]byte, error) {
			return func(ctx context.Context) ([]byte, error) {
				i, err := v.Snapshot(ctx)
				if err != nil {
					return nil, err
				}
				return v.Snapshots().Read(i.Name)
			}
		},
		done: f.backupSaved, back: f.SaveBackup,
	})
}

func (f *Flow) backupName() string { return "kutano-backup-" + date(f.Clock.Now()) + ".age" }

func (f *Flow) backupSaved(path string) {
	defer f.Refresh()
	f.page(&kit.Sheet{
		Title: words.T("The backup is saved"),
		Content: kit.Rows(kit.Space8,
			kit.NewMessage(kit.Good, kit.Message{What: words.T("It was read back and is complete.")}),
			kit.NewQuiet(path)),
		Main: kit.NewMainButton(words.T("Done"), f.Close),
	})
}
