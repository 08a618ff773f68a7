// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// say returns the verdict and what to do.
func (f Facts) say(d Do) (what, next string) {
	switch d {
	case BringBack:
		return words.T("The account was removed from this app."),
			words.T("Bring it back in Settings, then type the code it shows.")
	case Scan:
		return words.T("This app has no account for Kutano."),
			words.T("Let Kutano show a QR code and scan it here. If another app has the account, type that app’s code.")
	case Unlock:
		return f.sayUnlock()
	case FixClock:
		return f.Clock.Headline,
			words.T("Set this device’s clock to automatic, or have your codes corrected. Then type the next code.")
	case MeasureClock:
		return words.T("The clock may be the reason, and nobody has checked it yet."),
			words.T("Have it measured, or compare with another device. Then type the next code.")
	case NextCode:
		return f.sayNext()
	case OtherLine:
		return words.T("Perhaps that was the code of another account."),
			words.T("Look at the account’s name, and type the code that stands beside it.")
	case Rescan:
		return f.sayRescan()
	case Ask:
		return f.sayAsk()
	}
	return f.sayWay(d)
}

func (f Facts) sayAsk() (what, next string) {
	if f.Service == Shut && f.Topic != "" {
		return words.T("The service accepts no codes for now, after too many wrong ones."),
			words.T("Your helpdesk can unlock your account.")
	}
	return words.T("The codes here are right for the key that was scanned, and they are still refused."),
		words.T("Tell your workspace administrator or helpdesk that you cannot pass the second step. A backup code lets you in meanwhile.")
}

func (f Facts) sayNext() (what, next string) {
	switch {
	case !f.goesByTime():
		return words.T("Perhaps that code was used already."), words.T("Ask this app for the next code and type that one.")
	case f.late():
		return words.T("The code was too old when it arrived."), words.T("Wait for the next code and type it as soon as it appears.")
	case f.Others > 0:
		return words.T("One code can be mistyped or come too late."),
			words.T("Wait for the next code and type it as soon as it appears. Look at the account’s name, too.")
	}
	return words.T("One code can be mistyped or come too late."), words.T("Wait for the next code and type it as soon as it appears.")
}

func (f Facts) sayRescan() (what, next string) {
	if f.Store == Gone {
		return words.T("The key is no longer on this device."),
			words.T("Let Kutano show a new QR code and scan it. If you cannot sign in, use a backup code first.")
	}
	scan := words.T("Let Kutano show a new QR code and scan it: it takes the place of the old key. If you cannot sign in, use a backup code first.")
	switch {
	case !f.goesByTime():
		return words.T("The key here is probably an old one."), scan
	case f.Clock.Tone != verdict.Right:
		return words.T("Perhaps the clock is wrong: this app could not check it. If it is right, the key here is probably an old one."), scan
	}
	return words.T("The clock and the code are right, so the key here is probably an old one."), scan
}

func (f Facts) sayUnlock() (what, next string) {
	switch f.Store {
	case NoKeyring:
		return words.T("No keyring answers on this device."),
			words.T("Restart the device and sign in by typing your password, then open this app again.")
	case Denied:
		return words.T("The system does not let this app use your keys."),
			words.T("Open this app again, and allow it when the system asks.")
	}
	return words.T("The key is locked."), words.T("Open the lock, then type the code that is shown.")
}

// sayWay says what a recovery topic came to.
func (f Facts) sayWay(d Do) (what, next string) {
	switch d {
	case TypeCode:
		return words.T("This app has the account and makes its codes."), words.T("Type the code that it shows into Kutano.")
	case SignIn:
		what = words.T("Two-factor sign-in is off at the service.")
		if f.Service == WasReset {
			what = words.T("An administrator has reset your two-factor sign-in.")
		}
		return what, words.T("Sign in as usual: you are not asked for a code. Then set it up again at once.")
	case ReadMessage:
		if f.Topic == guide.Lost {
			return words.T("Your codes go to your phone number."),
				words.T("Ask your provider to move the number to another phone. A backup code lets you in meanwhile.")
		}
		return words.T("Kutano sends your codes by text message, and does not ask for the ones in this app."),
			words.T("Type the code from the newest message.")
	case OtherApp:
		if f.Service == Elsewhere {
			return words.T("An app has been set up since then, so the key here is an old one."),
				words.T("Type the code from that app. If you do not have it, use a backup code.")
		}
		return words.T("Kutano sends no text messages now: it asks for a code from an app."),
			words.T("Open the authentication app that you set up, on this device or on another. A backup code lets you in, too.")
	case UseBackup:
		return f.sayBackup()
	}
	return words.T("Nothing that this app can check explains it."), words.T("Go on, one step at a time.")
}

func (f Facts) sayBackup() (what, next string) {
	switch {
	case f.Service == Shut:
		return words.T("The service accepts no codes for now, after too many wrong ones."),
			words.T("A backup code still lets you in. Otherwise your helpdesk can unlock your account.")
	case f.Store == Gone:
		return words.T("The key is no longer on this device."),
			words.T("Sign in with a backup code, then set up two-factor sign-in again.")
	case f.Discreet:
		return f.noted(), words.T("One of them lets you in. Each works only once.")
	}
	return words.T("You have backup codes: {where}.", "where", f.Codes.Says()), words.T("One of them lets you in. Each works only once.")
}
