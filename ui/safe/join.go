// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/secret"
)

// joining is shares that come together.
type joining struct {
	shares []split.Share
	test   bool // they are to be compared with the codes of the draft
}

func (j *joining) clear() {
	for _, share := range j.shares {
		share.Clear()
	}
	j.shares = nil
}

// Join brings codes back from shares.
func (s *Screen) Join() {
	s.pages.Close()
	s.askShare("")
}

// askShare asks for one share after another; wrong is what was wrong with the last.
func (s *Screen) askShare(wrong string) {
	j := &s.joining
	field, bad := kit.NewTextArea(words.T("The groups of letters from a page")), says()
	field.SetMinRowsVisible(3)
	field.TextStyle.Monospace = true
	say(bad, wrong, nil)
	rows := []fyne.CanvasObject{kit.NewText(j.progress())}
	for i, share := range j.shares {
		rows = append(rows, s.shareRow(i, share))
	}
	rows = append(rows, kit.Rows(0,
		link(kit.IconScreen, words.T("Scan the screen"), s.scanShare),
		link(kit.IconPicture, words.T("Open a picture…"), s.pictureOfShare),
		link(kit.IconPaste, words.T("Paste"), s.pasteShare)),
		kit.Rows(-kit.Space4, field, bad))
	submit := func() {
		if strings.TrimSpace(field.Text) == "" {
			say(bad, words.T("Type the letters of a share first, or scan one."), s.Showing())
			return
		}
		s.addShares([]string{field.Text}, nil)
	}
	sh := &kit.Sheet{
		Title: words.T("Put shares together"), Content: kit.Rows(kit.Space8, rows...), First: field,
		Main: kit.NewMainButton(words.T("Add it"), submit), Others: []*kit.Button{s.cancelButton()},
	}
	if j.test {
		sh.Title = words.T("Test the pages")
		sh.Others = append(sh.Others, kit.NewButton(words.T("Back"), func() { s.handOut("") }))
	}
	s.pages.Page(sh, emptied(field))
}

// progress says how many shares are still needed.
func (j *joining) progress() string {
	if len(j.shares) == 0 {
		if j.test {
			return words.T("Take as many pages as are needed, from the printer or the files, and bring them in one after another. So you know that they can be read.")
		}
		return words.T("Bring in one share after another, from the QR code on its page or from its letters.")
	}
	left := j.shares[0].Need - len(j.shares)
	if left <= 0 {
		return words.T("There are enough of them, but they do not go together.")
	}
	return words.N(left, "1 more share is needed.", "{n} more shares are needed.")
}

// shareRow is one of the shares that are there.
func (s *Screen) shareRow(i int, share split.Share) fyne.CanvasObject {
	out := kit.NewIconButton(kit.IconRemove, words.T("Take share {n} out", "n", i+1), func() {
		s.joining.shares[i].Clear()
		s.joining.shares = append(s.joining.shares[:i:i], s.joining.shares[i+1:]...)
		s.askShare("")
	})
	icon, in := kit.Good.Icon()
	text := words.T("{n}. Page {page} of {all}, splitting {id}", "n", i+1, "page", share.Index, "all", share.Of, "id", share.Splitting)
	return container.NewBorder(nil, nil, container.NewCenter(kit.NewIcon(icon, in, 24)), out, kit.NewLine(text))
}

// addShares takes in what was scanned, pasted or typed.
func (s *Screen) addShares(texts []string, err error) {
	if errors.Is(err, context.Canceled) {
		s.askShare("")
		return
	}
	if err == nil && len(texts) == 0 {
		err = split.ErrNotShare
	}
	taken := 0
	for _, text := range texts {
		share, e := parseShare(text)
		if e == nil {
			e = s.joining.add(share)
		}
		if e == nil {
			taken++
		} else if err == nil {
			err = e
		}
	}
	switch {
	case taken == 0 && errors.Is(err, clipboard.ErrEmpty):
		s.askShare(words.T("There is no text in the clipboard."))
	case taken == 0:
		s.askShare(shareSentence(err))
	case len(s.joining.shares) >= s.joining.shares[0].Need:
		s.rejoin()
	default:
		s.askShare("")
	}
}

func parseShare(text string) (split.Share, error) {
	v := secret.FromString(text)
	defer v.Clear()
	return split.Parse(v)
}

// add takes a share in, unless it is there already.
func (j *joining) add(share split.Share) error {
	mine := share.Text()
	defer mine.Clear()
	for _, o := range j.shares {
		text := o.Text()
		same := text.Equal(mine)
		text.Clear()
		if same {
			share.Clear()
			return split.ErrTwice
		}
	}
	j.shares = append(j.shares, share)
	return nil
}

// rejoin brings the codes back. The shares stay, so that a wrong one can be
// taken out.
func (s *Screen) rejoin() {
	n, err := backupcodes.Rejoin(s.joining.shares)
	if err != nil {
		s.askShare(shareSentence(err))
		return
	}
	if s.joining.test {
		defer cleared(n.Codes)
		s.tested(n.Codes)
		return
	}
	s.joining.clear()
	s.draft = draft{title: n.Title, account: s.accountCalled(n.Title)}
	s.draft.setCodes(n.Codes)
	s.confirm()
}

// tested compares what came back with what was split.
func (s *Screen) tested(codes []secret.Value) {
	same := len(codes) == len(s.draft.codes)
	for i := range codes {
		same = same && codes[i].Equal(s.draft.codes[i])
	}
	s.joining.clear()
	if !same {
		s.failed(backupcodes.ErrReadBack, s.testShares)
		return
	}
	next := kit.NewMainButton(words.T("Continue"), s.divided)
	s.pages.Page(&kit.Sheet{
		Title: words.T("The pages work"), Width: 480, Main: next, First: next, Others: []*kit.Button{s.cancelButton()},
		Content: kit.NewMessage(kit.Good, kit.Message{What: words.N(len(codes), "1 code came back from them, as it was split.", "All {n} codes came back from them, as they were split.")}),
	})
}

// accountCalled is the id of the account that a set is named after, or "".
func (s *Screen) accountCalled(title string) string {
	for _, a := range s.accounts() {
		if nameOf(a) == title {
			return string(a.ID)
		}
	}
	return ""
}

// scanShare looks at all monitors, with our own window out of the way.
func (s *Screen) scanShare() {
	s.pages.Busy(words.T("One moment"), words.T("Looking at your screen…"), s.pages.Cancel)
	s.hide()
	kit.Work(&s.pages, func(ctx context.Context) (add.Texts, error) {
		select {
		case <-ctx.Done():
			return add.Texts{}, ctx.Err()
		case <-time.After(s.Pause):
		}
		return add.LookAtScreen(ctx, s.Eyes, func(int) {})
	}, func(t add.Texts, err error) {
		s.unhide()
		s.addShares(t.Texts, err)
	}, nil)
}

func (s *Screen) pasteShare() {
	s.pages.Busy(words.T("One moment"), words.T("Looking into the clipboard…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (add.Texts, error) {
		return add.LookAtClipboard(ctx, s.Eyes)
	}, func(t add.Texts, err error) { s.addShares(t.Texts, err) }, nil)
}

func (s *Screen) pictureOfShare() {
	s.pages.Dismiss()
	s.ChoosePicture(func(p add.Picture, ok bool) {
		if !ok {
			s.askShare("")
			return
		}
		s.pages.Busy(words.T("One moment"), words.T("Opening the picture…"), s.pages.Cancel)
		kit.Work(&s.pages, func(ctx context.Context) (add.Texts, error) {
			return add.LookAtPictures(ctx, s.Eyes, []add.Picture{p}, func(int, int) {})
		}, func(t add.Texts, err error) { s.addShares(t.Texts, err) }, nil)
	}, func(err error) { s.failed(err, func() { s.askShare("") }) })
}
