// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// leaving is an export for another app.
type leaving struct {
	app     *App
	file    string
	f       exporting
	entries []foreign.Entry
	ids     []vault.ID // of the entries
	unread  int        // accounts and lines set aside that hold no key which can be read
}

// exportTo writes a file for another app.
func (a *App) exportTo(ctx context.Context, file string, c chosen, f exporting) error {
	l := leaving{app: a, file: file, f: f}
	l.gather(c.d)
	defer func() {
		for _, e := range l.entries {
			e.Clear()
		}
	}()
	plan, err := l.fit()
	if err != nil {
		return err
	}
	if err := l.preview(plan); err != nil {
		return err
	}
	a.warnOfLost(c.lost)
	l.warnOfUnread()
	if len(l.entries) == 0 {
		return nothingToWrite()
	}
	if plan.In == 0 || f.dryRun {
		return l.finish(plan, nil, fits)
	}
	if err := l.ask(ctx, plan); err != nil {
		return err
	}
	return l.write(ctx, plan)
}

// gather makes entries of the accounts that are not removed.
func (l *leaving) gather(d snapshot.Document) {
	l.unread = len(d.Aside)
	for _, e := range d.Accounts {
		if !e.Removed.IsZero() {
			continue
		}
		k, err := otpauth.Parse(e.URI.Reveal())
		if err != nil {
			l.unread++
			continue
		}
		l.entries = append(l.entries, foreign.Entry{Key: k, Tags: e.Tags, Note: e.Note, Favourite: e.Favourite})
		l.ids = append(l.ids, vault.ID(e.ID))
	}
}

func (l *leaving) warnOfUnread() {
	if l.unread > 0 {
		l.app.warn(explain.Message{
			Kind: explain.Damaged,
			What: words.N(l.unread, "1 entry that cannot be read is not in it.", "{n} entries that cannot be read are not in it."),
			Next: words.T("A backup holds such entries as they are: leave --format out."),
		})
	}
}

// preview names what the other app has no place for.
func (l *leaving) preview(plan exchange.Written) error {
	if l.app.json {
		return nil
	}
	rows := make([][]string, 0, len(plan.Left))
	for _, e := range plan.Left {
		rows = append(rows, []string{words.T("left out"), dash(clean(e.Label)), explain.Reason(e.Err)})
	}
	out := l.app.Out
	if l.file == toOut { // where the file goes
		out = l.app.Err
	}
	if _, err := io.WriteString(out, table(rows)); err != nil {
		return fmt.Errorf("print what is left out: %w", err)
	}
	if plan.Lacking > 0 {
		l.app.say(words.N(plan.Lacking, "1 account goes without some of its tags, its note and the like, for which the other app has no place.",
			"{n} accounts go without some of their tags, notes and the like, for which the other app has no place."))
	}
	return nil
}

// ask warns before anything that is not encrypted, and before a part.
func (l *leaving) ask(ctx context.Context, plan exchange.Written) error {
	if l.f.yes || !l.app.interactive() {
		return nil
	}
	if l.f.plain {
		l.app.say(words.T("This file is not encrypted: everybody who gets it can make your codes."))
		if yes, err := l.app.confirm(ctx, words.T("Write it all the same?"), "--yes", false); err != nil || !yes {
			return orDeclined(err)
		}
	}
	if len(plan.Left) > 0 {
		question := words.N(plan.In, "Write the 1 account that fits?", "Write the {n} accounts that fit?")
		if yes, err := l.app.confirm(ctx, question, "--yes", true); err != nil || !yes {
			return orDeclined(err)
		}
	}
	return nil
}

func (l *leaving) write(ctx context.Context, plan exchange.Written) error {
	var pass secret.Value
	if !l.f.plain {
		var err error
		pass, err = l.app.newPassphrase(ctx, newPassphrase{
			fd: l.f.fd, flag: "--" + newFlag,
			intro:   words.T("The file is under a password of its own, which the other app asks for. Nobody can tell it to you."),
			missing: words.T("This needs a password for the file."),
		})
		if err != nil {
			return err
		}
	}
	defer pass.Clear()
	w, err := l.make(ctx, plan, pass)
	if err != nil {
		return err
	}
	defer w.Clear()
	paths, err := l.save(ctx, w)
	if err != nil {
		return err
	}
	return l.finish(w, paths, written)
}

func (l *leaving) save(ctx context.Context, w exchange.Written) ([]string, error) {
	if l.file == toOut && len(w.Files) == 1 {
		_, err := l.app.Out.Write(w.Files[0].Data)
		if err != nil {
			return nil, fmt.Errorf("write export: %w", err)
		}
		return []string{toOut}, nil
	}
	paths, err := exchange.Save(ctx, l.file, w, l.f.force)
	if errors.Is(err, fs.ErrExist) {
		return nil, alreadyThere()
	}
	return paths, err
}

// finish reports, and says what was left out.
func (l *leaving) finish(w exchange.Written, paths []string, is status) error {
	if l.app.json {
		l.app.doc = &document{Accounts: l.show(w, is)}
		if len(paths) > 0 {
			l.app.doc.Files = l.showFiles(w, paths)
		}
	} else if w.In > 0 {
		if err := l.say(w, paths, is); err != nil {
			return err
		}
	}
	left := len(w.Left)
	switch {
	case left == 0:
		return nil
	case w.In == 0:
		return tell(explain.Refused,
			words.N(left, "The other app has no place for this account.", "The other app has no place for any of these {n} accounts."),
			words.T("No file was written."), words.T("Choose another format."))
	}
	return tell(explain.Refused,
		words.N(left, "1 account is not in it: the other app has no place for it.", "{n} accounts are not in it: the other app has no place for them."),
		words.T("Your accounts are as they were."),
		words.T("The reason stands beside each. Choose another format, or set these accounts up again in the other app."))
}

func (l *leaving) say(w exchange.Written, paths []string, is status) error {
	if is == fits {
		return l.app.print(words.N(w.In, "1 account would be in it.", "{n} accounts would be in it."))
	}
	sentence := words.N(w.In, "The file is written and whole, with 1 account.", "The file is written and whole, with {n} accounts.")
	if len(paths) > 1 {
		sentence = words.N(len(paths), "1 file is written and whole:", "{n} files are written and whole:")
	}
	tell := l.app.print
	if l.file == toOut {
		tell = func(s string) error { l.app.say(s); return nil }
	}
	if err := tell(sentence); err != nil {
		return err
	}
	for _, p := range paths {
		if len(paths) == 1 {
			break
		}
		if err := tell("  " + clean(p)); err != nil {
			return err
		}
	}
	if l.f.plain {
		l.app.say(words.T("It is not encrypted. Delete it once the other app has it."))
	}
	return nil
}

// show lists all accounts, those that are left out last.
func (l *leaving) show(w exchange.Written, is status) []shownEntry {
	list := make([]shownEntry, 0, len(l.entries))
	for _, i := range w.Fitting {
		s := shownEntry{shown: showKey(l.entries[i].Key), Source: l.file, Status: string(is)}
		s.ID = l.ids[i]
		list = append(list, s)
	}
	for _, e := range w.Left {
		s := shownEntry{Source: l.file, Status: string(isRefused), Reason: explain.Reason(e.Err)}
		s.Name = e.Label
		list = append(list, s)
	}
	return list
}

func (l *leaving) showFiles(w exchange.Written, paths []string) []shownFile {
	lock := "passphrase"
	if !w.Encrypted {
		lock = "none"
	}
	list := make([]shownFile, len(paths))
	for i, p := range paths {
		list[i] = shownFile{File: p, Size: len(w.Files[i].Data), Lock: lock}
	}
	return list
}

// alreadyThere refuses to write over a file.
func alreadyThere() error {
	return tell(explain.Failed, words.T("There is already a file of that name."), words.T("It was not touched."),
		words.T("Choose another name, or write over it with --force."))
}
