// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// remedy is what a notice's button does.
type remedy uint8

const (
	noRemedy   remedy = iota
	unlock            // lets the system ask for the keyring's password
	retry             // asks the store again
	showClock         // goes to the clock's page
	showKeys          // says what to do when the keys are gone
	showAside         // goes to the settings, which list what could not be read
	restore           // brings the accounts back from the newest snapshot
	showOlder         // says what it means that an older copy was put back
	showSafety        // goes to the settings, which say why no snapshot was written
	makeKey           // makes a recovery key
	seeTo             // does what the reminder is about
	showTold          // says what happened at the linked service
)

// state is what the banner is decided on.
type state struct {
	now     time.Time // that codes are made for
	clock   verdict.Verdict
	ask     time.Duration  // by how much to correct codes is for the user to decide; 0 for nothing
	dropped *clock.Dropped // a correction that was taken away
	trouble error          // of the codes in view
	aside   int            // entries that cannot be read
	damaged bool           // the settings could not be read

	accounts  int
	snapshots int              // on this device
	recovery  bool             // there is a recovery key
	sealed    bool             // the keys are in a sealed file
	unsaved   error            // why the last snapshot was not written
	notice    vault.NoticeKind // an older copy was put back

	reminder *upkeep.Reminder // the most urgent one
	told     []link.Event     // what happened at the linked service
}

// mostUrgent returns the one thing to say above the page, or nil. A clock that
// makes every code wrong comes before all else; what can wait comes last.
func mostUrgent(s state) (*kit.Notice, remedy) {
	switch err := s.trouble; {
	case verdict.Impossible(s.now):
		return &kit.Notice{
			Tone: kit.Fail, Action: words.T("What to do"),
			Text: words.T("This device’s clock says {year}: services will refuse these codes.", "year", s.now.Year()),
		}, showClock
	case clockTrouble(s) != nil:
		return clockTrouble(s), showClock
	case err == nil, errors.Is(err, context.Canceled):
	case errors.Is(err, vault.ErrKeysGone) && s.snapshots > 0:
		return &kit.Notice{
			Tone: kit.Fail, Action: words.T("Restore"),
			Text: explain.Reason(err) + " " + words.T("Your recovery key brings the accounts back."),
		}, restore
	case errors.Is(err, vault.ErrKeysGone):
		return &kit.Notice{Tone: kit.Fail, Text: explain.Reason(err), Action: words.T("What to do")}, showKeys
	case errors.Is(err, keystore.ErrLocked), errors.Is(err, keystore.ErrDenied):
		return &kit.Notice{Tone: kit.Look, Text: explain.Reason(err), Action: words.T("Unlock")}, unlock
	default:
		return &kit.Notice{Tone: kit.Look, Text: explain.Reason(err), Action: words.T("Try again")}, retry
	}
	return canWait(s)
}

// canWait returns the one thing to say that keeps no code from being right.
func canWait(s state) (*kit.Notice, remedy) {
	switch {
	case len(s.told) > 0:
		return toldNotice(s.told), showTold
	case s.ask != 0: // some codes are still taken, or all of them
		return &kit.Notice{
			Tone: kit.Look, Action: words.T("Have a look"),
			Text: s.clock.Headline + " " + words.T("Correct your codes by {size}?", "size", verdict.Size(s.ask)),
		}, showClock
	case s.dropped != nil:
		return clockDropped(s.dropped), showClock
	case s.notice == vault.NoticeUnguarded:
		return &kit.Notice{
			Tone: kit.Look, Action: words.T("Have a look"),
			Text: words.T("Your keys are no longer under your passphrase."),
		}, showOlder
	case s.notice != "":
		return &kit.Notice{
			Tone: kit.Look, Action: words.T("Have a look"),
			Text: words.T("An older copy of your data was put back. Accounts or changes made since may be missing."),
		}, showOlder
	case s.aside > 0:
		return &kit.Notice{
			Tone: kit.Look, Action: words.T("Details"),
			Text: words.N(s.aside, "1 entry cannot be read. It is kept as it is.", "{n} entries cannot be read. They are kept as they are."),
		}, showAside
	case s.unsaved != nil:
		return &kit.Notice{
			Tone: kit.Look, Action: words.T("Details"),
			Text: words.T("A safety copy could not be made.") + " " + explain.Reason(s.unsaved),
		}, showSafety
	case s.damaged:
		return &kit.Notice{
			Tone: kit.Calm, Action: words.T("Settings"),
			Text: words.T("The settings could not be read and are the usual ones again. Your accounts are not touched."),
		}, showAside
	case s.reminder != nil && s.reminder.Kind != upkeep.Review:
		return remind(s.reminder), seeTo
	case !s.recovery && s.accounts > 0:
		text := words.T("If this computer’s keyring is lost, so are your accounts. Make a recovery key.")
		if s.sealed {
			text = words.T("If this computer breaks, your accounts are lost with it. Make a recovery key.")
		}
		return &kit.Notice{Tone: kit.Calm, Text: text, Action: words.T("Make it")}, makeKey
	case s.reminder != nil:
		return remind(s.reminder), seeTo
	}
	return nil, noRemedy
}
