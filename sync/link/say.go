// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
)

// Say says what happened, in a sentence or two.
func Say(e Event) string {
	switch e {
	case LinkEnded:
		return words.T("The link with the service has ended. If it was not you who ended it, an administrator may have reset your account.")
	case Reset:
		return words.T("An administrator has reset two-factor authentication. Set it up again soon.")
	case TurnedOff:
		return words.T("Two-factor authentication was turned off elsewhere. If that was not you, tell your helpdesk at once.")
	case AccountShut:
		return words.T("There were too many wrong codes in a row. Use a backup code, or ask your workspace administrator.")
	case SwitchedToSMS:
		return words.T("Your codes now come by text message. The account’s entry in this app is of no use any more.")
	case SwitchedToApp:
		return words.T("An app was set up anew elsewhere. If it was not this one, the account’s codes here no longer work.")
	case NumberChanged:
		return words.T("Your codes now go to another phone number. If that was not you, tell your helpdesk at once.")
	case TurnedOn:
		return words.T("Two-factor authentication was turned on elsewhere.")
	case CodesNew:
		return words.T("New backup codes were made. Those that you kept before no longer work.")
	case CodeUsed:
		return words.T("A backup code was used. Make new ones.")
	case CodesLow:
		return words.T("Few backup codes are left. Make new ones.")
	}
	return ""
}

// SayMethod says which method is in use.
func SayMethod(s Status) string {
	switch {
	case !s.Enabled:
		return words.T("Two-factor authentication is off.")
	case s.Method == SMS:
		return words.T("Two-factor authentication is on, by text message to {number}.", "number", s.PhoneHint)
	}
	return words.T("Two-factor authentication is on, with an authenticator app.")
}

// SaySince says since when the method is in use, and when it was used last, in a place's time.
func SaySince(s Status, place *time.Location) string {
	const form = "2006-01-02 15:04"
	since := s.Since.In(place).Format(form)
	if s.LastUsed.IsZero() {
		return words.T("Set up {date}, and not used yet.", "date", since)
	}
	return words.T("Set up {date}, last used {used}.", "date", since, "used", s.LastUsed.In(place).Format(form))
}

// SayCodes says how many backup codes are left.
func SayCodes(c Codes) string {
	if c.All == 0 {
		return words.T("There are no backup codes.")
	}
	if c.Left == 0 {
		return words.T("No backup code is left. Make new ones.")
	}
	left := words.N(c.Left, "One backup code is left of {all}.", "{n} backup codes are left of {all}.", "all", c.All)
	if c.Advised {
		return left + " " + words.T("Make new ones.")
	}
	return left
}

// SayScope says what a permission is for.
func SayScope(s Scope) string {
	if s == Enrol {
		return words.T("Set up two-factor authentication, for ten minutes after you allowed it")
	}
	return words.T("See how two-factor authentication of your account stands")
}
