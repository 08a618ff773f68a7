// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// fromIn is the file name that means standard input.
const fromIn = "-"

// ours is the format of our own backups.
var ours = shownFormat{ID: "kutano", App: "Kutano Authenticator"}

// others are the formats of other apps.
func others() []shownFormat {
	var list []shownFormat
	for _, f := range exchange.Formats() {
		list = append(list, shownFormat{ID: f.ID, App: f.App})
	}
	return list
}

func lookAtFormats() string { return words.T("kutano import --formats lists what can be read.") }

func likeURI(arg string) bool { return strings.Contains(arg, "://") }

// gather reads the files and everything in them.
func (im *importing) gather(ctx context.Context, args []string) error {
	sources, err := im.load(ctx, args)
	defer func() {
		for _, s := range sources {
			s.Clear()
		}
	}()
	if err != nil {
		return err
	}
	var rest []*foreign.Source
	for _, s := range sources {
		if !exchange.IsBackup(s) {
			im.remember(s)
			rest = append(rest, s)
			continue
		}
		if err := im.backup(ctx, s); err != nil {
			return err
		}
	}
	r, err := exchange.Read(ctx, rest, im.password, func(p exchange.Progress) {
		if p.Opening && im.app.interactive() {
			im.app.say(words.T("Opening {file}…", "file", sourceName(rest[p.File].Name)))
		}
	})
	if err != nil {
		return err
	}
	defer r.Clear()
	for i, f := range r.Files {
		if !exchange.Disposable(f.Format, rest[i].Data) {
			im.hold(f.Path)
		}
	}
	im.add(r)
	im.app.sayMissing(r.Missing)
	return nil
}

// load reads the contents. What cannot be read is noted, and keeps nothing else out.
func (im *importing) load(ctx context.Context, args []string) ([]*foreign.Source, error) {
	var all []*foreign.Source
	var paths []string
	for _, arg := range args {
		if arg != fromIn {
			paths = append(paths, arg)
			continue
		}
		s, err := im.app.pasted(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	found, failed, err := exchange.Load(ctx, paths)
	for _, f := range failed {
		im.fail(f)
	}
	return append(all, found...), err
}

// pasted reads standard input.
func (a *App) pasted(ctx context.Context) (*foreign.Source, error) {
	if a.interactive() {
		a.say(words.T("Paste the text, then press Enter and Ctrl-D."))
	}
	data, err := inBackground(ctx, nil, func() ([]byte, error) {
		return io.ReadAll(io.LimitReader(a.In, foreign.MaxSource+1))
	})
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return foreign.NewSource("", data), nil // one that is too large is refused by Read
}

// fail notes a file that could not be read. What was met in a folder and holds
// nothing is only counted.
func (im *importing) fail(f exchange.File) {
	for _, idle := range []error{foreign.ErrUnknown, foreign.ErrNothing, foreign.ErrElsewhere} {
		if f.Met && errors.Is(f.Err, idle) {
			im.others++
			return
		}
	}
	if errors.Is(f.Err, fs.ErrNotExist) && likeKey(f.Name) {
		f.Name = "…" // no file's name but a key, perhaps, in the wrong place
	}
	f.From, f.To = 0, 0
	from := im.note(f)
	im.take.addUnreadFile(from, im.worded(f))
}

// note notes a file, and returns where its entries come from.
func (im *importing) note(f exchange.File) origin {
	im.files = append(im.files, f)
	return origin{source: sourceName(f.Name), file: len(im.files) - 1, foreign: f.Format.ID != ours.ID}
}

// sourceName is how a file is told apart from others.
func sourceName(name string) string {
	if name == "" {
		return "stdin"
	}
	return clean(name)
}

// backup opens one of our own. An error ends it all.
func (im *importing) backup(ctx context.Context, s *foreign.Source) error {
	f := exchange.File{Name: s.Name, Path: s.Path, Met: s.Met, Format: foreign.Format(ours), Encrypted: true}
	d, err := im.keys.open(ctx, sourceName(s.Name), s.Data)
	switch kind := explain.Error(err).Kind; {
	case err == nil:
		f.To = len(d.Accounts) + len(d.Aside)
		im.take.add(im.note(f).source, d)
		return nil
	case kind == explain.Cancelled || kind == explain.Usage || ctx.Err() != nil:
		return err
	}
	f.Err = err
	im.fail(f)
	return nil
}

// add puts what other apps' files hold to what is taken in.
func (im *importing) add(r exchange.Result) {
	d, _ := r.Document(im.app.Clock.Now())
	im.take.backup.Accounts = append(im.take.backup.Accounts, d.Accounts...)
	for _, f := range r.Files {
		if f.Err != nil && f.From == f.To {
			im.fail(f)
			continue
		}
		from := im.note(f)
		for _, e := range r.Entries[f.From:f.To] {
			if e.Err != nil {
				im.take.addUnread(from, e.Label, e.Err)
				continue
			}
			from.remarks = e.Remarks
			im.take.origins = append(im.take.origins, from)
		}
		if f.Err != nil { // what came before the damage is here
			im.take.addUnreadFile(from, f.Err)
		}
	}
}

// fileError is the error of a file that is alone.
func (im *importing) fileError(f exchange.File) error {
	m := explain.Error(im.worded(f))
	return tell(m.Kind, sourceName(f.Name)+": "+m.What, m.Safe, m.Next)
}

// worded gives those errors of a file other words for which this command has a
// better hint.
func (im *importing) worded(f exchange.File) error {
	m := explain.Error(f.Err)
	switch {
	case errors.Is(f.Err, foreign.ErrUnknown):
		m.Next = lookAtFormats()
	case errors.Is(f.Err, foreign.ErrNoPassword) && f.Met && f.Format == (foreign.Format{}):
		m.What = words.T("This may be an encrypted export.")
		m.Next = words.T("Name the file itself to be asked for its password.")
	case errors.Is(f.Err, foreign.ErrNoPassword) && !im.app.interactive():
		m.Next = words.T("Run this in a terminal, or give the passphrase with {flag}.", "flag", "--"+fileFlag)
	default:
		return f.Err
	}
	return tell(m.Kind, m.What, m.Safe, m.Next)
}
