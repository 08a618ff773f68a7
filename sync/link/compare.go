// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"cmp"
	"slices"
)

// Event is something that happened to the account elsewhere.
type Event string

// The events, the most urgent first.
const (
	LinkEnded     Event = "link-ended" // by the user, by a reset, or with time
	Reset         Event = "reset"      // an administrator took the method off: set up again before Status.EnrolBy
	TurnedOff     Event = "turned-off"
	AccountShut   Event = "account-shut" // too many wrong codes: only a backup code or an administrator helps
	SwitchedToSMS Event = "switched-to-sms"
	SwitchedToApp Event = "switched-to-app" // also: another app, or the same with another key
	NumberChanged Event = "number-changed"  // text messages go to another number
	TurnedOn      Event = "turned-on"
	CodesNew      Event = "codes-new" // new backup codes were made: those from before are worth nothing
	CodeUsed      Event = "code-used" // a backup code was used
	CodesLow      Event = "codes-low" // FewCodes or fewer backup codes are left
)

// urgency is the order of the events.
var urgency = []Event{
	LinkEnded, Reset, TurnedOff, AccountShut, SwitchedToSMS, SwitchedToApp, NumberChanged, TurnedOn, CodesNew, CodeUsed, CodesLow,
}

// ByUrgency compares two events: less than 0 where a is the more urgent one.
func ByUrgency(a, b Event) int {
	return cmp.Compare(slices.Index(urgency, a), slices.Index(urgency, b))
}

// Known tells whether it is one of them.
func (e Event) Known() bool { return slices.Contains(urgency, e) }

// FewCodes is how many backup codes are too few.
const FewCodes = 3

// Compare tells what happened between two looks at the status, the most urgent first.
func Compare(before, now Status) []Event {
	var all []Event
	switch {
	case !now.Enabled && !now.EnrolBy.IsZero() && (before.Enabled || before.EnrolBy.IsZero()):
		all = append(all, Reset)
	case before.Enabled && !now.Enabled:
		all = append(all, TurnedOff)
	}
	if now.Blocked && !before.Blocked {
		all = append(all, AccountShut)
	}
	if !now.Enabled {
		return all
	}
	return append(append(all, method(before, now)...), codes(before.Codes, now.Codes)...)
}

// method tells what became of the method, now that there is one.
func method(before, now Status) []Event {
	changed := before.Method != now.Method || !before.Since.Equal(now.Since)
	switch {
	case !before.Enabled:
		return []Event{TurnedOn}
	case before.Method != now.Method && now.Method == SMS:
		return []Event{SwitchedToSMS}
	case changed && now.Method == TOTP:
		return []Event{SwitchedToApp}
	case now.Method == SMS && (changed || before.PhoneHint != now.PhoneHint):
		return []Event{NumberChanged}
	}
	return nil
}

// codes tells what became of the backup codes.
func codes(before, now Codes) []Event {
	var all []Event
	switch {
	case !before.Made.Equal(now.Made):
		if !before.Made.IsZero() {
			all = append(all, CodesNew)
		}
	case now.Left < before.Left:
		all = append(all, CodeUsed)
	}
	if now.All > 0 && now.Left <= FewCodes && (before.Left > FewCodes || !before.Made.Equal(now.Made)) {
		all = append(all, CodesLow)
	}
	return all
}
