// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"errors"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// MaxEntries is how many entries of one file are looked at.
const MaxEntries = 200_000

// Question is what a person is asked about one file.
type Question struct {
	Source string         // the file's name
	Format foreign.Format // the zero Format where only the password will tell
	Wrong  bool           // the last answer did not open it
}

// Ask gets a password. An empty one leaves the file out; an error ends the whole.
// The password is cleared after use.
type Ask func(ctx context.Context, q Question) (secret.Value, error)

// Progress tells how far reading is.
type Progress struct {
	File, Files int  // which one is read, from 0, and of how many
	Opening     bool // a key is derived from a password: that takes its time
	Entries     int  // read so far, of all files
}

// File is what was found in one source.
type File struct {
	Name      string
	Path      string         // see foreign.Source
	Met       bool           // see foreign.Source
	Format    foreign.Format // the zero Format where none was recognised, or no password told which it is
	Encrypted bool           // it was under a password
	From, To  int            // its entries in Result.Entries
	// Err says what is wrong with the file as a whole, or nil. Entries that were
	// read before it stand.
	Err error
}

// Result is what was found in all of them.
type Result struct {
	Files   []File
	Entries []foreign.Entry
	Missing []otpauth.Missing // QR codes of a move that are not among the sources
}

// Clear overwrites all keys.
func (r *Result) Clear() {
	for _, e := range r.Entries {
		e.Clear()
	}
}

// Read recognises and reads all sources. What is wrong with one stands in its
// File; the error is only for what ends it all: ctx, or what ask returned.
// Then nothing is left in memory. Progress may be nil.
func Read(ctx context.Context, sources []*foreign.Source, ask Ask, progress func(Progress)) (Result, error) {
	j := job{readers: readers, ask: ask, tell: progress, now: Progress{Files: len(sources)}}
	return j.run(ctx, sources)
}

// job is a reading of several files. A password that opened one is tried on the next.
type job struct {
	readers []foreign.Reader
	ask     Ask
	tell    func(Progress)
	now     Progress
	found   Result
	pass    secret.Value
}

func (j *job) run(ctx context.Context, sources []*foreign.Source) (Result, error) {
	if j.tell == nil {
		j.tell = func(Progress) {}
	}
	defer func() { j.pass.Clear() }()
	for i, s := range sources {
		j.now.File, j.now.Opening = i, false
		j.tell(j.now)
		f, err := j.file(ctx, s)
		if err != nil {
			j.found.Clear()
			return Result{}, err
		}
		j.found.Files = append(j.found.Files, f)
	}
	j.found.Missing = missing(sources)
	return j.found, nil
}

func (j *job) file(ctx context.Context, s *foreign.Source) (File, error) {
	f := File{Name: s.Name, Path: s.Path, Met: s.Met, From: len(j.found.Entries), To: len(j.found.Entries)}
	if len(s.Data) > foreign.MaxSource {
		f.Err = foreign.ErrTooLarge
		return f, nil
	}
	r := recognise(j.readers, s)
	if r == nil {
		f.Err = foreign.ErrUnknown
		return f, nil
	}
	f.Format = r.Format()
	lock, err := r.Lock(s)
	f.Encrypted = lock != foreign.Open
	switch {
	case err != nil:
	case lock == foreign.Open:
		err = j.read(ctx, r, s, secret.Value{})
	default:
		err = j.open(ctx, r, s)
	}
	f.Format, f.To = r.Format(), len(j.found.Entries)
	var end *ending
	switch {
	case ctx.Err() != nil:
		return f, ctx.Err()
	case errors.As(err, &end):
		return f, end.err
	case err == nil && f.From == f.To:
		err = foreign.ErrNothing
	}
	f.Err = err
	return f, nil
}

// ending is an error of ask.
type ending struct{ err error }

func (e *ending) Error() string { return e.err.Error() }

// open tries the last password, then asks until one opens the file.
func (j *job) open(ctx context.Context, r foreign.Reader, s *foreign.Source) error {
	q := Question{Source: s.Name, Format: r.Format()}
	if j.pass.Len() > 0 {
		if err := j.read(ctx, r, s, j.pass); !errors.Is(err, foreign.ErrPassword) {
			return err
		}
	}
	for {
		pass, err := j.ask(ctx, q)
		if err != nil {
			return &ending{err}
		}
		if pass.Len() == 0 {
			if q.Wrong {
				return foreign.ErrPassword
			}
			return foreign.ErrNoPassword
		}
		j.pass.Clear()
		j.pass = pass
		if err := j.read(ctx, r, s, pass); !errors.Is(err, foreign.ErrPassword) {
			return err
		}
		q.Wrong = true
	}
}

func (j *job) read(ctx context.Context, r foreign.Reader, s *foreign.Source, pass secret.Value) error {
	j.now.Opening = pass.Len() > 0
	j.tell(j.now)
	const step = 100 // entries from one telling to the next
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	left := MaxEntries
	err := r.Read(ctx, s, pass, func(e foreign.Entry) {
		if left--; left < 0 {
			e.Clear()
			stop()
			return
		}
		j.found.Entries = append(j.found.Entries, e)
		if j.now.Entries++; j.now.Entries%step == 1 {
			j.now.Opening = false
			j.tell(j.now)
		}
	})
	if left < 0 {
		return foreign.ErrTooMany
	}
	return err
}
