// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// aboutFile says what an encrypted file is for.
func aboutFile() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		kit.NewText(words.T("The file goes to another place, so it gets a good passphrase. Nobody can open it without.")),
		kit.NewText(words.T("This app opens it on any computer, and so does the program age.")),
	}
}

// askFilePassphrase puts the codes of the draft into an encrypted file, then
// asks where that is. R65.
func (s *Screen) askFilePassphrase() {
	s.askFresh(fresh{
		title: words.T("A passphrase for the file"), yes: words.T("Continue"), least: leastFile, back: s.toOffers, leave: words.T("Back"),
		about: aboutFile(),
		with: func(_, pass secret.Value) {
			n, made := s.draft.newSet(), s.Clock.Now()
			s.saveSealed(pass, s.askFilePassphrase, func() func(context.Context, secret.Value) ([]byte, error) {
				n.Codes = copied(s.draft.codes)
				return func(ctx context.Context, pass secret.Value) ([]byte, error) {
					defer cleared(n.Codes)
					return backupcodes.Pack(ctx, n, made, pass)
				}
			}, func(path string) {
				s.draft.where = words.T("Encrypted file {path}", "path", path)
				s.note(words.T("The file is written, and was read back."))
			})
		},
	})
}

// ExportAll saves an encrypted copy of all sets that are here.
func (s *Screen) ExportAll() { s.export() }

// export saves an encrypted copy of sets, of all where none is named.
func (s *Screen) export(ids ...backupcodes.ID) {
	s.opened(func() {
		s.askFresh(fresh{
			title: words.T("A passphrase for the file"), yes: words.T("Continue"), least: leastFile, back: s.pages.Close,
			about: aboutFile(),
			with: func(_, pass secret.Value) {
				s.saveSealed(pass, func() { s.export(ids...) }, func() func(context.Context, secret.Value) ([]byte, error) {
					return func(ctx context.Context, pass secret.Value) ([]byte, error) {
						safe := s.Safe()
						if safe == nil {
							return nil, errNotOpen
						}
						return safe.Export(ctx, pass, ids...)
					}
				}, func(path string) {
					s.told(words.T("The copy is saved"), words.T("It was read back and is complete: {path}", "path", path))
				})
			},
		})
	}, s.pages.Close)
}

// saveSealed saves an encrypted file. The passphrase is kept until it is written
// or given up.
func (s *Screen) saveSealed(pass secret.Value, back func(), data func() func(context.Context, secret.Value) ([]byte, error), done func(string)) {
	s.draft.pass.Clear()
	s.draft.pass = pass
	s.save(saving{
		title: words.T("Save the encrypted file"), name: "kutano-backup-codes-" + dateOf(s.Clock.Now()) + ".age",
		data: func() func(context.Context) ([]byte, error) {
			work, mine := data(), pass.Clone()
			return func(ctx context.Context) ([]byte, error) {
				defer mine.Clear()
				return work(ctx, mine)
			}
		},
		done: func(path string) {
			s.draft.pass.Clear()
			done(path)
		},
		back: back,
	})
}

// Import takes sets in from an encrypted file.
func (s *Screen) Import() {
	s.pages.Close()
	s.ChooseFile(func(p safety.Picked, ok bool) {
		if !ok {
			return
		}
		s.pages.Busy(words.T("One moment"), words.T("Reading the file…"), s.pages.Cancel)
		kit.Work(&s.pages, func(context.Context) ([]byte, error) { return readAll(p, maxFile) }, func(data []byte, err error) {
			switch {
			case errors.Is(err, context.Canceled):
				s.pages.Close()
			case err != nil:
				s.failed(err, nil)
			default:
				s.opened(func() { s.askImport(p.Name, data, "") }, s.pages.Close)
			}
		}, nil)
	}, func(err error) { s.failed(err, nil) })
}

// askImport asks for the passphrase of a file; wrong is what was wrong with the
// one before.
func (s *Screen) askImport(name string, data []byte, wrong string) {
	pass, bad := kit.NewPasswordEntry(words.T("Passphrase of the file")), says()
	say(bad, wrong, nil)
	submit := func() {
		if pass.Text == "" {
			say(bad, words.T("Type the passphrase first."), s.Showing())
			return
		}
		s.importWith(name, data, secret.FromString(pass.Text))
	}
	pass.OnSubmitted = func(string) { submit() }
	s.pages.Page(&kit.Sheet{
		Title: words.T("Open the encrypted file"), Width: 440, First: pass,
		Content: kit.Rows(kit.Space8, labelled(words.T("File"), kit.NewLine(name)), kit.Rows(-kit.Space4, pass, bad),
			kit.NewQuiet(words.T("Nothing that is here is replaced. What was used there counts as used here."))),
		Main:   kit.NewMainButton(words.T("Bring it in"), submit),
		Others: []*kit.Button{s.cancelButton()},
	}, emptied(pass))
}

func (s *Screen) importWith(name string, data []byte, pass secret.Value) {
	safe := s.Safe()
	again := func() { s.askImport(name, data, "") }
	s.pages.Busy(words.T("One moment"), words.T("Opening the file…"), s.pages.Cancel)
	kit.Work(&s.pages, func(ctx context.Context) (backupcodes.Imported, error) {
		defer pass.Clear()
		return safe.Import(ctx, data, pass)
	}, func(in backupcodes.Imported, err error) {
		s.changed()
		switch {
		case errors.Is(err, context.Canceled):
			again()
		case errors.Is(err, backupcodes.ErrPassphrase):
			s.askImport(name, data, words.T("That is not the passphrase of this file."))
		case err != nil:
			s.failed(err, nil)
		default:
			s.told(words.T("The file was read"), importedText(in))
		}
	}, func(backupcodes.Imported) { s.changed() })
}

// importedText says what came out of a file.
func importedText(in backupcodes.Imported) string {
	text := ""
	for _, part := range []struct {
		n    int
		says func(int) string
	}{
		{len(in.Added), func(n int) string { return words.N(n, "1 set came in.", "{n} sets came in.") }},
		{in.Same, func(n int) string { return words.N(n, "1 was here already.", "{n} were here already.") }},
		{in.Removed, func(n int) string {
			return words.N(n, "1 set was removed here, or newer codes took its place: it is under “More”.", "{n} sets were removed here, or newer codes took their place: they are under “More”.")
		}},
	} {
		if part.n > 0 {
			if text != "" {
				text += " "
			}
			text += part.says(part.n)
		}
	}
	if text == "" {
		return words.T("There was nothing in it.")
	}
	return text
}
