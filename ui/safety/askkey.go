// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/snapshot"
)

// asking is the question for a recovery key.
type asking struct {
	title, sentence string
	yes             string // on the main button
	// with gets the key and clears it. others, which may be nil, gets the text
	// of an age key that is not a recovery key.
	with   func(snapshot.Key)
	others func(text string)

	typed string // what stands in the field at first
	says  string // what is wrong with it
}

// errNoKey says that what was looked at holds no recovery key.
var errNoKey = errors.New("no recovery key was found there")

// maxKeyFile is far more than a key file ever is.
const maxKeyFile = 1 << 16

// keyField is the field of a recovery key with what is said about it.
type keyField struct {
	entry  *kit.Entry
	far    *widget.Label
	says   *widget.Label
	mend   *kit.Button
	mended string
}

func newKeyField(a asking) *keyField {
	k := &keyField{
		entry: kit.NewTextArea(words.T("The 16 words, or the line that begins with AGE-SECRET-KEY")),
		far:   kit.NewQuiet(""), says: kit.NewText(a.says), mend: kit.NewButton(words.T("Put it right"), nil),
	}
	k.entry.SetMinRowsVisible(4)
	k.entry.SetText(a.typed)
	k.says.Importance = widget.DangerImportance
	k.far.SetText(howFar(a.typed))
	k.entry.OnChanged = func(text string) {
		k.far.SetText(howFar(text))
		k.say("", nil)
	}
	k.mend.OnTapped = func() { k.entry.SetText(k.mended) }
	k.mend.Hide()
	k.says.Hidden = a.says == ""
	return k
}

// say says what is wrong, and offers to put it right where that can be.
func (k *keyField) say(sentence string, err error) {
	k.says.Hidden = sentence == ""
	k.says.SetText(sentence)
	text, ok := mended(k.entry.Text, err)
	k.mended = text
	k.mend.Hidden = !ok
	k.mend.Refresh()
}

func (k *keyField) clear() {
	k.mended = ""
	k.says.SetText("")
	emptied(k.entry)()
}

// askKey asks for a recovery key, typed, from its sheet or from its file.
func (f *Flow) askKey(a asking) {
	k := newKeyField(a)
	submit := func() {
		if strings.TrimSpace(k.entry.Text) == "" {
			k.say(words.T("Type the words first, or scan the sheet."), nil)
			return
		}
		if err := f.tryKey(a, k.entry.Text); err != nil {
			k.say(keySentence(err), err)
			f.sheet.Fit()
		}
	}
	k.entry.OnSubmitted = func(string) { submit() }
	again := func() asking { // the question as it stands, to come back to
		b := a
		b.typed, b.says = k.entry.Text, ""
		return b
	}
	scan := kit.NewQuietButton(words.T("Scan the sheet’s QR code"), func() { f.scanKey(again()) })
	picture := kit.NewQuietButton(words.T("Open a picture"), func() { f.pictureOfKey(again()) })
	paste := kit.NewQuietButton(words.T("Paste"), func() { f.pasteKey(again()) })
	file := kit.NewQuietButton(words.T("Open the key file"), func() { f.fileOfKey(again()) })
	for b, icon := range map[*kit.Button]kit.IconName{
		scan: kit.IconScreen, picture: kit.IconPicture, paste: kit.IconPaste, file: kit.IconFile,
	} {
		b.Icon = icon
	}
	f.page(&kit.Sheet{
		Title: a.title,
		Content: kit.Rows(kit.Space8, kit.NewText(a.sentence), k.entry, kit.Rows(-kit.Space4, k.far, k.says),
			kit.Inset(kit.Cols(0, k.mend), 0, 0, kit.Space8, 0),
			kit.AdaptiveGap(440, 0, kit.Rows(0, atLeft(scan), atLeft(picture)), kit.Rows(0, atLeft(paste), atLeft(file)))),
		Main: kit.NewMainButton(a.yes, submit), Others: []*kit.Button{f.cancelButton()}, First: k.entry,
	}, k.clear)
}

func atLeft(o fyne.CanvasObject) fyne.CanvasObject { return kit.Cols(0, o) }

// tryKey goes on with a key, or returns what is wrong with its text.
func (f *Flow) tryKey(a asking, text string) error {
	k, err := snapshot.ParseKey(text)
	if err == nil {
		a.with(k)
		return nil
	}
	switch {
	case marked(text, recoveryMark):
		return errIdentity
	case a.others != nil && marked(text, identityMark):
		a.others(text)
		return nil
	}
	return err
}

// found goes on with the first key among texts.
func (f *Flow) found(a asking, texts []string) {
	err := errNoKey
	for _, text := range texts {
		if e := f.tryKey(a, text); e == nil {
			return
		} else if !errors.Is(e, snapshot.ErrNotKey) {
			err = e
		}
	}
	a.says = keySentence(err)
	if errors.Is(err, errNoKey) {
		a.says = words.T("No recovery key was found there. The QR code has to be whole and sharp; you can also type the words.")
	}
	f.askKey(a)
}

// looked is what comes of looking for a key.
func (f *Flow) looked(a asking, turn int, t add.Texts, err error) {
	if turn != f.turn {
		return
	}
	f.stop()
	if err != nil {
		f.failed(err, func() { f.askKey(a) })
		return
	}
	f.found(a, t.Texts)
}

// scanKey looks at all monitors, with our own window out of the way.
func (f *Flow) scanKey(a asking) {
	f.working(words.T("Looking at your screen…"), func() { f.askKey(a) })
	ctx, turn := f.begin()
	f.hidden = true
	f.Hide()
	kit.Go(ctx, func(ctx context.Context) (add.Texts, error) {
		select {
		case <-ctx.Done():
			return add.Texts{}, ctx.Err()
		case <-time.After(f.Pause):
		}
		return add.LookAtScreen(ctx, f.Eyes, func(int) {})
	}, func(t add.Texts, err error) { f.looked(a, turn, t, err) })
}

func (f *Flow) pasteKey(a asking) {
	f.working(words.T("Looking into the clipboard…"), func() { f.askKey(a) })
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (add.Texts, error) {
		return add.LookAtClipboard(ctx, f.Eyes)
	}, func(t add.Texts, err error) { f.looked(a, turn, t, err) })
}

func (f *Flow) pictureOfKey(a asking) {
	f.dismiss()
	f.ChoosePicture(func(p add.Picture, ok bool) {
		if !ok {
			f.askKey(a)
			return
		}
		f.working(words.N(1, "Looking at 1 picture…", "Looking at {n} pictures…"), func() { f.askKey(a) })
		ctx, turn := f.begin()
		kit.Go(ctx, func(ctx context.Context) (add.Texts, error) {
			return add.LookAtPictures(ctx, f.Eyes, []add.Picture{p}, func(int, int) {})
		}, func(t add.Texts, err error) { f.looked(a, turn, t, err) })
	}, func(err error) { f.failed(err, func() { f.askKey(a) }) })
}

func (f *Flow) fileOfKey(a asking) {
	f.dismiss()
	f.ChooseFile(func(p Picked, ok bool) {
		if !ok {
			f.askKey(a)
			return
		}
		f.working(words.T("Reading the file…"), func() { f.askKey(a) })
		ctx, turn := f.begin()
		kit.Go(ctx, func(context.Context) (add.Texts, error) {
			text, err := readAll(p, maxKeyFile)
			defer clear(text)
			return add.Texts{Texts: []string{string(text)}}, err
		}, func(t add.Texts, err error) { f.looked(a, turn, t, err) })
	}, func(err error) { f.failed(err, func() { f.askKey(a) }) })
}

// readAll reads a file of at most so many bytes.
func readAll(p Picked, most int64) ([]byte, error) {
	r, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = snapshot.ErrTooLarge
	}
	return data, err
}
