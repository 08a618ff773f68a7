// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/atomicfile"
)

// form is one of the two forms of a report.
type form struct {
	ext  string
	data []byte
}

// reportPage shows all of a report, with the ways to keep it.
func (p *Page) reportPage(r report.Report) {
	text := widget.NewLabel(r.Text())
	text.Wrapping = fyne.TextWrapWord
	text.SizeName = theme.SizeNameCaptionText
	text.TextStyle.Monospace = true
	s := &kit.Sheet{
		Title: words.T("Report for your helpdesk"),
		Content: kit.Rows(0, kit.NewText(words.T("This is all of it. It is not sent anywhere: save it, and give it to your helpdesk yourself.")),
			text),
		Others: []*kit.Button{kit.NewButton(words.T("Close"), p.pages.Close)},
	}
	if p.ChooseFolder != nil {
		s.Main = kit.NewMainButton(words.T("Save as text"), func() { p.saveReport(form{".txt", []byte(r.Text())}) })
		s.Others = append(s.Others, kit.NewButton(words.T("Save for programs (.json)"), func() { p.saveReport(form{".json", r.JSON()}) }))
		s.First = s.Main
	}
	p.pages.Page(s)
}

// saveReport asks for a folder, and writes the report there.
func (p *Page) saveReport(f form) {
	p.pages.Dismiss()
	p.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			p.pages.Close()
			return
		}
		name := "kutano-report-" + p.Clock.Now().Local().Format("2006-01-02") + f.ext
		p.writeReport(filepath.Join(dir, name), f.data, false)
	}, p.failed)
}

// writeReport writes it. Where there is a file already it asks.
func (p *Page) writeReport(path string, data []byte, replace bool) {
	write := atomicfile.Create
	if replace {
		write = atomicfile.Write
	}
	p.pages.Busy(words.T("One moment"), words.T("Writing the report…"), p.pages.Close)
	kit.Work(&p.pages, func(context.Context) (string, error) { return path, write(path, data) }, func(_ string, err error) {
		switch {
		case errors.Is(err, fs.ErrExist):
			p.askReplace(path, data)
		case err != nil:
			p.failed(err)
		default:
			p.saved(path)
		}
	}, nil)
}

// askReplace asks before a file that is there is replaced.
func (p *Page) askReplace(path string, data []byte) {
	keep := kit.NewButton(words.T("Cancel"), p.pages.Close)
	p.pages.Page(&kit.Sheet{
		Title:   words.T("Replace the file?"),
		Content: kit.NewText(words.T("There is already a file {name} in this folder. What it holds now is lost.", "name", filepath.Base(path))),
		Main:    kit.NewDangerButton(words.T("Replace"), func() { p.writeReport(path, data, true) }),
		Others:  []*kit.Button{keep}, First: keep, Width: 480,
	})
}

func (p *Page) saved(path string) {
	done := kit.NewMainButton(words.T("Done"), p.pages.Close)
	p.pages.Page(&kit.Sheet{
		Title: words.T("The report is written"),
		Content: kit.Rows(kit.Space4, kit.NewMessage(kit.Good, kit.Message{
			What: words.T("No name, no address, no key and no code is in it."),
			Next: words.T("Give it to your helpdesk yourself: it has not been sent anywhere."),
		}), kit.NewQuiet(path)),
		Main: done, First: done, Width: 480,
	})
}

// failed says what went wrong.
func (p *Page) failed(err error) {
	if errors.Is(err, context.Canceled) {
		p.pages.Close()
		return
	}
	m := explain.Error(err)
	p.pages.Page(&kit.Sheet{
		Title:   words.T("That did not work"),
		Content: kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}),
		Main:    kit.NewMainButton(words.T("Close"), p.pages.Close), Width: 480,
	})
}
