// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/workspace"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// When reminders are thought of while the window may be hidden: some time after
// the start, and from then on now and then.
const (
	firstReminder = time.Minute
	reminderEvery = 2 * time.Hour
	// clocksApart is by how much the service's clock and the one here may differ in
	// what is said of the age of backup codes.
	clocksApart = time.Hour
)

// care is what is known of the user's Kutano account beyond its key: how it is
// kept easy to get into.
type care struct {
	file   *upkeep.File
	state  upkeep.State
	safe   *backupcodes.Safe // nil where it could not be opened
	err    error             // why
	kutano map[string]bool   // the ids of the accounts here: which are Kutano's
	far    link.Status       // what the linked service said last; zero for nothing
	stop   func()            // ends the timer of the notifications; nil without one

	writing int          // changes that are not written yet
	order   atomic.Int64 // of the changes, as they are written
	newest  written
	taken   int64 // the order of what was taken over last
	watched bool  // the safe is watched for what other programs change
}

// newCare reads what is known. A safe that cannot be read is told of on its page.
func (u *UI) newCare() {
	u.care.file, u.care.kutano = upkeep.Open(u.Dir), map[string]bool{}
	u.care.state = u.care.file.Load()
	u.care.safe, u.care.err = backupcodes.Open(u.Dir, u.True.Now)
	u.workspace = workspace.NewFlow(u.aroundWorkspace())
	u.profile = u.workspace.Profile()
}

// careAccounts looks anew which Kutano accounts there are.
func (u *UI) careAccounts() {
	clear(u.care.kutano)
	for _, a := range u.vault.Accounts() {
		u.care.kutano[string(a.ID)] = a.Kutano || u.profile.Recognises(a.Issuer)
	}
	if u.kutanoHere() && u.care.state.Began == 0 {
		now := u.True.Now()
		u.changeUpkeep(func(s *upkeep.State) {
			if s.Began == 0 {
				s.Began = upkeep.At(now)
			}
		})
	}
}

// kutanoHere tells whether there is a Kutano account here.
func (u *UI) kutanoHere() bool {
	for _, is := range u.care.kutano {
		if is {
			return true
		}
	}
	return false
}

// changeUpkeep changes what the user said or did. What cannot be written holds
// until the app ends: the worst that follows is a reminder too many.
func (u *UI) changeUpkeep(change func(*upkeep.State)) {
	change(&u.care.state)
	u.care.writing++
	kit.Go(u.ctx, func(ctx context.Context) (written, error) { return u.writeUpkeep(ctx, change) }, func(w written, err error) {
		u.care.writing--
		u.upkeepWritten(w, err)
	})
}

// written is what the file was after a change.
type written struct {
	order int64 // among the changes of this program, from 1
	state upkeep.State
}

// writeUpkeep changes the file. It is for other goroutines.
func (u *UI) writeUpkeep(ctx context.Context, change func(*upkeep.State)) (w written, err error) {
	w.state, err = u.care.file.Change(ctx, func(s *upkeep.State) {
		change(s)
		w.order = u.care.order.Add(1) // one after the other, as they are written
	})
	return w, err
}

// upkeepWritten takes over what the file is, however late it is told, once all that
// was done here is in it.
func (u *UI) upkeepWritten(w written, err error) {
	if u.stopped {
		return
	}
	if err == nil && w.order > u.care.newest.order {
		u.care.newest = w
	}
	if u.care.writing == 0 && u.care.newest.order > u.care.taken {
		u.care.state, u.care.taken = u.care.newest.state, u.care.newest.order
		u.careChanged()
	}
}

// watchSafe has what other programs do with backup codes seen from now on,
// wherever in the window somebody is: reminders go by it.
func (u *UI) watchSafe() {
	if u.care.watched || u.care.safe == nil {
		return
	}
	u.care.watched = true
	if err := u.safe.Watch(u.ctx); err != nil && !errors.Is(err, context.Canceled) {
		u.fail(err)
	}
}

// careChanged shows anew what goes by it.
func (u *UI) careChanged() {
	if u.vault != nil && !u.locked {
		u.showTrouble(u.True.Now())
	}
}

// kutanoSets are the sets of backup codes that are a Kutano account's: of an
// account here, or by their title where their account is not here: its key may be
// on a phone now.
func (u *UI) kutanoSets() []backupcodes.Set {
	if u.care.safe == nil {
		return nil
	}
	var sets []backupcodes.Set
	for _, s := range u.care.safe.Sets() {
		if is, here := u.care.kutano[s.Account]; is || !here && u.profile.Recognises(s.Title) {
			sets = append(sets, s)
		}
	}
	return sets
}

// liveSets are those of kutanoSets that are not older than the codes that the
// linked service made last: codes from before are worth nothing.
func (u *UI) liveSets() []backupcodes.Set {
	made := u.care.far.Codes.Made.Add(-clocksApart)
	return slices.DeleteFunc(u.kutanoSets(), func(s backupcodes.Set) bool { return s.Made.Before(made) })
}

// left tells how many codes a set has, less than 0 where that is not known.
func left(s backupcodes.Set) int {
	if s.First == 0 {
		return -1
	}
	return s.Left
}

// reminder is the most urgent reminder, or nil.
func (u *UI) reminder() *upkeep.Reminder {
	if due := u.due(); len(due) > 0 {
		return &due[0]
	}
	return nil
}

func (u *UI) due() []upkeep.Reminder {
	f := upkeep.Facts{
		Now: u.True.Now(), State: u.care.state, Months: reviewMonths(u.profile),
		Kutano: u.kutanoHere() || u.care.state.SetUp != 0,
	}
	if made := u.care.far.Codes.Made; u.care.far.Enabled && !u.care.far.Codes.Saved && len(u.liveSets()) == 0 {
		f.Unkept = made
	}
	for _, s := range u.kutanoSets() {
		f.Kutano = true // the account's key may be on a phone
		f.Codes = append(f.Codes, upkeep.Codes{Left: left(s), Renew: s.Renew()})
	}
	return upkeep.Due(f)
}

// remind is what the banner says of a reminder.
func remind(r *upkeep.Reminder) *kit.Notice {
	tone := kit.Calm
	if r.Kind == upkeep.NoCodes || r.Kind == upkeep.FewCodes {
		tone = kit.Look
	}
	return &kit.Notice{Tone: tone, Text: r.Text, Action: r.Action}
}

// seeTo leads to what a reminder is about.
func (u *UI) seeTo(k upkeep.Kind) {
	switch k {
	case upkeep.NoCodes, upkeep.FewCodes, upkeep.NewCodes:
		u.openGuide(guide.NewCodes)
	case upkeep.Number:
		u.openGuide(guide.ChangedNumber)
	case upkeep.Unsaved:
		u.Go(placeSafe)
	case upkeep.Review:
		u.openGuide(guide.Review)
	}
}

func (u *UI) putOff(k upkeep.Kind) {
	now := u.True.Now()
	u.changeUpkeep(func(s *upkeep.State) { s.Defer(k, now) })
	u.careChanged()
}

// readinessFacts are what is known of the ways back in.
func (u *UI) readinessFacts() readiness.Facts {
	s := u.care.state
	f := readiness.Facts{Method: s.Method, KeyHere: u.kutanoHere(), OtherDevice: s.OtherDevice}
	if f.KeyHere && f.Method == readiness.Unknown {
		f.Method = readiness.App
	}
	f.Count(u.liveSets())
	f.Contact = u.profile.Contact != ""
	if state, known := u.safety.State(); known {
		f.RecoveryKey, f.CopyAt = state.Key, state.Copies.Last
	}
	return f
}

// remindLater has the system show a reminder now and then while nobody looks at
// the window. Nothing is shown while it is in front: the banner is there.
func (u *UI) remindLater(soon time.Duration) {
	u.endReminders()
	if u.stopped {
		return
	}
	u.care.stop = u.after(soon, func() {
		if u.stopped {
			return
		}
		u.notify()
		u.remindLater(reminderEvery)
	})
}

func (u *UI) endReminders() {
	if u.care.stop != nil {
		u.care.stop()
		u.care.stop = nil
	}
}

func (u *UI) notify() {
	if u.vault == nil || !u.behind || u.Settings.Get().NoReminders {
		return
	}
	now, due := u.True.Now(), u.due()
	state := u.care.state
	r, ok := state.Notify(due, now)
	if !ok {
		return
	}
	u.changeUpkeep(func(s *upkeep.State) { s.Notify(due, now) })
	u.Notify(fyne.NewNotification(r.Title, r.Body))
}

// openGuide shows the assistant at an entry of the guide.
func (u *UI) openGuide(entry string) {
	u.Go(placeSetup)
	if u.setup != nil {
		u.setup.Begin(entry)
	}
}
