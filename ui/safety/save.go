// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/snapshot"
)

// saving is a file that the user wants somewhere.
type saving struct {
	title  string
	name   string // suggested
	secret bool   // its content is cleared once it is written
	// data is called when the place is known and returns the work that makes
	// the content.
	data func() func(ctx context.Context) ([]byte, error)
	done func(path string)
	back func() // the user thought better of it
}

// save asks for a folder, then for the name there.
func (f *Flow) save(s saving) {
	f.dismiss()
	f.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			s.back()
			return
		}
		f.saveIn(s, dir)
	}, func(err error) { f.failed(err, s.back) })
}

// saveIn asks for the name in a folder, and warns of a folder that is lost
// together with the accounts.
func (f *Flow) saveIn(s saving, dir string) {
	name := kit.NewEntry(words.T("Name of the file"))
	name.SetText(s.name)
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	rows := []fyne.CanvasObject{
		labelled(words.T("Folder"), kit.NewLine(dir)), labelled(words.T("Name of the file"), name), says,
	}
	submit := func() {
		typed := strings.TrimSpace(name.Text)
		if typed == "" || typed != filepath.Base(typed) || typed == "." || typed == ".." {
			says.SetText(words.T("Type a name for the file, without slashes."))
			return
		}
		s.name = typed
		f.replaceAsked(s, filepath.Join(dir, s.name))
	}
	name.OnSubmitted = func(string) { submit() }
	sheet := &kit.Sheet{Title: s.title, Main: kit.NewMainButton(words.T("Save"), submit)}
	other := kit.NewButton(words.T("Choose another folder"), func() { f.save(s) })
	if SameDrive(dir, f.Dir) {
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{
			What: words.T("This is the drive that your accounts are on. If it breaks, both are gone."),
			Next: words.T("A USB stick or another computer is better."),
		}))
		sheet.Main = kit.NewMainButton(words.T("Choose another"), other.OnTapped)
		other = kit.NewButton(words.T("Save here all the same"), submit)
	}
	sheet.Content = kit.Rows(kit.Space8, rows...)
	sheet.Others = []*kit.Button{kit.NewButton(words.T("Back"), s.back), other}
	sheet.First = sheet.Main
	f.page(sheet)
}

// replaceAsked asks before a file that is there is replaced.
func (f *Flow) replaceAsked(s saving, path string) {
	if _, err := os.Lstat(path); err != nil {
		f.write(s, path, atomicfile.Create)
		return
	}
	kit.Confirm(f.Canvas(), words.T("Replace the file?"),
		words.T("There is already a file {name} in this folder. What it holds now is lost.", "name", s.name),
		words.T("Replace"), true, func() { f.write(s, path, atomicfile.Write) })
}

// write writes the file and reads it back.
func (f *Flow) write(s saving, path string, write func(string, []byte) error) {
	content := s.data()
	f.working(words.T("Saving…"), s.back)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (bool, error) {
		data, err := content(ctx)
		if s.secret {
			defer func() { clear(data) }()
		}
		if err != nil {
			return false, err
		}
		if err := write(path, data); err != nil {
			return false, err
		}
		back, err := os.ReadFile(path)
		if s.secret {
			defer func() { clear(back) }()
		}
		if err == nil && !bytes.Equal(back, data) {
			err = snapshot.ErrReadBack
		}
		return true, err
	}, func(_ bool, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, s.back)
		default:
			s.done(path)
		}
	})
}
