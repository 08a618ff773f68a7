// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// loaded is what files and folders hold.
type loaded struct {
	sources []*foreign.Source
	failed  []exchange.File
}

func (l loaded) clear() {
	for _, s := range l.sources {
		s.Clear()
	}
}

// Paths reads files and folders, beside what was read before them.
func (f *Flow) Paths(paths []string) {
	if f.pages.Working() {
		return // something dropped must not end what is under way
	}
	if _, ok := f.vault(); !ok || len(paths) == 0 {
		return
	}
	f.pages.Busy(words.T("One moment"), words.N(len(paths), "Reading the file…", "Reading {n} files…"), f.stop)
	kit.Work(&f.pages, func(ctx context.Context) (loaded, error) {
		sources, failed, err := f.Load(ctx, paths)
		return loaded{sources, failed}, err
	}, func(l loaded, err error) {
		if err != nil {
			f.failed(err)
			return
		}
		f.job.files = append(f.job.files, l.failed...)
		f.sources(l.sources)
	}, loaded.clear)
}

// Text reads the text of a file, or addresses, beside what was read before.
func (f *Flow) Text(text string) {
	if _, ok := f.vault(); !ok {
		return
	}
	f.sources([]*foreign.Source{foreign.NewSource("", []byte(text))})
}

// Paste reads what is in the clipboard.
func (f *Flow) Paste() {
	f.pages.Busy(words.T("One moment"), words.T("Looking into the clipboard…"), f.stop)
	kit.Work(&f.pages, func(ctx context.Context) (add.Texts, error) {
		return add.LookAtClipboard(ctx, f.Eyes)
	}, f.looked, nil)
}

// Scan looks at all monitors, with our own window out of the way.
func (f *Flow) Scan() {
	f.pages.Busy(words.T("One moment"), words.T("Looking at your screen…"), f.stop)
	f.hide()
	kit.Work(&f.pages, func(ctx context.Context) (add.Texts, error) {
		select {
		case <-ctx.Done():
			return add.Texts{}, ctx.Err()
		case <-time.After(f.Pause):
		}
		return add.LookAtScreen(ctx, f.Eyes, func(int) { fyne.Do(f.unhide) })
	}, f.looked, nil)
}

// looked reads the texts that were seen.
func (f *Flow) looked(t add.Texts, err error) {
	f.unhide()
	if err != nil {
		f.failed(err)
		return
	}
	sources := make([]*foreign.Source, len(t.Texts))
	for i, text := range t.Texts {
		sources[i] = foreign.NewSource("", []byte(text))
	}
	if len(sources) == 0 {
		f.job.files = append(f.job.files, exchange.File{Err: foreign.ErrNothing})
	}
	f.sources(sources)
}

// sources reads what was loaded. A backup of this app's own goes another way.
func (f *Flow) sources(all []*foreign.Source) {
	for _, s := range all {
		switch {
		case !exchange.IsBackup(s):
			f.job.waits = append(f.job.waits, s)
		case len(all) == 1 && !f.job.begun():
			f.Restore(f.leave(s))
			return
		default:
			f.job.files = append(f.job.files, exchange.File{Name: s.Name, Path: s.Path, Err: errOurs})
		}
	}
	f.job.all = len(f.job.files) + len(f.job.waits)
	f.next(false)
}

// errOurs is a backup of this app's own among files of others.
var errOurs = errors.New("it is a backup of this app's own")

// leave closes everything and returns what a source holds.
func (f *Flow) leave(s *foreign.Source) (name string, data []byte) {
	f.Close()
	return s.Name, s.Data
}

// stop is what Cancel does while nothing is in yet. Where one more file was wanted,
// it leads back to what was chosen.
func (f *Flow) stop() {
	f.pages.Stop()
	f.unhide()
	if f.job.pick == nil {
		f.stopped()
		return
	}
	f.job.dropWaits()
	f.compare()
}

// question is what ends reading a file that needs a password.
type question struct {
	exchange.Question
}

func (*question) Error() string { return "a password is needed" }

// next reads the next source. Typed tells that its password was just typed. The
// work has the whole job for itself until it ends.
func (f *Flow) next(typed bool) {
	if len(f.job.waits) == 0 {
		f.compare()
		return
	}
	j := f.job.takeOver()
	s := j.waits[0]
	at := len(j.files)
	stop := f.stop
	if j.pick != nil {
		stop = f.pages.Cancel // the work has what was chosen before
	}
	bar := f.pages.Busy(words.T("One moment"), reading(s.Name), stop)
	bar.Set(reading(s.Name), part(at, j.all, 0))
	tell := func(p exchange.Progress) {
		fyne.Do(func() { bar.Set(progress(s.Name, p), part(at, j.all, p.Entries)) })
	}
	kit.Work(&f.pages, func(ctx context.Context) (exchange.Result, error) {
		r, err := j.read(ctx, s, typed, tell)
		if err == nil {
			j.note(r.Files[0].Format, s)
		}
		return r, err
	}, func(r exchange.Result, err error) {
		f.job = *j
		f.read(s, r, err)
	}, func(r exchange.Result) {
		r.Clear()
		j.clear()
	})
}

// read reads one source, with the last password if there is one.
func (j *job) read(ctx context.Context, s *foreign.Source, typed bool, tell func(exchange.Progress)) (exchange.Result, error) {
	tries := 0
	return exchange.Read(ctx, []*foreign.Source{s}, func(_ context.Context, q exchange.Question) (secret.Value, error) {
		if tries++; tries == 1 && j.pass.Len() > 0 {
			return j.pass.Clone(), nil
		}
		q.Wrong = typed && tries > 1
		return secret.Value{}, &question{q}
	}, tell)
}

// read takes what a source held, or asks for its password.
func (f *Flow) read(s *foreign.Source, r exchange.Result, err error) {
	var q *question
	switch {
	case errors.As(err, &q):
		f.ask(q.Question)
		return
	case errors.Is(err, context.Canceled):
		f.stop()
		return
	case err != nil: // a fault in one reader keeps no other file out
		f.passOver(exchange.File{Name: s.Name, Path: s.Path, Err: err})
		return
	}
	f.job.take(r, s)
	f.job.waits = f.job.waits[1:]
	s.Clear()
	f.next(false)
}

// leaveOut passes over the source that is next, whose password is not at hand.
func (f *Flow) leaveOut(q exchange.Question) {
	s := f.job.waits[0]
	f.passOver(exchange.File{Name: s.Name, Path: s.Path, Format: q.Format, Encrypted: true, Err: foreign.ErrNoPassword})
}

// passOver goes on without the source that is next.
func (f *Flow) passOver(as exchange.File) {
	f.job.waits[0].Clear()
	f.job.waits = f.job.waits[1:]
	f.job.files = append(f.job.files, as)
	f.next(false)
}

func reading(name string) string {
	if name == "" {
		return words.T("Reading the text…")
	}
	return words.T("Reading {file}…", "file", name)
}

// progress says what is being done with a file.
func progress(name string, p exchange.Progress) string {
	switch {
	case p.Opening && name == "":
		return words.T("Opening it with the password. That takes its time on purpose…")
	case p.Opening:
		return words.T("Opening {file} with the password. That takes its time on purpose…", "file", name)
	case p.Entries > 1:
		return words.N(p.Entries, "Reading: 1 account…", "Reading: {n} accounts…")
	}
	return reading(name)
}

// part is how far reading is, of all files; how many entries a file has is not
// known before its end.
func part(at, all, entries int) float64 {
	within := float64(entries) / float64(entries+1000)
	return (float64(at) + within) / float64(max(all, 1))
}
