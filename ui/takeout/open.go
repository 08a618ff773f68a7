// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// job is what is being taken out.
type job struct {
	entries []foreign.Entry
	unread  int  // accounts that cannot be read, and so not be taken out
	prints  bool // there is a printer
	to      target
	plan    exchange.Written // what of the entries has a place there
	use     []bool           // of the entries: it is wanted
	pass    secret.Value
	written exchange.Written // made, and not saved yet
}

func (j *job) clear() {
	for _, e := range j.entries {
		e.Clear()
	}
	j.pass.Clear()
	j.written.Clear()
	*j = job{}
}

// takeOver hands the job to a piece of work, which alone may touch it.
func (j *job) takeOver() *job {
	mine := *j
	*j = job{}
	return &mine
}

// gather makes entries of the accounts that are not removed. It clears the document.
func gather(d snapshot.Document) *job {
	defer d.Clear()
	j := &job{unread: len(d.Aside)}
	for _, e := range d.Accounts {
		if !e.Removed.IsZero() {
			continue
		}
		k, err := otpauth.Parse(e.URI.Reveal())
		if err != nil {
			j.unread++
			continue
		}
		j.entries = append(j.entries, foreign.Entry{Key: k, Tags: e.Tags, Note: e.Note, Favourite: e.Favourite})
	}
	return j
}

// aim finds out what has a place there, and ticks all of it.
func (j *job) aim(to target) error {
	j.to = to
	j.use = make([]bool, len(j.entries))
	if to.way == onPaper {
		j.plan = exchange.Written{In: len(j.entries)}
		for i := range j.entries {
			j.use[i] = true
			j.plan.Fitting = append(j.plan.Fitting, i)
		}
		return nil
	}
	plan, err := exchange.Fit(to.ID, j.entries)
	if err != nil {
		return err
	}
	j.plan = plan
	for _, i := range plan.Fitting {
		j.use[i] = true
	}
	return nil
}

// chosen are the entries that are wanted.
func (j *job) chosen() []foreign.Entry {
	var all []foreign.Entry
	for i, on := range j.use {
		if on {
			all = append(all, j.entries[i])
		}
	}
	return all
}

// Open reads the accounts and shows where they can go.
func (f *Flow) Open() {
	v := f.Vault()
	if v == nil {
		f.failed(errNotOpen, nil)
		return
	}
	f.job.clear()
	f.pages.Busy(words.T("One moment"), words.T("Reading your accounts…"), f.Close)
	kit.Work(&f.pages, func(ctx context.Context) (*job, error) {
		d, err := v.Document(ctx)
		if err != nil {
			return nil, err
		}
		j := gather(d)
		j.prints = f.Printer.CanPrint(ctx)
		return j, nil
	}, func(j *job, err error) {
		if err != nil {
			f.failed(err, nil)
			return
		}
		f.job = *j
		f.targets()
	}, func(j *job) {
		if j != nil {
			j.clear()
		}
	})
}

// targets shows where accounts can go.
func (f *Flow) targets() {
	if len(f.job.entries) == 0 {
		f.pages.Page(&kit.Sheet{
			Title:   words.T("There is nothing to take out"),
			Content: kit.NewText(words.T("There are no accounts here yet.")),
			Main:    kit.NewMainButton(words.T("OK"), f.Close),
		})
		return
	}
	rows := []fyne.CanvasObject{kit.NewText(words.T("Your accounts stay here as well. For a copy of your own, the encrypted backup file is better: it holds everything."))}
	var first fyne.Focusable
	var pair []fyne.CanvasObject
	for _, t := range places() {
		door := kit.NewDoor(t.icon, t.title, t.about, func() { f.aimAt(t) })
		if first == nil {
			first = door
		}
		if pair = append(pair, door); len(pair) == 2 {
			rows = append(rows, kit.AdaptiveGap(480, kit.Space12, pair...))
			pair = nil
		}
	}
	f.pages.Page(&kit.Sheet{
		Title: words.T("Where should your accounts go?"), Content: kit.Rows(kit.Space12, append(rows, pair...)...),
		Others: []*kit.Button{f.cancelButton()}, First: first, Width: 640,
	})
}

// aimAt finds out what has a place there.
func (f *Flow) aimAt(t target) {
	j := f.job.takeOver()
	f.pages.Busy(words.T("One moment"), words.T("Looking what has a place there…"), f.Close)
	kit.Work(&f.pages, func(context.Context) (bool, error) { return true, j.aim(t) }, func(_ bool, err error) {
		f.job = *j
		if err != nil {
			f.failed(err, f.targets)
			return
		}
		f.accounts()
	}, func(bool) { j.clear() })
}
