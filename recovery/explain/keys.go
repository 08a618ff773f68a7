// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/otpauth"
)

// keys are the errors of package otpauth: why something cannot be an account.
var keys = []rule{
	refused(otpauth.ErrNotKeyURI, func() string {
		return words.T("This is not a key for codes.")
	}),
	refused(otpauth.ErrTooLong, func() string {
		return words.T("This is far too long to be a key for codes.")
	}),
	refused(otpauth.ErrNoSecret, func() string {
		return words.T("There is no key in it.")
	}),
	refused(otpauth.ErrBadSecret, func() string {
		return words.T("The key has characters that no key has. Keys are made of A to Z and 2 to 7.")
	}),
	refused(otpauth.ErrTwoSecrets, func() string {
		return words.T("There are two keys in it, and no way to tell which is right.")
	}),
	refused(otpauth.ErrType, func() string {
		return words.T("It asks for a kind of code that is not known here.")
	}),
	refused(otpauth.ErrAlgorithm, func() string {
		return words.T("It asks for a way to compute codes that is not known here, or not safe.")
	}),
	refused(otpauth.ErrDigits, func() string {
		return words.T("It asks for codes of a length that no service uses. 4 to 10 digits work.")
	}),
	refused(otpauth.ErrPeriod, func() string {
		return words.T("It asks for codes that change at an odd pace. 1 second to 1 day works.")
	}),
	refused(otpauth.ErrCounter, func() string {
		return words.T("Its counter is missing or not a number.")
	}),
	refused(otpauth.ErrEncoding, func() string {
		return words.T("It was garbled on its way. Copy it again as a whole.")
	}),
	refused(otpauth.ErrParameter, func() string {
		return words.T("It has an extra in it that cannot be kept.")
	}),
	refused(otpauth.ErrControl, func() string {
		return words.T("It has hidden characters in it, which an honest one has not.")
	}),
	refused(otpauth.ErrDuplicate, func() string {
		return words.T("It says the same thing twice, and no way to tell which is right.")
	}),
	refused(otpauth.ErrMigration, func() string {
		return words.T("The move from another app cannot be read. Perhaps only a part of it was copied.")
	}),
	{otpauth.ErrClock, Clock, func() (string, string, string) {
		return words.T("The clock of this device cannot be right: it shows a time for which there are no codes."),
			words.T("Your accounts are as they were."),
			words.T("Set the date and the time, then try again.")
	}},
}

// refused makes the rule for a key that is not taken.
func refused(err error, what func() string) rule {
	return rule{err, Refused, func() (string, string, string) {
		return what(),
			words.T("Your accounts are as they were."),
			words.T("Open the service's page again and use the QR code or the key that it shows now.")
	}}
}
