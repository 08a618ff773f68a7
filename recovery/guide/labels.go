// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import "github.com/kutano/authenticator/assets/words"

// Label returns what a person says who ends a live piece this way, where it is
// shown as a choice: on paper and in the terminal. It is "" for an outcome that
// the piece does not have.
func (l Live) Label(o Outcome) string {
	switch l {
	case Link:
		return labelled(o, Connected, words.T("It is connected"), Skipped, words.T("Without connecting"))
	case Scan:
		return labelled(o, Added, words.T("The account is here"), Kept, words.T("I have it already"))
	case CheckUp:
		if o == Unsolved {
			return words.T("It is still refused")
		}
		return labelled(o, Again, words.T("Try the next code"), Rescan, words.T("Scan once more"))
	case Codes:
		if o == Later {
			return words.T("Later")
		}
		return labelled(o, Noted, words.T("They are in a safe place"), Kept, words.T("They are in the safe of this app"))
	case Enrol:
		return labelled(o, Done, words.T("It is set up"), Failed, words.T("It did not work"))
	case Phone:
		return labelled(o, Sent, words.T("The message was sent"), Failed, words.T("It did not work"))
	case Text:
		return labelled(o, Done, words.T("The code was accepted"), Failed, words.T("It did not work"))
	case Retire:
		return labelled(o, Removed, words.T("Remove it"), Kept, words.T("Keep it"))
	case Checks:
		return found(o)
	}
	return ""
}

// found is what the checks found, in a few words.
func found(o Outcome) string {
	switch o {
	case Nothing:
		return words.T("Go on")
	case In:
		return words.T("I am in")
	case NotAsked:
		return words.T("Kutano asks for no code")
	case WrongTime:
		return words.T("The clock may be wrong")
	case TypeCode:
		return words.T("This app shows a code")
	case OtherLine:
		return words.T("Maybe another account’s code")
	case Rescan:
		return words.T("The key here is an old one")
	case UseBackup:
		return words.T("I have a backup code")
	case Locked:
		return words.T("The keys are locked")
	case Absent:
		return words.T("The account is not in this app")
	case Removed:
		return words.T("The account was removed here")
	case ByMessage:
		return words.T("My codes come by text message")
	case Unsolved:
		return words.T("None of this helps")
	}
	return ""
}

func labelled(o, one Outcome, says string, other Outcome, saysToo string) string {
	switch o {
	case one:
		return says
	case other:
		return saysToo
	}
	return ""
}
