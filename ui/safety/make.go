// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/snapshot"
)

// MakeKey leads to a recovery key that the user has in hand. Nothing is kept
// before its last step.
func (f *Flow) MakeKey() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.clear()
	s := &kit.Sheet{Title: words.T("Make a recovery key")}
	rows := []fyne.CanvasObject{
		kit.NewText(words.T("A recovery key opens the encrypted copies of your accounts. It is not kept on this device. Print it or keep it on another drive.")),
		kit.NewText(words.T("With it your accounts come back when this computer breaks, is lost, or its keyring is reset.")),
		kit.NewQuiet(words.T("It takes about three minutes. Nobody should look over your shoulder.")),
	}
	if mark, since, has := v.Recovery(); has {
		s.Title = words.T("Make a new recovery key")
		rows = []fyne.CanvasObject{
			kit.NewText(words.T("You have a recovery key since {date}. Make a new one if the sheet is lost or somebody else has seen it.", "date", date(since))),
			kit.NewMessage(kit.Look, kit.Message{
				What: words.T("Older snapshots open with the old key only."),
				Safe: words.T("Keep the old sheet until you no longer need them. Its fingerprint is {print}.", "print", grouped(mark)),
				Next: words.T("If somebody else has seen the old key, delete the older snapshots and their copies as well."),
			}),
		}
	}
	s.Content = kit.Rows(kit.Space8, rows...)
	s.Main = kit.NewMainButton(words.T("Show me the words"), f.draw)
	s.Others = []*kit.Button{kit.NewButton(words.T("Not now"), f.Close)}
	f.page(s)
}

// draw draws the key, which takes a moment, and shows it.
func (f *Flow) draw() {
	f.working(words.T("Drawing a key…"), f.Close)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (draft, error) {
		return draft{key: snapshot.NewKey(), prints: f.Paper.CanPrint(ctx)}, nil
	}, func(d draft, err error) {
		switch {
		case turn != f.turn:
			d.clear()
		case err != nil:
			f.failed(err, f.MakeKey)
		default:
			f.draft = d
			f.showWords("")
		}
	})
}

// showWords shows the key and the ways to keep it. news says what was just
// done with it.
func (f *Flow) showWords(news string) {
	grid := newWordGrid(f.draft.key.Words())
	next := kit.NewMainButton(words.T("Continue"), f.prove)
	noted := kit.NewCheck(words.T("I wrote the words down"), nil)
	hint := kit.NewQuiet("")
	show := func() {
		hint.SetText(words.T("Print it, save it on another drive, or write the words down. Then you can go on."))
		if f.draft.safe() {
			hint.SetText(words.T("Keep it where this computer is not: if both are lost together, so are your accounts."))
			next.Enable()
			return
		}
		next.Disable()
	}
	noted.SetChecked(f.draft.noted)
	noted.OnChanged = func(on bool) {
		f.draft.noted = on
		show()
	}
	show()
	var rows []fyne.CanvasObject
	if news != "" { // first, where it is in view on a phone as well
		rows = append(rows, kit.NewMessage(kit.Good, kit.Message{What: news}))
	}
	rows = append(rows,
		kit.NewText(words.T("These 16 words are your recovery key. Their order matters.")),
		grid.object, kit.VGap(0), f.waysToKeep(), noted, hint)
	f.page(&kit.Sheet{
		Title: words.T("Keep these words"), Content: kit.Rows(kit.Space8, rows...), Width: 640,
		Main: next, Others: []*kit.Button{f.cancelButton()}, First: f.firstOf(next, noted),
	}, grid.clear)
}

// firstOf is where the focus begins: on the next step once it can be taken.
func (f *Flow) firstOf(next *kit.Button, noted *kit.Check) fyne.Focusable {
	if f.draft.safe() {
		return next
	}
	return noted
}

// waysToKeep are the buttons that put the key somewhere else.
func (f *Flow) waysToKeep() fyne.CanvasObject {
	pdf := kit.NewButton(words.T("Save as PDF"), f.savePDF)
	file := kit.NewButton(words.T("Save a key file"), f.saveKeyFile)
	pdf.SetIcon(kit.IconFile)
	file.SetIcon(kit.IconKey)
	buttons := []fyne.CanvasObject{pdf, file}
	if f.draft.prints {
		printer := kit.NewButton(words.T("Print"), f.printSheet)
		printer.SetIcon(kit.IconFile)
		buttons = append([]fyne.CanvasObject{printer}, buttons...)
	}
	return kit.AdaptiveGap(gridWide, kit.Space8, buttons...)
}

// backToWords shows the words again, without news.
func (f *Flow) backToWords() { f.showWords("") }

// kept notes that the key is somewhere else as well.
func (f *Flow) kept(news string) {
	f.draft.copied = true
	f.showWords(news)
}

// paper makes the PDF of the key. The key must not be cleared meanwhile, so the
// work has a copy of its own.
func (f *Flow) paper(ctx context.Context, k snapshot.Key) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.Paper.PDF(k, f.Clock.Now())
}

func (f *Flow) printSheet() {
	k, err := copyOf(f.draft.key)
	if err != nil {
		f.failed(err, f.backToWords)
		return
	}
	f.working(words.T("Printing…"), f.backToWords)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (bool, error) {
		defer k.Clear()
		pdf, err := f.paper(ctx, k)
		defer clear(pdf)
		if err != nil {
			return false, err
		}
		return true, f.Paper.Print(ctx, pdf)
	}, func(_ bool, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.backToWords)
		default:
			f.kept(words.T("The sheet is on its way to the printer. Look whether it came out; the printing system may keep a copy for a day."))
		}
	})
}

func (f *Flow) savePDF() {
	f.save(saving{
		title: words.T("Save the sheet"), name: "kutano-recovery-key.pdf", secret: true,
		data: f.ofKey(f.paper),
		done: func(string) {
			f.kept(words.T("The sheet is saved. Print it from there, and delete the file if others can read it."))
		},
		back: f.backToWords,
	})
}

func (f *Flow) saveKeyFile() {
	f.save(saving{
		title: words.T("Save the key file"), name: "kutano-recovery-key.txt", secret: true,
		data: f.ofKey(func(_ context.Context, k snapshot.Key) ([]byte, error) {
			text := k.File(f.Clock.Now())
			return text.Bytes(), nil // cleared once it is written
		}),
		done: func(string) {
			f.kept(words.T("The key file is saved. Whoever has it and a copy of your accounts can read them."))
		},
		back: f.backToWords,
	})
}

// ofKey gives work a copy of the key, since the flow may be left meanwhile.
func (f *Flow) ofKey(content func(context.Context, snapshot.Key) ([]byte, error)) func() func(context.Context) ([]byte, error) {
	return func() func(context.Context) ([]byte, error) {
		k, err := copyOf(f.draft.key)
		return func(ctx context.Context) ([]byte, error) {
			if err != nil {
				return nil, err
			}
			defer k.Clear()
			return content(ctx, k)
		}
	}
}

// copyOf returns a key with bytes of its own.
func copyOf(k snapshot.Key) (snapshot.Key, error) { return snapshot.ParseKey(joined(k.Words())) }

// set keeps the recovery key and tests the first snapshot with it.
func (f *Flow) set() {
	v, ok := f.vault()
	if !ok {
		return
	}
	k := f.draft.take()
	f.working(words.T("Writing the first snapshot and testing it…"), f.Close)
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (bool, error) {
		defer k.Clear()
		return true, v.SetRecovery(ctx, k)
	}, func(_ bool, err error) {
		defer f.Refresh()
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.MakeKey)
		default:
			f.made(v)
		}
	})
}

// made is the last page.
func (f *Flow) made(v Vault) {
	mark, _, _ := v.Recovery()
	body := kit.Rows(kit.Space8,
		kit.NewMessage(kit.Good, kit.Message{
			What: words.T("Your accounts can be brought back: first snapshot written and tested."),
			Safe: words.T("From now on each change writes a new snapshot by itself."),
			Next: words.T("Choose in the settings where copies of them go, another drive for example."),
		}))
	if mark != "" {
		body.Add(container.NewVBox(kit.NewQuiet(words.T("Fingerprint of your recovery key: {print}", "print", grouped(mark)))))
	}
	f.page(&kit.Sheet{
		Title: words.T("Your recovery key is ready"), Content: body,
		Main: kit.NewMainButton(words.T("Done"), f.Close),
	})
}
