// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
)

// sayService says what the service has decided: the app's codes do not count.
func sayService(c Cause) (finding, next, say string) {
	switch c {
	case CauseByText:
		return words.T("Codes for this account come by text message, so the app’s codes are not accepted."),
			words.T("Have the caller check the phone’s signal, and ask for a new text message after a few minutes."),
			words.T("Your codes come by text message, not from the app. Please check whether your phone has a signal, and ask for a new code on Kutano’s page. Do not tell me the code.")
	case CauseOff:
		return words.T("Two-factor authentication is off for this account, so no code is asked for."),
			words.T("Ask how the caller signs in: it may be another account."),
			words.T("This account needs no code. Are you signing in with the address, or the Google or Apple account, that you always use?")
	}
	return words.T("Two-factor authentication was reset, and has to be set up again."),
		words.T("Have the caller sign in and set it up again."),
		words.T("Your two-factor sign-in was reset. Please sign in, and follow the page that asks you to set it up again. The old entry in your app no longer works.")
}

// sayStore says why the app can show no codes.
func sayStore(c Cause, p standing.Platform) (finding, next, say string) {
	switch c {
	case CauseLocked:
		return words.T("The keys are locked, so the app shows no codes."),
			words.T("Have the caller unlock the keys."),
			words.T("Your codes are locked. {lock} Do not tell me what you type.", "lock", lock(p))
	case CauseNoKeyring:
		return words.T("No keyring is running on the device, so the app cannot get at its keys."),
			words.T("Have the caller sign out of the computer and back in."),
			words.T("The place where your computer keeps its keys, the keyring, is not running. Please sign out of the computer, not out of Kutano, and sign in again.")
	}
	return words.T("The keyring does not let the app read its keys, so the app shows no codes."),
		words.T("Have the caller allow it when the keyring asks."),
		words.T("Your device asked whether the app may use its keys, and that was not allowed. Please close the app, open it again, and allow it.")
}

// lock says what opens the lock on a platform.
func lock(p standing.Platform) string {
	switch p {
	case standing.Linux:
		return words.T("What opens them is the app’s passphrase, or the password of your keyring: usually the one you sign in to your computer with.")
	case standing.MacOS:
		return words.T("What opens them is the app’s passphrase, or the password of your login keychain: usually the one you sign in to your Mac with.")
	case standing.Android, standing.IOS:
		return words.T("What opens them is the app’s passphrase, or whatever unlocks your phone.")
	}
	return words.T("What opens them is the app’s passphrase.")
}

// sayKey says what is the matter with the account's key.
func sayKey(c Cause) (finding, next, say string) {
	switch c {
	case CauseBin:
		return words.T("The account was removed from the app, and can be brought back."),
			words.T("Have the caller bring it back."),
			words.T("The account was removed from your app, but is kept for a while. Please open “Settings”, then “Removed accounts”, and bring it back.")
	case CauseNoAccount:
		return words.T("Kutano is not in this app."),
			words.T("Ask whether it is in another app, or on another device."),
			words.T("This app has no account for Kutano. Do you have it in another app, or on another phone or computer? Then take the code from there, and do not tell it to me.")
	case CauseKeyMissing:
		return words.T("The account is in the list, but its key is no longer on the device."),
			words.T("Have the caller bring the key back from a snapshot or a backup, if there is one."),
			words.T("Your app knows the account, but its key is gone. Do you have a snapshot or a backup of the app? Please open “Settings”, then “Safety copies”.")
	case CauseKeyDamaged:
		return words.T("The account’s key is on the device, but cannot be read."),
			words.T("Have the caller bring the key back from a snapshot or a backup, if there is one."),
			words.T("Your app cannot read the account’s key. Do you have a snapshot or a backup of the app? Please open “Settings”, then “Safety copies”.")
	}
	return words.T("An app was set up again somewhere else, so the key on this device is an old one."),
		words.T("Ask which app or device was set up last."),
		words.T("Kutano was set up in another app, or on another device, after this one. Please take the code from there, and do not tell it to me. If it was not you who did that, tell me now.")
}

// sayClock says what is the matter with the clock, R53.
func sayClock(c Cause, clock standing.Clock) (finding, next, say string) {
	off := ClockIs(clock)
	switch {
	case c == CauseUnchecked:
		return words.T("The clock has not been checked yet, and a wrong clock is the most common reason."),
			words.T("Have the caller check the clock in the app."),
			words.T("Codes depend on the time. Please open “Settings”, and under “Clock” press “Check or correct it”, then “Check my clock”. I will wait.")
	case c == CauseNearly:
		return words.T("{clock} Some codes will be refused.", "clock", off),
			words.T("Have the caller set the clock to automatic."),
			words.T("{clock} That makes some of your codes too late or too early. Please set the clock to automatic; I will stay on the line.", "clock", yourClock(clock))
	case clock == standing.WholeHours:
		return words.T("{clock} Codes will be refused.", "clock", off),
			words.T("Have the caller set the date, time and time zone to automatic."),
			words.T("{clock} The time zone and the time were set by hand, and do not fit together. Please set both to automatic; I will stay on the line.", "clock", yourClock(clock))
	}
	return words.T("{clock} Codes will be refused.", "clock", off),
		words.T("Have the caller set the clock to automatic."),
		words.T("{clock} That makes Kutano refuse your codes. Please set the clock to automatic; I will stay on the line.", "clock", yourClock(clock))
}

// sayCode says what is the matter with the code or with the service.
func sayCode(c Cause, s standing.Standing) (finding, next, say string) {
	switch c {
	case CauseServiceClock:
		return words.T("The service’s own clock is wrong, so it refuses correct codes."),
			words.T("Tell whoever runs the service at once: it affects everybody."),
			words.T("The fault is on our side, and your app is fine. We are seeing to it now.")
	case CauseShut:
		return sayShut(s)
	case CauseSeveral:
		return words.T("There are several accounts for Kutano in the app: the wrong line may have been read."),
			words.T("Have the caller look at the address beside the code, and type the code on the other line."),
			words.T("Your app has several lines for Kutano. Please look for the one with the address that you sign in with, and type the code beside it. Do not tell me the code.")
	case CauseLate:
		return words.T("The last code had probably run out, or nearly, when it was typed."),
			words.T("Have the caller wait for the next code, and type it as soon as it appears."),
			words.T("Each code is good for 30 seconds. Please wait until a new one appears, and type it at once. Do not tell it to me.")
	case CauseUnusual:
		return words.T("This account’s codes are not of Kutano’s kind: six digits, new every 30 seconds."),
			words.T("Have the caller check: is it really the account for Kutano?"),
			words.T("The codes in your app are not of the usual kind. Was the account typed in by hand, or does it belong to another service? Do not tell me the code.")
	case CauseRefused:
		return words.T("A code was refused, and the clock is right: the key may be an old one."),
			words.T("Have the caller try the next code once, and then a backup code."),
			words.T("Please wait for the next code, and type it at once. If that one is refused, too, the key in your app is probably an old one. Do not tell me the code.")
	case CauseUnproved:
		return words.T("No code of this account has been accepted yet: setting up may not have been finished."),
			words.T("Have the caller type the next code as soon as it appears."),
			words.T("Please wait for the next code, and type it at once on the page where you set it up. Do not tell it to me.")
	}
	return words.T("Nothing that can be seen from here explains why codes are not accepted."),
		words.T("Have the caller type the next code as soon as it appears, and tell you what the page says."),
		words.T("Your app is fine. Please wait for the next code, type it at once, and tell me what the page says then, but not the code.")
}

func sayShut(s standing.Standing) (finding, next, say string) {
	finding = words.T("The service accepts no codes for this account for now, after too many wrong ones.")
	if s.Codes == standing.NoneLeft || s.Codes == standing.NeverSaved {
		return finding,
			words.T("Go through the identity checks, then unlock the account."),
			words.T("After several wrong codes, Kutano accepts no more for a while. I can unlock that for you. First I have to make sure that it is you.")
	}
	return finding,
		words.T("Have the caller use a backup code: it still works."),
		words.T("After several wrong codes, Kutano accepts no more for a while. A backup code still works. Please type one on Kutano’s page, and do not tell it to me.")
}
