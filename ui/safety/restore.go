// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// maxBackup is what [snapshot.Folder.Read] takes as well.
const maxBackup = 64 << 20

// backup is a file on its way into the vault.
type backup struct {
	name string // as the user knows it
	key  string // fingerprint of the key that opens it, "" if unknown
	file []byte
	need snapshot.Need
	with snapshot.Key // what opened it; zero for a passphrase
	doc  snapshot.Document
	pick *choice
}

func (b *backup) clear() {
	b.doc.Clear()
	b.with.Clear()
	*b = backup{}
}

// Restore asks what the accounts are brought back from.
func (f *Flow) Restore() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.clear()
	f.working(words.T("Looking for snapshots…"), f.Close)
	ctx, turn := f.begin()
	kit.Go(ctx, func(context.Context) ([]snapshot.Info, error) { return v.Snapshots().List() }, func(all []snapshot.Info, err error) {
		if turn == f.turn {
			f.sources(all, err)
		}
	})
}

// sources shows the snapshots of this device, if there are any, and the way to
// a file.
func (f *Flow) sources(all []snapshot.Info, err error) {
	file := kit.NewDoor(kit.IconFile, words.T("Open a file…"),
		words.T("A backup file or a snapshot, from another drive for example. It ends in .age."), f.RestoreFile)
	s := &kit.Sheet{Title: words.T("Bring accounts back"), First: file, Others: []*kit.Button{f.cancelButton()}}
	rows := []fyne.CanvasObject{kit.NewText(words.T("Nothing changes before you have seen what would come back."))}
	if first, ok := newest(all); ok {
		door := kit.NewDoor(kit.IconSafe, words.T("The newest snapshot"), aboutSnapshot(first), func() { f.RestoreSnapshot(first) })
		s.First = door
		rows = append(rows, door)
		if len(all) > 1 {
			rows = append(rows, kit.NewDoor(kit.IconClock, words.T("An older snapshot"),
				words.N(len(all), "There is 1 snapshot on this device.", "There are {n} snapshots on this device."), f.ShowSnapshots))
		}
	}
	if err != nil {
		m := explain.Error(err)
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{What: words.T("The snapshots of this device could not be listed."), Safe: m.What, Next: m.Next}))
	}
	s.Content = kit.Rows(kit.Space12, append(rows, file)...)
	f.page(s)
}

// aboutSnapshot says when a snapshot was made and what it holds.
func aboutSnapshot(i snapshot.Info) string {
	parts := []string{when(i.Made)}
	if i.Accounts > 0 {
		parts = append(parts, accounts(i.Accounts))
	}
	return strings.Join(append(parts, size(i.Size)), " · ")
}

// RestoreNewest brings accounts back from the newest snapshot of this device.
func (f *Flow) RestoreNewest() { f.RestoreSnapshot(snapshot.Info{Name: "latest"}) }

// RestoreSnapshot brings accounts back from a snapshot of this device.
func (f *Flow) RestoreSnapshot(i snapshot.Info) {
	v, ok := f.vault()
	if !ok {
		return
	}
	name := words.T("The newest snapshot")
	if !i.Made.IsZero() {
		name = words.T("Snapshot of {time}", "time", when(i.Made))
	}
	f.load(name, i.Key, func() ([]byte, error) { return v.Snapshots().Read(i.Name) })
}

// RestoreFile lets the user choose a backup file or a snapshot elsewhere.
func (f *Flow) RestoreFile() {
	if _, ok := f.vault(); !ok {
		return
	}
	f.dismiss()
	f.ChooseFile(func(p Picked, ok bool) {
		if !ok {
			f.Close()
			return
		}
		f.load(p.Name, "", func() ([]byte, error) { return readAll(p, maxBackup) })
	}, func(err error) { f.failed(err, f.Restore) })
}

// RestoreData brings accounts back from a backup that was read already. It
// keeps file.
func (f *Flow) RestoreData(name string, file []byte) {
	if _, ok := f.vault(); ok {
		f.load(name, "", func() ([]byte, error) { return file, nil })
	}
}

// load reads a file and asks for what opens it.
func (f *Flow) load(name, key string, read func() ([]byte, error)) {
	f.clear()
	f.working(words.T("Reading the backup…"), f.Restore)
	ctx, turn := f.begin()
	type loaded struct {
		file []byte
		need snapshot.Need
	}
	kit.Go(ctx, func(context.Context) (loaded, error) {
		file, err := read()
		if err != nil {
			return loaded{}, err
		}
		need, err := snapshot.Needs(file)
		return loaded{file, need}, err
	}, func(l loaded, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.Restore)
		default:
			f.back = backup{name: name, key: key, file: l.file, need: l.need}
			f.unlock(nil)
		}
	})
}

// unlock asks for what opens the file; err is why the last attempt failed.
func (f *Flow) unlock(err error) {
	if f.back.need == snapshot.NeedPassphrase {
		f.askPassphrase(err)
		return
	}
	a := asking{
		title:    words.T("Type your recovery key"),
		sentence: words.T("{name} opens with the 16 words of your recovery key.", "name", f.back.name),
		yes:      words.T("Open"),
		with: func(k snapshot.Key) {
			f.back.with.Clear() // one that did not open it
			f.back.with = k
			f.open(snapshot.Opener{Key: k}, func() {})
		},
		others: func(text string) { f.open(snapshot.Opener{Identities: text}, func() {}) },
	}
	if f.back.key != "" {
		a.sentence += " " + words.T("It is the key with the fingerprint {print}.", "print", grouped(f.back.key))
	}
	if err != nil {
		a.says = keySentence(err)
	}
	f.askKey(a)
}

func (f *Flow) askPassphrase(err error) {
	field := kit.NewPasswordEntry(words.T("Passphrase"))
	says := kit.NewText("")
	says.Importance = widget.DangerImportance
	if err != nil {
		m := explain.Error(err)
		says.SetText(m.What + " " + m.Next)
	}
	submit := func() {
		if field.Text == "" {
			says.SetText(words.T("Type the passphrase first."))
			return
		}
		p := secret.FromString(field.Text)
		f.open(snapshot.Opener{Passphrase: p}, p.Clear)
	}
	field.OnSubmitted = func(string) { submit() }
	f.page(&kit.Sheet{
		Title: words.T("Type the backup’s passphrase"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("{name} is encrypted with the passphrase that was chosen when it was made.", "name", f.back.name)),
			field, says),
		Main: kit.NewMainButton(words.T("Open"), submit), Others: []*kit.Button{f.cancelButton()}, First: field,
	}, emptied(field))
}

// open decrypts the file and compares it with what is here.
func (f *Flow) open(with snapshot.Opener, clear func()) {
	v, ok := f.vault()
	if !ok {
		clear()
		return
	}
	file := f.back.file
	f.working(words.T("Opening the backup…"), func() { f.unlock(nil) })
	ctx, turn := f.begin()
	type opened struct {
		doc  snapshot.Document
		pick *choice
	}
	kit.Go(ctx, func(ctx context.Context) (opened, error) {
		defer clear()
		doc, err := snapshot.Decrypt(file, with)
		if err != nil {
			return opened{}, err
		}
		found, err := v.Preview(ctx, doc)
		if err != nil {
			doc.Clear()
			return opened{}, err
		}
		return opened{doc, newChoice(found, v.Accounts())}, nil
	}, func(o opened, err error) {
		switch {
		case turn != f.turn:
			o.doc.Clear()
		case errors.Is(err, snapshot.ErrPassphrase), errors.Is(err, snapshot.ErrWrongKey):
			f.unlock(err)
		case err != nil:
			f.failed(err, f.Restore)
		default:
			f.back.doc, f.back.pick = o.doc, o.pick
			f.preview()
		}
	})
}

// takeIn puts what is ticked into the vault.
func (f *Flow) takeIn() {
	v, ok := f.vault()
	if !ok {
		return
	}
	pick, doc, key := f.back.pick, f.back.doc, f.back.with
	f.back = backup{} // the work clears the document and the key from here on
	f.working(words.T("Bringing your accounts back…"), f.Close)
	ctx, turn := f.begin()
	again := false // written before the work ends, read after
	kit.Go(ctx, func(ctx context.Context) (vault.Taken, error) {
		defer doc.Clear()
		defer key.Clear()
		t, err := v.TakeIn(ctx, pick.found, pick.take())
		if err == nil && !key.IsZero() {
			trusted, terr := v.TrustAgain(ctx, key)
			again = trusted && terr == nil // else the window asks for a recovery key
		}
		return t, err
	}, func(t vault.Taken, err error) {
		for i := range pick.found {
			if pick.use[i] && pick.found[i].Status == vault.Differs {
				f.Forget(pick.found[i].Account.ID)
			}
		}
		f.Reload()
		defer f.Refresh()
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.Restore)
		default:
			f.taken(t, again)
		}
	})
}
