// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/vault/otpauth"
)

// clocks are the errors of package clock and of what compares codes. Those of
// the network are not here: whoever asks it says so.
var clocks = []rule{
	{clock.ErrNewer, Newer, func() (string, string, string) {
		return words.T("What was noted of the clock is of a newer version of this program."),
			words.T("It was left as it is."),
			words.T("Use the newer version.")
	}},
	{clock.ErrNothing, NotFound, func() (string, string, string) {
		return words.T("There is nothing to correct codes by: the clock was not measured since it was last set, or it is right."),
			words.T("Your codes are as they were."),
			words.T("Measure the clock first.")
	}},
	{fromcodes.ErrNoMatch, Refused, func() (string, string, string) {
		return words.T("That code fits no time within two days of this clock."),
			words.T("Your codes are as they were."),
			words.T("Check that it is the same account on the other device, and type its code again.")
	}},
	{fromcodes.ErrSecond, Refused, func() (string, string, string) {
		return words.T("One code is not enough here: it could fit by chance."),
			words.T("Your codes are as they were."),
			words.T("Start again, and give a second code when the other device shows a new one.")
	}},
	{fromcodes.ErrStepped, Busy, func() (string, string, string) {
		return words.T("The clock was set between the codes."),
			words.T("Your codes are as they were."),
			words.T("Start again.")
	}},
	{fromcodes.ErrTooLittle, NotFound, func() (string, string, string) {
		return words.T("Too few codes were taken to tell how far the clock is off."),
			words.T("Your codes are as they were."),
			words.T("Compare with the codes of another device, or ask time servers.")
	}},
	{otpauth.ErrCode, Usage, func() (string, string, string) {
		return words.T("That is no code of this account: it has another length."),
			words.T("Your codes are as they were."),
			words.T("Type the code as the other device shows it.")
	}},
	{otpauth.ErrNotTime, Usage, func() (string, string, string) {
		return words.T("This account counts: its codes do not tell the time."),
			words.T("Your codes are as they were."),
			words.T("Use an account whose codes change by themselves.")
	}},
	{otpauth.ErrSpan, Failed, func() (string, string, string) {
		return words.T("Codes are not looked for that far from now."),
			words.T("Your codes are as they were."),
			words.T("Set the date and the time by hand first.")
	}},
}
