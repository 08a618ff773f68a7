// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/runbook"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/atomicfile"
)

// runbookName is the name of the file, before its ending.
const runbookName = "kutano-helpdesk"

// Runbook asks in which form the runbook is wanted.
func (r *Room) Runbook() {
	paper := kit.NewMainButton(words.T("Pages to print (PDF)"), func() { r.saveRunbook(".pdf") })
	page := kit.NewButton(words.T("A page for the browser"), func() { r.saveRunbook(".html") })
	r.pages.Page(&kit.Sheet{
		Title: words.T("The runbook"), Main: paper, First: paper, Others: []*kit.Button{r.cancel(), page},
		Content: kit.NewText(words.T("The rules, the script of a call, what each finding means and what to say, the spelling alphabet, and the recovery guide. It says the same as this app. Nothing of it is secret.")),
	})
}

// saveRunbook asks for a folder, and saves it there.
func (r *Room) saveRunbook(ext string) {
	r.pages.Dismiss()
	r.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			r.Runbook()
			return
		}
		r.writeRunbook(filepath.Join(dir, runbookName+ext), false)
	}, r.failed)
}

func (r *Room) writeRunbook(path string, replace bool) {
	now := r.Clock.Now()
	var fill guide.Fill
	if r.Fill != nil {
		fill = r.Fill()
	}
	r.pages.Busy(words.T("One moment"), words.T("Writing the runbook…"), r.pages.Close)
	kit.Work(&r.pages, func(context.Context) (struct{}, error) {
		d, err := runbook.Make(fill, now)
		if err != nil {
			return struct{}{}, err
		}
		data := runbook.HTML(d)
		if filepath.Ext(path) == ".pdf" {
			if data, err = runbook.PDF(d); err != nil {
				return struct{}{}, err
			}
		}
		if replace {
			return struct{}{}, atomicfile.Write(path, data)
		}
		return struct{}{}, atomicfile.Create(path, data)
	}, func(_ struct{}, err error) {
		switch {
		case errors.Is(err, fs.ErrExist):
			r.askReplace(path)
		case err != nil:
			r.failed(err)
		default:
			done := kit.NewMainButton(words.T("Done"), r.pages.Close)
			r.pages.Page(&kit.Sheet{
				Title: words.T("The runbook is written"), Main: done, First: done,
				Content: kit.Rows(0, kit.NewMessage(kit.Good, kit.Message{What: words.T("The runbook is written. Nothing of it is secret.")}), kit.NewQuiet(path)),
			})
		}
	}, nil)
}

// askReplace asks before a file that is there is replaced.
func (r *Room) askReplace(path string) {
	no := r.cancel()
	r.pages.Page(&kit.Sheet{
		Title: words.T("Replace the file?"), First: no, Others: []*kit.Button{no},
		Content: kit.NewText(words.T("There is already a file {name} in this folder. What it holds now is lost.", "name", filepath.Base(path))),
		Main:    kit.NewDangerButton(words.T("Replace"), func() { r.writeRunbook(path, true) }),
	})
}
