// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// save asks for a folder, then for the name there.
func (f *Flow) save() {
	f.pages.Dismiss()
	f.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			f.protect()
			return
		}
		f.saveIn(dir, f.suggested())
	}, func(err error) { f.failed(err, f.accounts) })
}

// suggested is a name that says what the file is, and from when.
func (f *Flow) suggested() string {
	return "kutano-" + f.job.to.ID + "-" + f.Clock.Now().Local().Format("2006-01-02") + f.job.to.Ext
}

// saveIn asks for the name in a folder.
func (f *Flow) saveIn(dir, suggested string) {
	name := kit.NewEntry(words.T("Name of the file"))
	name.SetText(suggested)
	says := kit.NewQuiet("")
	says.Importance = widget.DangerImportance
	submit := func() {
		typed := strings.TrimSpace(name.Text)
		if typed == "" || typed != filepath.Base(typed) || typed == "." || typed == ".." {
			says.SetText(words.T("Type a name for the file, without slashes."))
			f.Showing().Fit()
			return
		}
		f.make(filepath.Join(dir, typed))
	}
	name.OnSubmitted = func(string) { submit() }
	main := kit.NewMainButton(words.T("Save"), submit)
	f.pages.Page(&kit.Sheet{
		Title: words.T("Save the file"), Main: main, First: main, Width: 480,
		Content: kit.Rows(kit.Space8,
			labelled(words.T("Folder"), kit.NewLine(dir)), labelled(words.T("Name of the file"), name), says),
		Others: []*kit.Button{kit.NewButton(words.T("Back"), f.protect), kit.NewButton(words.T("Choose another folder"), f.save)},
	})
}

func labelled(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(-kit.Space4, kit.NewQuiet(label), o)
}

// saved is what came of saving.
type saved struct {
	paths []string
	in    int
	plain bool
}

// remove takes away what was written.
func (s saved) remove() {
	for _, path := range s.paths {
		_ = atomicfile.Remove(path) // there is nobody left to be told
	}
}

// make makes the file, reads it back and puts it where it was wanted.
func (f *Flow) make(path string) {
	now := f.Clock.Now()
	f.writing(path, func(ctx context.Context, j *job) error {
		j.written.Clear() // of a try that failed
		var err error
		if j.to.way == onPaper {
			j.written, err = pages(ctx, j, sheet.List{Made: now})
		} else {
			j.written, err = exchange.Write(ctx, j.to.ID, j.chosen(), j.pass)
		}
		return err
	}, false)
}

// pages are the accounts as a document to print.
func pages(ctx context.Context, j *job, l sheet.List) (exchange.Written, error) {
	chosen := j.chosen()
	for _, e := range chosen {
		l.Keys = append(l.Keys, e.Key.Normal())
	}
	pdf, err := sheet.Accounts(ctx, l)
	return exchange.Written{Target: j.to.Target, Files: []foreign.Output{{Data: pdf}}, In: len(chosen)}, err
}

// writing writes what first makes. Where there is a file already it asks.
func (f *Flow) writing(path string, first func(context.Context, *job) error, force bool) {
	j := f.job.takeOver()
	f.pages.Busy(words.T("One moment"), words.T("Writing the file, and reading it back…"), f.pages.Cancel)
	kit.Work(&f.pages, func(ctx context.Context) (saved, error) {
		if err := first(ctx, j); err != nil {
			return saved{}, err
		}
		paths, err := exchange.Save(ctx, path, j.written, force)
		s := saved{paths: paths, in: j.written.In, plain: !j.written.Encrypted}
		if err == nil && ctx.Err() != nil { // who stops it wants no file
			s.remove()
			err = ctx.Err()
		}
		return s, err
	}, func(s saved, err error) {
		f.job = *j
		switch {
		case errors.Is(err, context.Canceled):
			f.stopped(f.accounts)
		case errors.Is(err, fs.ErrExist):
			f.askReplace(path)
		case err != nil:
			f.failed(err, f.accounts)
		default:
			f.done(s)
		}
	}, func(s saved) {
		s.remove()
		j.clear()
	})
}

// askReplace asks before a file that is there is replaced.
func (f *Flow) askReplace(path string) {
	replace := kit.NewDangerButton(words.T("Replace"), func() {
		f.writing(path, func(context.Context, *job) error { return nil }, true)
	})
	other := kit.NewButton(words.T("Another name"), func() {
		f.job.written.Clear()
		f.job.written = exchange.Written{}
		f.saveIn(filepath.Dir(path), filepath.Base(path))
	})
	f.pages.Page(&kit.Sheet{
		Title:   words.T("Replace the file?"),
		Content: kit.NewText(words.T("There is already a file {name} in this folder. What it holds now is lost.", "name", filepath.Base(path))),
		Main:    replace, Others: []*kit.Button{f.cancelButton(), other}, First: other, Width: 480,
	})
}

// done says what was written, and what to do with it.
func (f *Flow) done(s saved) {
	to, left := f.job.to, f.job.plan.Left
	f.job.clear()
	m := kit.Message{What: words.N(s.in, "1 account is in it. It was read back and is complete.", "{n} accounts are in it. It was read back and is complete.")}
	if len(s.paths) > 1 {
		m.What = words.N(s.in, "1 account is in the files. They were read back and are complete.", "{n} accounts are in the files. They were read back and are complete.")
	}
	if to.way == onPaper {
		m.What = words.N(s.in, "1 account is on the pages.", "{n} accounts are on the pages.")
	}
	m.Next = to.then
	rows := []fyne.CanvasObject{kit.NewMessage(kit.Good, m)}
	for _, path := range s.paths {
		rows = append(rows, kit.NewQuiet(path))
	}
	if s.plain {
		rows = append(rows, kit.NewMessage(kit.Look, careful(len(s.paths), to.way)))
	}
	if len(left) > 0 {
		rows = append(rows, stay(left))
	}
	done := kit.NewMainButton(words.T("Done"), f.Close)
	f.pages.Page(&kit.Sheet{
		Title: words.T("Your accounts are taken out"), Content: kit.Rows(kit.Space4, rows...),
		Main: done, First: done,
	})
}

// careful says what may come of files that are not encrypted.
func careful(files int, w way) kit.Message {
	m := kit.Message{
		What: words.N(files, "Anyone who gets this file has all your codes.", "Anyone who gets these files has all your codes."),
		Next: words.N(files, "Delete it once the other app has read it.", "Delete them once the other app has read them."),
	}
	if w == onPaper {
		m.Next = "" // it is said above
	}
	return m
}

// stay lists what had no place there.
func stay(left []foreign.Entry) fyne.CanvasObject {
	list := kit.NewPickList(func() int { return len(left) }, func(i int) kit.Pick {
		return kit.Pick{Title: left[i].Label, Tile: left[i].Label, Says: explain.Reason(left[i].Err), Bare: true}
	}, false, func(int) {})
	return kit.Rows(0, kit.NewText(words.N(len(left), "1 account is not in it:", "{n} accounts are not in it:")), list.AsTall(len(left), 3))
}

// print puts the pages on paper, with no file in between.
func (f *Flow) print() {
	j := f.job.takeOver()
	now := f.Clock.Now()
	f.pages.Busy(words.T("One moment"), words.T("Printing…"), f.Close)
	kit.Work(&f.pages, func(ctx context.Context) (int, error) {
		w, err := pages(ctx, j, sheet.List{Made: now})
		defer w.Clear()
		if err != nil {
			return 0, err
		}
		return w.In, f.Printer.Print(ctx, w.Files[0].Data)
	}, func(n int, err error) {
		f.job = *j
		if err != nil {
			f.failed(err, f.warnOfPaper)
			return
		}
		f.job.clear()
		f.pages.Page(&kit.Sheet{
			Title: words.T("The pages are at the printer"),
			Content: kit.NewMessage(kit.Good, kit.Message{
				What: words.N(n, "1 account is on the pages.", "{n} accounts are on the pages."),
				Next: words.T("Fetch them at once, and keep them in a safe place."),
			}),
			Main: kit.NewMainButton(words.T("Done"), f.Close),
		})
	}, func(int) { j.clear() })
}
