// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// trueClock returns the clock that codes are made with.
func (a *App) trueClock() (*clock.True, error) {
	if a.codes == nil {
		dir, err := a.folder()
		if err != nil {
			return nil, err
		}
		a.codes = clock.Open(dir, a.times)
	}
	return a.codes, nil
}

// times reads the device's clocks, of which a test can turn the one that people
// set.
func (a *App) times() clock.Times {
	if a.read != nil {
		return a.read()
	}
	t := clock.Now()
	t.Wall = a.Clock.Now()
	return t
}

// codeAt returns the time to make codes for where none was given. Where all
// accounts count it is of no concern, and a watch looks at the clock by itself.
func (a *App) codeAt(as []vault.Account, f codeFlags) time.Time {
	goes := func(acc vault.Account) bool { return acc.Type != otpauth.HOTP }
	if f.watch || !slices.ContainsFunc(as, goes) {
		return a.Clock.Now()
	}
	return a.codeTime()
}

// codeTime returns the time to make codes for now, and says where it is not the
// device's. Where nothing is known of the clock that costs one look for a file.
func (a *App) codeTime() time.Time {
	t := a.measured()
	if t == nil {
		return a.Clock.Now()
	}
	_, _ = t.Look() // what cannot be noted holds all the same
	now, s := t.Now(), t.Status()
	switch remark := clockRemark(s, a.Clock.Now()); {
	case remark == "":
	case s.Applied != 0:
		a.say(remark)
	default:
		a.warn(explain.Message{Kind: explain.Clock, What: remark})
	}
	return now
}

// noteTime returns the time to note something at, corrected as codes are. Nothing
// is said of it.
func (a *App) noteTime() time.Time {
	if t := a.measured(); t != nil {
		return t.Now()
	}
	return a.Clock.Now()
}

// measured is the clock that codes are made with, nil where nothing is known of the
// device's.
func (a *App) measured() *clock.True {
	dir, err := a.folder()
	if err != nil || a.codes == nil && !clock.Kept(dir) {
		return nil
	}
	t, err := a.trueClock()
	if err != nil {
		return nil
	}
	return t
}

// clockRemark is what is said beside codes: that they are corrected, are no
// longer, or will be refused because they are not.
func clockRemark(s clock.Status, now time.Time) string {
	if mark, _ := verdict.Mark(s.Applied); mark != "" {
		return words.T("Codes are corrected by {mark} (kutano clock tells why).", "mark", mark)
	}
	switch {
	case s.Damaged:
		return words.T("What was noted of the clock cannot be read, so codes are not corrected. Run kutano clock.")
	case s.Newer:
		return words.T("What was noted of the clock is of a newer version, so codes are not corrected here.")
	case s.Ask, s.Off:
		if v := verdict.Of(s, system.Hint{}, now); v.Picture != nil && v.Tone >= verdict.Look {
			return words.T("{verdict} Run kutano clock.", "verdict", v.Headline)
		}
		return ""
	case s.Dropped == nil:
		return ""
	case s.Dropped.Why == clock.Restarted:
		return words.T("This device was started anew, so codes are no longer corrected. Run kutano clock.")
	}
	return words.T("The clock was changed, so codes are no longer corrected. Run kutano clock.")
}
