// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// looked returns what was looked at, in the order of the check. What cannot be
// told because of what stands before it is left out.
func (f Facts) looked() []Line {
	lines := []Line{f.account()}
	if !f.Here {
		return lines
	}
	lines = append(lines, f.key())
	if f.Store != Open {
		return lines
	}
	if f.goesByTime() {
		lines = append(lines, f.time())
		if f.Left >= 0 {
			lines = append(lines, f.code())
		}
	}
	if f.Others > 0 {
		lines = append(lines, Line{Look, words.N(f.Others, "There is another account of the same service: it is easy to read the wrong line.",
			"There are {n} other accounts of the same service: it is easy to read the wrong line.")})
	}
	if f.unusual() {
		lines = append(lines, Line{Look, words.T("Its codes are not of the usual sort of six digits and 30 seconds. That is right if its QR code said so.")})
	}
	if f.Refused > 1 {
		lines = append(lines, Line{Look, words.T("{n} codes were refused in a row.", "n", f.Refused)})
	}
	return lines
}

func (f Facts) account() Line {
	switch {
	case f.Here:
		return Line{Good, words.T("{account} is in this app.", "account", f.Account)}
	case f.Removed:
		return Line{Bad, words.T("The account was removed from this app not long ago.")}
	}
	return Line{Bad, words.T("The account is not in this app.")}
}

func (f Facts) key() Line {
	switch f.Store {
	case Locked:
		return Line{Bad, words.T("Its key is locked, so this app makes no codes now.")}
	case Gone:
		return Line{Bad, words.T("Its key is no longer on this device.")}
	}
	return Line{Good, words.T("Its key is here and makes codes.")}
}

func (f Facts) time() Line {
	switch f.Clock.Tone {
	case verdict.Right:
		return Line{Good, f.Clock.Headline}
	case verdict.Fail:
		return Line{Bad, f.Clock.Headline}
	}
	return Line{Look, f.Clock.Headline}
}

func (f Facts) code() Line {
	switch {
	case f.Left == 0:
		return Line{Bad, words.T("The code was over when it was typed.")}
	case f.late():
		return Line{Bad, words.N(seconds(f), "The code had 1 second left when it was typed.", "The code had {n} seconds left when it was typed.")}
	}
	return Line{Good, words.N(seconds(f), "The code was still good for 1 second.", "The code was still good for {n} seconds.")}
}

func seconds(f Facts) int { return max(1, int(f.Left.Seconds())) }

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
		return words.T("The key is locked."),
			words.T("Open the lock, then type the code that is shown.")
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
	}
	return words.T("The codes here are right for the key that was scanned, and they are still refused."),
		words.T("Ask your workspace administrator to reset your two-factor sign-in. A backup code lets you in meanwhile.")
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
	return words.T("The clock and the code are right, so the key here is probably an old one."),
		words.T("Let Kutano show a new QR code and scan it: it takes the place of the old key. If you cannot sign in, use a backup code first.")
}
