// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"errors"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// entering is the sheet in which codes are entered.
type entering struct {
	screen *Screen
	field  *kit.Entry
	count  *widget.Label // how many codes were read so far
	bad    *widget.Label
	pic    *picture // to type over from; nil without
}

// enter asks for codes: pasted, from a text file or typed over.
func (s *Screen) enter() { s.enterBeside(nil, "") }

// enterBeside asks for codes beside a picture, if there is one; wrong is what
// was wrong with what was tried last.
func (s *Screen) enterBeside(img image.Image, wrong string) {
	e := &entering{screen: s, field: kit.NewTextArea(words.T("One code a line")), count: kit.NewQuiet(""), bad: says()}
	e.field.TextStyle.Monospace = true
	e.field.SetMinRowsVisible(6)
	e.field.SetText(s.draft.text.Reveal())
	e.field.OnChanged = func(string) { e.changed() }
	e.changed()
	say(e.bad, wrong, nil)
	sh := &kit.Sheet{
		Title: words.T("Enter the backup codes"), First: e.field,
		Main:   kit.NewMainButton(words.T("Continue"), e.submit),
		Others: []*kit.Button{s.cancelButton()},
	}
	if s.draft.begun != "" || s.draft.last != "" {
		sh.Title = words.T("Enter the new backup codes")
	}
	about := kit.NewText(words.T("Paste them or type them over, one a line. Commas and blanks between them do as well."))
	under := kit.Rows(-kit.Space4, e.field, e.count, e.bad)
	if img == nil {
		sh.Content = kit.Rows(kit.Space8, about, under, e.links(), neverAsked())
	} else {
		e.pic = newPicture(img, s.Canvas().Size())
		sh.Width = 900
		sh.Content = kit.Rows(kit.Space8, about, kit.AdaptiveGap(600, kit.Space8, e.pic.object, kit.Rows(kit.Space8, under, e.links(), neverAsked())))
	}
	s.pages.Page(sh, func() {
		emptied(e.field)()
		if e.pic != nil {
			e.pic.clear()
		}
	})
}

// links are the other ways in.
func (e *entering) links() fyne.CanvasObject {
	picture := words.T("Type over a picture…")
	if e.pic != nil {
		picture = words.T("Another picture…")
	}
	rows := kit.Rows(0,
		link(kit.IconPaste, words.T("Paste"), e.paste),
		link(kit.IconFile, words.T("Open a text file…"), e.file),
		link(kit.IconPicture, picture, e.picture))
	if e.screen.draft.way == asked {
		rows.Add(link(kit.IconEdit, words.T("Only note the place…"), func() {
			e.keepText()
			e.screen.note("")
		}))
	}
	return rows
}

// changed says how many codes are read so far.
func (e *entering) changed() {
	text := secret.FromString(e.field.Text)
	defer text.Clear()
	say(e.bad, "", nil)
	if strings.TrimSpace(e.field.Text) == "" {
		e.count.SetText(words.T("No code yet"))
		return
	}
	readings, err := backupcodes.Split(text)
	if err != nil {
		e.count.SetText(readSentence(err))
		return
	}
	n := len(readings[0].Codes)
	e.count.SetText(words.N(n, "1 code", "{n} codes"))
	if len(readings) > 1 {
		e.count.SetText(words.T("{n} codes or {m}, which is asked next", "n", n, "m", len(readings[1].Codes)))
	}
	for _, r := range readings {
		r.Clear()
	}
}

// readSentence says why a text cannot be read as codes.
func readSentence(err error) string {
	switch {
	case errors.Is(err, backupcodes.ErrNoCodes):
		return words.T("There are no codes in it.")
	case errors.Is(err, backupcodes.ErrTooMany):
		return words.T("These are more than 64 codes, which is the most that a set has.")
	case errors.Is(err, backupcodes.ErrTooLong):
		return words.T("Something in it is longer than a backup code can be, which is 64 characters. Leave out all but the codes.")
	case errors.Is(err, backupcodes.ErrUnprintable):
		return words.T("Something in it cannot be typed. Leave out all but the codes.")
	}
	return messageOf(err).What
}

// keepText remembers what stands in the field.
func (e *entering) keepText() {
	e.screen.draft.text.Clear()
	e.screen.draft.text = secret.FromString(e.field.Text)
}

// submit goes on to look at what was read.
func (e *entering) submit() {
	text := secret.FromString(e.field.Text)
	readings, err := backupcodes.Split(text)
	text.Clear()
	if err != nil {
		say(e.bad, readSentence(err), e.screen.Showing())
		e.count.SetText("")
		e.screen.Canvas().Focus(e.field)
		return
	}
	e.keepText()
	e.screen.draft.reading = 0
	e.screen.read(readings)
}

// paste takes the text in the clipboard.
func (e *entering) paste() {
	s := e.screen
	e.keepText()
	img := e.image()
	s.pages.Busy(words.T("One moment"), words.T("Looking into the clipboard…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (secret.Value, error) {
		clip, err := s.Eyes.Clipboard(ctx)
		if err == nil && strings.TrimSpace(clip.Text) == "" {
			err = clipboard.ErrEmpty
		}
		if err == nil && len(clip.Text) > maxText {
			err = backupcodes.ErrTooMany
		}
		return secret.FromString(clip.Text), err
	}, func(text secret.Value, err error) { s.entered(text, err, img) }, secret.Value.Clear)
}

// file takes a text file.
func (e *entering) file() {
	s := e.screen
	e.keepText()
	img := e.image()
	back := func() { s.enterBeside(img, "") }
	s.pages.Dismiss()
	s.ChooseFile(func(p safety.Picked, ok bool) {
		if !ok {
			back()
			return
		}
		s.pages.Busy(words.T("One moment"), words.T("Reading the file…"), s.pages.Cancel)
		kit.Work(&s.pages, func(context.Context) (secret.Value, error) {
			text, err := readAll(p, maxText)
			return secret.New(text), err
		}, func(text secret.Value, err error) { s.entered(text, err, img) }, secret.Value.Clear)
	}, func(err error) { s.failed(err, back) })
}

// entered puts a text after what was there. One that holds no codes is not taken
// in: it is another file, or the clipboard's last use.
func (s *Screen) entered(text secret.Value, err error, img image.Image) {
	defer text.Clear()
	wrong := ""
	var readings []backupcodes.Reading
	if err == nil {
		readings, err = backupcodes.Split(text)
	}
	for _, r := range readings {
		r.Clear()
	}
	switch {
	case errors.Is(err, context.Canceled):
	case errors.Is(err, clipboard.ErrEmpty):
		wrong = words.T("There is no text in the clipboard.")
	case err != nil:
		wrong = words.T("Not taken in:") + " " + readSentence(err)
	default:
		s.draft.add(text)
	}
	s.enterBeside(img, wrong)
}

// add puts a text after what was entered.
func (d *draft) add(text secret.Value) {
	before := strings.TrimRight(d.text.Reveal(), "\n")
	if before != "" {
		before += "\n"
	}
	d.text.Clear()
	d.text = secret.FromString(before + strings.Trim(text.Reveal(), "\n"))
}

// picture shows a picture beside the field. Nothing is read out of it.
func (e *entering) picture() {
	s := e.screen
	e.keepText()
	img := e.image()
	back := func() { s.enterBeside(img, "") }
	s.pages.Dismiss()
	s.ChoosePicture(func(p add.Picture, ok bool) {
		if !ok {
			back()
			return
		}
		s.pages.Busy(words.T("One moment"), words.T("Opening the picture…"), s.pages.Cancel)
		kit.Work(&s.pages, func(ctx context.Context) (image.Image, error) {
			r, err := p.Open()
			if err != nil {
				return nil, err
			}
			defer r.Close()
			return scan.Load(ctx, r)
		}, func(img image.Image, err error) {
			switch {
			case errors.Is(err, context.Canceled):
				back()
			case err != nil:
				s.failed(err, back)
			default:
				s.enterBeside(img, "")
			}
		}, nil)
	}, func(err error) { s.failed(err, back) })
}

func (e *entering) image() image.Image {
	if e.pic == nil {
		return nil
	}
	return e.pic.source
}
