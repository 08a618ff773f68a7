// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// spent is a file of which all is here now.
type spent struct {
	path string
	is   digest // what was read
}

var errChanged = errors.New("the file is another than was read")

// offerShred offers to delete the files that anybody could read.
func (f *Flow) offerShred(o *outcome) fyne.CanvasObject {
	n := len(o.plain)
	names := make([]string, n)
	for i, file := range o.plain {
		names[i] = filepath.Base(file.path)
	}
	remove := kit.NewButton(words.N(n, "Delete the file…", "Delete the files…"), func() { f.askShred(o) })
	remove.SetIcon(kit.IconRemove)
	return kit.NewCard(kit.Rows(kit.Space4,
		kit.NewStrong(joined(names)),
		kit.NewText(words.N(n, "This file is not encrypted, and all of it is here now. Whoever gets it has your codes.",
			"These {n} files are not encrypted, and all of them is here now. Whoever gets them has your codes.")),
		kit.Cols(0, remove)))
}

// askShred says what deleting can do, and what not.
func (f *Flow) askShred(o *outcome) {
	n := len(o.plain)
	what := words.N(n, "{file} is overwritten first, then deleted for good.", "{n} files are overwritten first, then deleted for good.",
		"file", filepath.Base(o.plain[0].path))
	kit.Confirm(f.Canvas(), words.N(n, "Delete the file?", "Delete {n} files?"),
		what+" "+words.T("That does not reach copies: on the phone, in the recycle bin, in a backup or a synchronised folder, nor what a flash drive or an SSD may keep inside."),
		words.T("Delete"), true, func() { f.shred(o) })
}

func (f *Flow) shred(o *outcome) {
	files := slices.Clone(o.plain)
	f.pages.Busy(words.T("One moment"), words.N(len(files), "Deleting the file…", "Deleting {n} files…"), func() { f.done(o) })
	kit.Work(&f.pages, func(ctx context.Context) ([]spent, error) {
		return f.shredAll(ctx, files)
	}, func(still []spent, err error) {
		o.plain = still
		f.done(o)
		if err != nil {
			kit.ShowMessage(f.Canvas(), kit.Look, words.N(len(still), "The file is still there", "{n} files are still there"), messageOf(err), nil)
		}
	}, nil)
}

// shredAll deletes files, unless something else stands there by now. It returns
// those that are left, and why the first of them is.
func (f *Flow) shredAll(ctx context.Context, files []spent) (still []spent, first error) {
	for _, file := range files {
		err := ctx.Err()
		if err == nil {
			err = f.shredOne(file)
		}
		if err == nil {
			continue
		}
		still = append(still, file)
		if first == nil {
			first = err
		}
	}
	return still, first
}

func (f *Flow) shredOne(file spent) error {
	data, err := os.ReadFile(file.path)
	same := sha256.Sum256(data) == file.is
	clear(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // somebody was faster
	case err != nil:
		return err
	case !same:
		return errChanged
	}
	return f.Shred(file.path)
}
