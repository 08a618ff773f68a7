// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// do finds the one next thing. What the service says comes first: it can make all
// the rest useless.
func (f Facts) do() Do {
	if f.Topic != "" {
		switch f.Service {
		case WasReset, TurnedOff:
			return SignIn
		case Shut:
			if f.Codes.Known && f.Codes.Left == 0 {
				return Ask
			}
			return UseBackup
		}
	}
	switch f.Topic {
	case "":
		return f.refusal()
	case guide.Refused:
		return f.refused()
	case guide.NoText:
		return f.noText()
	case guide.Lost, guide.NoCodes:
		return f.otherWay()
	case guide.KeysLocked:
		return f.locked()
	}
	return f.list()
}

// usable tells whether this app makes codes that the service takes.
func (f Facts) usable() bool {
	return f.Here && f.Store == Open && f.Service != Elsewhere && f.Service != Texts
}

func (f Facts) refused() Do {
	switch f.Service {
	case Texts:
		return ReadMessage
	case Elsewhere:
		return OtherApp
	}
	return f.refusal()
}

func (f Facts) noText() Do {
	switch {
	case f.Service == Elsewhere, f.Service == InOrder && !f.usable():
		return OtherApp
	case f.Service == InOrder:
		return TypeCode
	}
	return GoOn
}

// otherWay finds another way in for who has lost a device or has no backup codes.
func (f Facts) otherWay() Do {
	codes := f.Codes.Known && f.Codes.Left != 0
	switch {
	case f.Topic == guide.NoCodes && codes:
		return UseBackup
	case f.usable():
		return TypeCode
	case f.Topic == guide.Lost && f.Service == Texts:
		return ReadMessage
	case codes:
		return UseBackup
	case f.Store.shut():
		return Unlock
	}
	return GoOn
}

func (f Facts) locked() Do {
	switch {
	case f.Store.shut():
		return Unlock
	case f.Store == Gone:
		return UseBackup
	case f.Here:
		return TypeCode
	case f.Removed:
		return BringBack
	}
	return Scan
}

// list finds the account in the list: the wrong one, none, or a new device.
func (f Facts) list() Do {
	switch {
	case f.Store.shut():
		return Unlock
	case f.Topic == guide.WrongAccount:
		if f.Others > 0 {
			return OtherLine
		}
		return GoOn
	case f.usable():
		return TypeCode
	case !f.Here && f.Removed:
		return BringBack
	}
	return GoOn
}

// ways are how the recovery guide's live piece ends, by what there is to do.
var ways = map[Do]guide.Outcome{
	BringBack: guide.Removed, Scan: guide.Absent, Unlock: guide.Locked, FixClock: guide.WrongTime, MeasureClock: guide.WrongTime,
	OtherLine: guide.OtherLine, Rescan: guide.Rescan, Ask: guide.Unsolved,
	TypeCode: guide.TypeCode, SignIn: guide.NotAsked, ReadMessage: guide.ByMessage, OtherApp: guide.UseBackup,
	UseBackup: guide.UseBackup, GoOn: guide.Nothing,
}

// way is how the live piece ends. Before the next code comes the clock, unless it is
// known to be right.
func (f Facts) way(d Do) guide.Outcome {
	if d == NextCode {
		if f.Clock.Tone == verdict.Right || !f.goesByTime() {
			return guide.TypeCode
		}
		return guide.Nothing
	}
	return ways[d]
}
