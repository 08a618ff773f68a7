// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
)

// Service is how the account stands at the linked service.
type Service uint8

// How it can stand.
const (
	NoService Service = iota // none is linked, or it was never asked
	InOrder                  // it asks for the code of an app
	Texts                    // it sends text messages
	TurnedOff                // two-factor sign-in is off
	WasReset                 // an administrator has reset it
	Shut                     // it takes no more codes, after too many wrong ones
	Elsewhere                // an app was set up since with another key
	Ended                    // the link has ended
)

// ServiceOf tells how the account stands at the linked service, as it was seen last;
// ok is false where none is linked. Verified is when a code of the account here was
// last known to be accepted; zero for never.
func ServiceOf(l link.Linked, ok bool, verified time.Time) Service {
	switch {
	case !ok:
		return NoService
	case l.Ended:
		return Ended
	case l.SeenAt.IsZero():
		return NoService
	}
	s := l.Seen
	switch {
	case !s.Enabled && !s.EnrolBy.IsZero():
		return WasReset
	case !s.Enabled:
		return TurnedOff
	case s.Blocked:
		return Shut
	case s.Method == link.SMS:
		return Texts
	case l.Replaced(verified):
		return Elsewhere
	}
	return InOrder
}

// Codes is what is known of the backup codes.
type Codes struct {
	Known bool   // it is noted where they are
	Where string // in the words of who noted it, or that they are in this app
	Left  int    // how many; less than 0 is not known
}

// CodesOf tells what is known of the backup codes of the account: what was noted
// here, or else how many the service counted when it was seen last, where ok tells
// that one is linked. Sets from before those of the service let nobody in, and are
// left out. Of several sets the best one counts, since any code of it lets one in.
func CodesOf(sets []backupcodes.Set, l link.Linked, ok bool) Codes {
	best := Codes{Left: -1}
	if ok && !l.SeenAt.IsZero() && l.Seen.Codes.All > 0 {
		best.Left = l.Seen.Codes.Left
		made := l.Seen.Codes.Made.Add(-link.ClocksApart)
		sets = slices.DeleteFunc(slices.Clone(sets), func(s backupcodes.Set) bool { return s.Made.Before(made) }) // worth nothing
	}
	for _, s := range sets {
		one := Codes{Known: true, Where: s.Where, Left: -1}
		if one.Where == "" && s.Place == backupcodes.Here {
			one.Where = words.T("in this app’s safe")
		}
		if s.Known() {
			one.Left = s.Left
		}
		better := best.Left == 0 || one.Left > best.Left && one.Where != ""
		if !best.Known || better && one.Left != 0 {
			best = one
		}
	}
	return best
}

// Says tells in a few words where the codes are and how many are left, in the
// language in use; "" where it is not noted.
func (c Codes) Says() string {
	switch {
	case !c.Known:
		return ""
	case c.Left < 0 && c.Where == "":
		return words.T("noted, but not where")
	case c.Left < 0:
		return c.Where
	case c.Where == "":
		return words.N(c.Left, "1 left", "{n} left")
	}
	return words.N(c.Left, "{where}, 1 left", "{where}, {n} left", "where", c.Where)
}

// ClockAt tells when the clock was measured, by its own time; zero for not, and where
// that holds no longer.
func ClockAt(s clock.Status) time.Time {
	if s.Measured == nil || s.Stale != "" {
		return time.Time{}
	}
	return s.Measured.At.Wall
}

// StoreOf tells what an error of the secret store means for the key.
func StoreOf(err error) Store {
	is := func(all ...error) bool {
		return slices.ContainsFunc(all, func(one error) bool { return errors.Is(err, one) })
	}
	switch {
	case err == nil:
		return Open
	case is(keystore.ErrLocked, keystore.ErrSealed, keystore.ErrPassphrase, keystore.ErrNoPassphrase):
		return Locked
	case is(keystore.ErrNoService, keystore.ErrTimeout):
		return NoKeyring
	case is(keystore.ErrDenied):
		return Denied
	}
	return Gone
}
