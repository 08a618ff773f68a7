// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// Say says what came of an action, in a place's time.
func Say(act link.DeskAct, o Outcome, place *time.Location) string {
	switch o.State {
	case NotKnown:
		return words.T("It is not known whether it was done. Check before you try again.")
	case NotDone:
		return words.T("It was not done.")
	case Waiting:
		return sayWaiting(o)
	}
	at := o.At.In(place).Format("15:04")
	switch {
	case o.Earlier && o.At.IsZero():
		return words.T("It was done a moment ago, and was not done again. Audit number {n}.", "n", o.Audit) + lostCode(act)
	case o.Earlier:
		return words.T("It was already done at {time}, and was not done again. Audit number {n}.", "time", at, "n", o.Audit) + lostCode(act)
	case o.Lost:
		return words.T("The service’s answer was lost, but it was done, at {time}. Audit number {n}.", "time", at, "n", o.Audit) + lostCode(act)
	}
	return words.T("It was done. Audit number {n}.", "n", o.Audit)
}

func sayWaiting(o Outcome) string {
	if o.Earlier {
		return words.T("It has already been requested: a second administrator can approve it, a day after the request. Audit number {n}.", "n", o.Audit)
	}
	return words.T("It has been requested: a second administrator can approve it, after a day at the earliest. Audit number {n}.", "n", o.Audit)
}

// lostCode says what has become of a code that is shown once.
func lostCode(act link.DeskAct) string {
	if act != link.ActBypass {
		return ""
	}
	return " " + words.T("The code is not shown again. A new one replaces it.")
}
