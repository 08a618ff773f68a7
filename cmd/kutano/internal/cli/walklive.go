// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// live does what a live piece does by itself when its step is shown.
func (w *walk) live(ctx context.Context, s guide.Step) error {
	var err error
	switch s.Live {
	case guide.Code:
		_, err = w.showCode(ctx)
	case guide.CheckUp:
		err = w.checkCode(ctx)
	case guide.Codes:
		w.app.say(words.T("To keep the codes in the safe of this app: kutano safe add Kutano, in another terminal."))
	case guide.Clock:
		err = w.showClock(ctx)
	case guide.Summary:
		w.summary()
	case guide.Checks:
		err = w.looks(ctx)
	case guide.Two:
		err = w.showTwo(ctx)
	case guide.Call:
		err = w.call(ctx)
	}
	return w.tell(ctx, err)
}

// liveOptions are what a live piece offers.
func (w *walk) liveOptions(s guide.Step) []option {
	switch s.Live {
	case guide.Scan:
		return w.scanOptions()
	case guide.CheckUp:
		return w.checkOptions()
	case guide.Checks:
		return w.lookOptions()
	case guide.Codes:
		return []option{
			{words.T("Note where they are"), w.note},
			w.outcome(s.Live, guide.Kept),
			w.outcome(s.Live, guide.Later),
		}
	case guide.Retire:
		return []option{{s.Live.Label(guide.Removed), w.retire}, w.outcome(s.Live, guide.Kept)}
	}
	var all []option
	for _, l := range s.Outcomes {
		all = append(all, w.outcome(s.Live, l.On))
	}
	return all
}

// showClock says how the clock is, by what is known of it.
func (w *walk) showClock(ctx context.Context) error {
	t, err := w.app.trueClock()
	if err != nil {
		return err
	}
	_, err = t.Look()
	w.app.warnUnkept(err)
	v := verdict.Of(t.Status(), system.Look(ctx), w.app.Clock.Now())
	w.app.say("")
	w.app.say("  " + v.Headline)
	if v.Tone != verdict.Right {
		w.app.say("  " + words.T("To measure it: kutano clock"))
	}
	return nil
}

// retire removes the account that no longer works, for thirty days.
func (w *walk) retire(ctx context.Context) (bool, error) {
	acc, ok, err := w.dead(ctx)
	if err != nil {
		return false, err
	}
	if !ok {
		return true, w.run.Outcome(guide.Kept) // it is gone already
	}
	name := title(acc.Issuer, acc.Name)
	sure, err := w.app.confirm(ctx, words.T("Remove {account}?", "account", name), "--yes", true)
	if err != nil || !sure {
		return false, err
	}
	v, err := w.opened(ctx)
	if err != nil {
		return false, err
	}
	if err := w.app.unlocked(ctx, func(ctx context.Context) error { return v.Remove(ctx, acc.ID) }); err != nil {
		return false, err
	}
	w.run.SetAccount("")
	w.app.say(words.T("Removed {account}. For 30 days kutano restore brings it back.", "account", name))
	return true, w.run.Outcome(guide.Removed)
}

// dead is the account that no longer works, after a question where that can be one
// of several; false where there is none.
func (w *walk) dead(ctx context.Context) (vault.Account, bool, error) {
	ours := w.accounts()
	if acc, ok := w.about(); ok || len(ours) == 0 {
		return acc, ok, nil
	}
	names := make([]string, len(ours))
	for i, acc := range ours {
		names[i] = title(acc.Issuer, acc.Name)
	}
	i, err := w.pick(ctx, words.T("Which account no longer works?"), names)
	if err != nil {
		return vault.Account{}, false, err
	}
	return ours[i], true, nil
}

// note keeps where the backup codes are, and how many. R65 R68: the codes
// themselves are not asked for.
func (w *walk) note(ctx context.Context) (bool, error) {
	where, err := w.app.ask(ctx, words.T("Where are they? For instance: in the safe at home: "))
	if err != nil {
		return false, err
	}
	n := backupcodes.New{Title: "Kutano", Where: where}
	if acc, ok := w.account(); ok {
		n.Account, n.Title = string(acc.ID), title(acc.Issuer, acc.Name)
	}
	for {
		answer, err := w.app.ask(ctx, words.T("How many are there? Enter if you do not know: "))
		if err != nil {
			return false, err
		}
		if n.Count, err = strconv.Atoi(answer); answer == "" || err == nil && n.Count >= 0 && n.Count <= backupcodes.MaxCodes {
			break
		}
	}
	safe, err := backupcodes.Open(w.dir, w.app.noteTime)
	if err != nil {
		return false, err
	}
	if old, ok := w.noted(safe, n.Account); ok {
		_, err = safe.Replace(ctx, old, n)
	} else {
		_, err = safe.Note(ctx, n)
	}
	if err != nil {
		return false, err
	}
	return true, w.run.Outcome(guide.Noted)
}

// sets are the sets of backup codes that are Kutano's: by their account, or by their
// title where that is not here.
func (w *walk) sets(safe *backupcodes.Safe) []backupcodes.Set {
	ours := w.ours()
	var sets []backupcodes.Set
	for _, s := range safe.Sets() {
		if is, here := ours[s.Account]; is || !here && w.profile.Recognises(s.Title) {
			sets = append(sets, s)
		}
	}
	return sets
}

// noted returns the note that a newer one of an account takes the place of. Those
// of other accounts here stay.
func (w *walk) noted(safe *backupcodes.Safe, account string) (backupcodes.ID, bool) {
	ours := w.ours()
	for _, s := range w.sets(safe) {
		if s.Place == backupcodes.Elsewhere && (s.Account == account || !ours[s.Account]) {
			return s.ID, true
		}
	}
	return "", false
}

// ours tells of the accounts here, by their ids, which are Kutano's.
func (w *walk) ours() map[string]bool {
	ours := map[string]bool{}
	for _, acc := range w.all() {
		ours[string(acc.ID)] = false
	}
	for _, acc := range w.accounts() {
		ours[string(acc.ID)] = true
	}
	return ours
}

// codeSets are the sets of backup codes that are Kutano's, as far as they can be read.
func (w *walk) codeSets() []backupcodes.Set {
	safe, err := backupcodes.Open(w.dir, w.app.noteTime)
	if err != nil {
		return nil
	}
	return w.sets(safe)
}

// linked is the service that is linked, as it was seen last. It asks nobody.
func (w *walk) linked() (link.Linked, bool) {
	l, ok, err := (&remote.Home{Dir: w.dir}).Linked()
	return l, ok && err == nil
}

// summary counts the ways back in.
func (w *walk) summary() {
	state := upkeep.Open(w.dir).Load()
	f := readiness.Facts{
		Method: state.Method, KeyHere: len(w.accounts()) > 0, OtherDevice: state.OtherDevice, Contact: w.profile.Contact != "",
	}
	if f.KeyHere && f.Method == readiness.Unknown {
		f.Method = readiness.App
	}
	f.Count(w.codeSets())
	if w.vault != nil {
		_, _, f.RecoveryKey = w.vault.Recovery()
		f.CopyAt = w.vault.Snapshots().Copies().Last
	}
	card := readiness.Of(f)
	w.app.say("")
	w.app.say("  " + card.Headline)
	for _, way := range card.Ways {
		sign := "✗"
		if way.Have {
			sign = "✓"
		}
		w.app.say("  " + sign + " " + way.Name + ": " + way.Why)
	}
	if card.Missing != "" {
		w.app.say("  " + card.Missing)
	}
}

// arrived notes for the reminders what is known at a step. What cannot be noted
// costs a reminder too many at worst.
func (w *walk) arrived(ctx context.Context, s guide.Step) {
	if note := upkeep.Arrival(w.run.Entry().Name, s, w.app.Clock.Now()); note != nil {
		_, _ = upkeep.Open(w.dir).Change(ctx, note)
	}
}

// codeWait is what is left of a code that is not worth typing any more.
const codeWait = 5 * time.Second
