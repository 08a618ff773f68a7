// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// saving is a file that somebody wants somewhere.
type saving struct {
	title  string
	name   string // suggested
	secret bool   // its content is cleared once it is written
	// data is called on the user interface's goroutine, and returns the work that
	// makes the content.
	data func() func(context.Context) ([]byte, error)
	done func(path string)
	back func() // somebody thought better of it
}

// save asks for a folder, then for the name there.
func (s *Screen) save(f saving) {
	s.pages.Dismiss()
	s.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			f.back()
			return
		}
		s.saveIn(f, dir)
	}, func(err error) { s.failed(err, f.back) })
}

// saveIn asks for the name in a folder, and warns of a drive that is lost
// together with this device. R65.
func (s *Screen) saveIn(f saving, dir string) {
	name, bad := kit.NewEntry(words.T("Name of the file")), says()
	name.SetText(f.name)
	submit := func() {
		typed := strings.TrimSpace(name.Text)
		if typed == "" || typed != filepath.Base(typed) || typed == "." || typed == ".." {
			say(bad, words.T("Type a name for the file, without slashes."), s.Showing())
			return
		}
		f.name = typed
		s.write(f, filepath.Join(dir, typed), atomicfile.Create)
	}
	name.OnSubmitted = func(string) { submit() }
	sh := &kit.Sheet{Title: f.title, Width: 480, Main: kit.NewMainButton(words.T("Save"), submit)}
	rows := []fyne.CanvasObject{
		labelled(words.T("Folder"), kit.NewLine(dir)), labelled(words.T("Name of the file"), name), bad,
	}
	other := kit.NewButton(words.T("Choose another folder"), func() { s.save(f) })
	if safety.SameDrive(dir, s.Dir) {
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{
			What: words.T("This is the drive that your accounts are on. If it breaks, both are gone."),
			Next: words.T("A USB stick or another computer is better."),
		}))
		sh.Main = kit.NewMainButton(words.T("Choose another"), other.OnTapped)
		other = kit.NewButton(words.T("Save here all the same"), submit)
	}
	sh.Content = kit.Rows(kit.Space8, rows...)
	sh.Others = []*kit.Button{kit.NewButton(words.T("Back"), f.back), other}
	sh.First = sh.Main
	s.pages.Page(sh)
}

// write writes the file and reads it back. Where there is one it asks.
func (s *Screen) write(f saving, path string, write func(string, []byte) error) {
	content := f.data()
	again := func() { s.saveIn(f, filepath.Dir(path)) }
	s.pages.Busy(words.T("One moment"), words.T("Writing the file, and reading it back…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (bool, error) {
		data, err := content(ctx)
		if err != nil {
			return false, err
		}
		if f.secret {
			defer clear(data)
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := write(path, data); err != nil {
			return false, err
		}
		back, err := os.ReadFile(path)
		if err == nil && !bytes.Equal(back, data) {
			err = backupcodes.ErrReadBack
		}
		if f.secret {
			clear(back)
		}
		return true, err
	}, func(_ bool, err error) {
		switch {
		case errors.Is(err, fs.ErrExist):
			s.askReplace(f, path)
		case errors.Is(err, context.Canceled):
			again()
		case err != nil:
			s.failed(err, again)
		default:
			f.done(path)
		}
	}, nil)
}

// askReplace asks before a file that is there is replaced.
func (s *Screen) askReplace(f saving, path string) {
	other := kit.NewButton(words.T("Another name"), func() { s.saveIn(f, filepath.Dir(path)) })
	s.pages.Page(&kit.Sheet{
		Title:   words.T("Replace the file?"),
		Content: kit.NewText(words.T("There is already a file {name} in this folder. What it holds now is lost.", "name", filepath.Base(path))),
		Main:    kit.NewDangerButton(words.T("Replace"), func() { s.write(f, path, atomicfile.Write) }),
		Others:  []*kit.Button{s.cancelButton(), other}, First: other, Width: 480,
	})
}
